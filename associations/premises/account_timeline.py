"""Changed bank accounts of a premises as its owners saw them: which number stood before, which stands now. Pure.

A premises pays for a fund to its own number, else to the association's for the fund. Either may change; owners see one.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

ANNOUNCED = dt.timedelta(days=60)
"""How long a changed number is announced to owners: whoever pays monthly reads of it at least once."""


@dataclass(frozen=True, slots=True)
class AccountEvent:
    """One of the two numbers became another; empty: there was, or is, none. `is_own`: the premises' number."""

    at: dt.datetime
    is_own: bool
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class AccountChange:
    """The number that owners pay to became `present` at `at`; `former` are those that the portal showed before.

    `present` is empty where the office tells the number. `is_back`: `present` was also the number before all of
    `former`, so it holds again, and `wrong_since` is when the first of them was shown.
    """

    at: dt.datetime
    former: tuple[str, ...]
    present: str
    is_back: bool
    wrong_since: dt.datetime | None = None


def find_change(events: Sequence[AccountEvent], *, own: str, common: str) -> AccountChange | None:
    """What owners must be told of these events of one fund; `own` and `common` are the numbers of now.

    None where the number that they see is still the same, or where there was none to compare it with.
    """
    in_order = sorted(events, key=lambda event: event.at)
    numbers = {True: own, False: common}
    for event in reversed(in_order):
        numbers[event.is_own] = event.before
    shown: list[tuple[dt.datetime | None, str]] = [(None, numbers[True] or numbers[False])]
    for event in in_order:
        numbers[event.is_own] = event.after
        seen = numbers[True] or numbers[False]
        if seen != shown[-1][1]:
            shown.append((event.at, seen))
    return _judge(shown)


def _judge(shown: Sequence[tuple[dt.datetime | None, str]]) -> AccountChange | None:
    """`shown`: what stood from when on, the first from before all events."""
    told = [one for position, one in enumerate(shown) if one[1] or position == len(shown) - 1]
    first, last = told[0], told[-1]
    if len(told) == 1 or last[0] is None:
        return None
    former = tuple(dict.fromkeys(number for _, number in told[:-1] if number != last[1]))
    if not former:
        return None
    is_back = first[1] == last[1]
    return AccountChange(
        at=last[0],
        former=former,
        present=last[1],
        is_back=is_back,
        wrong_since=told[1][0] if is_back else None,
    )
