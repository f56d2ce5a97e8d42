"""Who gets which holding, and which rows belong to it."""

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext

from associations.ledger.models import Posting
from associations.premises.access import first_holding_id, holding_for_staff, holding_of_person
from associations.premises.calculations import Origin
from associations.premises.models import Holding, Person, Premises
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
def seller(premises: Premises) -> Person:
    person = make_person("ann")
    make_holding(premises, person, starts="2009-01-01", ends="2025-10-31")
    return person


@pytest.fixture
def buyer(premises: Premises, seller: Person) -> Person:
    person = make_person("eve")
    make_holding(premises, person, starts="2025-11-01")
    return person


def holding_of(person: Person) -> Holding:
    return Holding.objects.get(members__person=person)


def test_a_person_gets_their_own_holding_with_its_premises(seller: Person, buyer: Person) -> None:
    found = holding_of_person(buyer.pk, holding_of(buyer).pk)

    assert found.premises.code == "0401-034"
    assert (found.starts_on, found.ends_on) == (day("2025-11-01"), None)
    assert found.origin is Origin.TAKEN_OVER
    assert found.person_ids == (buyer.pk,)
    assert not found.is_only


def test_a_foreign_and_a_missing_holding_are_the_same_404(seller: Person, buyer: Person) -> None:
    with pytest.raises(Http404) as foreign:
        holding_of_person(buyer.pk, holding_of(seller).pk)
    with pytest.raises(Http404) as missing:
        holding_of_person(buyer.pk, 10**9)

    assert str(foreign.value) == str(missing.value) == ""


def test_staff_get_any_holding_and_404_for_a_missing_one(seller: Person) -> None:
    assert holding_for_staff(holding_of(seller).pk).person_ids == (seller.pk,)
    with pytest.raises(Http404):
        holding_for_staff(10**9)


def test_access_costs_one_query(seller: Person, buyer: Person) -> None:
    holding_id = holding_of(buyer).pk
    with CaptureQueriesContext(connection) as queries:
        holding_of_person(buyer.pk, holding_id)

    assert len(queries) == 1


def test_others_are_known_where_the_person_holds_more(seller: Person) -> None:
    assert not holding_of_person(seller.pk, holding_of(seller).pk).has_others

    garage = make_holding(make_premises("G1", number="1"), seller)

    assert holding_of_person(seller.pk, garage.pk).has_others
    assert not holding_for_staff(garage.pk).has_others


def test_the_first_holding_is_a_present_one_then_by_premises(seller: Person) -> None:
    assert first_holding_id(seller.pk) == holding_of(seller).pk

    late = make_holding(make_premises("0900"), seller, starts="2020-01-01")
    early = make_holding(make_premises("0100"), seller, starts="2021-01-01")

    assert first_holding_id(seller.pk) == early.pk != late.pk
    assert first_holding_id(make_person("nobody").pk) is None


def test_rows_go_to_their_payer_and_otherwise_by_date(
    premises: Premises, seller: Person, buyer: Person
) -> None:
    account = make_ledger_account()
    publish_postings(premises, account, "2025-09-01 OLD 1", "2025-11-02 NEW 1")
    publish_postings(premises, account, "2026-02-28 RK 1", payer=seller)
    publish_postings(premises, account, "2025-10-30 WB 1", payer=buyer)
    publish_postings(premises, account, "2026-03-01 FOREIGN 1", payer=make_person("jan"))

    def documents(person: Person) -> list[str]:
        scope = holding_of_person(person.pk, holding_of(person).pk).scope
        rows = Posting.objects.filter(scope.rows("posted_on")).order_by("posted_on")
        return list(rows.values_list("document", flat=True))

    assert documents(seller) == ["OLD", "RK"]
    assert documents(buyer) == ["WB", "NEW"]


def test_rows_that_never_name_a_payer_go_by_date(premises: Premises, seller: Person, buyer: Person) -> None:
    account = make_ledger_account()
    publish_postings(premises, account, "2025-10-31 OLD 1", "2025-11-01 NEW 1")
    scope = holding_of_person(seller.pk, holding_of(seller).pk).scope

    condition, params = scope.dated_sql("posted_on")
    rows = Posting.objects.raw(f"SELECT * FROM ledger_posting WHERE {condition} ORDER BY id", params)

    assert [row.document for row in rows] == ["OLD"]
