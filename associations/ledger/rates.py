"""Rates of statutory interest for delay: those that the portal ships, and those that an operator adds.

The file has the columns effective_from (2026-03-05), annual_percent (9.25) and source (where the rate was announced).
A row of the operator's file adds a rate, or stands in for the shipped one of the same day. No database.
"""

import csv
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

SHIPPED_RATES = Path(__file__).with_name("statutory_interest_rates.csv")
COLUMNS = ["effective_from", "annual_percent", "source"]
HIGHEST_PERCENT = 100


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
def statutory_rates(operators_file: str = "") -> tuple[InterestRate, ...]:
    """All rates, oldest first: the shipped ones, with those of the operator's file over them. Read once a process.

    Raises RatesFileError where a file is missing or wrong.
    """
    rates = {rate.effective_from: rate for rate in read_rates(SHIPPED_RATES)}
    if operators_file:
        rates |= {rate.effective_from: rate for rate in read_rates(Path(operators_file))}
    return tuple(rates[day] for day in sorted(rates))


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
    try:
        annual_percent = Decimal(percent)
    except InvalidOperation:
        annual_percent = Decimal("NaN")
    if not annual_percent.is_finite() or not 0 <= annual_percent <= HIGHEST_PERCENT:
        msg = f"annual_percent must be a number from 0 to {HIGHEST_PERCENT} with a decimal point, not {percent!r}"
        raise ValueError(msg)
    if not source:
        msg = "source is empty: say where the rate was announced"
        raise ValueError(msg)
    return InterestRate(dt.date.fromisoformat(day), annual_percent, source)
