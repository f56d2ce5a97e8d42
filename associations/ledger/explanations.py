"""Skąd to saldo: what a fund's balance of a day is made of, document by document, down to the file each came from.

Sign: balance = Σ credit − Σ debit; minus means underpayment. Writes nothing.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from associations.ledger.balance_history import balance_history
from associations.ledger.fund_balances import FundBalance
from associations.ledger.fund_history import AccountHistory, FundHistory, Restatement, YearRows
from associations.ledger.history_queries import read_fund_history
from associations.ledger.overdue import arrears_on
from associations.ledger.queries import AccountLabel, Books
from associations.ledger.standings import FundStanding
from associations.money import add_up
from associations.profile.funds import FundLabel
from associations.row_sources import FileKey, RowSource, SourceFile, source_files


@dataclass(frozen=True, slots=True)
class AccountStatement:
    """One account from 1 January to the day: its opening, the entries, their sums, and what they come to."""

    account: AccountLabel
    year: YearRows
    debit: Decimal
    credit: Decimal
    closing: Decimal | None


@dataclass(frozen=True, slots=True)
class BalanceExplanation:
    """A fund's balance on `day` with all that it is made of.

    `standing` holds the balance supplied for the day, the one computed, their difference, and the debts. `first_day`
    and `last_day` bound the days that can be explained. `restatements`: openings that differ from the closing before.
    """

    standing: FundStanding
    day: dt.date
    first_day: dt.date
    last_day: dt.date
    accounts: tuple[AccountStatement, ...]
    restatements: tuple[Restatement, ...]
    files: Mapping[FileKey, SourceFile]


def find_fund(books: Books, balances: Sequence[FundBalance], fund_id: int) -> FundLabel | None:
    """The fund, if the holding has a balance or entries in it."""
    funds = [one.fund for one in balances] + [books.accounts[account].fund for account in books.years_of]
    return next((fund for fund in funds if fund.id == fund_id), None)


def explain_balance(
    books: Books,
    fund: FundLabel,
    *,
    balances: Sequence[FundBalance],
    includes_interest: bool,
    day: dt.date | None = None,
) -> BalanceExplanation | None:
    """The balance on the day, else on the day of the latest one supplied, else on the last day with entries.

    A day outside the data becomes the nearest one; None where the fund has no entries. `balances` are the latest ones.
    At most four queries.
    """
    history = read_fund_history(books, fund)
    first_day = history.first_day
    if first_day is None or history.last_day is None:
        return None
    latest = [one for one in balances if one.fund == fund]
    as_of = latest[0].as_of if latest else None
    last_day = max(history.last_day, as_of or history.last_day)
    chosen = max(first_day, min(day or as_of or history.last_day, last_day))
    # A balance without a day is compared with everything that the books hold.
    wanted = {chosen} if day else {chosen, None}
    supplied = next((one for one in latest if one.as_of in wanted), None) or _supplied_on(
        books, fund, chosen, day
    )
    accounts = tuple(_state(one, chosen) for one in history.accounts)
    return BalanceExplanation(
        standing=_standing(history, supplied, chosen, includes_interest=includes_interest),
        day=chosen,
        first_day=first_day,
        last_day=last_day,
        accounts=tuple(one for one in accounts if one.year.rows or one.year.opening.amount != 0),
        restatements=tuple(one for one in history.restatements(chosen) if one.year == chosen.year),
        files=source_files([*_sources(accounts), *(supplied.sources if supplied else ())]),
    )


def _supplied_on(books: Books, fund: FundLabel, day: dt.date, asked: dt.date | None) -> FundBalance | None:
    """An older balance of the very day; asked for only where somebody chose a day."""
    if asked is None:
        return None
    found = balance_history(books.holding, is_opened_by_books=books.is_opened_by_books)
    return next((one for one in found if one.fund == fund and one.as_of == day), None)


def _standing(
    history: FundHistory, supplied: FundBalance | None, day: dt.date, *, includes_interest: bool
) -> FundStanding:
    computed = history.balance_on(day)
    arrears = None if computed is None else arrears_on(history.claims(day), day)
    return FundStanding(history.fund, supplied, day, computed, arrears, includes_interest)


def _state(history: AccountHistory, day: dt.date) -> AccountStatement:
    year = history.year_of(day)
    return AccountStatement(
        account=history.account,
        year=year,
        debit=add_up(row.entry.debit for row in year.rows),
        credit=add_up(row.entry.credit for row in year.rows),
        closing=year.balance_on(day),
    )


def _sources(accounts: Sequence[AccountStatement]) -> list[RowSource]:
    return [row.source for one in accounts for row in (*one.year.stated_by, *one.year.rows)]
