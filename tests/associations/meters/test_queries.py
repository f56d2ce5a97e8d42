"""Readings and settlements of a holding, from the editions that stand."""

from decimal import Decimal

import pytest

from associations.meters.queries import media_of_year, media_years, readings_of_year, settlements_of_year
from associations.premises.access import OpenHolding, holding_for_staff
from associations.premises.models import Person, Premises
from tests.factories import make_holding, make_person, make_premises, publish_readings, publish_settlement

pytestmark = pytest.mark.usefixtures("in_sloneczna")


@pytest.fixture
def premises() -> Premises:
    return make_premises()


@pytest.fixture
def seller() -> Person:
    return make_person("seller")


@pytest.fixture
def sold(premises: Premises, seller: Person) -> tuple[OpenHolding, OpenHolding]:
    former = make_holding(premises, seller, starts="2009-01-01", ends="2025-10-31")
    present = make_holding(premises, make_person("buyer"), starts="2025-11-01")
    return holding_for_staff(former.pk), holding_for_staff(present.pk)


def test_readings_go_by_their_day(premises: Premises, sold: tuple[OpenHolding, OpenHolding]) -> None:
    publish_readings(premises, "zimna woda", "1", "2025-10-31 5 1 measured", "2025-11-01 6 1 measured")
    publish_readings(premises, "gaz", "2", "2025-11-30 7 1 measured")

    former, present = ([(row.medium, row.value) for row in readings_of_year(one, 2025)] for one in sold)

    assert former == [("zimna woda", Decimal(5))]
    assert present == [("gaz", Decimal(7)), ("zimna woda", Decimal(6))]


def test_settlements_go_by_the_end_of_their_period(
    premises: Premises, sold: tuple[OpenHolding, OpenHolding]
) -> None:
    publish_settlement(premises, "zimna woda", ("2024-01-01", "2024-12-31"), ("1", "2", "-1"))
    publish_settlement(premises, "zimna woda", ("2025-01-01", "2025-12-31"), ("3", "2", "1"))

    assert [[row.result for row in settlements_of_year(one, 2024)] for one in sold] == [[Decimal(-1)], []]
    assert [[row.result for row in settlements_of_year(one, 2025)] for one in sold] == [[], [Decimal(1)]]


def test_a_settlement_that_names_the_seller_is_theirs(
    premises: Premises, sold: tuple[OpenHolding, OpenHolding], seller: Person
) -> None:
    publish_settlement(premises, "zimna woda", ("2025-01-01", "2025-12-31"), ("3", "2", "1"), payer=seller)

    assert [len(settlements_of_year(one, 2025)) for one in sold] == [1, 0]


def test_what_can_be_chosen_is_what_the_holding_has(
    premises: Premises, sold: tuple[OpenHolding, OpenHolding]
) -> None:
    publish_readings(premises, "zimna woda", "1", "2023-10-31 5 1 measured")
    publish_settlement(premises, "ciepła woda", ("2025-01-01", "2025-10-31"), ("3", "2", "1"))

    former, present = media_years(sold[0]), media_years(sold[1])

    assert list(former.years) == [2023, 2024, 2025]
    assert [name for _, name in former.media] == ["ciepła woda", "zimna woda"]
    assert (list(present.years), present.media) == ([], ())


def test_one_medium_can_be_chosen(premises: Premises, sold: tuple[OpenHolding, OpenHolding]) -> None:
    publish_readings(premises, "zimna woda", "1", "2025-10-31 5 1 measured")
    publish_readings(premises, "gaz", "2", "2025-10-31 7 1 measured")
    gas = next(key for key, name in media_years(sold[0]).media if name == "gaz")

    assert [row.medium for row in readings_of_year(sold[0], 2025, gas)] == ["gaz"]


def test_only_open_editions_count(premises: Premises, sold: tuple[OpenHolding, OpenHolding]) -> None:
    publish_readings(premises, "gaz", "2", "2025-10-31 7 1 measured")
    publish_readings(premises, "gaz", "2", "2025-10-31 8 1 measured")

    assert [row.value for row in readings_of_year(sold[0], 2025)] == [Decimal(8)]


def test_a_year_of_media_holds_readings_beside_the_former_ones_and_settlements(
    premises: Premises, sold: tuple[OpenHolding, OpenHolding]
) -> None:
    publish_readings(
        premises,
        "zimna woda",
        "1",
        "2024-12-31 3 3 measured",
        "2025-10-31 5 2 measured",
        "2025-11-30 6 1 measured",
    )
    publish_settlement(premises, "zimna woda", ("2025-01-01", "2025-10-31"), ("3", "2", "1"))

    former, present = (media_of_year(one, 2025) for one in sold)

    assert [(one.row.value, one.difference) for one in former.media[0].readings] == [(Decimal(5), Decimal(2))]
    assert len(former.settlements) == 1
    # The buyer's first reading follows on one that is the seller's: it is not told.
    assert [(one.row.value, one.previous) for one in present.media[0].readings] == [(Decimal(6), None)]
    assert present.settlements == ()


def test_papers_and_files_show_the_consumption_of_the_page(
    premises: Premises, sold: tuple[OpenHolding, OpenHolding]
) -> None:
    publish_readings(premises, "gaz", "2", "2024-12-31 7 1 measured", "2025-01-31 9.5 - measured")
    publish_readings(premises, "gaz", "2", "2025-02-28 12 3 measured")

    readings = media_of_year(sold[0], 2025).readings

    assert [row.consumption for row in readings] == [Decimal("2.5"), Decimal(3)]
