"""Dane osobowe: what the association keeps about the person, and every premises that the person holds."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from associations.premises.account_changes import announced_changes
from associations.premises.models import PremisesKind, TitleKind
from associations.premises.queries import (
    HeldPremises,
    HeldTitle,
    HeldUnit,
    PayTo,
    held_premises,
    transfer_accounts,
)
from associations.profile.bank_accounts import format_nrb
from billing_views.owner.account_notices import draw_notices, draw_notices_of_several
from billing_views.owner.entry import owner_page
from billing_views.owner.place import Place, address_of, until_label
from billing_views.owner.words import name_fund, name_held_premises
from billing_views.parts.formatting import NO_BREAK_SPACE, format_day, format_quantity
from billing_views.parts.notices import Notice
from billing_views.parts.page import Page

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class HeldCard:
    """A holding as `owner/personal.html` prints it: label and text of each line."""

    heading: str
    note: str
    pairs: tuple[Pair, ...]
    accounts: tuple[Pair, ...]
    accounts_missing: bool
    ledger_url: str


@dataclass(frozen=True, slots=True)
class PersonalPage:
    """Context of `owner/personal.html`."""

    page: Page
    notices: tuple[Notice, ...]
    person: tuple[Pair, ...]
    held_heading: str
    held: tuple[HeldCard, ...]
    password_url: str | None


@owner_page
def show_personal(request: HttpRequest, place: Place) -> HttpResponse:
    """The person's own data. Of co-owners nothing but the name."""
    held = held_premises(place.person.pk)
    if place.is_preview:
        held = [one for one in held if one.holding_id == place.holding.id]
    today = localdate()
    pay_to = transfer_accounts([one.premises.pk for one in held if one.is_present(today)])
    context = PersonalPage(
        page=place.page(gettext("Dane osobowe"), "personal", back_url=place.links.to("ledger")),
        notices=_draw_notices(place, held),
        person=_draw_person(place),
        held_heading=name_held_premises(place.profile),
        held=tuple(_draw_held(place, one, pay_to.get(one.premises.pk, ())) for one in held),
        password_url=place.password_url,
    )
    return TemplateResponse(request, "owner/personal.html", {"page": context.page, "personal": context})


def _draw_notices(place: Place, held: Sequence[HeldPremises]) -> tuple[Notice, ...]:
    """Changed accounts of what the person holds now; a fund's common account is told once for all."""
    today = localdate()
    present = [one for one in held if one.is_present(today)]
    changes = announced_changes({one.premises.pk: one.starts_on for one in present}, today=today)
    found = {one.premises.code: changes.get(one.premises.pk, ()) for one in present}
    if len(found) == 1:
        return draw_notices(changes.get(present[0].premises.pk, ()), place.profile)
    return draw_notices_of_several(found, place.profile)


def _draw_person(place: Place) -> tuple[Pair, ...]:
    person = place.person
    missing = gettext("nie podano")
    return (
        (gettext("Nazwisko i imię"), person.name),
        (gettext("Kod osoby"), person.shown_code),
        (gettext("E-mail"), person.email or missing),
        (gettext("Telefon"), person.phone or missing),
    )


def _draw_held(place: Place, held: HeldPremises, accounts: Sequence[PayTo]) -> HeldCard:
    is_present = held.is_present(localdate())
    return HeldCard(
        heading=f"{address_of(held.premises)} · {gettext('lokal %(code)s') % {'code': held.premises.code}}",
        note=until_label(held.ends_on),
        pairs=(
            *_about_premises(held.premises, is_present=is_present),
            *(pair for title in held.titles for pair in _about_title(title)),
            *_about_others(held.co_owners),
        ),
        accounts=tuple((name_fund(one.fund), format_nrb(one.nrb)) for one in accounts),
        accounts_missing=is_present and not accounts,
        ledger_url=place.link_to_holding(held.holding_id),
    )


def _about_premises(premises: HeldUnit, *, is_present: bool) -> list[Pair]:
    pairs = [(gettext("Rodzaj lokalu"), gettext(PremisesKind(premises.kind).label))]
    if premises.area is not None:
        pairs.append((gettext("Powierzchnia"), f"{format_quantity(premises.area)}{NO_BREAK_SPACE}m²"))
    if premises.share is not None:
        pairs.append((gettext("Udział w nieruchomości"), format_quantity(premises.share)))
    # How many live there now is no business of a former owner.
    if premises.persons and is_present:
        pairs.append((gettext("Liczba osób"), str(premises.persons)))
    return pairs


def _about_title(title: HeldTitle) -> list[Pair]:
    kind = gettext(TitleKind(title.kind).label)
    return [(gettext("Tytuł prawny"), f"{kind}, {_say_dates(title)}"), (gettext("Udział"), _say_share(title))]


def _say_dates(title: HeldTitle) -> str:
    since, until = format_day(title.starts_on), format_day(title.ends_on)
    if since and until:
        return gettext("od %(since)s do %(until)s") % {"since": since, "until": until}
    if since:
        return gettext("od %(since)s") % {"since": since}
    return gettext("do %(until)s") % {"until": until} if until else gettext("bez daty")


def _say_share(title: HeldTitle) -> str:
    share = f"{title.share_numerator}/{title.share_denominator}"
    return gettext("%(share)s, wspólność łączna") % {"share": share} if title.is_joint else share


def _about_others(names: Sequence[str]) -> list[Pair]:
    return [(gettext("Pozostali uprawnieni"), ", ".join(names))] if names else []
