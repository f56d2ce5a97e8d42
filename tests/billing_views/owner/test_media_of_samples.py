"""Media of the samples: consumption to the last decimal, the sold flat, exchanged meters, every premises a page."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

import pytest

from associations.meters.queries import media_of_year
from associations.premises.access import OpenHolding, holding_for_staff
from associations.premises.models import Holding, HoldingMember
from saas.tenancy.switching import enter_association
from tests.billing_views.owner.browsing import browser_of
from tests.billing_views.owner.reading import text_of
from tests.samples_database import SAMPLES, Samples

YEARS = (2024, 2025, 2026)
SOLD = "0401-022"
SELLER, BUYER = "17000220", "17000221"


@pytest.fixture
def inside(samples: Samples) -> Iterator[Samples]:
    with enter_association(samples.sloneczna):
        yield samples


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def consumption_in_files() -> dict[tuple[str, str, int], Decimal]:
    """What the files state, by premises, medium and year."""
    found: dict[tuple[str, str, int], Decimal] = defaultdict(Decimal)
    for year in YEARS:
        text = (SAMPLES / "spoldzielnia" / f"odczyty-{year}.csv").read_text(encoding="cp1250")
        for row in csv.DictReader(text.splitlines(), delimiter=";"):
            found[row["Kod lokalu"], row["Medium"], year] += number(row["Zużycie"])
    return dict(found)


def holdings() -> list[OpenHolding]:
    return [holding_for_staff(pk) for pk in Holding.objects.order_by("pk").values_list("pk", flat=True)]


def holding_of(person_code: str) -> HoldingMember:
    return HoldingMember.objects.get(holding__premises__code=SOLD, person__code=person_code)


@pytest.mark.usefixtures("inside")
def test_the_months_of_every_premises_add_up_to_the_files() -> None:
    shown: dict[tuple[str, str, int], Decimal] = defaultdict(Decimal)

    for holding in holdings():
        for year in YEARS:
            for medium in media_of_year(holding, year).media:
                assert medium.total == sum((one.use.amount for one in medium.months if one.use), Decimal(0))
                shown[holding.premises.code, medium.medium, year] += medium.total or 0

    assert shown == consumption_in_files()


@pytest.mark.usefixtures("inside")
def test_every_stated_consumption_is_the_difference_of_its_readings() -> None:
    compared = 0

    for holding in holdings():
        for medium in media_of_year(holding, 2025).media:
            assert not [one for one in medium.readings if one.is_different]
            compared += sum(one.difference is not None for one in medium.readings)

    # All but installations (6) and the first readings of the buyers of four premises (8).
    assert compared == 1452 - 6 - 8


@pytest.mark.usefixtures("inside")
def test_an_exchange_joins_both_meters_in_one_month() -> None:
    [holding] = [one for one in holdings() if one.premises.code == "0401-004"]

    hot, cold = media_of_year(holding, 2025).media

    assert [(one.removed, one.installed) for one in (*hot.exchanges, *cold.exchanges)] == [
        ("08229386", "91068182"),
        ("00114077", "94086732"),
    ]
    june = next(one for one in cold.months if one.month.number == 6)
    assert june.use is not None
    assert (june.use.amount, june.use.days) == (Decimal("2.981"), 30)


def test_the_seller_keeps_the_readings_and_the_buyer_sees_none_of_them(inside: Samples) -> None:
    seller, buyer = holding_of(SELLER), holding_of(BUYER)
    sellers, buyers = browser_of(inside.sloneczna, seller.person), browser_of(inside.sloneczna, buyer.person)

    sold = text_of(sellers.get(f"/lokal/{seller.holding_id}/media/?rok=2025"))
    former = text_of(sellers.get(f"/lokal/{seller.holding_id}/media/?rok=2024"))
    bought = text_of(buyers.get(f"/lokal/{buyer.holding_id}/media/?rok=2025"))
    asked = text_of(buyers.get(f"/lokal/{buyer.holding_id}/media/?rok=2024"))

    assert "336,096" in sold
    assert "−36,37 zł nadpłata, do zwrotu" in former
    assert "343,404" in bought
    assert "−46,02 zł nadpłata, do zwrotu" in bought
    for hidden in ("336,096", "328,179", "−36,37", "Rok wcześniej"):
        assert hidden not in bought
        assert hidden not in asked
    for hidden in ("343,404", "−46,02"):
        assert hidden not in sold


def test_the_seller_keeps_the_charges_and_the_buyer_sees_none_of_them(inside: Samples) -> None:
    seller, buyer = holding_of(SELLER), holding_of(BUYER)
    sellers, buyers = browser_of(inside.sloneczna, seller.person), browser_of(inside.sloneczna, buyer.person)

    sold = text_of(sellers.get(f"/lokal/{seller.holding_id}/oplaty/"))
    first = text_of(buyers.get(f"/lokal/{buyer.holding_id}/oplaty/2025/11/"))
    asked = text_of(buyers.get(f"/lokal/{buyer.holding_id}/oplaty/2025/10/"))

    assert "Opłata za październik 2025" in sold
    assert "Co się zmieniło i dlaczego" in sold
    assert "Opłata za listopad 2025" in first
    assert "Co się zmieniło i dlaczego" not in first
    assert "październik 2025 –" not in first
    assert "Brak opłat za październik 2025." in asked


@pytest.mark.parametrize("slug", ["sloneczna", "lipowa"])
@pytest.mark.parametrize("path", ["oplaty/", "media/"])
def test_no_page_of_any_premises_is_heavy(samples: Samples, slug: str, path: str) -> None:
    association = getattr(samples, slug)
    with enter_association(association):
        for member in HoldingMember.objects.order_by("holding_id", "pk")[::7]:
            response = browser_of(association, member.person).get(f"/lokal/{member.holding_id}/{path}")

            assert response.status_code == 200
            assert len(response.content) < 60 * 1024
