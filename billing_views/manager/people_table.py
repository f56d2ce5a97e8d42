"""The list of people as a table: premises, state of access in words, login, last sign-in."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from associations.owners.queries import AccessCounts, AccessFilter, AccessState, HeldPremises, PersonAccess
from billing_views.parts.cards import Fact
from billing_views.parts.choices import Option
from billing_views.parts.formatting import format_day, format_quantity
from billing_views.parts.notices import EmptyState
from billing_views.parts.plurals import choose_form, say_count
from billing_views.parts.tables import Cell, Column, Pagination, Table

MOST_CODES = 3
"""So many premises stand in a cell; more are counted."""

FILTER_LABELS = {
    AccessFilter.EVERYBODY: gettext_lazy("wszystkie osoby"),
    AccessFilter.NEVER_ISSUED: gettext_lazy("hasło nigdy nie wydane"),
    AccessFilter.NEVER_CHANGED: gettext_lazy("hasło startowe nigdy nie zmienione"),
    AccessFilter.ISSUED: gettext_lazy("hasło startowe ważne"),
    AccessFilter.EXPIRED: gettext_lazy("hasło startowe po terminie"),
    AccessFilter.NOT_HANDED_OVER: gettext_lazy("bez potwierdzenia odbioru"),
    AccessFilter.ACTIVE: gettext_lazy("własne hasło"),
    AccessFilter.SEEN_LATELY: gettext_lazy("logowanie w ostatnich 30 dniach"),
    AccessFilter.IDLE: gettext_lazy("bez logowania od roku"),
    AccessFilter.ENDED: gettext_lazy("dostęp zamknięty"),
}


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """The list: figures, search, and either a table or a sentence."""

    facts: tuple[Fact, ...]
    search: str
    options: tuple[Option, ...]
    table: Table | None
    empty: EmptyState | None
    pages: Pagination
    letters_url: str | None


def access_facts(counts: AccessCounts, base_url: str) -> tuple[Fact, ...]:
    """Figures above the list; each leads to the people it counts."""

    def fact(count: int, label: str, chosen: AccessFilter) -> Fact:
        return Fact(format_quantity(count), label, f"{base_url}?dostep={chosen}" if count else None)

    return (
        Fact(format_quantity(counts.people), choose_form(counts.people, _("osoba"), _("osoby"), _("osób"))),
        fact(counts.never_issued, _("bez wydanego hasła"), AccessFilter.NEVER_ISSUED),
        fact(counts.never_changed, _("z hasłem startowym"), AccessFilter.NEVER_CHANGED),
        fact(counts.active, _("z własnym hasłem"), AccessFilter.ACTIVE),
    )


def access_table(people: tuple[PersonAccess, ...], *, total: int, base_url: str) -> Table:
    """One stretch of the list."""
    caption = say_count(total, _("{n} osoba"), _("{n} osoby"), _("{n} osób"))
    columns = (
        Column(_("Osoba"), "what"),
        Column(_("Lokale"), "text", _("Lokale")),
        Column(_("Dostęp")),
        Column(_("Login"), "keep", _("Login")),
        Column(_("Ostatnie logowanie"), "keep", _("Ostatnie logowanie")),
    )
    return Table(caption, columns, tuple(_row(one, base_url) for one in people))


def access_cell(one: PersonAccess) -> Cell:
    """The state as a pill, with the day that matters below it."""
    until = format_moment_day(one.starter_expires_at)
    return {
        AccessState.NEVER_ISSUED: Cell(_("nie wydano"), None, "plain"),
        AccessState.ISSUED: Cell(_("hasło startowe"), None, "wait", _("ważne do {day}").format(day=until)),
        AccessState.EXPIRED: Cell(_("po terminie"), None, "owed", _("ważne było do {day}").format(day=until)),
        AccessState.ACTIVE: Cell(_("własne hasło"), None, "paid"),
        AccessState.ENDED: Cell(_("zamknięty"), None, "plain"),
    }[one.state]


def format_moment_day(instant: dt.datetime | None) -> str:
    """The Polish day of an instant; an empty text for None."""
    return format_day(timezone.localdate(instant)) if instant else ""


def _row(one: PersonAccess, base_url: str) -> tuple[Cell, ...]:
    return (
        Cell(one.name, f"{base_url}{one.person_id}/"),
        _premises_cell(one.premises),
        access_cell(one),
        Cell(one.login),
        Cell(format_moment_day(one.last_login)),
    )


def _premises_cell(premises: tuple[HeldPremises, ...]) -> Cell:
    """Premises of today; of a former owner those that were theirs, and it says so."""
    present = [one.code for one in premises if one.is_present]
    codes = present or [one.code for one in premises]
    shown = ", ".join(codes[:MOST_CODES])
    if len(codes) > MOST_CODES:
        shown = _("{codes} i {n} więcej").format(codes=shown, n=len(codes) - MOST_CODES)
    return Cell(shown, note="" if present or not codes else _("poprzedni właściciel"))
