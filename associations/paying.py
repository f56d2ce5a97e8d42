"""Where ledger, bank accounts and payments meet: the transfers of a holding (dane do przelewu). Writes nothing."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from associations.ledger.fund_balances import FundBalance, latest_fund_balances
from associations.ledger.queries import AccountYear, Books, read_books, read_years
from associations.money import add_up
from associations.payments.transfers import (
    Choice,
    DueSource,
    FundDue,
    Payer,
    Recipient,
    TransferData,
    make_transfer,
)
from associations.premises.access import OpenHolding
from associations.premises.queries import common_accounts, transfer_accounts
from associations.profile.funds import FundLabel
from associations.profile.models import AssociationProfile

NO_CHOICE = Choice()


def read_transfers(
    holding: OpenHolding, profile: AssociationProfile, *, today: dt.date, choices: Mapping[int, Choice]
) -> list[TransferData]:
    """A transfer per fund, in the order of funds; `choices` by fund id. Three to six queries.

    Funds are those with a balance, with accounts in the ledger, or with a number to pay to. A former owner is never
    given the premises' own number: it serves the next one.
    """
    is_former = holding.ends_on is not None and holding.ends_on < today
    accounts = (
        common_accounts()
        if is_former
        else transfer_accounts([holding.premises.pk]).get(holding.premises.pk, ())
    )
    dues = {due.fund: due for due in read_dues(holding, profile)}
    numbers = {one.fund: one.nrb for one in accounts}
    is_known = bool(dues)
    for fund in numbers:
        # An account alone makes no fund of this premises where its books name others.
        if not is_known:
            dues[fund] = FundDue(fund, DueSource.UNKNOWN)
    recipient = Recipient(profile.name, profile.office_address, profile.nip)
    payer = Payer(holding.premises.code, holding.ends_on if is_former else None)
    return [
        make_transfer(
            recipient, payer, dues[fund], nrb=numbers.get(fund, ""), choice=choices.get(fund.id, NO_CHOICE)
        )
        for fund in sorted(dues, key=lambda fund: (fund.position, fund.id))
    ]


def read_dues(holding: OpenHolding, profile: AssociationProfile) -> list[FundDue]:
    """What the holding owes per fund: the figures that the ledger's page shows above the entries.

    Two queries where a balance was supplied for every fund of its accounts, else one to three more.
    """
    books = read_books(holding)
    balances = latest_fund_balances(holding, is_opened_by_books=books.is_opened_by_books)
    dues = {one.fund: _due_of_balance(one, profile) for one in balances}
    funds = {books.accounts[account].fund for account in books.years_of}
    if funds - dues.keys():
        dues = _dues_of_ledger(books) | dues
    return list(dues.values())


def _due_of_balance(one: FundBalance, profile: AssociationProfile) -> FundDue:
    if one.amount is None:
        return FundDue(one.fund, DueSource.WITHHELD)
    return FundDue(
        one.fund,
        DueSource.SUPPLIED,
        balance=one.amount,
        as_of=one.as_of,
        interest=one.interest if one.interest and one.interest > 0 else None,
        is_interest_included=profile.balance_includes_interest,
    )


def _last_accounts(books: Books) -> list[AccountYear]:
    """The accounts of the latest year; of a fund that has nothing in it any more those of its own latest year."""
    own_years: dict[FundLabel, int] = {}
    for account, of_account in books.years_of.items():
        fund = books.accounts[account].fund
        own_years[fund] = max(own_years.get(fund, 0), *of_account)
    if not own_years:
        return []
    last = books.years[-1]
    years = read_years(books, {last, *own_years.values()})
    present = {one.account.fund for one in years[last]}
    closed = [
        one
        for fund, year in own_years.items()
        if fund not in present
        for one in years[year]
        if one.account.fund == fund
    ]
    return [*years[last], *closed]


def _dues_of_ledger(books: Books) -> dict[FundLabel, FundDue]:
    """What the entries come to at the end, where no account of the fund lacks an opening."""
    accounts = _last_accounts(books)
    totals: dict[FundLabel, Decimal | None] = {books.accounts[one].fund: None for one in books.years_of}
    for fund in {one.account.fund for one in accounts}:
        closings = [one.closing for one in accounts if one.account.fund == fund]
        known = [closing for closing in closings if closing is not None]
        totals[fund] = add_up(known) if len(known) == len(closings) else None
    days = [entry.posted_on for one in accounts for entry in one.entries[-1:]]
    as_of = max(days or [one.opening.on for one in accounts], default=None)
    return {
        fund: FundDue(fund, DueSource.LEDGER, balance=total, as_of=as_of)
        if total is not None
        else FundDue(fund, DueSource.UNKNOWN)
        for fund, total in totals.items()
    }
