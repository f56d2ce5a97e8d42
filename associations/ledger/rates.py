"""Rates of statutory interest for delay: those that the program ships, and how those of the platform stand over them.

A file of rates has the columns effective_from (2026-03-05), annual_percent (9.25) and source (where the rate was
announced). What operators recorded stands in saas.rates; pages hand it to the computations. No database.
"""

import csv
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

SHIPPED_RATES = Path(__file__).with_name("statutory_interest_rates.csv")
COLUMNS = ["effective_from", "annual_percent", "source"]
HIGHEST_PERCENT = 100
PLACES = 2
LONGEST_SOURCE = 200


@dataclass(frozen=True, slots=True)
class InterestRate:
    """A rate in percent a year, in force from a day until the next rate; `source` says where it was announced."""

    effective_from: dt.date
    annual_percent: Decimal
    source: str


class RatesFileError(ValueError):
    """A file of rates that cannot be used; `problems` names every row."""

    code = "interest_rates_file"

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@cache
def shipped_rates() -> tuple[InterestRate, ...]:
    """The rates of this release, oldest first."""
    return merge_rates({rate.effective_from: rate for rate in read_rates(SHIPPED_RATES)}, over=())


def merge_rates(
    recorded: Mapping[dt.date, InterestRate | None], *, over: Iterable[InterestRate]
) -> tuple[InterestRate, ...]:
    """The rates `over` with those recorded on top, oldest first; None of a day says that nothing changed on it."""
    rates = {rate.effective_from: rate for rate in over} | dict(recorded)
    return tuple(rate for day in sorted(rates) if (rate := rates[day]) is not None)


def read_rates(path: Path) -> list[InterestRate]:
    """The rates of one file. Raises RatesFileError that names every wrong row."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RatesFileError([f"{path}: {error}"]) from error
    rows = list(csv.reader(text.splitlines()))
    if not rows or rows[0] != COLUMNS:
        raise RatesFileError([f"{path}: the first line must be {','.join(COLUMNS)}"])
    rates: list[InterestRate] = []
    problems: list[str] = []
    seen: set[dt.date] = set()
    for number, row in enumerate(rows[1:], 2):
        if not any(row):
            continue
        try:
            rate = _read_row(row)
        except ValueError as error:
            problems.append(f"{path}, line {number}: {error}")
            continue
        if rate.effective_from in seen:
            problems.append(f"{path}, line {number}: {rate.effective_from} stands twice")
        seen.add(rate.effective_from)
        rates.append(rate)
    if problems:
        raise RatesFileError(problems)
    return rates


def _read_row(row: list[str]) -> InterestRate:
    if len(row) != len(COLUMNS):
        msg = f"{len(COLUMNS)} columns expected, {len(row)} found (a comma within the source needs quotes)"
        raise ValueError(msg)
    day, percent, source = (cell.strip() for cell in row)
    if "," in percent:
        msg = f"annual_percent has a decimal point, not a comma: {percent!r}"
        raise ValueError(msg)
    return InterestRate(dt.date.fromisoformat(day), read_percent(percent), read_source(source))


def read_percent(text: str) -> Decimal:
    """`9.25` or, as people and NBP write it, `9,25`: percent a year; ValueError for anything else."""
    try:
        percent = Decimal(text.strip().replace(",", ".", 1))
    except InvalidOperation:
        percent = Decimal("NaN")
    is_usable = percent.is_finite() and 0 <= percent <= HIGHEST_PERCENT
    if not is_usable or percent != round(percent, PLACES):
        msg = f"annual_percent must be a number from 0 to {HIGHEST_PERCENT} with at most {PLACES} decimals, not {text!r}"
        raise ValueError(msg)
    return plain_percent(percent)


def plain_percent(percent: Decimal) -> Decimal:
    """The same number without zeros behind: 10, not 10.00 and not 1E+1."""
    return Decimal(f"{percent.normalize():f}")


def read_source(text: str) -> str:
    """Where a rate was announced, as owners read it; ValueError where it is empty or longer than a line."""
    source = text.strip()
    if not source:
        msg = "source is empty: say where the rate was announced"
        raise ValueError(msg)
    if len(source) > LONGEST_SOURCE:
        msg = f"source is longer than {LONGEST_SOURCE} characters"
        raise ValueError(msg)
    return source
