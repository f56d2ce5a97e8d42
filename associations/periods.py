"""Months and years as values."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (1 <= self.number <= 12 and 1 <= self.year <= 9999):  # noqa: PLR2004
            msg = f"No such month: {self.year}-{self.number}"
            raise ValueError(msg)

    @classmethod
    def of(cls, day: dt.date) -> "Month":
        """The month in which the day lies."""
        return cls(day.year, day.month)

    @property
    def first_day(self) -> dt.date:
        """How a month is stored: its first day."""
        return dt.date(self.year, self.number, 1)

    @property
    def last_day(self) -> dt.date:
        """The 28th, 29th, 30th or 31st."""
        return self.next.first_day - dt.timedelta(days=1)

    @property
    def next(self) -> "Month":
        """The month after."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def previous(self) -> "Month":
        """The month before."""
        return Month.of(self.first_day - dt.timedelta(days=1))


@dataclass(frozen=True, order=True, slots=True)
class Year:
    """A calendar year: the period of a premises ledger."""

    number: int

    @property
    def first_day(self) -> dt.date:
        """1 January."""
        return dt.date(self.number, 1, 1)

    @property
    def last_day(self) -> dt.date:
        """31 December."""
        return dt.date(self.number, 12, 31)
