"""Links that set a password: an invitation, a forgotten password, and asking for the latter."""

import logging

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from associations.owners.throttling import (
    PER_LINK_ACCOUNT,
    PER_LINK_ADDRESS,
    client_address,
    open_attempt,
    watch_account,
    watch_address,
)
from billing_views.manager.entry import open_page
from billing_views.manager.forms_staff import ForgottenForm, NewPasswordForm
from billing_views.manager.frame import public_page
from billing_views.pauses import describe_pause, retry_after
from saas.staff.actions import issue_link, use_link
from saas.staff.errors import StaffError
from saas.staff.mail import can_send, send_link
from saas.staff.models import LinkPurpose, StaffSignInFailure
from saas.staff.platform_audit import actor_of
from saas.staff.queries import find_link_owner, find_staff
from saas.staff.tokens import tokens_in_force

log = logging.getLogger(__name__)


class AnswerThenMail(HttpResponse):
    """Looks the account up and mails when the answer has left: its time tells nothing about the e-mail."""

    email: str | None = None

    def close(self) -> None:
        """Called by the server when everything has been sent."""
        email, self.email = self.email, None
        if email is not None:
            _mail_link(email)
        super().close()


@open_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_link(request: HttpRequest) -> HttpResponse:
    """„Nie pamiętam hasła”: the same answer for a known and an unknown e-mail."""
    form = ForgottenForm(request.POST or None)
    page = public_page(_("Nowe hasło"), back_url=reverse("sign_in"))
    context = {"page": page, "form": form, "can_send": can_send(), "is_sent": False}
    if request.method != "POST" or not can_send() or not form.is_valid():
        return render(request, "manager/account/forgotten.html", context)
    email = form.cleaned_data["email"]
    attempt = open_attempt(StaffSignInFailure, watch_address(client_address(request), limit=PER_LINK_ADDRESS))
    if attempt.wait:
        form.add_error(None, describe_pause(attempt.wait))
        headers = retry_after(attempt.wait)
        return TemplateResponse(
            request, "manager/account/forgotten.html", context, status=429, headers=headers
        )
    shown = render(request, "manager/account/forgotten.html", context | {"is_sent": True})
    response = AnswerThenMail(shown.content)
    response.email = email
    return response


@open_page
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The first password of an account."""
    return _set_password(request, token, LinkPurpose.INVITATION, title=_("Zaproszenie"))


@open_page
def set_new_password(request: HttpRequest, token: str) -> HttpResponse:
    """A new password instead of a forgotten one."""
    return _set_password(request, token, LinkPurpose.PASSWORD, title=_("Nowe hasło"))


@never_cache
@sensitive_variables("token")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def _set_password(request: HttpRequest, token: str, purpose: LinkPurpose, *, title: str) -> HttpResponse:
    """An unknown, used or old link is the same 404 that says what to do next."""
    user = find_link_owner(token, purpose)
    if user is None:
        return _show_dead_link(request)
    form, had_keys = NewPasswordForm(request.POST or None, user=user), tokens_in_force(user).exists()
    if request.method == "POST" and form.is_valid():
        try:
            use_link(token=token, purpose=purpose, password=form.cleaned_data["password"])
        except StaffError:
            return _show_dead_link(request)
        request.session.flush()
        messages.success(request, _("Hasło ustawione. Możesz się zalogować."))
        if had_keys:
            messages.info(
                request, _("Klucze dla programów zostały unieważnione. Utwórz nowe po zalogowaniu.")
            )
        return redirect("sign_in")
    context = {"page": public_page(title), "form": form, "email": user.email, "has_keys": had_keys}
    return render(request, "manager/account/new_password.html", context)


def _show_dead_link(request: HttpRequest) -> HttpResponse:
    context = {"page": public_page(_("Link jest nieważny")), "can_send": can_send()}
    return render(request, "manager/account/dead_link.html", context, status=404)


def _mail_link(email: str) -> None:
    """A link for the account with this e-mail, if there is one; a refusing mail server is only logged."""
    attempt = open_attempt(StaffSignInFailure, watch_account(email, limit=PER_LINK_ACCOUNT))
    user = find_staff(email)
    if attempt.wait or user is None or not user.is_active:
        return
    address = issue_link(actor=actor_of(user), user=user, purpose=LinkPurpose.PASSWORD)
    try:
        send_link(user=user, purpose=LinkPurpose.PASSWORD, address=address)
    except OSError:
        log.exception("The link for staff %s was not mailed", user.id)
