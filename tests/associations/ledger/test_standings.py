"""What is owed per fund: supplied and computed, and what of it is overdue; the same from a year and from all years."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from associations.ledger.fund_balances import latest_fund_balances
from associations.ledger.history_queries import read_fund_history
from associations.ledger.models import Account
from associations.ledger.overdue import arrears_on
from associations.ledger.queries import read_books, read_year
from associations.ledger.standings import FundStanding, read_standings
from associations.premises.access import OpenHolding, holding_for_staff
from associations.premises.models import Holding, Premises
from saas.tenancy.switching import enter_association
from tests.factories import (
    day,
    make_holding,
    make_ledger_account,
    make_person,
    make_premises,
    publish_balance,
    publish_postings,
)
from tests.samples_database import Samples


@pytest.fixture
def premises(in_sloneczna: object) -> Premises:
    return make_premises("0401-034")


@pytest.fixture
def main(premises: Premises) -> Account:
    return make_ledger_account()


@pytest.fixture
def owned(premises: Premises) -> OpenHolding:
    return holding_for_staff(make_holding(premises, make_person("ann"), starts="2009-01-01").pk)


def standings_of(holding: OpenHolding, *, includes_interest: bool = False) -> list[FundStanding]:
    books = read_books(holding)
    balances = latest_fund_balances(holding, is_opened_by_books=books.is_opened_by_books)
    return read_standings(books, balances, includes_interest=includes_interest)


def test_a_supplied_balance_stands_beside_what_the_entries_come_to(
    premises: Premises, main: Account, owned: OpenHolding
) -> None:
    publish_postings(
        premises,
        main,
        "2026-01-01 BO 5",
        "2026-10-01 NAL 100 0 2026-10-10",
        "2026-11-01 NAL 100 0 2026-11-10",
    )
    publish_balance(premises, "2026-11-05", "-210", "3.17")

    (found,) = standings_of(owned)

    assert (found.day, str(found.amount), str(found.computed)) == (day("2026-11-05"), "-210.00", "-205.00")
    assert (str(found.difference), found.is_explained) == ("-5.00", False)
    assert found.arrears is not None
    assert found.arrears.overdue == Decimal(105)


def test_a_program_that_nets_interest_is_compared_without_it(
    premises: Premises, main: Account, owned: OpenHolding
) -> None:
    publish_postings(premises, main, "2026-01-01 BO 5", "2026-10-01 NAL 100")
    publish_balance(premises, "2026-10-31", "-108.17", "3.17")

    (netted,) = standings_of(owned, includes_interest=True)
    (apart,) = standings_of(owned)

    assert (str(netted.difference), netted.is_explained) == ("0.00", True)
    assert (str(apart.difference), apart.is_explained) == ("-3.17", False)


def test_a_fund_without_a_supplied_balance_comes_from_its_entries(
    premises: Premises, main: Account, owned: OpenHolding
) -> None:
    repair = make_ledger_account("204-2", "repair")
    publish_postings(premises, main, "2026-01-01 BO 5", "2026-10-01 NAL 100")
    publish_postings(premises, repair, "2026-01-01 BO 0", "2026-09-01 NAL 30")
    publish_balance(premises, "2026-10-31", "-105")

    supplied, computed = standings_of(owned)

    assert (supplied.supplied is not None, str(supplied.amount)) == (True, "-105.00")
    assert (computed.supplied, str(computed.amount), computed.day) == (None, "-30.00", day("2026-10-01"))


def test_a_december_charge_due_in_january_is_not_overdue_before(
    premises: Premises, main: Account, owned: OpenHolding
) -> None:
    publish_postings(
        premises, main, "2025-01-01 BO 0", "2025-12-20 NAL 100 0 2026-01-10", "2025-11-01 NAL 7 0 2025-11-10"
    )
    publish_postings(premises, main, "2026-01-01 BO 107", "2026-01-02 NAL 50 0 2026-02-10")
    publish_balance(premises, "2026-01-12", "-157")

    (found,) = standings_of(owned)

    assert found.arrears is not None
    assert found.arrears.overdue == Decimal(7)
    assert [(one.claim.document, str(one.left)) for one in found.arrears.not_due] == [
        ("NAL", "100.00"),
        ("NAL", "50.00"),
    ]


def test_what_cannot_be_told_is_none(premises: Premises, main: Account, owned: OpenHolding) -> None:
    publish_postings(premises, main, "2026-06-03 NAL 100")
    publish_balance(premises, "2026-10-31", "-100")

    (found,) = standings_of(owned)

    assert (found.computed, found.difference, found.arrears, found.is_explained) == (None, None, None, False)
    assert str(found.amount) == "-100.00"


def test_no_query_where_the_year_was_read(premises: Premises, main: Account, owned: OpenHolding) -> None:
    publish_postings(premises, main, "2026-01-01 BO 5", "2026-10-01 NAL 100")
    publish_balance(premises, "2026-10-31", "-105")
    books = read_books(owned)
    balances = latest_fund_balances(owned, is_opened_by_books=True)
    year = read_year(books, 2026)

    with CaptureQueriesContext(connection) as queries:
        read_standings(books, balances, includes_interest=False, years={2026: year})

    assert len(queries) == 0


@pytest.mark.parametrize("slug", ["sloneczna", "lipowa"])
def test_a_year_and_all_years_say_the_same_of_every_holding(samples: Samples, slug: str) -> None:
    overdue = 0
    with enter_association(getattr(samples, slug)):
        for key in Holding.objects.order_by("id").values_list("id", flat=True)[:40]:
            holding = holding_for_staff(key)
            books = read_books(holding)
            for one in standings_of(holding):
                if one.day is None or one.computed is None or one.arrears is None:
                    continue
                history = read_fund_history(books, one.fund)
                assert history.balance_on(one.day) == one.computed
                assert arrears_on(history.claims(one.day), one.day).overdue == one.arrears.overdue
                assert one.arrears.overdue <= max(Decimal(0), -one.computed)
                overdue += one.arrears.overdue > 0

    assert overdue > 3
