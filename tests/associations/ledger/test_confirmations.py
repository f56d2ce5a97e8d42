"""Which balance is confirmed on a day: the supplied one of that day, else the entries, fund by fund."""

import datetime as dt
from decimal import Decimal

import pytest

from associations.ledger.calculations import Entry, Opening, OpeningKind
from associations.ledger.confirmations import Basis, ConfirmedBalance, confirm_balances, judge_balances
from associations.ledger.fund_balances import FundBalance
from associations.ledger.queries import AccountLabel, AccountYear
from associations.premises.access import holding_for_staff
from associations.profile.funds import FundLabel
from tests.factories import (
    make_holding,
    make_ledger_account,
    make_person,
    make_premises,
    publish_balance,
    publish_postings,
)

MAIN = FundLabel(1, "main", "Podstawowy", 1)
REPAIR = FundLabel(2, "repair", "Remontowy", 2)
DAY = dt.date(2026, 3, 15)


def year(fund: FundLabel, opening: str | None, *entries: tuple[str, str, str]) -> AccountYear:
    """`entries`: day, debit, credit."""
    amount = None if opening is None else Decimal(opening)
    return AccountYear(
        account=AccountLabel(fund.id, f"204-{fund.id}", "", fund),
        opening=Opening(
            OpeningKind.UNKNOWN if amount is None else OpeningKind.STATED, amount, dt.date(2026, 1, 1)
        ),
        entries=tuple(
            Entry(dt.date.fromisoformat(on), None, "", "", Decimal(debit), Decimal(credit))
            for on, debit, credit in entries
        ),
        debit=Decimal(0),
        credit=Decimal(0),
        closing=None,
    )


def test_the_balance_supplied_for_the_day_goes_before_the_entries() -> None:
    supplied = [FundBalance(MAIN, Decimal("-12.50"), Decimal("0.30"), DAY)]

    found = judge_balances(supplied, [year(MAIN, "0.00", ("2026-03-01", "99", "0"))], DAY)

    assert found == (ConfirmedBalance(MAIN, Decimal("-12.50"), Decimal("0.30"), Basis.SUPPLIED),)


def test_entries_count_up_to_the_day_with_it() -> None:
    accounts = [
        year(MAIN, "-10.00", ("2026-03-15", "100", "0"), ("2026-03-16", "0", "500")),
        year(MAIN, "5.00", ("2026-02-01", "0", "25.25")),
    ]

    found = judge_balances([FundBalance(MAIN, Decimal(1), None, dt.date(2026, 2, 28))], accounts, DAY)

    assert found == (ConfirmedBalance(MAIN, Decimal("-79.75"), None, Basis.ENTRIES),)


def test_an_unknown_opening_leaves_its_fund_unknown_and_no_other() -> None:
    accounts = [year(REPAIR, "7.00"), year(MAIN, None, ("2026-01-01", "1", "0")), year(MAIN, "3.00")]

    found = judge_balances([], accounts, DAY)

    assert [(one.fund, one.amount, one.basis) for one in found] == [
        (MAIN, None, Basis.UNKNOWN),
        (REPAIR, Decimal("7.00"), Basis.ENTRIES),
    ]


def test_a_buyer_is_confirmed_nothing_of_the_days_before_theirs() -> None:
    bought = AccountYear(
        account=AccountLabel(1, "204-1", "", MAIN),
        opening=Opening(OpeningKind.TAKEN_OVER, Decimal("0.00"), dt.date(2026, 3, 16)),
        entries=(Entry(dt.date(2026, 4, 1), None, "", "", Decimal(30), Decimal(0)),),
        debit=Decimal(30),
        credit=Decimal(0),
        closing=Decimal(-30),
    )

    assert judge_balances([], [bought], DAY) == ()
    assert [one.amount for one in judge_balances([], [bought], dt.date(2026, 3, 16))] == [Decimal("0.00")]


@pytest.mark.usefixtures("in_sloneczna")
@pytest.mark.parametrize("day", [None, dt.date(2026, 1, 1), dt.date(2026, 5, 5)])
def test_a_last_year_of_nothing_but_its_opening_is_confirmed_on_its_first_day(day: dt.date | None) -> None:
    premises = make_premises()
    holding = holding_for_staff(make_holding(premises, make_person("ann"), starts="2009-01-01").pk)
    publish_postings(premises, make_ledger_account(), "2026-01-01 BO 62")

    found = confirm_balances(holding, day)

    assert found
    assert (found.day, found.last_day) == (dt.date(2026, 1, 1), dt.date(2026, 1, 1))
    assert [(one.amount, one.basis) for one in found.balances] == [(Decimal("-62.00"), Basis.ENTRIES)]


@pytest.mark.usefixtures("in_sloneczna")
def test_an_opening_is_newer_than_a_balance_of_the_year_before() -> None:
    premises = make_premises()
    holding = holding_for_staff(make_holding(premises, make_person("ann"), starts="2009-01-01").pk)
    publish_postings(premises, make_ledger_account(), "2025-02-03 NAL 100", "2026-01-01 BO 62")
    publish_balance(premises, "2025-11-30", "-61")

    found = confirm_balances(holding, None)

    assert found
    assert (found.day, [one.amount for one in found.balances]) == (dt.date(2026, 1, 1), [Decimal("-62.00")])
