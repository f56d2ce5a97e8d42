"""Holdings (kartoteki) as values: how titles make them, and which rows belong to which."""

import datetime as dt
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)

FIRST_DAY = dt.date.min
LAST_DAY = dt.date.max
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TitleSpan(Generic[Key]):
    """From when to when a person has a title; both days included, None is open."""

    person: Key
    starts_on: dt.date | None
    ends_on: dt.date | None


@dataclass(frozen=True, slots=True)
class HoldingSpan(Generic[Key]):
    """One set of concurrent titles; both days included, None is open."""

    starts_on: dt.date | None
    ends_on: dt.date | None
    persons: frozenset[Key]


@dataclass(frozen=True, slots=True)
class DateWindow:
    """Days from `first` to `last`, both included; None is open."""

    first: dt.date | None
    last: dt.date | None

    def holds(self, day: dt.date) -> bool:
        """Whether the day lies inside."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


def holdings_of(titles: Iterable[TitleSpan[Key]]) -> list[HoldingSpan[Key]]:
    """The holdings of one premises, oldest first; they never overlap.

    Time is split at every start and end of a title: each stretch with the same persons is one holding, days
    without a title belong to none, and a second title of the same person changes nothing.
    """
    spans = [(title.starts_on or FIRST_DAY, title.ends_on or LAST_DAY, title.person) for title in titles]
    cuts = {start for start, _, _ in spans} | {end + ONE_DAY for _, end, _ in spans if end != LAST_DAY}
    starts = sorted(cuts)
    ends = [start - ONE_DAY for start in starts[1:]] + [LAST_DAY]
    holdings: list[HoldingSpan[Key]] = []
    for start, end in zip(starts, ends, strict=False):
        persons = frozenset(person for first, last, person in spans if first <= start and end <= last)
        if not persons:
            continue
        if holdings and holdings[-1].persons == persons and _follows(holdings[-1], start):
            start = holdings.pop().starts_on or FIRST_DAY  # noqa: PLW2901  # the two stretches are one holding
        holdings.append(HoldingSpan(_or_open(start, FIRST_DAY), _or_open(end, LAST_DAY), persons))
    return holdings


def _follows(holding: HoldingSpan[Key], start: dt.date) -> bool:
    return holding.ends_on is not None and holding.ends_on + ONE_DAY == start


def _or_open(day: dt.date, edge: dt.date) -> dt.date | None:
    return None if day == edge else day


class Origin(Enum):
    """How a holding came to be, seen from what its persons may know of the time before."""

    FIRST = "first"
    # By a sale, an inheritance, a new co-owner: somebody in it had no part in a former holding.
    TAKEN_OVER = "taken_over"
    # Somebody left; those who stayed belonged to every former holding.
    CONTINUED = "continued"


def origin_of(holdings: Sequence[HoldingSpan[Key]], position: int) -> Origin:
    """How `holdings[position]` came to be; holdings of one premises, oldest first."""
    former = holdings[:position]
    if not former:
        return Origin.FIRST
    knows_all = all(holdings[position].persons <= holding.persons for holding in former)
    return Origin.CONTINUED if knows_all else Origin.TAKEN_OVER


def payer_windows(holdings: Sequence[HoldingSpan[Key]], position: int) -> dict[Key, DateWindow]:
    """On which days a row that names its payer belongs to `holdings[position]`, per member.

    A row with a payer belongs to the payer's holding, whatever its date. Where the payer has several of the
    same premises it is the one that contains the date, else the last that began before it, else the first: so
    each reaches from its own start to the day before the payer's next one, and the first one back for ever.
    """
    windows = {}
    for person in holdings[position].persons:
        own = [number for number, holding in enumerate(holdings) if person in holding.persons]
        rank = own.index(position)
        first = holdings[position].starts_on if rank > 0 else None
        following = holdings[own[rank + 1]].starts_on if rank + 1 < len(own) else None
        windows[person] = DateWindow(first, following - ONE_DAY if following else None)
    return windows
