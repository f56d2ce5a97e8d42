"""For which time interest is computed, and with what the manager's figure can be compared."""

import datetime as dt
from decimal import Decimal

import pytest

from associations.ledger.fund_balances import FundBalance
from associations.ledger.history_queries import read_fund_history
from associations.ledger.interest_statements import InterestStatement, state_interest
from associations.ledger.models import Account
from associations.ledger.queries import read_books
from associations.ledger.rates import shipped_rates
from associations.premises.access import OpenHolding, holding_for_staff
from associations.premises.models import Premises
from tests.factories import (
    day,
    make_holding,
    make_ledger_account,
    make_person,
    make_premises,
    publish_postings,
)

pytestmark = pytest.mark.usefixtures("in_sloneczna")


@pytest.fixture
def premises() -> Premises:
    return make_premises("0401-034")


@pytest.fixture
def main() -> Account:
    return make_ledger_account()


@pytest.fixture
def owned(premises: Premises) -> OpenHolding:
    return holding_for_staff(make_holding(premises, make_person("ann"), starts="2009-01-01").pk)


def state(
    holding: OpenHolding, as_of: str, *, first: dt.date | None = None, last: dt.date | None = None
) -> InterestStatement:
    books = read_books(holding)
    (label, *_) = books.accounts.values()
    supplied = FundBalance(label.fund, Decimal("-100.00"), Decimal("0.00"), day(as_of))
    history = read_fund_history(books, label.fund)
    found = state_interest(
        history, shipped_rates(), supplied, today=day("2026-05-01"), first=first, last=last
    )
    assert found is not None
    return found


def test_interest_posted_on_the_day_of_the_balance_is_not_compared_with_what_came_after(
    premises: Premises, main: Account, owned: OpenHolding
) -> None:
    publish_postings(
        premises, main, "2026-01-01 BO 100", "2026-03-31 ODS_1/2026 2.25", "2026-04-30 ODS_2/2026 0.76"
    )

    same_day, between = state(owned, "2026-04-30"), state(owned, "2026-04-29")

    assert not same_day.is_comparable
    assert between.is_comparable
    assert between.since_document == day("2026-03-31")


def test_a_last_day_before_all_data_becomes_the_first_day_with_data(
    premises: Premises, main: Account, owned: OpenHolding
) -> None:
    publish_postings(premises, main, "2026-01-01 BO 100")
    publish_postings(premises, make_ledger_account("204-9"), "2026-02-01 NAL 20")

    interest = state(owned, "2026-04-30", last=day("2001-05-05")).interest

    assert interest is not None
    assert (interest.first, interest.last) == (day("2026-01-01"), day("2026-01-01"))
