"""What a file of rates would change of those that are known: pure values.

A file of NBP's tells all changes between its first and its last day, so a known rate that it does not have is wrong. A
file of the operator's own (CSV) tells of its own days alone.
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from associations.ledger.rates import InterestRate

FARTHEST = dt.timedelta(days=366)
"""No rate is known longer in advance: a day beyond it is a slip of the pen."""


@dataclass(slots=True)
class RateChanges:
    """What recording would do. `replaced` (former, new) and `removed` change figures that owners may have seen."""

    added: list[InterestRate] = field(default_factory=list)
    confirmed: list[InterestRate] = field(default_factory=list)
    replaced: list[tuple[InterestRate, InterestRate]] = field(default_factory=list)
    inserted: list[InterestRate] = field(default_factory=list)
    removed: list[InterestRate] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def rewrites_history(self) -> bool:
        """Whether interest of days that are told of already would become another."""
        return bool(self.replaced or self.inserted or self.removed)

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not (self.added or self.confirmed or self.rewrites_history)


def compare_rates(
    known: Sequence[InterestRate], told: Sequence[InterestRate], *, is_complete: bool, today: dt.date
) -> RateChanges:
    """How `told` (ascending, at least one) differs from `known` (ascending).

    `is_complete`: nothing lies between two rates that are told. Then a known one in between that it lacks is removed,
    and a file that begins after the last known rate leaves a gap: what held in between nobody knows.
    """
    found = RateChanges()
    last_known = known[-1].effective_from if known else dt.date.min
    by_day = {rate.effective_from: rate for rate in known}
    for rate in told:
        if rate.effective_from > today + FARTHEST:
            found.problems.append(f"{rate.effective_from} is more than a year ahead")
        elif former := by_day.get(rate.effective_from):
            _compare_one(found, former, rate)
        elif rate.effective_from > last_known:
            found.added.append(rate)
        elif in_force(known, rate.effective_from) != rate.annual_percent:
            found.inserted.append(rate)
    if is_complete:
        _find_what_is_not_told(found, known, told)
    return found


def _find_what_is_not_told(
    found: RateChanges, known: Sequence[InterestRate], told: Sequence[InterestRate]
) -> None:
    first, last = told[0].effective_from, told[-1].effective_from
    told_days = {rate.effective_from for rate in told}
    found.removed = [
        rate
        for rate in known
        if first < rate.effective_from <= last
        and rate.effective_from not in told_days
        and in_force(told, rate.effective_from) != rate.annual_percent
    ]
    last_known = known[-1].effective_from if known else dt.date.min
    if first > last_known and in_force(known, first) != told[0].annual_percent:
        found.problems.append(
            f"the file begins on {first}, and the last rate known is of {last_known}: whether others lie between "
            "cannot be told; load NBP's archive, or add the rate by add_interest_rate"
        )


def in_force(rates: Sequence[InterestRate], day: dt.date) -> Decimal | None:
    """The percent that holds on the day, None before the first rate; `rates` ascending."""
    place = bisect_right([rate.effective_from for rate in rates], day)
    return rates[place - 1].annual_percent if place else None


def _compare_one(found: RateChanges, former: InterestRate, rate: InterestRate) -> None:
    if former.annual_percent != rate.annual_percent:
        found.replaced.append((former, rate))
    elif former.source != rate.source and former.source.startswith(rate.source):
        # The same words with a doubt behind them („wysokość niepotwierdzona”): the file settles it.
        found.confirmed.append(rate)
