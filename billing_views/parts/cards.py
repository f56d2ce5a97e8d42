"""Cards and strips of figures: the balance of a fund, facts of an import, a chart of months."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class BalanceCard:
    """The balance of one fund; balance = Σ credit − Σ debit, minus is niedopłata.

    `as_of`, `overdue` and `interest` are None where nothing was supplied, and then nothing is shown.
    `interest` is accrued and not yet posted: it stands beside the balance and is never netted.
    """

    title: str
    balance: Decimal
    as_of: dt.date | None = None
    overdue: Decimal | None = None
    interest: Decimal | None = None
    interest_url: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure with the words below it: „93 poprawne wiersze". `value` is already formatted."""

    value: str
    label: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart in SVG units; `y` counts from the top."""

    x: int
    y: int
    height: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class BarChart:
    """A small chart of months; `summary` says the same in words for those who do not see it."""

    bars: tuple[Bar, ...]
    summary: str
    width: int
    height: int


BAR_STEP = 30
BAR_WIDTH = 22
BAR_SPACE = 100


def draw_bars(amounts: Sequence[Decimal], *, summary: str) -> BarChart:
    """Bars for non-negative amounts, scaled to the largest; the last is the current one.

    Heights are whole SVG units from 2 (so that a zero is seen) to 100; a negative amount draws as zero.
    """
    largest = max(amounts, default=Decimal(0))
    bars = []
    for position, amount in enumerate(amounts):
        height = max(2, int(amount * BAR_SPACE / largest)) if largest > 0 else 2
        is_current = position == len(amounts) - 1
        bars.append(Bar(position * BAR_STEP, BAR_SPACE - height, height, is_current))
    return BarChart(tuple(bars), summary, max(1, len(bars)) * BAR_STEP - (BAR_STEP - BAR_WIDTH), BAR_SPACE)
