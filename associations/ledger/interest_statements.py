"""Wyliczenie informacyjne odsetek: interest on what a fund's books show as overdue, beside what the manager supplied.

Statutory interest for delay (art. 481 § 2 KC; calculations in interest.py). Documents of interest (ODS, NO) and their
openings are left out: interest bears none. Amounts in złote. Writes nothing.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from associations.ledger.fund_balances import FundBalance
from associations.ledger.fund_history import FundHistory
from associations.ledger.interest import Interest, compute_interest
from associations.ledger.rates import InterestRate

ONE_DAY = dt.timedelta(days=1)
LONGEST = dt.timedelta(days=3 * 366)
"""How much is computed at once: three years, after which claims to periodic payments lapse (art. 118 KC)."""


@dataclass(frozen=True, slots=True)
class InterestStatement:
    """The interest of a fund for a time. `interest` None: an opening is unknown, so nothing can be computed.

    `since_document`: the day of the document of interest after which the time begins. `known_until`: up to which day
    the books tell of payments. `is_usual_time`: nobody chose another first day, and no interest was posted on
    the last one. `supplied`: the balance with the
    manager's own figure, on its own day.
    """

    interest: Interest | None
    supplied: FundBalance | None
    since_document: dt.date | None
    known_since: dt.date | None
    known_until: dt.date
    is_usual_time: bool = True

    @property
    def is_comparable(self) -> bool:
        """Whether the figure supplied is of the same time: the day it stands for, since the last document."""
        supplied = self.supplied
        return (
            self.interest is not None
            and self.is_usual_time
            and supplied is not None
            and supplied.interest is not None
            and supplied.as_of == self.interest.last
        )


def state_interest(
    history: FundHistory,
    rates: Sequence[InterestRate],
    supplied: FundBalance | None,
    *,
    today: dt.date,
    first: dt.date | None = None,
    last: dt.date | None = None,
) -> InterestStatement | None:
    """Interest from `first` to `last`, both included; None without entries.

    Without dates: from the day after the last document of interest to the day of the supplied balance, else to the last
    day with entries. Dates outside the data, after today or more than three years apart become the nearest.
    """
    if history.first_day is None or history.last_day is None:
        return None
    as_of = supplied.as_of if supplied else None
    known_until = as_of or history.last_day
    end = max(min(last or known_until, max(today, known_until)), history.first_day)
    known_since = history.known_since(end)
    if known_since is None:
        return InterestStatement(None, supplied, None, None, known_until)
    end = max(end, known_since)
    posted_on = history.last_interest_on(end - ONE_DAY) if first is None else None
    is_just_posted = history.last_interest_on(end) not in {None, posted_on}
    start = first or (posted_on + ONE_DAY if posted_on else known_since)
    start = min(max(start, known_since, end - LONGEST), end)
    claims = history.claims(end, without_interest=True)
    return InterestStatement(
        interest=compute_interest(claims, rates, start, end),
        supplied=supplied,
        since_document=posted_on if posted_on and start == posted_on + ONE_DAY else None,
        known_since=known_since,
        known_until=known_until,
        # What was posted on the last day itself is in the balance: the manager's figure begins after it.
        is_usual_time=first is None and not is_just_posted,
    )
