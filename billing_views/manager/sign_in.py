"""Signing in and out at the apex: e-mail and password, then a code where the account has a second factor."""

import time
from urllib.parse import urlencode

from django.contrib.auth import authenticate, login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from associations.owners.sessions import DEVICE_KEY, name_device
from associations.owners.throttling import (
    PER_CODE,
    PER_CODE_DAY,
    client_address,
    close_attempt,
    open_attempt,
    watch_account,
    watch_address,
)
from billing_views.manager.entry import open_page
from billing_views.manager.forms_staff import CodeForm, SignInForm
from billing_views.manager.frame import public_page
from billing_views.pauses import describe_pause, retry_after
from billing_views.safe_address import safe_address
from saas.staff.actions import record_failed_sign_in, record_sign_in, record_sign_out
from saas.staff.models import StaffSignInFailure, StaffUser
from saas.staff.queries import find_active_staff, find_staff
from saas.staff.second_factor import accept_code

PENDING_KEY = "waits_for_code"
PENDING_SECONDS = 10 * 60
BACKEND = "saas.staff.backends.StaffBackend"


@open_page
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """E-mail and password; the same answer and one hash for an unknown e-mail and for a wrong password."""
    if request.user.is_authenticated:
        return redirect(_next_address(request))
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _check_password(request, form)
    return _show_sign_in(request, form)


@open_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    """The second step: a TOTP or recovery code of the account whose password was right."""
    user = _waiting_account(request)
    if user is None:
        return redirect("sign_in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _check_code(request, form, user)
    return _show_code(request, form)


@open_page
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session, whoever it belongs to."""
    if isinstance(request.user, StaffUser):
        record_sign_out(user=request.user)
    request.session.flush()
    return redirect("sign_in")


def _check_password(request: HttpRequest, form: SignInForm) -> HttpResponse:
    email = form.cleaned_data["email"]
    attempt = open_attempt(StaffSignInFailure, watch_account(email), watch_address(client_address(request)))
    if attempt.wait:
        form.add_error(None, describe_pause(attempt.wait))
        return _show_sign_in(request, form, status=429, headers=retry_after(attempt.wait))
    user = authenticate(request, username=email, password=form.cleaned_data["password"])
    if not isinstance(user, StaffUser):
        record_failed_sign_in(user=find_staff(email), step="password")
        form.add_error(None, _("Nieprawidłowy e-mail lub hasło."))
        return _show_sign_in(request, form)
    close_attempt(attempt)
    if user.has_totp:
        return _ask_for_code(request, user)
    return _let_in(request, user, factor="password")


def _ask_for_code(request: HttpRequest, user: StaffUser) -> HttpResponse:
    """Remember whose password was right: nobody is signed in yet."""
    request.session.flush()
    request.session[PENDING_KEY] = {
        "account": str(user.id),
        "hash": user.get_session_auth_hash(),
        "until": int(time.time()) + PENDING_SECONDS,
    }
    address = _next_address(request)
    query = f"?{urlencode({'next': address})}" if address != "/" else ""
    return HttpResponseRedirect(reverse("second_factor") + query)


def _waiting_account(request: HttpRequest) -> StaffUser | None:
    """Whose code is awaited; nobody's after ten minutes or a changed password."""
    pending = request.session.get(PENDING_KEY)
    if not pending or pending["until"] < time.time():
        return None
    user = find_active_staff(pending["account"])
    if user is None or not constant_time_compare(pending["hash"], user.get_session_auth_hash()):
        return None
    return user if user.has_totp else None


def _check_code(request: HttpRequest, form: CodeForm, user: StaffUser) -> HttpResponse:
    account = str(user.id)
    attempt = open_attempt(
        StaffSignInFailure,
        watch_account(account, limit=PER_CODE),
        watch_account(account, limit=PER_CODE_DAY),
    )
    if attempt.wait:
        form.add_error(None, describe_pause(attempt.wait))
        return _show_code(request, form, status=429, headers=retry_after(attempt.wait))
    factor = accept_code(user=user, code=form.cleaned_data["code"])
    if factor is None:
        record_failed_sign_in(user=user, step="code")
        form.add_error("code", _("Nieprawidłowy kod."))
        return _show_code(request, form)
    close_attempt(attempt)
    return _let_in(request, user, factor=factor)


def _let_in(request: HttpRequest, user: StaffUser, *, factor: str) -> HttpResponse:
    """Sign in under a new session key: one planted or known before is worth nothing."""
    address = _next_address(request)
    request.session.flush()
    login(request, user, backend=BACKEND)
    request.session[DEVICE_KEY] = name_device(request.headers.get("User-Agent", ""))
    record_sign_in(user=user, factor=factor)
    return HttpResponseRedirect(address)


def _next_address(request: HttpRequest) -> str:
    return safe_address(request.GET.get("next", "")) or "/"


def _show_sign_in(
    request: HttpRequest, form: SignInForm, *, status: int = 200, headers: dict[str, str] | None = None
) -> HttpResponse:
    context = {"page": public_page(_("Logowanie")), "form": form}
    return TemplateResponse(request, "manager/account/sign_in.html", context, status=status, headers=headers)


def _show_code(
    request: HttpRequest, form: CodeForm, *, status: int = 200, headers: dict[str, str] | None = None
) -> HttpResponse:
    context = {"page": public_page(_("Kod z telefonu"), back_url=reverse("sign_in")), "form": form}
    return TemplateResponse(request, "manager/account/code.html", context, status=status, headers=headers)
