"""What a holding owes per fund as far as its books know: the balance supplied, what the entries come to, what is overdue.

Sign: balance = Σ credit − Σ debit; minus means underpayment. Never a sum across funds. Writes nothing.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from associations.ledger.calculations import Entry, balance_on
from associations.ledger.fund_balances import FundBalance
from associations.ledger.overdue import Arrears, Claim, arrears_on, claims_of
from associations.ledger.queries import POSTINGS, AccountYear, Books, own_postings, read_year
from associations.money import ZERO, add_up
from associations.periods import Year
from associations.profile.funds import FundLabel

LONGEST_FREE_TIME = dt.timedelta(days=14)
"""More days than lie between a due date and the working day to which it moves."""


@dataclass(frozen=True, slots=True)
class FundStanding:
    """One fund on `day`: the as-of day of its balance, or the last day with entries where none was supplied.

    `supplied` None: no balance was supplied, or none for which a day is known (`day` None, too, where there are no
    entries either). `computed`: opening of the year and entries up to the day; None where the opening is unknown.
    `arrears` None: cannot be told.
    """

    fund: FundLabel
    supplied: FundBalance | None
    day: dt.date | None
    computed: Decimal | None
    arrears: Arrears | None
    includes_interest: bool = False

    @property
    def amount(self) -> Decimal | None:
        """The balance to show: as supplied, else what the entries come to; None where withheld or unknown."""
        return self.supplied.amount if self.supplied else self.computed

    @property
    def difference(self) -> Decimal | None:
        """Supplied less computed; None where there is nothing to compare.

        Where the accounting program counts interest not yet posted into its balance, that is taken out first.
        """
        if self.supplied is None or self.supplied.amount is None or self.computed is None:
            return None
        netted = (self.supplied.interest or ZERO) if self.includes_interest else ZERO
        return self.supplied.amount + netted - self.computed

    @property
    def is_explained(self) -> bool:
        """Whether the entries come to the balance shown: only then do its debts explain it."""
        return self.computed is not None and self.difference in {None, ZERO}


def read_standings(
    books: Books,
    balances: Sequence[FundBalance],
    *,
    includes_interest: bool,
    years: Mapping[int, Sequence[AccountYear]] | None = None,
) -> list[FundStanding]:
    """All funds with a balance or with accounts, in the order of funds; `years` are those that were read already.

    One query, and those of read_year for each further year in which a balance stands.
    """
    known = dict(years or {})
    latest = books.years[-1] if books.years else None
    days = {one.fund: one.as_of for one in balances if one.amount is not None}
    for year in sorted({day.year for day in days.values() if day} | ({latest} if latest else set())):
        if year not in known:
            known[year] = read_year(books, year) if books.years else []
    last_day = _last_day(known.get(latest or 0, ()))
    supplied = {one.fund: one for one in balances}
    of_accounts = {books.accounts[account].fund for account in books.years_of}
    funds = sorted({*supplied, *of_accounts}, key=lambda fund: (fund.position, fund.id))
    days = {fund: days.get(fund, None if fund in supplied else last_day) for fund in funds}
    undue = _read_undue(books, [day for day in days.values() if day])
    return [
        _standing(
            fund,
            supplied.get(fund),
            day := days[fund],
            [one for one in known.get(day.year if day else 0, ()) if one.account.fund == fund],
            undue,
            includes_interest=includes_interest,
        )
        for fund in funds
    ]


def _last_day(accounts: Sequence[AccountYear]) -> dt.date | None:
    """The last day with an entry; where the year has none, its first day."""
    days = [entry.posted_on for one in accounts for entry in one.entries[-1:]]
    return max(days or [one.opening.on for one in accounts], default=None)


def _standing(
    fund: FundLabel,
    supplied: FundBalance | None,
    day: dt.date | None,
    accounts: Sequence[AccountYear],
    undue: Mapping[int, Sequence[Entry]],
    *,
    includes_interest: bool,
) -> FundStanding:
    if day is None or not accounts:
        return FundStanding(fund, supplied, day, None, None, includes_interest)
    balances = [balance_on(one.opening.amount, one.entries, day) for one in accounts]
    amounts = [amount for amount in balances if amount is not None]
    if len(amounts) < len(balances):
        return FundStanding(fund, supplied, day, None, None, includes_interest)
    claims: list[Claim] = []
    for one in accounts:
        claims += claims_of(one.opening, one.entries, carried=_carried(undue.get(one.account.id, ()), day))
    return FundStanding(fund, supplied, day, add_up(amounts), arrears_on(claims, day), includes_interest)


def _carried(entries: Iterable[Entry], day: dt.date) -> list[Entry]:
    return [entry for entry in entries if entry.posted_on < Year(day.year).first_day]


# Debts of former years that an opening contains although they are not due yet.
_UNDUE = f"""
SELECT p.account_id, p.posted_on, p.due_on, p.document, p.description, p.debit, p.credit
{POSTINGS} AND {{scope}} AND NOT p.is_opening AND p.debit > 0 AND p.posted_on < %s AND p.due_on >= %s
 ORDER BY p.account_id, p.posted_on, p.file_no, p.line_no, p.id
"""


def _read_undue(books: Books, days: Sequence[dt.date]) -> dict[int, list[Entry]]:
    found: dict[int, list[Entry]] = defaultdict(list)
    if days:
        first = min(days) - LONGEST_FREE_TIME
        for account, *values in own_postings(books, _UNDUE, Year(max(days).year).first_day, first):
            found[account].append(Entry(*values))
    return found
