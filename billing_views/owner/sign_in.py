"""Signing in and out at an association's door („Logowanie", „Wyloguj")."""

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from associations.owners.models import OwnerAccount, SignInFailure
from associations.owners.sessions import DEVICE_KEY, name_device
from associations.owners.throttling import (
    client_address,
    close_attempt,
    open_attempt,
    watch_account,
    watch_address,
)
from billing_views.face import draw_badge
from billing_views.owner.footer import footer_links
from billing_views.owner.forms import SignInForm
from billing_views.parts.page import PublicPage
from billing_views.pauses import describe_pause
from billing_views.safe_address import safe_address
from saas.tenancy.sessions import ASSOCIATION_KEY

START_URL = "/start/"
BACKEND = "associations.owners.backends.OwnerBackend"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let an owner in and take them where they wanted to go; the same answer for every wrong pair."""
    if request.user.is_authenticated:
        return redirect(safe_next(request))
    form = SignInForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_valid():
        account, status, refusal = _check(request, form.cleaned_data["login"], form.cleaned_data["password"])
        if account is not None:
            return _open_session(request, account)
        form.add_error(None, refusal)
    context = {
        "page": public_page(request, gettext("Logowanie")),
        "form": form,
        "profile": request.profile,  # type: ignore[attr-defined]
    }
    return render(request, "owner/account/sign_in.html", context, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and show the public page."""
    logout(request)
    return redirect("/")


def safe_next(request: HttpRequest) -> str:
    """Where the visitor was going, if that is a page of this very host; else the first page after sign-in."""
    wanted = safe_address(request.POST.get("next") or request.GET.get("next") or "") or START_URL
    is_account_page = wanted.startswith(tuple(reverse(name) for name in ("sign_in", "sign_out", "password")))
    return START_URL if is_account_page else wanted


def public_page(request: HttpRequest, title: str, *, back_url: str | None = None) -> PublicPage:
    """The frame of a small page at this door."""
    profile = request.profile  # type: ignore[attr-defined]
    is_signed_in = request.user.is_authenticated
    return PublicPage(
        title=title,
        association=draw_badge(profile),
        language_url=reverse("language"),
        sign_out_url=reverse("sign_out") if is_signed_in else None,
        back_url=back_url,
        footer=footer_links(),
    )


@sensitive_variables("password")
def _check(request: HttpRequest, typed_login: str, password: str) -> tuple[OwnerAccount | None, int, str]:
    """The account that may enter, or the status and sentence of the refusal."""
    attempt = open_attempt(SignInFailure, watch_account(typed_login), watch_address(client_address(request)))
    if attempt.wait is not None:
        return None, 429, describe_pause(attempt.wait)
    account: object = authenticate(request, username=typed_login, password=password)
    if not isinstance(account, OwnerAccount):
        return None, 200, gettext("Login lub hasło jest nieprawidłowe. Nowe hasło startowe wyda biuro.")
    close_attempt(attempt)
    if account.has_expired_starter:
        return None, 200, gettext("Hasło startowe straciło ważność. Nowe wyda biuro.")
    return account, 200, ""


def _open_session(request: HttpRequest, account: OwnerAccount) -> HttpResponse:
    """A new key, bound to this association."""
    target = safe_next(request)
    login(request, account, backend=BACKEND)  # type: ignore[arg-type]  # the stubs know staff only
    request.session[ASSOCIATION_KEY] = str(request.association.id)  # type: ignore[attr-defined]
    request.session[DEVICE_KEY] = name_device(request.headers.get("User-Agent", ""))
    return redirect(target)
