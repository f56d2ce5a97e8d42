"""Potwierdzenie salda: what each fund comes to on a day, and what that is based on. Writes nothing.

Sign: minus means underpayment. Never a sum across funds. A balance that was supplied for the very day goes before the
sum of the entries: the portal mirrors the manager's books.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from associations.ledger.balance_history import balance_history
from associations.ledger.calculations import OpeningKind, balance_on
from associations.ledger.fund_balances import FundBalance
from associations.ledger.queries import AccountYear, Books, read_books, read_year
from associations.money import ZERO
from associations.premises.access import OpenHolding
from associations.profile.funds import FundLabel


class Basis(Enum):
    """Where a confirmed balance comes from."""

    SUPPLIED = "supplied"  # the manager gave the balance of this day
    ENTRIES = "entries"  # the opening of the year and every entry posted up to the day
    UNKNOWN = "unknown"  # neither: no opening, or a balance that waits for the office after a sale


@dataclass(frozen=True, slots=True)
class ConfirmedBalance:
    """A fund's balance on the day; `amount` None where it is unknown, `interest` where none was supplied."""

    fund: FundLabel
    amount: Decimal | None
    interest: Decimal | None
    basis: Basis


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The balances of a day. `last_day`: up to which day there are data; later days cannot be confirmed.

    `published_at`: when the newest entries of the day's year were published; None where there are none.
    """

    day: dt.date
    last_day: dt.date
    published_at: dt.datetime | None
    balances: tuple[ConfirmedBalance, ...]


def confirm_balances(holding: OpenHolding, day: dt.date | None) -> Confirmation | None:
    """The balances on the day, moved to the last one with data where it lies after that; None without any data.

    Without a day: the last one. A day before all data, too, gives None.
    """
    books = read_books(holding)
    supplied = [
        one
        for one in balance_history(holding, is_opened_by_books=books.is_opened_by_books)
        if one.as_of is not None
    ]
    years = {year: read_year(books, year) for year in _years_to_read(books, day)}
    last_day = max([*_entry_days(years, books), *(one.as_of for one in supplied if one.as_of)], default=None)
    if last_day is None:
        return None
    chosen = min(day or last_day, last_day)
    found = judge_balances(supplied, years.get(chosen.year, ()), chosen)
    return Confirmation(chosen, last_day, books.published_at.get(chosen.year), found) if found else None


def judge_balances(
    supplied: Sequence[FundBalance], accounts: Sequence[AccountYear], day: dt.date
) -> tuple[ConfirmedBalance, ...]:
    """Per fund, in the order of funds: the balance supplied for the day, else that of the year's entries."""
    of_day = {one.fund: one for one in supplied if one.as_of == day}
    of_entries = _sum_entries(accounts, day)
    funds = sorted({*of_day, *of_entries}, key=lambda fund: (fund.position, fund.id))
    return tuple(_judge(fund, of_day.get(fund), of_entries) for fund in funds)


def _judge(
    fund: FundLabel, given: FundBalance | None, of_entries: Mapping[FundLabel, Decimal | None]
) -> ConfirmedBalance:
    if given is not None:
        return ConfirmedBalance(fund, given.amount, given.interest, Basis.SUPPLIED)
    amount = of_entries[fund]
    return ConfirmedBalance(fund, amount, None, Basis.UNKNOWN if amount is None else Basis.ENTRIES)


def _sum_entries(accounts: Sequence[AccountYear], day: dt.date) -> dict[FundLabel, Decimal | None]:
    """A fund's accounts together; None where the opening of one of them is unknown.

    Left out is an account on days before its holding: what stood on it then is a former owner's.
    """
    sums: dict[FundLabel, Decimal | None] = {}
    for one in accounts:
        is_earlier = one.opening.kind is OpeningKind.TAKEN_OVER and day < one.opening.on
        if is_earlier and not any(entry.posted_on <= day for entry in one.entries):
            continue
        before = sums.get(one.account.fund, ZERO)
        own = balance_on(one.opening.amount, one.entries, day)
        sums[one.account.fund] = None if before is None or own is None else before + own
    return sums


def _years_to_read(books: Books, day: dt.date | None) -> set[int]:
    """The last year with data, and that of the day where it lies before."""
    if not books.years:
        return set()
    last = books.years[-1]
    return {last, day.year} if day and day.year in books.years else {last}


def _entry_days(years: Mapping[int, Sequence[AccountYear]], books: Books) -> list[dt.date]:
    """The last days of the last year's entries; of an account with nothing but an opening that of the opening."""
    if not books.years:
        return []
    return [one.entries[-1].posted_on if one.entries else one.opening.on for one in years[books.years[-1]]]
