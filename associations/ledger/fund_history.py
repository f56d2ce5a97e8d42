"""Everything that a holding's books hold of one fund, year by year, each row with the line of the file it came from.

What a balance is made of, what is past its due date and what bears interest are read off it. Sign: balance =
Σ credit − Σ debit; minus means underpayment. Pure: history_queries reads it.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from associations.ledger.calculations import Entry, Opening, OpeningKind, closing_of
from associations.ledger.interest import is_interest_document
from associations.ledger.overdue import Claim, entry_claims, opening_claim
from associations.ledger.queries import AccountLabel
from associations.money import ZERO, add_up
from associations.periods import Year
from associations.profile.funds import FundLabel
from associations.row_sources import RowSource


@dataclass(frozen=True, slots=True)
class SourcedEntry:
    """A posting as supplied, and where it stands in which file."""

    entry: Entry
    source: RowSource

    @property
    def is_interest(self) -> bool:
        """Whether its document is one of interest (ODS, NO)."""
        return is_interest_document(self.entry.document)

    @property
    def amount(self) -> Decimal:
        """What it adds to the balance."""
        return self.entry.credit - self.entry.debit


@dataclass(frozen=True, slots=True)
class YearRows:
    """A year of one account: its opening with the BO rows that state it, and its entries in their order."""

    year: int
    opening: Opening
    stated_by: tuple[SourcedEntry, ...]
    rows: tuple[SourcedEntry, ...]

    def balance_on(self, day: dt.date) -> Decimal | None:
        """The opening and the entries posted up to the day; None where the opening is unknown."""
        posted = [row.entry for row in self.rows if row.entry.posted_on <= day]
        return closing_of(
            self.opening.amount, add_up(one.debit for one in posted), add_up(one.credit for one in posted)
        )


@dataclass(frozen=True, slots=True)
class AccountHistory:
    """The years of one account in which there are rows, oldest first."""

    account: AccountLabel
    years: tuple[YearRows, ...]

    def year_of(self, day: dt.date) -> YearRows:
        """The year of the day, as far as it was posted by then; without rows it carries what was before."""
        for one in self.years:
            if one.year == day.year:
                rows = tuple(row for row in one.rows if row.entry.posted_on <= day)
                return YearRows(one.year, one.opening, one.stated_by, rows)
        before = [one for one in self.years if one.year < day.year]
        start = Year(day.year).first_day
        if not before:
            return YearRows(day.year, Opening(OpeningKind.NOTHING_STATED, ZERO, start), (), ())
        carried = before[-1].balance_on(day)
        kind = OpeningKind.UNKNOWN if carried is None else OpeningKind.CARRIED
        on = before[-1].opening.on if carried is None else start
        return YearRows(day.year, Opening(kind, carried, on), (), ())

    def known_years(self, until: dt.date) -> tuple[YearRows, ...]:
        """The years up to the day from the first opening that is known on."""
        years = [one for one in self.years if one.year <= until.year]
        unknown = [place for place, one in enumerate(years) if one.opening.amount is None]
        return tuple(years[unknown[-1] + 1 :] if unknown else years)


@dataclass(frozen=True, slots=True)
class Restatement:
    """A BO that differs from the closing before it: what the books said and what they say since."""

    account: AccountLabel
    year: int
    expected: Decimal
    stated: Decimal


@dataclass(frozen=True, slots=True)
class FundHistory:
    """The accounts of one fund."""

    fund: FundLabel
    accounts: tuple[AccountHistory, ...]

    @property
    def first_day(self) -> dt.date | None:
        """The first opening, or the first posting where one lies before it; None without rows."""
        years = [account.years[0] for account in self.accounts if account.years]
        days = (day for one in years for day in (one.opening.on, *(row.entry.posted_on for row in one.rows)))
        return min(days, default=None)

    @property
    def last_day(self) -> dt.date | None:
        """The last posting day; None without rows."""
        return max((row.entry.posted_on for row in self._rows()), default=None)

    def balance_on(self, day: dt.date) -> Decimal | None:
        """Openings of the year and entries up to the day, of all accounts of the fund; None where one is unknown."""
        balances = [one.year_of(day).balance_on(day) for one in self.accounts]
        known = [amount for amount in balances if amount is not None]
        return add_up(known) if len(known) == len(balances) else None

    def known_since(self, until: dt.date) -> dt.date | None:
        """From which day on what is owed is known, of every account; None where an account never states it.

        Accounts that begin after the year of `until` do not count: nothing was owed on them.
        """
        started = [one for one in self.accounts if one.years and one.years[0].year <= until.year]
        starts = [one.known_years(until)[:1] for one in started]
        if not starts or not all(starts):
            return None
        return max(years[0].opening.on for years in starts)

    def claims(self, until: dt.date, *, without_interest: bool = False) -> list[Claim]:
        """Every debt, and what lessens debts, posted up to the day, since the first known opening of each account.

        `without_interest` leaves out documents of interest and their openings: interest bears none.
        """
        found: list[Claim] = []
        for account in self.accounts:
            years = account.known_years(until)
            for place, year in enumerate(years):
                if place == 0:
                    found += _first_opening(year, without_interest=without_interest)
                elif difference := _restated_by(years[place - 1], year):
                    found.append(opening_claim(year.opening.on, -difference))
                for row in year.rows:
                    if row.entry.posted_on <= until and not (without_interest and row.is_interest):
                        found += entry_claims(row.entry)
        return found

    def restatements(self, until: dt.date) -> list[Restatement]:
        """Openings that differ from the closing before."""
        return [
            Restatement(
                account.account, year.year, former.balance_on(Year(former.year).last_day) or ZERO, stated
            )
            for account in self.accounts
            for former, year in pairwise(account.known_years(until))
            if _restated_by(former, year) and (stated := year.opening.amount) is not None
        ]

    def last_interest_on(self, until: dt.date) -> dt.date | None:
        """The day of the last document of interest with a debit up to the day; None where there is none."""
        days = (row.entry.posted_on for row in self._rows() if row.is_interest and row.entry.debit > 0)
        return max((day for day in days if day <= until), default=None)

    def _rows(self) -> Iterator[SourcedEntry]:
        return (row for account in self.accounts for year in account.years for row in year.rows)


def _first_opening(year: YearRows, *, without_interest: bool) -> list[Claim]:
    amount = year.opening.amount or ZERO
    if without_interest and year.opening.kind is OpeningKind.STATED:
        amount -= add_up(row.amount for row in year.stated_by if row.is_interest)
    return [opening_claim(year.opening.on, -amount)] if amount else []


def _restated_by(former: YearRows, year: YearRows) -> Decimal:
    """By how much a year opens higher than the one before it closed."""
    closing = former.balance_on(Year(former.year).last_day)
    if closing is None or year.opening.amount is None:
        return ZERO
    return year.opening.amount - closing
