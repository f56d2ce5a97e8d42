"""Setting up the second factor (drugi składnik), its recovery codes, taking it off where that is allowed."""

from collections.abc import Sequence

import segno
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from associations.owners.throttling import PER_CODE, close_attempt, open_attempt, watch_account
from billing_views.manager.entry import StaffRequest, set_up_page, staff_page
from billing_views.manager.forms_staff import CodeForm, ConfirmForm, SetUpForm
from billing_views.manager.frame import manager_page, public_page
from billing_views.manager.security import check_current_password
from billing_views.parts.page import ManagerPage, PublicPage
from billing_views.pauses import describe_pause, retry_after
from saas.staff import second_factor
from saas.staff.errors import StaffError
from saas.staff.models import StaffSignInFailure
from saas.staff.totp import new_seed, provisioning_uri, secret_of

SEED_KEY = "totp_seed"
_GROUP = 4


@set_up_page
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def set_up_totp(request: StaffRequest) -> HttpResponse:
    """The QR code and a first code from the phone; replacing a factor takes the current password, too."""
    seed = request.session.setdefault(SEED_KEY, new_seed())
    form_class = SetUpForm if request.user.has_totp else CodeForm
    form = form_class(request.POST or None)
    status: int = 200
    headers: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        codes, status, headers = _confirm(request, form, seed)
        if codes:
            return _show_codes(request, codes)
    return _show_set_up(request, form, seed, status=status, headers=headers)


@staff_page
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def renew_codes(request: StaffRequest) -> HttpResponse:
    """Ten new recovery codes for the current password; the former ones end."""
    if not request.user.has_totp:
        raise Http404
    form = ConfirmForm(request.POST or None)
    status: int = 200
    headers: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        check = check_current_password(request.user, form)
        if check.is_right:
            codes = second_factor.renew_recovery_codes(actor=request.actor, user=request.user)
            return _show_codes(request, codes)
        status, headers = check.status, check.headers
    context = {"page": _frame(request, _("Nowe kody zapasowe")), "form": form}
    return TemplateResponse(
        request, "manager/account/renew_codes.html", context, status=status, headers=headers
    )


@staff_page
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def take_totp_off(request: StaffRequest) -> HttpResponse:
    """Back to the password alone, for the current password; 404 where the factor is mandatory."""
    if settings.TOTP_REQUIRED or not request.user.has_totp:
        raise Http404
    form = ConfirmForm(request.POST or None)
    status: int = 200
    headers: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        check = check_current_password(request.user, form)
        if check.is_right:
            second_factor.remove_totp(actor=request.actor, user=request.user)
            messages.success(request, _("Drugi składnik jest wyłączony."))
            return redirect("account")
        status, headers = check.status, check.headers
    context = {"page": _frame(request, _("Wyłączenie drugiego składnika")), "form": form}
    return TemplateResponse(
        request, "manager/account/remove_totp.html", context, status=status, headers=headers
    )


def _confirm(request: StaffRequest, form: CodeForm, seed: str) -> tuple[Sequence[str], int, dict[str, str]]:
    """Recovery codes where code and password were right; else none, with the status and headers to show."""
    user = request.user
    if isinstance(form, SetUpForm):
        check = check_current_password(user, form)
        if not check.is_right:
            return (), check.status, check.headers
    attempt = open_attempt(StaffSignInFailure, watch_account(str(user.id), limit=PER_CODE))
    if attempt.wait:
        form.add_error(None, describe_pause(attempt.wait))
        return (), 429, retry_after(attempt.wait)
    try:
        codes = second_factor.confirm_totp(
            actor=request.actor,
            user=user,
            seed=seed,
            code=form.cleaned_data["code"],
            keep_session_key=request.session.session_key,
        )
    except StaffError:
        form.add_error(
            "code", _("Nieprawidłowy kod. Sprawdź, czy zegar telefonu jest ustawiony automatycznie.")
        )
        return (), 200, {}
    close_attempt(attempt)
    del request.session[SEED_KEY]
    request.session.cycle_key()
    return codes, 200, {}


def _show_set_up(
    request: StaffRequest, form: CodeForm, seed: str, *, status: int, headers: dict[str, str]
) -> HttpResponse:
    secret = secret_of(seed)
    groups = [secret[start : start + _GROUP] for start in range(0, len(secret), _GROUP)]
    context = {
        "page": _frame(request, _("Drugi składnik logowania")),
        "form": form,
        "qr": draw_qr(provisioning_uri(seed, request.user.email)),
        "secret": " ".join(groups),
        "is_forced": _is_forced(request),
    }
    return TemplateResponse(
        request, "manager/account/set_up_totp.html", context, status=status, headers=headers
    )


def _show_codes(request: StaffRequest, codes: Sequence[str]) -> HttpResponse:
    """The only page that ever shows the codes."""
    context = {"page": _frame(request, _("Kody zapasowe")), "codes": codes}
    return render(request, "manager/account/codes.html", context)


def draw_qr(text: str) -> str:
    """A QR code as inline SVG without styles or scripts; dark on white in every colour scheme."""
    svg: str = segno.make(text, error="m").svg_inline(
        scale=5, dark="#000", light="#fff", svgclass=None, lineclass=None
    )
    return svg


def _is_forced(request: StaffRequest) -> bool:
    return settings.TOTP_REQUIRED and not request.user.has_totp


def _frame(request: StaffRequest, title: str) -> ManagerPage | PublicPage:
    """Without tabs while nothing else may be opened."""
    if _is_forced(request):
        return public_page(title, is_signed_in=True)
    return manager_page(request, title, current="account", back_url=reverse("account"))
