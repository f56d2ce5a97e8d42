"""„Konto i zabezpieczenia”: name, password, second factor, recovery codes and sessions of the account."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from billing_views.manager.entry import StaffRequest, staff_page
from billing_views.manager.forms_staff import ChangePasswordForm, NameForm
from billing_views.manager.frame import manager_page
from billing_views.manager.security import check_current_password
from billing_views.parts.formatting import format_day
from billing_views.parts.page import ManagerPage
from billing_views.parts.tables import Cell, Column, Table
from saas.staff import actions
from saas.staff.models import StaffUser
from saas.staff.queries import open_sessions, recovery_codes_left


@dataclass(frozen=True, slots=True)
class AccountPage:
    """What the account page shows below its frame."""

    email: str
    has_totp: bool
    is_totp_required: bool
    codes_left: int
    sessions: Table


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def show_account(request: StaffRequest) -> HttpResponse:
    """The account; a POST changes the name."""
    form = NameForm(request.POST or None, initial={"name": request.user.name})
    if request.method == "POST" and form.is_valid():
        actions.rename_staff(actor=request.actor, user=request.user, name=form.cleaned_data["name"])
        messages.success(request, _("Zapisano."))
        return redirect("account")
    context = {"page": _frame(request), "form": form, "account": _describe(request)}
    return render(request, "manager/account/account.html", context)


@staff_page
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: StaffRequest) -> HttpResponse:
    """A new password instead of the current one: other sessions end, this one goes on under a new key."""
    form = ChangePasswordForm(request.POST or None, user=request.user)
    status: int = 200
    headers: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        check = check_current_password(request.user, form)
        if check.is_right:
            return _set_password(request, form.cleaned_data["password"])
        status, headers = check.status, check.headers
    page = manager_page(request, _("Zmiana hasła"), current="account", back_url=reverse("account"))
    context = {"page": page, "form": form}
    return TemplateResponse(request, "manager/account/password.html", context, status=status, headers=headers)


@staff_page
@require_POST
def sign_out_everywhere(request: StaffRequest) -> HttpResponse:
    """„Wyloguj wszędzie”: every session of the account ends, this one too."""
    actions.end_sessions(actor=request.actor, user=request.user)
    request.session.flush()
    messages.success(request, _("Wylogowano ze wszystkich urządzeń."))
    return redirect("sign_in")


def _set_password(request: StaffRequest, password: str) -> HttpResponse:
    user, key = request.user, request.session.session_key
    actions.change_password(actor=request.actor, user=user, password=password, keep_session_key=key)
    update_session_auth_hash(request, user)
    messages.success(request, _("Hasło zmienione. Inne urządzenia zostały wylogowane."))
    return redirect("account")


def _frame(request: HttpRequest) -> ManagerPage:
    return manager_page(request, _("Konto i zabezpieczenia"), current="account")


def _describe(request: StaffRequest) -> AccountPage:
    user: StaffUser = request.user
    return AccountPage(
        email=user.email,
        has_totp=user.has_totp,
        is_totp_required=settings.TOTP_REQUIRED,
        codes_left=recovery_codes_left(user),
        sessions=_list_sessions(request),
    )


def _list_sessions(request: StaffRequest) -> Table:
    sessions = open_sessions(request.user, current_key=request.session.session_key)
    rows = []
    for session in sessions:
        began = localtime(session.created_at)
        seen = localtime(session.last_seen_at or session.created_at)
        rows.append(
            (
                Cell(
                    session.device or _("Nieznane urządzenie"),
                    note=_("to urządzenie") if session.is_current else "",
                ),
                Cell(f"{format_day(began.date())}, {began:%H:%M}"),
                Cell(f"{format_day(seen.date())}, {seen:%H:%M}"),
            )
        )
    columns = (
        Column(_("Urządzenie"), "what"),
        Column(_("Zalogowano"), "keep", _("zalogowano")),
        Column(_("Ostatnio używane"), "keep", _("ostatnio")),
    )
    return Table(_("Zalogowane urządzenia"), columns, tuple(rows))
