"""Readings beside those before them, and what was used month by month beside the year before. No database, no clock.

A reading minus the one before it of the same meter is its consumption (zużycie); what the file states stands first,
and where it differs the difference is known, too. An exchanged meter goes on where the old one ended: the month's
consumption is the sum of both.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from associations.meters.calculations import (
    ESTIMATED,
    INSTALLED,
    REMOVED,
    SETTLEMENT,
    Exchange,
    ReadingRow,
    find_exchanges,
)
from associations.periods import Month

SPANS_ALIKE = 5
"""Two spans of days compare where they differ by at most a fifth of the longer one."""
HIGHEST_PERCENT = 300
"""Beyond, a percentage says less than the figures: somebody was away, or moved in."""
MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True)
class MeterReading:
    """A reading beside the one before it of the same meter.

    `difference` = reading − previous; None without a previous one, and for an allocator that counts anew.
    `consumption`: as supplied, else the difference. `is_different`: what was supplied is not the difference.
    """

    row: ReadingRow
    previous: ReadingRow | None
    difference: Decimal | None
    consumption: Decimal | None

    @property
    def is_different(self) -> bool:
        """Whether the supplied consumption is another figure than the difference of the readings."""
        return self.difference is not None and self.consumption != self.difference

    @property
    def counted(self) -> Decimal | None:
        """What counts for the month: a settlement reading may state a whole year, so there the difference does."""
        if self.row.kind == SETTLEMENT and self.difference is not None:
            return self.difference
        return self.consumption

    @property
    def is_correction(self) -> bool:
        """Whether it counts below zero: it takes back what an earlier reading said, or one of the two is wrong."""
        return self.counted is not None and self.counted < 0


@dataclass(frozen=True, slots=True)
class MonthUse:
    """What was used in a month by all meters of a medium; `days`: how long that took, where it is known.

    `is_corrected`: one of its readings counts below zero.
    """

    amount: Decimal
    is_estimated: bool
    days: int | None
    is_corrected: bool = False


@dataclass(frozen=True, slots=True)
class MonthBeside:
    """A month beside the same one of the year before; `difference` and `percent` are None where none is to be told."""

    month: Month
    use: MonthUse | None
    before: MonthUse | None
    difference: Decimal | None
    percent: int | None


@dataclass(frozen=True, slots=True)
class MediumYear:
    """A medium in one year, in one unit: its readings, months, exchanged meters and sums.

    `total_before` is of the same months of the year before; None where any of them is missing.
    """

    medium: str
    unit: str
    year: int
    readings: tuple[MeterReading, ...]
    months: tuple[MonthBeside, ...]
    exchanges: tuple[Exchange, ...]
    total: Decimal | None
    total_before: Decimal | None

    @property
    def latest(self) -> MonthBeside | None:
        """The last month of the year in which anything was read."""
        return next((one for one in reversed(self.months) if one.use), None)

    @property
    def corrections(self) -> tuple[MeterReading, ...]:
        """Readings that count below zero."""
        return tuple(one for one in self.readings if one.is_correction)


def media_by_year(rows: Iterable[ReadingRow], year: int) -> tuple[MediumYear, ...]:
    """Every medium with readings in the year, by name and unit. `rows`: those of earlier years, too, in file order."""
    found: dict[tuple[str, str], list[ReadingRow]] = {}
    for row in _with_units(rows):
        found.setdefault((row.medium, row.unit), []).append(row)
    return tuple(
        _describe_year(medium, unit, year, of_medium)
        for (medium, unit), of_medium in sorted(found.items())
        if any(row.read_on.year == year for row in of_medium)
    )


def pair_readings(rows: Sequence[ReadingRow]) -> tuple[MeterReading, ...]:
    """Readings of a medium in the order of days, an old meter before the one that replaced it."""
    installed = {(row.serial, row.read_on) for row in rows if row.kind == INSTALLED}
    ordered = sorted(
        rows, key=lambda row: (row.read_on, (row.serial, row.read_on) in installed, _rank(row.kind))
    )
    last: dict[str, ReadingRow] = {}
    found = []
    for row in ordered:
        found.append(_pair(row, None if row.kind == INSTALLED else last.get(row.serial)))
        last[row.serial] = row
    return tuple(found)


def use_by_month(readings: Iterable[MeterReading]) -> dict[Month, MonthUse]:
    """What was used in each month in which anything counted was read."""
    months: dict[Month, list[MeterReading]] = {}
    for reading in readings:
        if reading.counted is not None:
            months.setdefault(Month.of(reading.row.read_on), []).append(reading)
    return {
        month: MonthUse(
            amount=sum((one.counted for one in of_month if one.counted is not None), Decimal(0)),
            is_estimated=any(one.row.kind == ESTIMATED for one in of_month),
            days=_days(of_month),
            is_corrected=any(one.is_correction for one in of_month),
        )
        for month, of_month in months.items()
    }


def compare_month(month: Month, uses: dict[Month, MonthUse]) -> MonthBeside:
    """The month beside the same one of the year before.

    A percentage only where it means something: both amounts above zero, neither an estimate nor corrected, and read
    over about as many days.
    """
    use, before = uses.get(month), uses.get(Month(month.year - 1, month.number))
    if not (use and before):
        return MonthBeside(month, use, before, None, None)
    difference = use.amount - before.amount
    return MonthBeside(
        month, use, before, difference, _percent(use, before) if _is_alike(use, before) else None
    )


def _describe_year(medium: str, unit: str, year: int, rows: Sequence[ReadingRow]) -> MediumYear:
    readings = pair_readings(rows)
    uses = use_by_month(readings)
    months = tuple(
        one
        for one in (compare_month(Month(year, number), uses) for number in MONTHS)
        if one.use or one.before
    )
    used = [one for one in months if one.use]
    has_all = used and all(one.before for one in used)
    return MediumYear(
        medium=medium,
        unit=unit,
        year=year,
        readings=tuple(one for one in readings if one.row.read_on.year == year),
        months=months,
        exchanges=tuple(one for one in find_exchanges(rows) if one.on.year == year),
        total=sum((one.use.amount for one in used if one.use), Decimal(0)) if used else None,
        total_before=sum((one.before.amount for one in used if one.before), Decimal(0)) if has_all else None,
    )


def _with_units(rows: Iterable[ReadingRow]) -> list[ReadingRow]:
    """A row without unit has that of its meter's other rows: papers of an installation often name none."""
    rows = list(rows)
    units = {(row.medium, row.serial): row.unit for row in rows if row.unit}
    return [row if row.unit else replace(row, unit=units.get((row.medium, row.serial), "")) for row in rows]


