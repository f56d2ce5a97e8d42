"""Signing in and out at an association's door („Logowanie", „Wyloguj")."""

import time
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from associations.owners.actions import choose_language
from associations.owners.backends import normalise_login
from associations.owners.models import OwnerAccount, SignInFailure, SignInOutcome
from associations.owners.sessions import DEVICE_KEY, name_device
from associations.owners.sign_ins import record_failed_sign_in, record_sign_in
from associations.owners.throttling import (
    client_address,
    close_attempt,
    open_attempt,
    watch_account,
    watch_address,
)
from billing_views.face import draw_badge
from billing_views.language import keep_language
from billing_views.mailing import send_mail_soon
from billing_views.owner.footer import footer_links
from billing_views.owner.forms import SignInForm
from billing_views.parts.page import PublicPage
from billing_views.pauses import describe_pause
from billing_views.safe_address import safe_address
from saas.tenancy.sessions import ASSOCIATION_KEY
from saas.tenancy.switching import AssociationRef, enter_association

START_URL = "/start/"
OK = 200
PENDING_KEY = "waits_for_code"
PENDING_SECONDS = 10 * 60
BACKEND = "associations.owners.backends.OwnerBackend"


@dataclass(frozen=True, slots=True)
class _Refusal:
    """What is said, and what is noted for the account if there is one (None: nothing)."""

    sentence: str
    outcome: SignInOutcome | None = None
    status: int = OK


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let an owner in and take them where they wanted to go; the same answer for every wrong pair."""
    if request.user.is_authenticated:
        return redirect(safe_next(request))
    form = SignInForm(request.POST if request.method == "POST" else None)
    refusal = None
    if form.is_valid():
        found = _check(request, form.cleaned_data["login"], form.cleaned_data["password"])
        if isinstance(found, OwnerAccount):
            return wait_for_code(request, found) if found.has_totp else open_session(request, found)
        refusal = found
        form.add_error(None, refusal.sentence)
    context = {
        "page": public_page(request, gettext("Logowanie")),
        "form": form,
        "profile": request.profile,  # type: ignore[attr-defined]
    }
    content = render_to_string("owner/account/sign_in.html", context, request)
    answer = NotingAnswer(content, status=refusal.status if refusal else OK)
    if refusal and refusal.outcome:
        answer.note(request, form.cleaned_data["login"], refusal.outcome)
    return answer


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and show the public page."""
    logout(request)
    return redirect("/")


def safe_next(request: HttpRequest, default: str = START_URL) -> str:
    """Where the visitor was going, if that is a page of this very host; else the first page after sign-in."""
    wanted = safe_address(request.POST.get("next") or request.GET.get("next") or "") or default
    is_account_page = wanted.startswith(tuple(reverse(name) for name in ("sign_in", "sign_out", "password")))
    return default if is_account_page else wanted


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
def _check(request: HttpRequest, typed_login: str, password: str) -> "OwnerAccount | _Refusal":
    """The account that may enter, or the refusal. That a password has expired is said to whoever knows it alone."""
    attempt = open_attempt(SignInFailure, watch_account(typed_login), watch_address(client_address(request)))
    if attempt.wait is not None:
        return _Refusal(describe_pause(attempt.wait), status=429)
    account: object = authenticate(request, username=typed_login, password=password)
    if not isinstance(account, OwnerAccount):
        sentence = gettext("Login lub hasło jest nieprawidłowe. Nowe hasło startowe wyda biuro.")
        return _Refusal(sentence, SignInOutcome.WRONG_PASSWORD)
    close_attempt(attempt)
    if account.has_expired_starter:
        sentence = gettext("Hasło startowe straciło ważność. Nowe wyda biuro.")
        return _Refusal(sentence, SignInOutcome.EXPIRED_STARTER)
    return account


def open_session(request: HttpRequest, account: OwnerAccount) -> HttpResponse:
    """A new key, bound to this association; the account's language, and a mail where the device is a new one."""
    association = request.association  # type: ignore[attr-defined]
    target, device = safe_next(request), device_of(request)
    login(request, account, backend=BACKEND)  # type: ignore[arg-type]  # the stubs know staff only
    request.session[ASSOCIATION_KEY] = str(association.id)
    request.session[DEVICE_KEY] = device
    record_sign_in(account=account, device=device)
    send_mail_soon(association)
    response = redirect(target)
    _bring_language(request, account, response)
    return response


def wait_for_code(request: HttpRequest, account: OwnerAccount) -> HttpResponse:
    """Remember whose password was right and ask for the code: nobody is signed in yet."""
    address = safe_next(request)
    request.session.flush()
    request.session[PENDING_KEY] = {
        "account": str(account.pk),
        "association": str(request.association.id),  # type: ignore[attr-defined]
        "hash": account.get_session_auth_hash(),
        "until": int(time.time()) + PENDING_SECONDS,
    }
    query = f"?{urlencode({'next': address})}" if address != START_URL else ""
    return redirect(reverse("second_step") + query)


def device_of(request: HttpRequest) -> str:
    """The short name of the browser and its system."""
    return name_device(request.headers.get("User-Agent", ""))


class NotingAnswer(HttpResponse):
    """Notes a failed sign-in when the answer has left: its time tells nothing about the login."""

    noted: tuple[AssociationRef, str, str, SignInOutcome] | None = None

    def note(self, request: HttpRequest, typed_login: str, outcome: SignInOutcome) -> None:
        """Have it noted for this login, if there is such an account."""
        association: AssociationRef = request.association  # type: ignore[attr-defined]
        self.noted = (association, normalise_login(typed_login), device_of(request), outcome)

    def close(self) -> None:
        """Called by the server when everything has been sent."""
        noted, self.noted = self.noted, None
        if noted is not None:
            association, name, device, outcome = noted
            with enter_association(association):
                record_failed_sign_in(login=name, device=device, outcome=outcome)
        super().close()


def _bring_language(request: HttpRequest, account: OwnerAccount, response: HttpResponse) -> None:
    """The language of the account; where it has none yet, the one that was chosen in this browser becomes it."""
    known = dict(settings.LANGUAGES)
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if account.language in known:
        if account.language != chosen:
            keep_language(response, account.language)
    elif chosen in known:
        choose_language(account=account, language=chosen)
