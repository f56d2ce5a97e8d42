"""The only way a page gets a holding (kartoteka): foreign and missing give the same 404."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, F, Q
from django.db.models.functions import Coalesce
from django.http import Http404

from associations.premises.calculations import (
    DateWindow,
    HoldingSpan,
    Origin,
    origin_of,
    payer_windows,
)
from associations.premises.models import Holding, HoldingMember, Premises


@dataclass(frozen=True, slots=True)
class HoldingScope:
    """Which published rows of the premises belong to a holding: decided when they are read.

    A row that names its payer belongs to the payer's holding whatever its date (`by_payer`, by person id); a
    row without payer belongs to the holding on whose days its own date falls (`plain`).
    """

    premises_id: int
    plain: DateWindow
    by_payer: tuple[tuple[int, DateWindow], ...]

    def rows(self, date_field: str, *, payer: str = "payer") -> Q:
        """The condition on rows that may name a payer; `date_field` holds the date that decides."""
        condition = Q((f"{payer}__isnull", True)) & _within(self.plain, date_field)
        for person, window in self.by_payer:
            condition |= Q((payer, person)) & _within(window, date_field)
        return Q(premises=self.premises_id) & condition

    def dated_rows(self, date_field: str) -> Q:
        """The condition on rows that never name a payer (readings)."""
        return Q(premises=self.premises_id) & _within(self.plain, date_field)


@dataclass(frozen=True, slots=True)
class OpenHolding:
    """A holding that somebody may see, with what every page of it needs.

    `is_only`: no other holding of the premises exists, so no former and no later owner. `has_others`: the
    person who asks holds more (always False for staff).
    """

    id: int
    premises: Premises
    starts_on: dt.date | None
    ends_on: dt.date | None
    origin: Origin
    scope: HoldingScope
    is_only: bool
    has_others: bool
    person_ids: tuple[int, ...]


def holding_of_person(person_id: int, holding_id: int) -> OpenHolding:
    """The holding, if the person belongs to it; Http404 otherwise. One query."""
    found = _open(holding_id, person_id)
    if person_id not in found.person_ids:
        raise Http404
    return found


def holding_for_staff(holding_id: int) -> OpenHolding:
    """Any holding of the association that the connection points at, else Http404. One query."""
    return _open(holding_id, None)


def first_holding_id(person_id: int) -> int | None:
    """The holding to open after sign-in: a present one before former ones, then by premises."""
    rows = HoldingMember.objects.filter(person=person_id).order_by(
        Coalesce("holding__ends_on", dt.date.max).desc(),
        "holding__premises__sort_key",
        "holding__premises__code",
        F("holding__starts_on").desc(nulls_last=True),
    )
    return rows.values_list("holding_id", flat=True).first()


def _open(holding_id: int, person_id: int | None) -> OpenHolding:
    others = HoldingMember.objects.filter(person=person_id).exclude(holding=holding_id).order_by()
    rows = (
        HoldingMember.objects.filter(holding__premises__holdings=holding_id)
        .annotate(has_others=Exists(others))
        .select_related("holding__premises")
        .order_by("person__sort_key", "person_id")
    )
    holdings: dict[int, Holding] = {}
    persons: dict[int, list[int]] = {}
    has_others = False
    for row in rows:
        holdings[row.holding_id] = row.holding
        has_others = row.has_others
        persons.setdefault(row.holding_id, []).append(row.person_id)
    if holding_id not in holdings:
        raise Http404
    ids = sorted(holdings, key=lambda one: holdings[one].starts_on or dt.date.min)
    spans = [
        HoldingSpan(holdings[one].starts_on, holdings[one].ends_on, frozenset(persons[one])) for one in ids
    ]
    position = ids.index(holding_id)
    span, premises = spans[position], holdings[holding_id].premises
    return OpenHolding(
        id=holding_id,
        premises=premises,
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        origin=origin_of(spans, position),
        scope=HoldingScope(
            premises_id=premises.pk,
            plain=DateWindow(span.starts_on, span.ends_on),
            by_payer=tuple(sorted(payer_windows(spans, position).items())),
        ),
        is_only=len(spans) == 1,
        has_others=has_others,
        person_ids=tuple(persons[holding_id]),
    )


def _within(window: DateWindow, date_field: str) -> Q:
    condition = Q()
    if window.first is not None:
        condition &= Q((f"{date_field}__gte", window.first))
    if window.last is not None:
        condition &= Q((f"{date_field}__lte", window.last))
    return condition
