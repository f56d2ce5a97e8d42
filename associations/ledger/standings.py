"""What a holding owes per fund as far as its books know: the balance supplied, what the entries come to, what is overdue.

Sign: balance = Σ credit − Σ debit; minus means underpayment. Never a sum across funds. Writes nothing.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from associations.ledger.calculations import balance_on
from associations.ledger.fund_balances import FundBalance
from associations.ledger.overdue import Arrears, Claim, arrears_on, claims_of
from associations.ledger.queries import AccountYear, Books, read_years
from associations.money import ZERO, add_up
from associations.profile.funds import FundLabel


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

    No query where these are all that standing_years names.
    """
    known = dict(years or {})
    known |= read_years(books, standing_years(books, balances) - known.keys())
    days = {one.fund: one.as_of for one in balances if one.amount is not None}
    last_day = _last_day(known.get(books.years[-1], ())) if books.years else None
    supplied = {one.fund: one for one in balances}
    of_accounts = {books.accounts[account].fund for account in books.years_of}
    funds = sorted({*supplied, *of_accounts}, key=lambda fund: (fund.position, fund.id))
    days = {fund: days.get(fund, None if fund in supplied else last_day) for fund in funds}
    return [
        _standing(
            fund,
            supplied.get(fund),
            day := days[fund],
            [one for one in known.get(day.year if day else 0, ()) if one.account.fund == fund],
            includes_interest=includes_interest,
        )
        for fund in funds
    ]


def standing_years(books: Books, balances: Sequence[FundBalance]) -> set[int]:
    """The years in which the balances stand, and the latest one with entries; none without entries."""
    if not books.years:
        return set()
    return {books.years[-1]} | {one.as_of.year for one in balances if one.as_of}


def _last_day(accounts: Sequence[AccountYear]) -> dt.date | None:
    """The last day with an entry; where the year has none, its first day."""
    days = [entry.posted_on for one in accounts for entry in one.entries[-1:]]
    return max(days or [one.opening.on for one in accounts], default=None)


def _standing(
    fund: FundLabel,
    supplied: FundBalance | None,
    day: dt.date | None,
    accounts: Sequence[AccountYear],
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
        claims += claims_of(one.opening, one.entries, carried=one.carried)
    return FundStanding(fund, supplied, day, add_up(amounts), arrears_on(claims, day), includes_interest)
