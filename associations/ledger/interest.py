"""Statutory interest for delay (odsetki ustawowe za opóźnienie, art. 481 § 2 KC), as the portal computes it to inform.

For each stretch of days with one overdue amount and one rate: amount × rate × days / 365, rounded half up to the
grosz; the stretches are then added up. 365 in leap years too. The first day is the one after the due date, moved to a
working day; the day of payment counts. Amounts in złote of one fund. No database, no clock.
"""

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from associations.ledger.overdue import Claim
from associations.ledger.rates import InterestRate
from associations.money import ZERO, add_up, round_to_grosz
from associations.working_days import next_working_day

ONE_DAY = dt.timedelta(days=1)
PERCENT_DAYS = 36_500
"""A year of 365 days and a rate in percent."""

INTEREST_DOCUMENTS = frozenset({"ODS", "NO"})
"""How documents of interest begin: ODS 1/2026, NO/12/2026 (nota odsetkowa)."""
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class OverdueStretch:
    """Days from `first` to `last`, both included, with one overdue amount above zero."""

    first: dt.date
    last: dt.date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class InterestLine:
    """A stretch of days with one overdue amount and one rate, and the interest for it in złote."""

    first: dt.date
    last: dt.date
    overdue: Decimal
    rate: InterestRate
    amount: Decimal

    @property
    def days(self) -> int:
        """Both days included."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Interest:
    """The interest of a fund from `first` to `last`, line by line."""

    first: dt.date
    last: dt.date
    lines: tuple[InterestLine, ...]

    @property
    def total(self) -> Decimal:
        """The rounded lines added up."""
        return add_up(line.amount for line in self.lines)


def is_interest_document(document: str) -> bool:
    """Whether the document's first letters are ODS or NO: `ODS 1/2026`, `NO/3/2026`, not `NOTA` or `NAL 01/2026`.

    An opening of interest carries them after BO: `BO ODS`.
    """
    words = [word.upper() for word in _LETTERS.findall(document)[:2]]
    if words[:1] == ["BO"]:
        words = words[1:]
    return words[:1] != [] and words[0] in INTEREST_DOCUMENTS


def compute_interest(
    claims: Sequence[Claim], rates: Sequence[InterestRate], first: dt.date, last: dt.date
) -> Interest:
    """Interest on the overdue amount of each day from `first` to `last`, both included; `rates` ascending.

    Claims must be without documents of interest. Days before the first rate bring none.
    """
    lines = [
        InterestLine(start, end, stretch.amount, rate, interest_for(stretch.amount, rate, start, end))
        for stretch in overdue_stretches(claims, first, last)
        for rate, start, end in _split_by_rate(stretch, rates)
    ]
    return Interest(first, last, tuple(lines))


def interest_for(amount: Decimal, rate: InterestRate, first: dt.date, last: dt.date) -> Decimal:
    """The amount × rate × days / 365, both days included, rounded half up."""
    days = (last - first).days + 1
    return round_to_grosz(amount * rate.annual_percent * days / PERCENT_DAYS)


def interest_on_debt(
    principal: Decimal, due_on: dt.date, paid_on: dt.date, rates: Sequence[InterestRate]
) -> Interest:
    """Interest on one debt paid at once, as published calculators compute it."""
    first = next_working_day(due_on) + ONE_DAY
    debt = Claim(due_on, counts_from=first, accrues_from=first, amount=principal)
    return compute_interest([debt], rates, first, paid_on)


def overdue_stretches(claims: Iterable[Claim], first: dt.date, last: dt.date) -> list[OverdueStretch]:
    """Days from `first` to `last` by the amount for which interest runs; days with nothing overdue are left out."""
    changes: dict[dt.date, Decimal] = {first: ZERO}
    for claim in claims:
        if claim.accrues_from <= last:
            day = max(claim.accrues_from, first)
            changes[day] = changes.get(day, ZERO) + claim.amount
    days = sorted(changes)
    found: list[OverdueStretch] = []
    balance = ZERO
    for day, following in zip(days, [*days[1:], last + ONE_DAY], strict=True):
        balance += changes[day]
        if balance <= 0 or day > last:
            continue
        end = following - ONE_DAY
        if found and found[-1].amount == balance and found[-1].last + ONE_DAY == day:
            found[-1] = OverdueStretch(found[-1].first, end, balance)
        else:
            found.append(OverdueStretch(day, end, balance))
    return found


def _split_by_rate(
    stretch: OverdueStretch, rates: Sequence[InterestRate]
) -> Iterable[tuple[InterestRate, dt.date, dt.date]]:
    starts = [rate.effective_from for rate in rates]
    for place in range(max(0, bisect_right(starts, stretch.first) - 1), bisect_right(starts, stretch.last)):
        ends = rates[place + 1].effective_from - ONE_DAY if place + 1 < len(rates) else stretch.last
        yield rates[place], max(stretch.first, starts[place]), min(stretch.last, ends)
