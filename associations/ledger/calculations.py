"""Openings, running balances, closings (bilans otwarcia, saldo końcowe) and which balances may be shown.

Sign: balance = Σ credit − Σ debit; minus means underpayment. An opening balance (BO) states the opening and is
never turnover. Amounts are of one account: nothing here adds up funds.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

from associations.money import ZERO, add_up
from associations.periods import Year
from associations.premises.calculations import Origin


class OpeningKind(Enum):
    """Where the opening of a year comes from."""

    STATED = "stated"  # a BO of the books
    CARRIED = "carried"  # the closing of the year before
    TAKEN_OVER = "taken_over"  # 0.00 „od dnia objęcia lokalu”
    NOTHING_STATED = "nothing_stated"  # the books state openings in that year, and none here: 0.00
    UNKNOWN = "unknown"  # „Dane od 01.06.2024; bilans otwarcia nie został przekazany”


@dataclass(frozen=True, slots=True)
class Opening:
    """The opening of an account in a year. `on` is its day; for UNKNOWN the day from which there are data."""

    kind: OpeningKind
    amount: Decimal | None
    on: dt.date


@dataclass(frozen=True, slots=True)
class YearSums:
    """What the rows of one account and holding add up to in a year; `stated` is None where there is no BO."""

    year: int
    debit: Decimal
    credit: Decimal
    stated: Decimal | None
    first_month: dt.date


@dataclass(frozen=True, slots=True)
class Entry:
    """A posting as supplied, with the balance after it (None where the opening is unknown)."""

    posted_on: dt.date
    due_on: dt.date | None
    document: str
    description: str
    debit: Decimal
    credit: Decimal
    balance: Decimal | None = None


def opening_of(
    year: int,
    sums: Iterable[YearSums],
    *,
    taken_over_on: dt.date | None,
    states_openings: Callable[[int], bool],
) -> Opening:
    """The opening of one account and holding in a year, from its sums of that year and of the years before.

    It is the year's BO, else the closing of the year before. First data without a BO open at 0.00 where the
    holding was taken over while the books ran (`taken_over_on`), or where the books state openings in that year
    (asked only if needed); otherwise the opening is unknown, and so are later ones until the books state some.
    """
    known = sorted((one for one in sums if one.year <= year), key=lambda one: one.year)
    if not known or known[-1].year < year:
        known.append(YearSums(year, ZERO, ZERO, None, Year(year).first_day))
    first_month = known[0].first_month
    opening = Opening(OpeningKind.UNKNOWN, None, first_month)
    closing: Decimal | None = None
    for one in known:
        start = Year(one.year).first_day
        if one.stated is not None:
            opening = Opening(OpeningKind.STATED, one.stated, start)
        elif one is known[0] and taken_over_on:
            opening = Opening(OpeningKind.TAKEN_OVER, ZERO, max(taken_over_on, start))
        elif closing is not None:
            opening = Opening(OpeningKind.CARRIED, closing, start)
        elif states_openings(one.year):
            opening = Opening(OpeningKind.NOTHING_STATED, ZERO, start)
        else:
            opening = Opening(OpeningKind.UNKNOWN, None, first_month)
        closing = closing_of(opening.amount, one.debit, one.credit)
    return opening


def closing_of(opening: Decimal | None, debit: Decimal, credit: Decimal) -> Decimal | None:
    """Opening + credits − debits; None where the opening is unknown."""
    return None if opening is None else opening + credit - debit


def run_balances(opening: Decimal | None, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries in their order, each with the balance after it; without balances where the opening is unknown."""
    if opening is None:
        return tuple(entries)
    balance, running = opening, []
    for entry in entries:
        balance += entry.credit - entry.debit
        running.append(replace(entry, balance=balance))
    return tuple(running)


def balance_on(opening: Decimal | None, entries: Iterable[Entry], day: dt.date) -> Decimal | None:
    """The opening and all entries posted up to the day; None where the opening is unknown."""
    if opening is None:
        return None
    return opening + add_up(entry.credit - entry.debit for entry in entries if entry.posted_on <= day)


def is_inside_books(starts_on: dt.date | None, first_month: dt.date | None) -> bool:
    """Whether the books of the premises hold figures from before a holding's first day."""
    return starts_on is not None and first_month is not None and first_month < starts_on


def is_withheld(*, names_payer: bool, origin: Origin, is_opened_by_books: bool) -> bool:
    """Whether a balance must not be shown: without payer it may contain what a former owner owed.

    Shown are balances that name a payer of the holding, those of a holding without a former one or whose persons
    belonged to every former one, and those of books that begin with this holding and state its opening
    (`is_opened_by_books`): then the sale lies before everything that the books tell.
    """
    return not names_payer and origin is Origin.TAKEN_OVER and not is_opened_by_books
