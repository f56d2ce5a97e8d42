"""Which premises a run of notices takes, and what each needs: the same rows that its owners see. Writes nothing."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Q
from django.http import Http404

from associations.charges.calculations import ChargeRow
from associations.charges.models import ChargeEdition, NoticeRun
from associations.charges.queries import charge_rows
from associations.imports.standing import NOW
from associations.periods import Month
from associations.premises.access import LARGEST_ID, OpenHolding, holding_for_staff
from associations.premises.models import Building, HoldingMember, Premises, Property

NEWEST_RUNS = 20


@dataclass(frozen=True, slots=True)
class Notice:
    """The charges of a holding in a month, the names of its persons, and when they were published."""

    holding: OpenHolding
    names: tuple[str, ...]
    rows: tuple[ChargeRow, ...]
    published_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class NoticeChoices:
    """What can be ordered: months with charges, the newest first, properties and buildings."""

    months: tuple[Month, ...]
    properties: tuple[tuple[int, str], ...]
    buildings: tuple[tuple[int, str], ...]


def open_run(run_id: int) -> NoticeRun:
    """A run of the association that the connection points at, else Http404."""
    run = NoticeRun.objects.filter(pk=run_id).first() if run_id <= LARGEST_ID else None
    if run is None:
        raise Http404
    return run


def newest_runs() -> list[NoticeRun]:
    """The last runs, the newest first."""
    return list(NoticeRun.objects.select_related("property", "building").order_by("-id")[:NEWEST_RUNS])


def notice_choices() -> NoticeChoices:
    """Three queries."""
    months = NOW.editions(ChargeEdition.objects.filter(row_count__gt=0)).order_by("-month")
    properties = Property.objects.order_by("code").values_list("pk", "code", "name")
    buildings = Building.objects.order_by("property__code", "code")
    return NoticeChoices(
        months=tuple(Month.of(one) for one in months.values_list("month", flat=True).distinct()),
        properties=tuple((key, f"{code} {name}".strip()) for key, code, name in properties),
        buildings=tuple(
            (key, f"{of_property}, {code}")
            for key, of_property, code in buildings.values_list("pk", "property__code", "code")
        ),
    )


def premises_of_run(run: NoticeRun) -> list[int]:
    """The premises of the run that have charges in its month, in the order of their codes."""
    chosen = Q()
    if run.building_id:
        chosen = Q(building=run.building_id)
    elif run.property_id:
        chosen = Q(building__property=run.property_id)
    charged = NOW.editions(ChargeEdition.objects.filter(row_count__gt=0, month=run.month))
    rows = Premises.objects.filter(chosen, pk__in=charged.order_by().values("premises_id"))
    return list(rows.order_by("sort_key", "code").values_list("pk", flat=True))


def notices_of(premises_ids: Sequence[int], month: Month) -> list[Notice]:
    """The notices of these premises in their order; one for each holding of the month that was charged in it.

    A row may name a payer whose holding was over by then, or had not begun: nobody is sent the charges of such a month.
    """
    members = _members(premises_ids)
    published = _published(premises_ids, month)
    found = []
    for premises in premises_ids:
        for holding_id, names in members[premises].items():
            holding = holding_for_staff(holding_id)
            rows = charge_rows(holding, [month])[month] if _is_of(holding, month) else ()
            if rows:
                found.append(Notice(holding, tuple(names), tuple(rows), published.get(premises)))
    return found


def _is_of(holding: OpenHolding, month: Month) -> bool:
    starts_on, ends_on = holding.starts_on, holding.ends_on
    return (starts_on is None or starts_on < month.next.first_day) and (
        ends_on is None or ends_on >= month.first_day
    )


def _members(premises_ids: Sequence[int]) -> dict[int, dict[int, list[str]]]:
    """Every holding of each premises with the names of its persons.

    Those of other days, too: a row that names its payer belongs to the payer's holding whatever its date.
    """
    rows = (
        HoldingMember.objects.filter(holding__premises__in=premises_ids)
        .order_by("holding__starts_on", "holding_id", "person__sort_key", "person_id")
        .values_list("holding__premises_id", "holding_id", "person__name")
    )
    found: dict[int, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for premises, holding, name in rows:
        found[premises][holding].append(name)
    return found


def _published(premises_ids: Sequence[int], month: Month) -> dict[int, dt.datetime]:
    rows: Any = (
        NOW.editions(ChargeEdition.objects.filter(premises__in=premises_ids, month=month.first_day))
        .order_by()
        .values_list("premises_id")
        .annotate(at=Max("opened_by__at"))
    )
    return dict(rows)