def _pair(row: ReadingRow, previous: ReadingRow | None) -> MeterReading:
    difference = None if previous is None else row.value - previous.value
    if difference is not None and difference < 0 and not row.unit:
        difference = None  # An allocator begins each season at zero.
    consumption = difference if row.consumption is None else row.consumption
    if row.kind == INSTALLED and not consumption:
        consumption = None
    return MeterReading(row, previous, difference, consumption)


def _rank(kind: str) -> int:
    """On one day a meter is installed first and removed last."""
    return {INSTALLED: 0, REMOVED: 2}.get(kind, 1)


def _days(readings: Sequence[MeterReading]) -> int | None:
    starts: list[dt.date] = [one.previous.read_on for one in readings if one.previous]
    if len(starts) < len(readings):
        return None
    return (max(one.row.read_on for one in readings) - min(starts)).days


def _is_alike(use: MonthUse, before: MonthUse) -> bool:
    if use.is_estimated or before.is_estimated or use.is_corrected or before.is_corrected:
        return False
    if use.amount <= 0 or before.amount <= 0:
        return False
    if use.days is None or before.days is None:
        return False
    return abs(use.days - before.days) * SPANS_ALIKE <= max(use.days, before.days)


def _percent(use: MonthUse, before: MonthUse) -> int | None:
    percent = (use.amount - before.amount) * 100 / before.amount
    rounded = int(percent.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return rounded if abs(rounded) <= HIGHEST_PERCENT else None
