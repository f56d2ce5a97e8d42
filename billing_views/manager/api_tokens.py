"""„Dostęp dla programów”: keys with which programs of the signed-in person use the API; made, shown once, revoked."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from associations.profile.queries import current_profile
from billing_views.manager.batch_sentences import say_day, say_moment
from billing_views.manager.entry import StaffRequest, staff_page
from billing_views.manager.forms_staff import password_field
from billing_views.manager.frame import manager_page
from billing_views.manager.security import check_current_password
from billing_views.parts.page import ManagerPage
from billing_views.parts.tables import CellState
from saas.staff.errors import StaffError
from saas.staff.models import ApiToken, StaffUser
from saas.staff.tokens import MOST_TOKENS, create_token, importing_grants, list_tokens, revoke_token
from saas.tenancy.switching import enter_association

VALIDITIES = ((30, gettext_lazy("30 dni")), (90, gettext_lazy("90 dni")), (365, gettext_lazy("rok")))


class TokenForm(forms.Form):
    """A new key; the associations are those into which its owner may import."""

    name = forms.CharField(
        label=gettext_lazy("Nazwa programu"),
        max_length=100,
        help_text=gettext_lazy("Po niej poznasz ten klucz, na przykład „Program księgowy, biuro”."),
    )
    associations = forms.MultipleChoiceField(
        label=gettext_lazy("Wspólnoty i spółdzielnie"), widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("Ważność"), choices=VALIDITIES, coerce=int, initial=VALIDITIES[-1][0]
    )
    may_publish = forms.BooleanField(
        label=gettext_lazy("Program może publikować i cofać"),
        required=False,
        help_text=gettext_lazy("Bez tego tylko wgrywa i sprawdza, a publikuje człowiek."),
    )
    current = password_field(gettext_lazy("Obecne hasło"), "current-password")

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["associations"].choices = choices  # type: ignore[attr-defined]  # a MultipleChoiceField


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A key in the list; `revoke_url` only while it is in force."""

    name: str
    associations: str
    rights: str
    created: str
    used: str
    state: str
    pill: CellState
    revoke_url: str | None


@staff_page
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def show_tokens(request: StaffRequest) -> HttpResponse:
    """The keys and a form for a new one; a POST makes it, for the current password, and shows it once."""
    choices = _list_associations(request.user)
    form = TokenForm(request.POST or None, choices=choices)
    status: int = 200
    headers: dict[str, str] = {}
    if request.method == "POST" and form.is_valid():
        check = check_current_password(request.user, form)
        if check.is_right:
            secret = _create(request, form)
            if secret:
                return _show_secret(request, secret)
        status, headers = check.status, check.headers
    context = {
        "page": _frame(request, _("Dostęp dla programów")),
        "form": form if choices else None,
        "tokens": [describe_token(token, now()) for token in list_tokens(request.user)],
    }
    return TemplateResponse(request, "manager/account/tokens.html", context, status=status, headers=headers)


@staff_page
@require_POST
def revoke(request: StaffRequest, token_id: uuid.UUID) -> HttpResponse:
    """End a key of the signed-in person at once; 404 for another's, an ended or an unknown one."""
    try:
        revoke_token(actor=request.actor, user=request.user, token_id=token_id)
    except StaffError:
        raise Http404 from None
    messages.success(request, _("Klucz unieważniony: program już się nim nie zaloguje."))
    return redirect("api_tokens")


def describe_token(token: ApiToken, at: dt.datetime) -> TokenLine:
    """A key as the list shows it."""
    is_over = token.revoked_at is not None or token.expires_at <= at
    state = _("ważny do {day}").format(day=say_day(token.expires_at))
    if token.revoked_at is not None:
        state = _("unieważniony {day}").format(day=say_day(token.revoked_at))
    elif is_over:
        state = _("wygasł {day}").format(day=say_day(token.expires_at))
    return TokenLine(
        name=token.name,
        associations=", ".join(sorted(str(row.slug) for row in token.associations.all())),
        rights=_("wgrywa, publikuje i cofa") if token.may_publish else _("tylko wgrywa i sprawdza"),
        created=say_day(token.created_at),
        used=say_moment(token.last_used_at) if token.last_used_at else _("jeszcze nie"),
        state=state,
        pill="plain" if is_over else "paid",
        revoke_url=None if is_over else reverse("api_token_revoke", args=[token.pk]),
    )


def _create(request: StaffRequest, form: TokenForm) -> str:
    """The secret of the new key; "" with an error in the form where a rule is broken."""
    given = form.cleaned_data
    try:
        made = create_token(
            actor=request.actor,
            user=request.user,
            name=given["name"],
            slugs=given["associations"],
            days=given["days"],
            may_publish=given["may_publish"],
        )
    except StaffError as refusal:
        sentence = _("Nie można utworzyć takiego klucza. Odśwież stronę i spróbuj ponownie.")
        if refusal.code == "too_many":
            sentence = _("Masz już {count} ważnych kluczy. Unieważnij te, których nie używasz.").format(
                count=MOST_TOKENS
            )
        form.add_error(None, sentence)
        return ""
    return made.secret


def _show_secret(request: StaffRequest, secret: str) -> HttpResponse:
    """The only page that ever shows the key."""
    context = {"page": _frame(request, _("Nowy klucz dla programu")), "secret": secret}
    return render(request, "manager/account/token_secret.html", context)


def _list_associations(user: StaffUser) -> list[tuple[str, str]]:
    """Slug and name of every association into which the user may import."""
    found = []
    for grant in importing_grants(user):
        with enter_association(grant.association):
            found.append((grant.association.slug, current_profile().name))
    return found


def _frame(request: StaffRequest, title: str) -> ManagerPage:
    return manager_page(request, title, current="account", back_url=reverse("account"))
