"""Who is sent a notice of a month's charges, and where to."""

import pytest

from associations.charges.notices import Notice, notices_of
from associations.periods import Month
from associations.premises.models import Person, Premises
from associations.profile.queries import current_profile
from billing_views.printouts.bulk_notice import compose_letter
from tests.factories import make_holding, make_person, make_premises, publish_charges

pytestmark = pytest.mark.usefixtures("in_sloneczna")
MAY = Month(2026, 5)


@pytest.fixture
def premises() -> Premises:
    return make_premises()


@pytest.fixture
def seller(premises: Premises) -> Person:
    """Sold in the middle of May."""
    person = make_person("seller", "Nowak Anna")
    make_holding(premises, person, starts="2009-01-01", ends="2026-05-14")
    return person


@pytest.fixture
def buyer(premises: Premises, seller: Person) -> Person:
    person = make_person("buyer", "Kupiec Jan")
    make_holding(premises, person, starts="2026-05-15")
    return person


def notices(premises: Premises, month: Month) -> list[Notice]:
    return notices_of([premises.pk], month)


def test_who_no_longer_held_the_premises_in_the_month_gets_none(
    premises: Premises, seller: Person, buyer: Person
) -> None:
    publish_charges(premises, "2026-06", "EKSP 1 m2 1 1.00", payer=seller)
    publish_charges(premises, "2026-06", "FR 1 m2 2 2.00", fund_code="repair", payer=buyer)

    assert [one.names for one in notices(premises, Month(2026, 6))] == [("Kupiec Jan",)]


def test_who_did_not_hold_it_yet_gets_none(premises: Premises, buyer: Person) -> None:
    publish_charges(premises, "2026-04", "EKSP 1 m2 1 1.00", payer=buyer)

    assert notices(premises, Month(2026, 4)) == []


def test_both_get_one_for_the_month_of_the_sale(premises: Premises, seller: Person, buyer: Person) -> None:
    publish_charges(premises, "2026-05", "EKSP 1 m2 1 1.00", payer=seller)
    publish_charges(premises, "2026-05", "FR 1 m2 2 2.00", fund_code="repair", payer=buyer)

    assert [one.names for one in notices(premises, MAY)] == [("Nowak Anna",), ("Kupiec Jan",)]


def test_a_former_owners_letter_does_not_go_to_the_premises(
    premises: Premises, seller: Person, buyer: Person
) -> None:
    publish_charges(premises, "2026-05", "EKSP 1 m2 1 1.00", payer=seller)
    publish_charges(premises, "2026-05", "FR 1 m2 2 2.00", fund_code="repair", payer=buyer)

    letters = [compose_letter(current_profile(), MAY, one, ()) for one in notices(premises, MAY)]

    assert [one.recipient for one in letters] == [
        ("Nowak Anna", "(adres do korespondencji uzupełnia biuro)"),
        ("Kupiec Jan", "ul. Słoneczna 2 m. 34"),
    ]
