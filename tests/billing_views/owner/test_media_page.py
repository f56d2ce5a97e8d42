"""Readings and settlements as their owner sees them: what was used, beside what, and what it cost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from associations.meters.models import Medium, Reading
from associations.premises.models import Person
from associations.profile.models import AssociationProfile
from tests.billing_views.owner.conftest import Flat
from tests.billing_views.owner.reading import tables_of, text_of
from tests.factories import (
    make_holding,
    make_person,
    make_premises,
    publish_charges,
    publish_readings,
    publish_settlement,
)
from tests.tampering import tampering

WATER_2026 = "Odczyty: zimna woda, rok 2026"
MONTHLY = "Zużycie miesiąc po miesiącu"


def get(browser: Client, flat: Flat, query: str = "") -> Any:
    response = browser.get(f"/lokal/{flat.holding.pk}/media/{query}")
    assert response.status_code == 200
    return response


def show(browser: Client, flat: Flat, query: str = "") -> str:
    return text_of(get(browser, flat, query))


@pytest.fixture
def two_years(flat: Flat) -> Flat:
    """Gas, read each month from November 2025 on, and in November and December 2024."""
    publish_readings(
        flat.premises,
        "gaz",
        "G7",
        "2024-10-31 70 - measured",
        "2024-11-30 80 10 measured",
        "2024-12-31 95 15 measured",
        "2025-10-31 200 - measured",
        "2025-11-30 212 12 measured",
        "2025-12-31 222 10 estimated",
        "2026-01-31 230 8 measured",
        "2026-02-28 240 9.5 measured",
    )
    return flat


def test_a_reading_less_the_one_before_is_shown_as_consumption(browser: Client, two_years: Flat) -> None:
    rows = tables_of(get(browser, two_years, "?rok=2026"))["Odczyty: gaz, rok 2026, licznik G7"]

    assert rows == [
        ["Data odczytu", "Poprzedni odczyt", "Odczyt", "Zużycie", "Rodzaj i dokument"],
        ["31.01.2026", "222,0 m³ 31.12.2025", "230,0 m³", "8,0 m³", "odczyt OD 01/2026"],
        [
            "28.02.2026",
            "230,0 m³ 31.01.2026",
            "240,0 m³",
            "9,5 m³ podane; różnica odczytów to 10,0 m³",
            "odczyt OD 01/2026",
        ],
    ]


def test_a_month_stands_beside_the_same_one_of_the_year_before(browser: Client, two_years: Flat) -> None:
    response = get(browser, two_years, "?rok=2025")
    rows = tables_of(response)["Odczyty: gaz, rok 2025, licznik G7"]
    page = text_of(response)

    assert rows[0][4] == "Rok wcześniej"
    assert rows[2] == [
        "30.11.2025", "200 m³ 31.10.2025", "212 m³", "12 m³", "10 m³ +2 (+20%)", "odczyt OD 01/2026",
    ]  # fmt: skip
    # An estimate is called one, and no percentage is made of it.
    assert rows[3] == [
        "31.12.2025", "212 m³ 30.11.2025", "222 m³", "10 m³", "15 m³ −5", "szacunek OD 01/2026",
    ]  # fmt: skip
    assert "W grudniu 2025: 10 m³ (szacunek), o 5 m³ mniej niż w grudniu 2024." in page
    assert "<title" in response.content.decode()


def test_the_picture_of_months_has_a_table(browser: Client, two_years: Flat) -> None:
    tables = tables_of(get(browser, two_years, "?rok=2025"))

    assert tables[f"{MONTHLY}: gaz (m³)"] == [
        ["Miesiąc", "2025", "2024", "Różnica"],
        ["październik", "105 m³", "", ""],
        ["listopad", "12 m³", "10 m³", "+2 (+20%)"],
        ["grudzień", "10 m³ (szacunek)", "15 m³", "−5"],
    ]
    assert "* szacunek" in show(browser, two_years, "?rok=2025")


def test_an_exchanged_meter_is_one_sequence_with_the_sum_of_its_month(browser: Client, flat: Flat) -> None:
    publish_readings(flat.premises, "gaz", "OLD", "2026-05-31 100 9 measured", "2026-06-14 104 4 removed")
    publish_readings(flat.premises, "gaz", "OLD", "2026-05-31 100 9 measured")
    gas = Medium.objects.get(name="gaz")
    june = publish_readings(
        flat.premises, "gaz", "NEW", "2026-06-14 1 0 installed", "2026-06-30 3 2 measured"
    )
    removed = Reading.objects.get(medium=gas, kind="removed")
    with tampering():
        Reading.objects.filter(pk=removed.pk).update(batch=june.batch)

    response = get(browser, flat, "?rok=2026")

    rows = tables_of(response)["Odczyty: gaz, rok 2026"]
    assert [[row[0], row[1], row[4]] for row in rows[2:5]] == [
        ["14.06.2026", "OLD", "4 m³"],
        ["14.06.2026", "NEW", ""],
        ["30.06.2026", "NEW", "2 m³"],
    ]
    assert rows[5][:2] == ["Razem czerwiec 2026", "6 m³"]
    assert (
        "Wymiana licznika 14.06.2026: zdemontowano OLD przy stanie 104, zamontowano NEW przy stanie 1. "
        "Zużycie w tym miesiącu to suma obu liczników." in text_of(response)
    )


def test_allocator_units_have_no_dimension_and_begin_anew(browser: Client, flat: Flat) -> None:
    publish_readings(
        flat.premises, "ogrzewanie", "P1", "2025-12-31 640 640 measured", "2026-12-31 25 25 measured"
    )
    with tampering():
        Reading.objects.filter(meter__serial="P1").update(unit="")

    response = get(browser, flat, "?rok=2026")

    assert tables_of(response)["Odczyty: ogrzewanie, rok 2026, licznik P1"][1] == [
        "31.12.2026", "640 31.12.2025", "25", "25", "640 −615", "odczyt OD 01/2026",
    ]  # fmt: skip
    assert "podane; różnica" not in text_of(response)


def test_a_settlement_tells_cost_advances_result_and_leads_to_its_readings(
    browser: Client, flat: Flat
) -> None:
    response = get(browser, flat)
    rows = tables_of(response)["Rozliczenia za okresy zakończone w roku 2026"]
    water = Medium.objects.get(name="zimna woda")

    assert rows[1] == [
        "zimna woda 01.01.2025 – 31.01.2026 odczyty 2026",
        "RK 1/2026",
        "33,5 m³",
        "366,15",
        "391,56",
        "−25,41 zł nadpłata, do zwrotu",
    ]
    assert (
        f'href="/lokal/{flat.holding.pk}/media/?rok=2026&amp;medium={water.pk}#medium-1"'
        in response.content.decode()
    )
    assert "plus to niedopłata (do zapłaty), minus to nadpłata (do zwrotu)" in text_of(response)


@pytest.mark.parametrize(
    ("figures", "cell"),
    [
        (("10", "4", "6"), "+6,00 zł niedopłata, do zapłaty termin płatności 14.03.2026"),
        (("10", "10", "0"), "0,00 zł rozliczone"),
        (
            ("10", "4", "5.50"),
            (
                "+5,50 zł niedopłata, do zapłaty termin płatności 14.03.2026 "
                "koszt minus zaliczki to +6,00 zł; wynik podano inny"
            ),
        ),
    ],
)
def test_a_result_has_its_word_and_its_sign(
    browser: Client, flat: Flat, figures: tuple[str, str, str], cell: str
) -> None:
    publish_settlement(flat.premises, "gaz", ("2025-01-01", "2025-12-31"), figures)

    rows = tables_of(get(browser, flat, "?rok=2025"))["Rozliczenia za okresy zakończone w roku 2025"]
    assert rows[1][5] == cell


class TestForm:
    def test_year_and_medium_are_chosen_without_scripts(self, browser: Client, two_years: Flat) -> None:
        gas = Medium.objects.get(name="gaz")

        page = show(browser, two_years, f"?rok=2026&medium={gas.pk}")

        assert "Odczyty: gaz, rok 2026" in page
        assert WATER_2026 not in page
        assert WATER_2026 in show(browser, two_years, "?rok=2026")

    def test_neighbouring_years_keep_the_medium(self, browser: Client, two_years: Flat) -> None:
        gas = Medium.objects.get(name="gaz")

        response = get(browser, two_years, f"?rok=2025&medium={gas.pk}")

        assert f'media/?rok=2024&amp;medium={gas.pk}"' in response.content.decode()
        assert "2027 › (brak danych)" in show(browser, two_years, "?rok=2026")

    def test_a_year_in_between_without_data_says_so(self, browser: Client, flat: Flat) -> None:
        publish_readings(flat.premises, "gaz", "G", "2023-12-31 1 1 measured")

        page = show(browser, flat, "?rok=2024")

        assert "Brak odczytów i rozliczeń za rok 2024." in page
        assert "Pokaż ostatnie dane" in page


def test_a_premises_without_meters_says_so_and_not_that_nothing_was_supplied(
    flat: Flat, sign_in: Callable[[Person], Client]
) -> None:
    garage = make_holding(make_premises("G1", number="1"), flat.neighbour)
    publish_charges(garage.premises, "2026-01", "EKSP 1 szt 40 40.00")
    address = f"/lokal/{garage.pk}/media/"

    page = text_of(sign_in(flat.neighbour).get(address))
    assert "Spółdzielnia nie przekazała odczytów ani rozliczeń mediów tego lokalu." in page
    assert "Lokal bez liczników (np. garaż, miejsce postojowe, komórka) nie ma odczytów." in page

    AssociationProfile.objects.update(kind="community")
    assert "Zarządca nie przekazał odczytów ani rozliczeń" in text_of(sign_in(flat.neighbour).get(address))


def test_one_reading_a_year_needs_no_picture(flat: Flat, sign_in: Callable[[Person], Client]) -> None:
    holding = make_holding(make_premises("0402-001"), flat.neighbour)
    publish_readings(holding.premises, "gaz", "G", "2024-12-31 10 - measured", "2025-12-31 130 120 measured")

    response = sign_in(flat.neighbour).get(f"/lokal/{holding.pk}/media/")

    assert "<figure" not in response.content.decode()
    assert "W grudniu 2025: 120 m³." in text_of(response)


def test_the_buyer_reads_no_meter_of_the_sellers_time(
    flat: Flat, sign_in: Callable[[Person], Client]
) -> None:
    premises = make_premises("0401-099", number="99")
    seller, buyer = make_person("seller"), make_person("buyer")
    former = make_holding(premises, seller, starts="2009-01-01", ends="2025-10-31")
    present = make_holding(premises, buyer, starts="2025-11-01")
    sellers = ("2024-11-30 300.111 7 measured", "2025-10-31 336.096 7 measured")
    publish_readings(premises, "gaz", "G", *sellers, "2025-11-30 343.404 7.308 measured")
    publish_settlement(premises, "gaz", ("2025-01-01", "2025-12-31"), ("77", "55", "22"), payer=seller)

    sold = text_of(sign_in(seller).get(f"/lokal/{former.pk}/media/"))
    bought = sign_in(buyer).get(f"/lokal/{present.pk}/media/")

    assert "336,096" in sold
    assert "+22,00 zł" in sold
    assert "343,404" not in sold
    assert "343,404" in text_of(bought)
    for foreign in ("336,096", "300,111", "22,00", "rok 2024", "Rok wcześniej", "?rok=2024"):
        assert foreign not in text_of(bought)
    assert "7,308 m³." in text_of(bought)


def test_a_reading_below_the_one_before_is_explained_and_marked_in_sums(browser: Client, flat: Flat) -> None:
    publish_readings(
        flat.premises, "gaz", "G7",
        "2025-12-31 100 - measured", "2026-01-31 112 - estimated", "2026-02-28 108 - measured",
        "2026-03-31 111 - measured",
    )  # fmt: skip

    response = get(browser, flat, "?rok=2026")

    rows = tables_of(response)["Odczyty: gaz, rok 2026, licznik G7"]
    assert rows[2][3] == "−4 m³ niższy od poprzedniego: korekta albo błąd"
    page = text_of(response)
    assert "Odczyt niższy od poprzedniego: 28.02.2026. To korekta wcześniejszego odczytu albo błąd" in page
    assert "luty −4 m³ (z korektą)" in page
    assert "W roku 2026 razem: 11 m³." in page
