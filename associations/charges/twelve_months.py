"""Twelve months of charges beside each other, by fund: which months, and their totals. No database, no clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from associations.money import add_up
from associations.periods import Month
from associations.profile.funds import FundLabel

COUNT = 12
FundTotals = Mapping[FundLabel, Decimal]


@dataclass(frozen=True, slots=True)
class MonthTotals:
    """What a month cost, `by_fund` in the order of TwelveMonths.funds; None where nothing was charged."""

    month: Month
    by_fund: tuple[Decimal | None, ...]
    total: Decimal | None


@dataclass(frozen=True, slots=True)
class TwelveMonths:
    """Twelve calendar months, the latest last, with the funds that any of them has."""

    funds: tuple[FundLabel, ...]
    months: tuple[MonthTotals, ...]

    @property
    def with_data(self) -> tuple[MonthTotals, ...]:
        """The months in which anything was charged."""
        return tuple(one for one in self.months if one.total is not None)


def last_month_of_picture(shown: Month, known: Sequence[Month]) -> Month:
    """The latest month with data where the one shown is among the twelve that end there, else the one shown.

    Whoever pages through the last year sees the mark move and the picture stand still.
    """
    latest = max([*known, shown])
    return latest if _distance(shown, latest) < COUNT else shown


def months_up_to(last: Month, count: int = COUNT) -> tuple[Month, ...]:
    """The `count` calendar months that end with this one, ascending."""
    months = [last]
    while len(months) < count:
        months.append(months[-1].previous)
    return tuple(reversed(months))


def lay_out_months(months: Sequence[Month], totals: Mapping[Month, FundTotals]) -> TwelveMonths:
    """Totals by fund in the order of months and funds."""
    funds = sorted(
        {fund for month in months for fund in totals.get(month, {})},
        key=lambda fund: (fund.position, fund.id),
    )
    return TwelveMonths(tuple(funds), tuple(_lay_out(month, funds, totals.get(month)) for month in months))


def _lay_out(month: Month, funds: Sequence[FundLabel], found: FundTotals | None) -> MonthTotals:
    if not found:
        return MonthTotals(month, (None,) * len(funds), None)
    return MonthTotals(month, tuple(found.get(fund) for fund in funds), add_up(found.values()))


def _distance(earlier: Month, later: Month) -> int:
    return (later.year - earlier.year) * 12 + later.number - earlier.number
