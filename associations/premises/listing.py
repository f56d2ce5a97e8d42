"""Premises as the manager's list shows them, with their holdings; for many premises at once."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from associations.premises.models import Holding, HoldingMember, Premises


@dataclass(frozen=True, slots=True)
class HoldingLine:
    """A holding with its people by name; `is_present` on the day asked for."""

    id: int
    starts_on: dt.date | None
    ends_on: dt.date | None
    names: tuple[str, ...]
    person_ids: frozenset[int]
    is_present: bool


def search_premises(text: str = "") -> QuerySet[Premises]:
    """Current premises in their natural order; `text` is part of a code, address or name."""
    rows = Premises.objects.filter(is_current=True).order_by("sort_key", "code")
    wanted = text.strip()
    if not wanted:
        return rows
    holders = HoldingMember.objects.filter(
        holding__premises_id=OuterRef("pk"), person__name__icontains=wanted
    ).order_by("id")
    return rows.filter(
        Q(code__icontains=wanted) | Q(number__iexact=wanted) | Q(address__icontains=wanted) | Exists(holders)
    )


def holdings_by_premises(
    premises_ids: Sequence[int], *, today: dt.date
) -> dict[int, tuple[HoldingLine, ...]]:
    """All holdings of these premises, the newest first, with people in their order: two queries."""
    rows = (
        Holding.objects.filter(premises_id__in=premises_ids)
        .prefetch_related(Prefetch("members", HoldingMember.objects.select_related("person").order_by("id")))
        .order_by("premises_id", "id")
    )
    lines: dict[int, list[HoldingLine]] = defaultdict(list)
    for holding in rows:
        lines[holding.premises_id].append(_as_line(holding, today))
    return {
        premises_id: tuple(
            sorted(found, key=lambda line: (line.starts_on or dt.date.min, line.id), reverse=True)
        )
        for premises_id, found in lines.items()
    }


def _as_line(holding: Holding, today: dt.date) -> HoldingLine:
    people = sorted(
        (member.person for member in holding.members.all()), key=lambda who: (who.sort_key, who.id)
    )
    begun = holding.starts_on is None or holding.starts_on <= today
    lasts = holding.ends_on is None or today <= holding.ends_on
    return HoldingLine(
        id=holding.pk,
        starts_on=holding.starts_on,
        ends_on=holding.ends_on,
        names=tuple(who.name for who in people),
        person_ids=frozenset(who.pk for who in people),
        is_present=begun and lasts,
    )
