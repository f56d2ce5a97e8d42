"""The second step of signing in at an association's door, where the account has a second factor."""

import time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from associations.owners.models import OwnerAccount, SignInFailure
from associations.owners.second_factor import accept_code
from associations.owners.sign_ins import record_wrong_code
from associations.owners.throttling import (
    PER_CODE,
    PER_CODE_DAY,
    close_attempt,
    open_attempt,
    watch_account,
)
from billing_views.owner.account_forms import CodeForm
from billing_views.owner.sign_in import PENDING_KEY, device_of, open_session, public_page
from billing_views.pauses import describe_pause, retry_after


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    """A code from the phone or a recovery code of the account whose password was right."""
    account = _waiting_account(request)
    if account is None:
        return redirect("sign_in")
    form = CodeForm(request.POST if request.method == "POST" else None)
    status, headers = 200, {}
    if form.is_valid():
        key = str(account.pk)
        attempt = open_attempt(
            SignInFailure, watch_account(key, limit=PER_CODE), watch_account(key, limit=PER_CODE_DAY)
        )
        if attempt.wait is not None:
            form.add_error(None, describe_pause(attempt.wait))
            status, headers = 429, retry_after(attempt.wait)
        elif accept_code(account=account, code=form.cleaned_data["code"]):
            close_attempt(attempt)
            request.session.pop(PENDING_KEY)
            return open_session(request, account)
        else:
            record_wrong_code(account=account, device=device_of(request))
            form.add_error("code", gettext("Nieprawidłowy kod."))
    page = public_page(request, gettext("Kod z telefonu"), back_url=reverse("sign_in"))
    context = {"page": page, "form": form, "profile": request.profile}  # type: ignore[attr-defined]
    response = render(request, "owner/account/code.html", context, status=status)
    for name, value in headers.items():
        response.headers[name] = value
    return response


def _waiting_account(request: HttpRequest) -> OwnerAccount | None:
    """Whose code is awaited here; nobody's after ten minutes, a changed password or at another association."""
    pending: dict[str, Any] | None = request.session.get(PENDING_KEY)
    if not pending or pending["until"] < time.time():
        return None
    if pending["association"] != str(request.association.id):  # type: ignore[attr-defined]
        return None
    account = (
        OwnerAccount.objects.select_related("person").filter(pk=pending["account"], is_active=True).first()
    )
    if account is None or not constant_time_compare(pending["hash"], account.get_session_auth_hash()):
        return None
    return account if account.has_totp else None
