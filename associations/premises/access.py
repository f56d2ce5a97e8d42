"""The only way a page gets a holding (kartoteka): foreign and missing give the same 404."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.http import Http404

from associations.imports.standing import NOW, Standing
from associations.premises.calculations import (
    FIRST_DAY,
    LAST_DAY,
    DateWindow,
    HoldingSpan,
    Origin,
    origin_of,
    payer_windows,
)
from associations.premises.models import HoldingMember

LARGEST_ID = 2**63 - 1
"""What an address may name and a bigint hold."""


@dataclass(frozen=True, slots=True)
class HoldingScope:
    """Which published rows of the premises belong to a holding: decided when they are read.

    A row that names its payer belongs to the payer's holding whatever its date (`by_payer`, by person id); a
    row without payer belongs to the holding on whose days its own date falls (`plain`). `standing` says of which
    day the figures are: it travels with the scope to every query.
    """

    premises_id: int
    plain: DateWindow
    by_payer: tuple[tuple[int, DateWindow], ...]
    standing: Standing = NOW

    def rows(self, date_field: str, *, payer: str = "payer") -> Q:
        """The condition on rows that may name a payer; `date_field` holds the date that decides."""
        condition = Q((f"{payer}__isnull", True)) & _within(self.plain, date_field)
        for person, window in self.by_payer:
            condition |= Q((payer, person)) & _within(window, date_field)
        return Q(premises=self.premises_id) & condition

    def sql(self, day: str, payer: str) -> tuple[str, list[Any]]:
        """The condition of `rows` over two SQL expressions, without the premises, with its parameters."""
        params: list[Any] = [*_bounds(self.plain)]
        texts = [f"({payer} IS NULL AND {day} BETWEEN %s AND %s)"]
        for person, window in self.by_payer:
            texts.append(f"({payer} = %s AND {day} BETWEEN %s AND %s)")
            params += [person, *_bounds(window)]
        return f"({' OR '.join(texts)})", params

    def dated_sql(self, day: str) -> tuple[str, list[Any]]:
        """The condition on rows that never name a payer (readings), likewise."""
        return f"{day} BETWEEN %s AND %s", [*_bounds(self.plain)]


@dataclass(frozen=True, slots=True)
class OpenPremises:
    """The premises of a holding as every page names it."""

    pk: int
    code: str
    address: str
    number: str
    kind: str


@dataclass(frozen=True, slots=True)
class OpenHolding:
    """A holding that somebody may see, with what every page of it needs.

    `is_only`: no other holding of the premises exists, so no former and no later owner. `has_others`: the
    person who asks holds more (always False for staff).
    """

    id: int
    premises: OpenPremises
    starts_on: dt.date | None
    ends_on: dt.date | None
    origin: Origin
    scope: HoldingScope
    is_only: bool
    has_others: bool
    person_ids: tuple[int, ...]

    def as_seen(self, standing: Standing) -> "OpenHolding":
        """The holding with the figures of another moment; people, titles and names stay those of today."""
        return replace(self, scope=replace(self.scope, standing=standing))


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


# Everybody in any holding of the premises: which rows are whose depends on the former and later holdings, too.
_MEMBERS = """
SELECT h.id, h.starts_on, h.ends_on, m.person_id, p.id, p.code, p.address, p.number, p.kind,
       EXISTS (SELECT 1 FROM premises_holdingmember other WHERE other.person_id = %s AND other.holding_id <> %s)
  FROM premises_premises p
  JOIN premises_holding h ON h.premises_id = p.id
  JOIN premises_holdingmember m ON m.holding_id = h.id
 WHERE p.id = (SELECT premises_id FROM premises_holding WHERE id = %s)
 ORDER BY h.starts_on NULLS FIRST, h.id, m.person_id
"""


def _open(holding_id: int, person_id: int | None) -> OpenHolding:
    if holding_id > LARGEST_ID:
        raise Http404
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERS, [person_id, holding_id, holding_id])
        rows = cursor.fetchall()
    persons: dict[int, list[int]] = {}
    dates: dict[int, tuple[dt.date | None, dt.date | None]] = {}
    for one, starts_on, ends_on, person, *_ in rows:
        persons.setdefault(one, []).append(person)
        dates[one] = starts_on, ends_on
    if holding_id not in persons:
        raise Http404
    spans = [HoldingSpan(*dates[one], frozenset(persons[one])) for one in persons]
    position = list(persons).index(holding_id)
    premises = OpenPremises(*rows[0][4:9])
    return OpenHolding(
        id=holding_id,
        premises=premises,
        starts_on=spans[position].starts_on,
        ends_on=spans[position].ends_on,
        origin=origin_of(spans, position),
        scope=HoldingScope(
            premises_id=premises.pk,
            plain=DateWindow(*dates[holding_id]),
            by_payer=tuple(sorted(payer_windows(spans, position).items())),
        ),
        is_only=len(spans) == 1,
        has_others=rows[0][9],
        person_ids=tuple(persons[holding_id]),
    )


def _bounds(window: DateWindow) -> tuple[dt.date, dt.date]:
    return window.first or FIRST_DAY, window.last or LAST_DAY


def _within(window: DateWindow, date_field: str) -> Q:
    condition = Q()
    if window.first is not None:
        condition &= Q((f"{date_field}__gte", window.first))
    if window.last is not None:
        condition &= Q((f"{date_field}__lte", window.last))
    return condition
