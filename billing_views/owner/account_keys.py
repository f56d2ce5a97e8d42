"""„Klucze osobiste”: keys with which the signed-in owner's programs read the API; made, shown once, ended."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from associations.owners.actions import owner_actor
from associations.owners.models import OwnerAccount, OwnerToken
from associations.owners.tokens import (
    LONGEST_NAME,
    MOST_TOKENS,
    TokenRuleError,
    create_token,
    list_tokens,
    revoke_token,
)
from billing_views.owner.account_forms import ConfirmForm
from billing_views.owner.account_frame import OwnerRequest, account_frame, account_page
from billing_views.owner.gate import signed_in_owner
from billing_views.parts.formatting import format_day
from billing_views.parts.tables import CellState
from billing_views.pauses import retry_after

VALIDITIES = ((30, gettext_lazy("30 dni")), (90, gettext_lazy("90 dni")), (365, gettext_lazy("rok")))
THROTTLED = 429


class KeyForm(ConfirmForm):
    """A new key, for the current password."""

    field_order = ("name", "days", "current")
    name = forms.CharField(
        label=gettext_lazy("Nazwa klucza"),
        max_length=LONGEST_NAME,
        help_text=gettext_lazy("Po niej poznasz ten klucz, na przykład „Arkusz domowy”."),
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Ważność"), choices=VALIDITIES, coerce=int, initial=VALIDITIES[1][0]
    )


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key as `owner/account/keys.html` prints it; `revoke_url` only while it is in force."""

    name: str
    created: str
    used: str
    state: str
    pill: CellState
    revoke_url: str | None


@sensitive_post_parameters("current")
@require_http_methods(["GET", "HEAD", "POST"])
@account_page
def show_keys(request: OwnerRequest) -> HttpResponse:
    """The keys and a form for a new one; a POST makes it, for the current password, and shows it once."""
    account = request.user
    form = KeyForm(request.POST if request.method == "POST" else None)
    secret = _create(account, form) if form.is_bound and form.is_right_for(account) else ""
    if secret:
        return _show_secret(request, secret)
    context = {
        "page": account_frame(request, _("Klucze osobiste")),
        "form": form,
        "keys": [describe_key(token, now()) for token in list_tokens(account)],
        "docs_url": reverse("api_docs"),
    }
    response = render(request, "owner/account/keys.html", context, status=THROTTLED if form.wait else 200)
    for name, value in retry_after(form.wait).items() if form.wait else ():
        response.headers[name] = value
    return response


@never_cache
@require_POST
def revoke_key(request: HttpRequest, token_id: uuid.UUID) -> HttpResponse:
    """End a key of the signed-in owner at once; 404 for another's, an ended or an unknown one."""
    account = signed_in_owner(request)
    if account is None:
        return redirect_to_login(reverse("account_keys"), reverse("sign_in"))
    try:
        revoke_token(actor=owner_actor(account), account=account, token_id=token_id)
    except TokenRuleError:
        raise Http404 from None
    messages.success(request, _("Klucz unieważniony: program nic już nim nie odczyta."))
    return redirect("account_keys")


def describe_key(token: OwnerToken, at: dt.datetime) -> KeyLine:
    """A key as the list shows it at that moment."""
    is_over = token.revoked_at is not None or token.expires_at <= at
    state = _("ważny do {day}").format(day=_say_day(token.expires_at))
    if token.revoked_at is not None:
        state = _("unieważniony {day}").format(day=_say_day(token.revoked_at))
    elif is_over:
        state = _("wygasł {day}").format(day=_say_day(token.expires_at))
    return KeyLine(
        name=token.name,
        created=_say_day(token.created_at),
        used=_say_moment(token.last_used_at) if token.last_used_at else _("jeszcze nie"),
        state=state,
        pill="plain" if is_over else "paid",
        revoke_url=None if is_over else reverse("account_key_revoke", args=[token.pk]),
    )


def _create(account: OwnerAccount, form: KeyForm) -> str:
    """The secret of the new key; "" with an error in the form where a rule is broken."""
    given: dict[str, Any] = form.cleaned_data
    try:
        made = create_token(
            actor=owner_actor(account), account=account, name=given["name"], days=given["days"]
        )
    except TokenRuleError as refusal:
        sentence = _("Nie można utworzyć takiego klucza. Odśwież stronę i spróbuj ponownie.")
        if refusal.code == "too_many":
            sentence = _("Masz już {count} ważnych kluczy. Unieważnij te, których nie używasz.").format(
                count=MOST_TOKENS
            )
        form.add_error(None, sentence)
        return ""
    return made.secret


@sensitive_variables("secret")
def _show_secret(request: OwnerRequest, secret: str) -> HttpResponse:
    """The only page that ever shows the key."""
    context = {
        "page": account_frame(request, _("Nowy klucz osobisty"), back_url=reverse("account_keys")),
        "secret": secret,
        "keys_url": reverse("account_keys"),
        "docs_url": reverse("api_docs"),
    }
    return render(request, "owner/account/key_secret.html", context)


def _say_day(instant: dt.datetime) -> str:
    return format_day(localtime(instant).date())


def _say_moment(instant: dt.datetime) -> str:
    here = localtime(instant)
    return f"{format_day(here.date())}, {here:%H:%M}"
