"""A fund's whole history: what a balance is made of, what is overdue and what bears interest."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from associations.ledger.fund_history import FundHistory
from associations.ledger.history_queries import read_fund_histories, read_fund_history
from associations.ledger.models import Account
from associations.ledger.overdue import arrears_on, overdue_on
from associations.ledger.queries import read_books, read_year
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


def history_of(holding: OpenHolding) -> FundHistory:
    books = read_books(holding)
    return read_fund_history(books, next(iter(books.accounts.values())).fund)


def test_every_row_knows_its_line(premises: Premises, main: Account, owned: OpenHolding) -> None:
    publication = publish_postings(premises, main, "2026-01-01 BO 5", "2026-01-02 NAL 10")

    (year,) = history_of(owned).accounts[0].years

    assert [
        (
            row.entry.document,
            row.source.batch_id,
            row.source.file_no,
            row.source.line_no,
            row.source.publication_id,
        )
        for row in (*year.stated_by, *year.rows)
    ] == [
        ("BO", publication.batch_id, 1, 2, publication.pk),
        ("NAL", publication.batch_id, 1, 3, publication.pk),
    ]


def test_the_balance_of_a_day_is_the_years_opening_and_what_was_posted(
    premises: Premises, main: Account, owned: OpenHolding
) -> None:
    publish_postings(premises, main, "2024-01-01 BO 0 5", "2024-03-01 NAL 100", "2025-02-01 WB 0 50")
    history = history_of(owned)

    assert [
        str(history.balance_on(day(text)))
        for text in ("2024-02-28", "2024-12-31", "2025-02-01", "2027-05-05")
    ] == ["5.00", "-95.00", "-45.00", "-45.00"]
    assert history.balance_on(dt.date(2023, 5, 5)) == 0
    assert history.last_day == day("2025-02-01")


def test_it_agrees_with_the_ledger_of_each_year(
    premises: Premises, main: Account, owned: OpenHolding
) -> None:
    publish_postings(premises, main, "2024-01-01 BO 7", "2024-03-01 NAL 100", "2024-05-01 WB 0 31")
    publish_postings(premises, main, "2025-01-01 BO 70", "2025-03-01 NAL 100", "2026-05-01 WB 0 31")
    books = read_books(owned)
    history = history_of(owned)

    for year in (2024, 2025, 2026):
        (ledger,) = read_year(books, year)
        assert history.balance_on(dt.date(year, 12, 31)) == ledger.closing
        assert history.accounts[0].year_of(dt.date(year, 12, 31)).opening == ledger.opening


def test_a_bo_that_differs_from_the_closing_is_a_claim_of_its_own(
    premises: Premises, main: Account, owned: OpenHolding
) -> None:
    publish_postings(premises, main, "2024-01-01 BO 0", "2024-03-01 NAL 100")
    publish_postings(premises, main, "2025-01-01 BO 130", "2025-02-01 WB 0 20")
    publish_postings(premises, main, "2026-01-01 BO 110")
    history = history_of(owned)
    today = day("2026-02-01")

    (restated,) = history.restatements(today)

    assert (restated.year, str(restated.expected), str(restated.stated)) == (2025, "-100.00", "-130.00")
    assert overdue_on(history.claims(today), today) == Decimal(110)
    assert history.balance_on(today) == Decimal(-110)


def test_interest_bears_no_interest(premises: Premises, main: Account, owned: OpenHolding) -> None:
    publish_postings(
        premises,
        main,
        "2025-01-01 BO 40",
        "2025-01-01 BO_ODS 2",
        "2025-03-01 NAL 100",
        "2025-03-31 ODS_1/2025 3.10",
    )
    publish_postings(premises, main, "2026-01-01 BO 145.10", "2026-02-01 NO/7 1")
    history = history_of(owned)
    today = day("2026-02-01")

    assert overdue_on(history.claims(today), today) == Decimal("146.10")
    assert overdue_on(history.claims(today, without_interest=True), today) == Decimal("140.00")
    assert history.last_interest_on(today) == day("2026-02-01")
    assert history.last_interest_on(day("2026-01-31")) == day("2025-03-31")
    assert history.last_interest_on(day("2025-01-31")) is None


def test_an_unknown_opening_leaves_everything_unknown_until_one_is_stated(
    premises: Premises, main: Account, owned: OpenHolding
) -> None:
    publish_postings(premises, main, "2024-06-03 NAL 100")
    unknown = history_of(owned)
    publish_postings(premises, main, "2025-01-01 BO 60", "2025-02-03 NAL 10")
    known = history_of(owned)

    assert (unknown.balance_on(day("2024-12-31")), unknown.known_since(day("2024-12-31"))) == (None, None)
    assert known.known_since(day("2025-12-31")) == day("2025-01-01")
    assert [str(one.amount) for one in known.claims(day("2025-12-31"))] == ["60.00", "10.00"]


def test_a_buyer_owes_nothing_of_the_sellers(premises: Premises, main: Account) -> None:
    make_holding(premises, make_person("seller"), starts="2009-01-01", ends="2025-10-31")
    present = holding_for_staff(make_holding(premises, make_person("buyer"), starts="2025-11-01").pk)
    publish_postings(premises, main, "2025-01-01 BO 500", "2025-10-01 OLD 100", "2025-11-01 NEW 30")
    today = day("2025-12-31")

    arrears = arrears_on(history_of(present).claims(today), today)

    assert [(one.claim.document, str(one.left)) for one in arrears.debts] == [("NEW", "30.00")]
    assert history_of(present).first_day == day("2025-11-01")


def test_all_funds_cost_one_query(premises: Premises, main: Account, owned: OpenHolding) -> None:
    repair = make_ledger_account("204-2", "repair")
    publish_postings(premises, main, "2026-01-01 BO 5", "2026-01-02 NAL 10")
    publish_postings(premises, repair, "2026-01-01 BO 0", "2026-01-02 NAL 20")
    books = read_books(owned)
    funds = [label.fund for label in books.accounts.values()]

    with CaptureQueriesContext(connection) as queries:
        found = read_fund_histories(books, funds)

    assert len(queries) == 1
    assert [str(one.balance_on(day("2026-12-31"))) for one in found] == ["-15.00", "-20.00"]


def test_an_account_that_begins_later_hides_nothing_of_the_years_before(
    premises: Premises, main: Account, owned: OpenHolding
) -> None:
    publish_postings(premises, main, "2024-01-01 BO 5", "2024-03-01 NAL 100")
    publish_postings(premises, make_ledger_account("204-9"), "2026-02-01 NAL 20")
    history = history_of(owned)

    assert history.known_since(day("2025-06-30")) == day("2024-01-01")
    assert history.first_day == day("2024-01-01")


def test_openings_that_nobody_states_are_asked_for_once(
    premises: Premises, main: Account, owned: OpenHolding
) -> None:
    for code in ("204-7", "204-8"):
        publish_postings(premises, make_ledger_account(code), "2024-06-03 NAL 100")
    books = read_books(owned)
    funds = [next(iter(books.accounts.values())).fund]

    with CaptureQueriesContext(connection) as queries:
        (found,) = read_fund_histories(books, funds)

    assert len(queries) == 2
    assert len(found.accounts) == 2
