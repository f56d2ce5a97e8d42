"""A month of charges (przypis, naliczenie): subtotals, what changed since the month before, the due day.

Amounts as supplied; totals are sums of rounded lines. No database, no clock.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from associations.money import add_up
from associations.periods import Month
from associations.profile.funds import FundLabel
from associations.working_days import next_working_day

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ChargeRow:
    """One component (składnik) of a month, as supplied; quantity and rate are None where not supplied."""

    fund: FundLabel
    code: str
    name: str
    quantity: Decimal | None
    unit: str
    rate: Decimal | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """A component beside the same one of the month before; `before` is None for a new one."""

    row: ChargeRow
    before: ChargeRow | None


@dataclass(frozen=True, slots=True)
class FundCharges:
    """The components of one fund with their subtotal."""

    fund: FundLabel
    rows: tuple[ComparedRow, ...]
    total: Decimal


def group_by_fund(rows: Sequence[ChargeRow], before: Sequence[ChargeRow]) -> tuple[FundCharges, ...]:
    """Rows in their order under their funds, each beside the same component of the month before."""
    known = dict(key_rows(before))
    found: dict[FundLabel, list[ComparedRow]] = defaultdict(list)
    for key, row in key_rows(rows):
        found[row.fund].append(ComparedRow(row, known.get(key)))
    return tuple(
        FundCharges(fund, tuple(of_fund), add_up(one.row.amount for one in of_fund))
        for fund, of_fund in sorted(found.items(), key=lambda pair: (pair[0].position, pair[0].id))
    )


def due_days(month: Month, due_day: int) -> tuple[dt.date, dt.date]:
    """The due day of a month's charges, and the working day up to which a payment is in time.

    A due day past the month's end is its last day. Art. 115 KC moves one on a Sunday or public holiday to the next
    working day, since 2017-01-01 one on a Saturday too.
    """
    named = min(month.first_day + ONE_DAY * (due_day - 1), month.last_day)
    return named, next_working_day(named)


def key_rows(rows: Iterable[ChargeRow]) -> list[tuple[Hashable, ChargeRow]]:
    """Rows with what tells them apart: fund, component (code, else name), and its lines' order where there are two."""
    seen: Counter[Hashable] = Counter()
    keyed: list[tuple[Hashable, ChargeRow]] = []
    for row in rows:
        component = (row.fund, row.code or row.name)
        seen[component] += 1
        keyed.append(((component, seen[component]), row))
    return keyed
