"""What the generator is asked for: sizes, years, shares of the unusual, and the calendar that follows."""

import random
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from associations.periods import Month

DUE_DAY = 10
Choice = TypeVar("Choice")


class Draw:
    """A stream of chances of its own, the same on every machine and Python.

    Built on Random.random() alone: its values are promised to stay, those of randrange() and choice() are not.
    """

    def __init__(self, *names: object) -> None:
        self._random = random.Random(":".join(map(str, names)))

    def below(self, bound: int) -> int:
        """A whole number from 0 to bound - 1."""
        return int(self._random.random() * bound)

    def between(self, first: int, last: int) -> int:
        """A whole number from first to last, both included."""
        return first + self.below(last - first + 1)

    def happens(self, share: float) -> bool:
        """True as often as the share (0 to 1) says."""
        return self._random.random() < share

    def pick(self, choices: tuple[Choice, ...]) -> Choice:
        """One of the choices."""
        return choices[self.below(len(choices))]


@dataclass(frozen=True, slots=True)
class MonthTexts:
    """A month and the ways in which the files write it."""

    year: int
    number: int
    iso: str
    short: str
    first_day: str
    due_day: str
    last_day: str
    length: int
    days_before: int

    def day(self, number: int) -> str:
        """`08.01.2024`."""
        return f"{number:02d}.{self.number:02d}.{self.year}"


@dataclass(frozen=True)
class Plan:
    """An association to be generated; equal plans give equal bytes.

    `last_month` ends the last year, 1 to 12: a plan with a later month repeats every earlier row.
    Shares are of premises, 0 to 1. `by_month` writes naliczenia-2026-01.csv instead of -2026.csv, and odczyty too.
    """

    premises: int
    first_year: int
    last_year: int
    last_month: int = 12
    seed: int = 1
    sale_share: float = 0.03
    co_owner_share: float = 0.15
    replaced_share: float = 0.05
    debtor_share: float = 0.1
    by_month: bool = False

    def __post_init__(self) -> None:
        if self.premises < 1 or not 1 <= self.last_month <= 12:
            raise ValueError("A plan has at least one premises and a last month from 1 to 12")
        if not 2000 <= self.first_year <= self.last_year <= 2099:
            raise ValueError("The years must lie between 2000 and 2099, the first one first")

    def period(self, year: int, number: int) -> str:
        """What the names of the files of charges and readings end with."""
        return f"{year}-{number:02d}" if self.by_month else str(year)

    @property
    def years(self) -> range:
        """Every year of the plan."""
        return range(self.first_year, self.last_year + 1)

    @cached_property
    def months(self) -> tuple[MonthTexts, ...]:
        """Every month, in order."""
        return tuple(
            _texts_of(Month(year, number))
            for year in self.years
            for number in range(1, 1 + (self.last_month if year == self.last_year else 12))
        )

    def draw(self, *names: object) -> Draw:
        """A stream named after what it decides, so that one decision more changes no other."""
        return Draw(self.seed, *names)


def _texts_of(month: Month) -> MonthTexts:
    year, number = month.year, month.number
    return MonthTexts(
        year=year,
        number=number,
        iso=f"{year}-{number:02d}",
        short=f"{number:02d}.{year}",
        first_day=f"01.{number:02d}.{year}",
        due_day=f"{DUE_DAY}.{number:02d}.{year}",
        last_day=month.last_day.strftime("%d.%m.%Y"),
        length=month.last_day.day,
        days_before=month.first_day.timetuple().tm_yday - 1,
    )
