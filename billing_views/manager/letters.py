"""Letters with starter passwords in bulk: choose, issue at most 200, download the one PDF once."""

import datetime as dt
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from associations.owners.actions import issue_letters
from associations.owners.letter_files import has_letters, keep_letters, take_letters
from associations.owners.queries import AccessFilter
from associations.owners.recipients import LETTERS_AT_ONCE, count_by_building, people_for_letters
from billing_views.manager.entry import StaffRequest, in_association
from billing_views.manager.frame import manager_page
from billing_views.manager.letters_print import print_issued
from billing_views.parts.formatting import format_quantity
from billing_views.parts.plurals import say_count
from saas.staff import roles

CHOICES = (
    (AccessFilter.NEVER_ISSUED.value, gettext_lazy("osoby, którym nigdy nie wydano hasła")),
    (AccessFilter.EXPIRED.value, gettext_lazy("osoby, których hasło startowe straciło ważność")),
)


class LettersForm(forms.Form):
    """Whom to write to."""

    chosen = forms.ChoiceField(
        label=gettext_lazy("Do kogo"), choices=CHOICES, initial=CHOICES[0][0], widget=forms.RadioSelect
    )
    building = forms.TypedChoiceField(
        label=gettext_lazy("Budynek"), required=False, coerce=int, empty_value=None, choices=()
    )

    def offer_buildings(self, buildings: list[tuple[int, str]]) -> None:
        """Buildings with people to write to."""
        field = self.fields["building"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [("", _("wszystkie budynki")), *buildings]


@dataclass(frozen=True, slots=True)
class LettersPage:
    """How many people wait, and the letters made a moment ago, if they were not downloaded yet."""

    never_issued: int
    expired: int
    at_once: int
    download_url: str | None
    by_post: bool


@require_http_methods(["GET", "HEAD", "POST"])
@in_association(*roles.PASSWORD_ISSUERS)
def show_letters(request: StaffRequest, slug: str) -> HttpResponse:
    """Choose people; a POST issues their passwords and keeps the encrypted PDF for this session."""
    now, today = timezone.now(), timezone.localdate()
    form = LettersForm(request.POST if request.method == "POST" else None)
    form.offer_buildings(_buildings(now, today))
    if request.method == "POST" and form.is_valid():
        chosen = AccessFilter(form.cleaned_data["chosen"])
        token, count = _issue(request, chosen, form.cleaned_data["building"], now, today)
        if token is not None:
            messages.success(request, _say_issued(count))
            return redirect(f"/a/{slug}/hasla/?listy={token}")
        form.add_error(None, _("Nie ma nikogo do wydania hasła w tym wyborze."))
    token = request.GET.get("listy", "")
    is_waiting = has_letters(request.session, request.association.schema_name, token)
    view = LettersPage(
        never_issued=people_for_letters(AccessFilter.NEVER_ISSUED, now=now, today=today).count(),
        expired=people_for_letters(AccessFilter.EXPIRED, now=now, today=today).count(),
        at_once=LETTERS_AT_ONCE,
        download_url=f"/a/{slug}/hasla/{token}/" if is_waiting else None,
        by_post=request.profile.allows_letters_by_post,
    )
    page = manager_page(request, _("Listy z hasłami"), current="people", back_url=f"/a/{slug}/osoby/")
    return TemplateResponse(
        request, "manager/people/letters.html", {"page": page, "view": view, "form": form}
    )


@require_POST
@sensitive_variables("pdf")
@in_association(*roles.PASSWORD_ISSUERS)
def download_letters(request: StaffRequest, slug: str, token: str) -> HttpResponse:
    """The PDF, once; afterwards the file is gone."""
    pdf = take_letters(request.session, request.association.schema_name, token)
    if pdf is None:
        messages.error(
            request,
            _(
                "Tych listów już nie ma: pobrano je albo minęła godzina. Wydaj hasła ponownie, jeżeli zaginęły."
            ),
        )
        return redirect(f"/a/{slug}/hasla/")
    name = f"hasla-startowe-{slug}-{timezone.localdate():%Y-%m-%d}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


@sensitive_variables("issued", "pdf")
def _issue(
    request: StaffRequest, chosen: AccessFilter, building_id: int | None, now: dt.datetime, today: dt.date
) -> tuple[str | None, int]:
    """Issue, print and encrypt in one transaction: passwords that reach no letter are never issued."""
    people = list(people_for_letters(chosen, now=now, today=today, building_id=building_id)[:LETTERS_AT_ONCE])
    with transaction.atomic():
        issued = issue_letters(
            actor=request.actor, person_ids=[person.pk for person in people], chosen=chosen
        )
        if not issued:
            return None, 0
        pdf = print_issued(request, people, issued, today=today)
        return keep_letters(request.session, request.association.schema_name, pdf), len(issued)


def _buildings(now: dt.datetime, today: dt.date) -> list[tuple[int, str]]:
    return [
        (
            one.building_id,
            _("{code} {address} (nie wydano: {never}, po terminie: {expired})").format(
                code=one.code,
                address=one.address,
                never=format_quantity(one.never_issued),
                expired=format_quantity(one.expired),
            ),
        )
        for one in count_by_building(now=now, today=today)
    ]


def _say_issued(count: int) -> str:
    return say_count(
        count,
        _("Wydano {n} hasło startowe. Pobierz list: plik można pobrać raz, w ciągu godziny."),
        _("Wydano {n} hasła startowe. Pobierz listy: plik można pobrać raz, w ciągu godziny."),
        _("Wydano {n} haseł startowych. Pobierz listy: plik można pobrać raz, w ciągu godziny."),
    )
