"""A holding's ledger by year, from the editions that stand."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from associations.ledger.calculations import OpeningKind
from associations.ledger.fund_balances import FundBalance, latest_fund_balances
from associations.ledger.models import Account
from associations.ledger.queries import AccountYear, Books, read_books, read_year
from associations.premises.access import OpenHolding, holding_for_staff
from associations.premises.models import Person, Premises
from associations.profile.funds import FundLabel
from tests.factories import (
    day,
    fund,
    make_holding,
    make_ledger_account,
    make_person,
    make_premises,
    publish_balance,
    publish_balances,
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


@pytest.fixture
def seller() -> Person:
    return make_person("seller")


@pytest.fixture
def buyer() -> Person:
    return make_person("buyer")


@pytest.fixture
def sold(premises: Premises, seller: Person, buyer: Person) -> tuple[OpenHolding, OpenHolding]:
    former = make_holding(premises, seller, starts="2009-01-01", ends="2025-10-31")
    present = make_holding(premises, buyer, starts="2025-11-01")
    return holding_for_staff(former.pk), holding_for_staff(present.pk)


def label(code: str = "main") -> FundLabel:
    row = fund(code)
    return FundLabel(row.pk, row.kind, row.name, row.position)


def figures(one: AccountYear) -> tuple[str | None, str, str, str | None]:
    """Opening, debit, credit, closing."""
    amounts = (one.opening.amount, one.debit, one.credit, one.closing)
    return tuple(None if amount is None else f"{amount:.2f}" for amount in amounts)  # type: ignore[return-value]


def year_of(holding: OpenHolding, year: int) -> list[tuple[str | None, str, str, str | None]]:
    return [figures(one) for one in read_year(read_books(holding), year)]


def test_a_year_opens_with_its_bo_which_is_no_turnover(
    premises: Premises, main: Account, owned: OpenHolding
) -> None:
    publish_postings(premises, main, "2026-01-01 BO 312.47", "2026-01-01 NAL 743.28", "2026-01-12 WB 0 900")

    found = read_year(read_books(owned), 2026)

    assert [figures(one) for one in found] == [("-312.47", "743.28", "900.00", "-155.75")]
    assert [(one.document, str(one.balance)) for one in found[0].entries] == [
        ("NAL", "-1055.75"),
        ("WB", "-155.75"),
    ]


def test_a_year_without_bo_carries_the_closing_before(
    premises: Premises, main: Account, owned: OpenHolding
) -> None:
    publish_postings(premises, main, "2024-01-01 BO 0 5", "2024-03-01 NAL 100", "2025-01-01 WB 0 50")

    assert year_of(owned, 2024) == [("5.00", "100.00", "0.00", "-95.00")]
    assert year_of(owned, 2025) == [("-95.00", "0.00", "50.00", "-45.00")]


def test_first_data_without_bo_have_no_opening_no_balances_and_no_closing(
    premises: Premises, main: Account, owned: OpenHolding
) -> None:
    publish_postings(premises, main, "2024-06-03 NAL 100", "2024-07-01 WB 0 40")

    found = read_year(read_books(owned), 2024)

    assert [figures(one) for one in found] == [(None, "100.00", "40.00", None)]
    assert (found[0].opening.kind, found[0].opening.on) == (OpeningKind.UNKNOWN, day("2024-06-01"))
    assert [entry.balance for entry in found[0].entries] == [None, None]


def test_first_data_open_at_zero_where_the_books_state_openings_elsewhere_in_that_year(
    premises: Premises, main: Account, owned: OpenHolding
) -> None:
    publish_postings(premises, main, "2024-01-03 NAL 100")
    publish_postings(make_premises("0401-035"), main, "2024-01-01 BO 7")

    assert year_of(owned, 2024) == [("0.00", "100.00", "0.00", "-100.00")]


def test_accounts_stand_apart_in_the_order_of_their_funds(
    premises: Premises, main: Account, owned: OpenHolding
) -> None:
    repair = make_ledger_account("100-9", "repair")
    publish_postings(premises, repair, "2026-01-01 BO 0 42", "2026-01-02 NAL 126")
    publish_postings(premises, main, "2026-01-01 BO 0", "2026-01-02 NAL 600")

    found = read_year(read_books(owned), 2026)

    assert [(one.account.code, one.account.fund.name, figures(one)[3]) for one in found] == [
        ("204-1", "Fundusz podstawowy", "-600.00"),
        ("100-9", "Fundusz remontowy", "-84.00"),
    ]


def test_an_account_without_entries_in_the_year_shows_what_it_carries(
    premises: Premises, main: Account, owned: OpenHolding
) -> None:
    repair = make_ledger_account("204-2", "repair")
    settled = make_ledger_account("204-3", "repair")
    publish_postings(premises, repair, "2024-01-01 BO 0 0", "2024-05-01 WB 0 42")
    publish_postings(premises, settled, "2024-01-01 BO 0 0", "2024-05-01 NAL 5", "2024-06-01 WB 0 5")
    publish_postings(premises, main, "2025-01-01 BO 0 1")

    assert year_of(owned, 2025) == [("1.00", "0.00", "0.00", "1.00"), ("42.00", "0.00", "0.00", "42.00")]


def test_only_open_editions_count(premises: Premises, main: Account, owned: OpenHolding) -> None:
    publish_postings(premises, main, "2026-01-01 BO 5", "2026-01-02 NAL 600")
    publish_postings(premises, main, "2026-01-01 BO 5", "2026-01-02 NAL 700")

    assert year_of(owned, 2026) == [("-5.00", "700.00", "0.00", "-705.00")]


def test_years_run_from_the_first_to_the_last_with_data(
    premises: Premises, main: Account, owned: OpenHolding
) -> None:
    assert list(read_books(owned).years) == []

    publish_postings(premises, main, "2022-05-01 NAL 1", "2024-05-01 NAL 1")

    assert list(read_books(owned).years) == [2022, 2023, 2024]


def test_rows_of_other_premises_are_not_seen(premises: Premises, main: Account, owned: OpenHolding) -> None:
    publish_postings(make_premises("0401-035"), main, "2026-01-01 BO 0 7", "2026-02-01 CANARY 1")

    assert list(read_books(owned).years) == []
    assert year_of(owned, 2026) == []


class TestAfterASale:
    def test_the_buyer_opens_at_zero_on_the_day_of_taking_over(
        self, premises: Premises, main: Account, sold: tuple[OpenHolding, OpenHolding]
    ) -> None:
        publish_postings(
            premises,
            main,
            "2025-01-01 BO 500",
            "2025-10-01 OLD 100",
            "2025-11-01 NEW 30",
            "2025-12-01 WB 0 10",
        )
        former, present = sold

        found = read_year(read_books(present), 2025)

        assert year_of(former, 2025) == [("-500.00", "100.00", "0.00", "-600.00")]
        assert [figures(one) for one in found] == [("0.00", "30.00", "10.00", "-20.00")]
        assert (found[0].opening.kind, found[0].opening.on) == (OpeningKind.TAKEN_OVER, day("2025-11-01"))
        assert list(read_books(present).years) == [2025]

    def test_a_bo_without_payer_never_brings_the_sellers_debt_to_the_buyer(
        self, premises: Premises, main: Account, sold: tuple[OpenHolding, OpenHolding]
    ) -> None:
        publish_postings(premises, main, "2025-01-01 BO 500", "2025-11-02 NEW 30")
        publish_postings(premises, main, "2026-01-01 BO 530", "2026-01-02 NEW 40")

        assert year_of(sold[1], 2026) == [("-30.00", "40.00", "0.00", "-70.00")]

    def test_a_bo_that_names_the_buyer_opens_their_ledger(
        self, premises: Premises, main: Account, sold: tuple[OpenHolding, OpenHolding], buyer: Person
    ) -> None:
        publish_postings(premises, main, "2025-01-01 BO 500")
        publish_postings(premises, main, "2025-11-01 BO 12", "2025-11-02 NEW 30", payer=buyer)

        assert year_of(sold[1], 2025) == [("-12.00", "30.00", "0.00", "-42.00")]

    def test_a_row_that_names_the_seller_stays_theirs_after_the_sale(
        self, premises: Premises, main: Account, sold: tuple[OpenHolding, OpenHolding], seller: Person
    ) -> None:
        publish_postings(premises, main, "2025-01-01 BO 500")
        publish_postings(premises, main, "2026-01-01 BO 500", "2026-02-28 RK 60", payer=seller)
        former, present = sold

        assert list(read_books(former).years) == [2025, 2026]
        assert year_of(former, 2026) == [("-500.00", "60.00", "0.00", "-560.00")]
        assert year_of(present, 2026) == []

    def test_an_account_of_one_payer_names_the_payer_of_its_rows(
        self, premises: Premises, sold: tuple[OpenHolding, OpenHolding], seller: Person
    ) -> None:
        own = make_ledger_account("201-1-0000086-2", payer=seller)
        publish_postings(premises, own, "2025-01-01 BO 500", "2026-02-28 RK 60")
        former, present = sold

        assert year_of(former, 2026) == [("-500.00", "60.00", "0.00", "-560.00")]
        assert list(read_books(present).years) == []

    def test_a_sale_before_all_figures_leaves_the_books_as_they_are(
        self, premises: Premises, main: Account, sold: tuple[OpenHolding, OpenHolding]
    ) -> None:
        publish_postings(premises, main, "2026-01-01 BO 30", "2026-01-02 NEW 40")

        books = read_books(sold[1])

        assert (books.is_inside, books.is_opened_by_books) == (False, True)
        assert year_of(sold[1], 2026) == [("-30.00", "40.00", "0.00", "-70.00")]

    def test_who_stays_when_a_co_owner_leaves_opens_unknown_not_at_zero(
        self, premises: Premises, main: Account, seller: Person, buyer: Person
    ) -> None:
        make_holding(premises, seller, buyer, starts="2009-01-01", ends="2025-10-31")
        stayed = holding_for_staff(make_holding(premises, buyer, starts="2025-11-01").pk)
        publish_postings(premises, main, "2025-01-01 BO 500", "2025-11-02 NEW 30")

        assert year_of(stayed, 2025) == [(None, "30.00", "0.00", None)]


class TestFundBalances:
    def balances(self, holding: OpenHolding) -> list[FundBalance]:
        books: Books = read_books(holding)
        return latest_fund_balances(holding, is_opened_by_books=books.is_opened_by_books)

    def test_the_latest_of_each_fund_in_the_order_of_funds(
        self, premises: Premises, owned: OpenHolding
    ) -> None:
        publish_balance(premises, "2026-09-30", "-1", "0")
        publish_balance(premises, "2026-10-31", "-268.41", "3.17")
        publish_balance(premises, "2026-08-31", "42", fund_code="repair")

        assert self.balances(owned) == [
            FundBalance(label(), Decimal("-268.41"), Decimal("3.17"), day("2026-10-31")),
            FundBalance(label("repair"), Decimal("42.00"), None, day("2026-08-31")),
        ]

    def test_a_fund_that_is_rarely_supplied_keeps_its_balance(
        self, premises: Premises, owned: OpenHolding
    ) -> None:
        publish_balance(premises, "2016-12-31", "7", fund_code="repair")
        for month in range(10 * 12 - 9):
            publish_balance(premises, f"{2017 + month // 12}-{month % 12 + 1:02}-28", "1")

        assert [(one.amount, one.as_of) for one in self.balances(owned)] == [
            (Decimal("1.00"), day("2026-03-28")),
            (Decimal("7.00"), day("2016-12-31")),
        ]

    def test_a_named_balance_goes_before_newer_ones_that_are_withheld(
        self, premises: Premises, sold: tuple[OpenHolding, OpenHolding], buyer: Person
    ) -> None:
        publish_balance(premises, "2025-09-30", "-500", "5")
        publish_balance(premises, "2025-12-31", "-3", payer=buyer)
        publish_balance(premises, "2026-10-31", "-533", "6")

        assert [(one.amount, one.as_of) for one in self.balances(sold[1])] == [
            (Decimal("-3.00"), day("2025-12-31"))
        ]

    def test_co_owners_with_balances_of_their_own_share_one_holding(self, premises: Premises) -> None:
        ann, jan = make_person("ann"), make_person("jan")
        shared = holding_for_staff(make_holding(premises, ann, jan).pk)
        publish_balances(premises, "2026-10-31", {ann: ("-10", "1"), jan: ("4.50", "")})

        (found,) = self.balances(shared)

        assert (found.amount, found.interest) == (Decimal("-5.50"), Decimal("1.00"))

    def test_each_side_of_a_sale_sees_the_balance_that_names_it(
        self, premises: Premises, sold: tuple[OpenHolding, OpenHolding], seller: Person, buyer: Person
    ) -> None:
        publish_balances(premises, "2026-10-31", {seller: ("-900", "9"), buyer: ("16", "0")})

        assert [one.amount for holding in sold for one in self.balances(holding)] == [
            Decimal("-900.00"),
            Decimal("16.00"),
        ]

    def test_a_balance_without_payer_that_spans_the_sale_is_withheld_from_the_buyer(
        self, premises: Premises, sold: tuple[OpenHolding, OpenHolding]
    ) -> None:
        publish_balance(premises, "2025-09-30", "-500", "5")
        publish_balance(premises, "2026-10-31", "-533", "6")
        former, present = sold

        assert [(one.amount, one.as_of) for one in self.balances(former)] == [
            (Decimal("-500.00"), day("2025-09-30"))
        ]
        assert self.balances(present) == [FundBalance(label(), None, None, None)]


def test_a_year_with_bo_costs_two_queries_whatever_its_size(
    premises: Premises, main: Account, owned: OpenHolding
) -> None:
    publish_postings(premises, main, "2025-01-01 BO 5", "2025-02-01 NAL 1")
    publish_postings(
        premises, main, "2026-01-01 BO 5", *(f"2026-{month:02}-01 NAL 1" for month in range(2, 13))
    )

    with CaptureQueriesContext(connection) as queries:
        read_year(read_books(owned), 2026)

    assert len(queries) == 2
