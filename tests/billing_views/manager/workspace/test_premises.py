"""The list of premises: people, balances per fund, previews, search, order, pages."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from associations.ledger.latest import LatestBalance
from associations.premises.models import Premises, PremisesKind
from billing_views.manager.premises_rows import add_balances, name_place
from saas.tenancy.switching import AssociationRef, enter_association
from tests.factories import make_holding, make_person, make_premises, publish_balance

PREMISES = "/a/sloneczna/lokale/"
OCTOBER = dt.date(2026, 10, 31)


def test_a_row_shows_people_place_and_newest_balances(manager: Any, sloneczna: AssociationRef) -> None:
    with enter_association(sloneczna):
        premises, person = make_premises(), make_person("1", "Nowak Anna")
        holding = make_holding(premises, person)
        publish_balance(premises, "2026-09-30", "-1.00", payer=person)
        publish_balance(premises, "2026-10-31", "-268.41", payer=person)
        publish_balance(premises, "2026-10-31", "42.00", fund_code="repair")

    page = manager.text(PREMISES).replace("\u00a0", " ")

    assert f'<a href="/a/sloneczna/podglad/{holding.pk}/kartoteka/">Nowak Anna</a>' in page
    assert "ul. Słoneczna 2 m. 34" in page
    assert "−268,41" in page
    assert "+42,00" in page
    assert "−1,00" not in page
    assert "1 lokal, salda na 31.10.2026" in page


def test_a_former_owner_is_listed_and_their_balance_is_not(manager: Any, sloneczna: AssociationRef) -> None:
    with enter_association(sloneczna):
        premises = make_premises()
        seller, buyer = make_person("1", "Mazur Katarzyna"), make_person("2", "Adamczyk Ewa")
        sold = make_holding(premises, seller, ends="2025-10-31")
        make_holding(premises, buyer, starts="2025-11-01")
        publish_balance(premises, "2026-10-31", "-99.99", payer=seller)

    page = manager.text(PREMISES)

    assert page.index("Adamczyk Ewa") < page.index("Mazur Katarzyna")
    assert f'<a href="/a/sloneczna/podglad/{sold.pk}/kartoteka/">Mazur Katarzyna</a> do 31.10.2025' in page
    assert "99,99" not in page


@pytest.mark.parametrize("search", ["0402", "lipowa", "kowal"])
def test_search_finds_codes_addresses_and_names(manager: Any, sloneczna: AssociationRef, search: str) -> None:
    with enter_association(sloneczna):
        make_premises("0401-001")
        make_holding(make_premises("0402-007", address="ul. Lipowa 3"), make_person("1", "Kowalska Zofia"))

    page = manager.text(f"{PREMISES}?szukaj={search}")

    assert "0402-007" in page
    assert "0401-001" not in page


def test_a_search_without_result_says_so(manager: Any, sloneczna: AssociationRef) -> None:
    with enter_association(sloneczna):
        make_premises()

    assert "Nic nie znaleziono dla „nigdzie”." in manager.text(f"{PREMISES}?szukaj=nigdzie")


def test_an_empty_list_leads_to_imports_those_who_may_import(sign_in: Any, sloneczna: AssociationRef) -> None:
    assert "Przejdź do importów" in sign_in(sloneczna).text(PREMISES)
    assert "Przejdź do importów" not in sign_in(sloneczna, role="office").text(PREMISES)


def test_fifty_at_a_time_in_natural_order(manager: Any, sloneczna: AssociationRef) -> None:
    with enter_association(sloneczna):
        Premises.objects.bulk_create(
            Premises(code=f"K{number}", sort_key=f"{number:05}") for number in range(51, 0, -1)
        )

    first, second = manager.text(PREMISES), manager.text(f"{PREMISES}?strona=2&szukaj=K")

    assert first.index("K2\n") < first.index("K10\n")
    assert "K51" not in first
    assert "K51" in second
    assert f'href="{PREMISES}?strona=1&amp;szukaj=K"' in second


def test_query_count_does_not_grow(manager: Any, sloneczna: AssociationRef, count_queries: Any) -> None:
    def add(code: str) -> None:
        with enter_association(sloneczna):
            premises, person = make_premises(code), make_person(code)
            make_holding(premises, person)
            publish_balance(premises, "2026-10-31", "1.00", payer=person)

    add("1")
    manager.text(PREMISES)
    with count_queries() as for_one:
        manager.text(PREMISES)
    add("2")
    add("3")

    with count_queries() as for_three:
        manager.text(PREMISES)

    assert len(for_three) == len(for_one)


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        (frozenset({1}), (Decimal("-30.00"), OCTOBER)),
        (frozenset({1, 2}), (Decimal("-25.00"), OCTOBER)),
        (frozenset({3}), (Decimal("-20.00"), OCTOBER)),
        (frozenset(), (Decimal("-20.00"), OCTOBER)),
    ],
)
def test_balances_of_present_payers_are_added_up(
    people: frozenset[int], expected: tuple[Decimal, dt.date]
) -> None:
    rows = [
        LatestBalance(7, 1, None, OCTOBER, Decimal("-20.00")),
        LatestBalance(7, 1, 1, OCTOBER, Decimal("-10.00")),
        LatestBalance(7, 1, 2, OCTOBER, Decimal("5.00")),
        LatestBalance(7, 1, None, dt.date(2026, 10, 15), Decimal("1000.00")),
        LatestBalance(7, 2, None, OCTOBER, Decimal("400.00")),
    ]

    assert add_balances(rows, 1, people) == expected


def test_a_fund_without_balances_shows_none() -> None:
    assert add_balances([], 1, frozenset({1})) is None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"address": "ul. Lipowa 12", "number": "3"}, "ul. Lipowa 12 m.\u00a03"),
        ({"address": "ul. Lipowa 12"}, "ul. Lipowa 12"),
        (
            {"address": "ul. Lipowa 12", "number": "G1", "kind": PremisesKind.GARAGE},
            "ul. Lipowa 12, nr\u00a0G1 · garaż",
        ),
        ({"kind": PremisesKind.STORAGE}, "komórka lokatorska"),
        ({}, ""),
    ],
)
def test_a_place_is_said_as_people_say_it(fields: dict[str, Any], expected: str) -> None:
    assert name_place(Premises(code="1", **fields)) == expected
