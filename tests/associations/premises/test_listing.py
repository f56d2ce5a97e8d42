"""Premises for the manager's list, with their holdings."""

import datetime as dt

import pytest

from associations.premises.listing import holdings_by_premises, search_premises
from associations.premises.models import Premises
from tests.factories import make_holding, make_person, make_premises

pytestmark = pytest.mark.usefixtures("in_sloneczna")
TODAY = dt.date(2026, 11, 22)


def codes(text: str) -> list[str]:
    return list(search_premises(text).values_list("code", flat=True))


def test_search_looks_into_codes_numbers_addresses_and_names() -> None:
    make_premises("0401-001", number="7")
    make_holding(make_premises("0402-001", address="ul. Łąkowa 3"), make_person("1", "Żak Agnieszka"))
    Premises.objects.create(code="0403-001", sort_key="3", is_current=False)

    assert codes("") == ["0401-001", "0402-001"]
    assert codes("0401") == codes(" 7 ") == ["0401-001"]
    assert codes("łąkowa") == codes("ŻAK") == ["0402-001"]
    assert codes("100%") == codes("0403") == []


def test_holdings_come_newest_first_with_their_people() -> None:
    premises = make_premises()
    seller = make_person("1", "Mazur Katarzyna")
    wife, husband = make_person("2", "Adamczyk Ewa"), make_person("3", "Adamczyk Jan")
    make_holding(premises, seller, ends="2025-10-31")
    make_holding(premises, husband, wife, starts="2025-11-01")

    new, old = holdings_by_premises([premises.pk], today=TODAY)[premises.pk]

    assert new.names == ("Adamczyk Ewa", "Adamczyk Jan")
    assert (new.is_present, old.is_present) == (True, False)
    assert (old.names, old.ends_on) == (("Mazur Katarzyna",), dt.date(2025, 10, 31))


@pytest.mark.parametrize(
    ("today", "is_present"), [("2025-10-31", False), ("2025-11-01", True), ("2026-11-22", True)]
)
def test_a_holding_is_present_from_its_first_day(today: str, is_present: bool) -> None:
    premises = make_premises()
    make_holding(premises, make_person("1"), starts="2025-11-01")

    (line,) = holdings_by_premises([premises.pk], today=dt.date.fromisoformat(today))[premises.pk]

    assert line.is_present == is_present
