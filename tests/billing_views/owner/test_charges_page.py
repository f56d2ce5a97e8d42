"""The charges of a month as their owner sees them: periods, the month before and why, what is to come."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localdate

from associations.charges.models import ChargeLine
from associations.periods import Month
from associations.premises.models import Person
from tests.billing_views.owner.conftest import Flat
from tests.billing_views.owner.reading import tables_of, text_of
from tests.factories import make_holding, make_person, make_premises, publish_charges
from tests.tampering import tampering

AFTER_JANUARY = Month(2026, 2)


def get(browser: Client, flat: Flat, path: str) -> Any:
    response = browser.get(f"/lokal/{flat.holding.pk}/{path}")
    assert response.status_code == 200
    return response


def show(browser: Client, flat: Flat, path: str = "oplaty/") -> str:
    return text_of(get(browser, flat, path))


def test_the_latest_month_opens_with_its_due_day_and_funds(browser: Client, flat: Flat) -> None:
    page = show(browser, flat)

    assert "Opłaty za używanie lokalu" in page
    assert "Opłata za styczeń 2026 324,47 zł" in page
    assert "termin płatności 10.01.2026 (dzień wolny; wpłata do 12.01.2026 jest w terminie)" in page
    assert "Fundusz podstawowy 188,67 zł Fundusz remontowy 135,80 zł" in page
    assert "‹ grudzień 2025 styczeń luty › (brak danych)" in page
    assert "‹ 2025 2026 2027 › (brak danych)" in page


def test_a_month_stands_beside_the_one_before_component_by_component(browser: Client, flat: Flat) -> None:
    rows = tables_of(get(browser, flat, "oplaty/"))["Składniki opłat, styczeń 2026"]

    assert rows == [
        ["Składnik", "Ilość", "Stawka", "Kwota, zł", "grudzień 2025", "Różnica, zł", "Dlaczego"],
        [
            "Składnik EKSP",
            "48,5 m²",
            "2,28 zł/m²",
            "110,58",
            "101,85",
            "+8,73",
            "stawka z 2,10 na 2,28 zł/m²",
        ],
        ["Składnik ZW", "7 m³", "11,1564 zł/m³", "78,09", "", "+78,09", "nowy składnik"],
        ["Składnik GONE", "", "", "0,00", "5,00", "−5,00", "tego składnika już nie ma"],
        ["Razem: Fundusz podstawowy", "188,67", "106,85", "+81,82", ""],
        ["Składnik FR", "48,5 m²", "2,80 zł/m²", "135,80", "", "+135,80", "nowy składnik"],
        ["Razem: Fundusz remontowy", "135,80", "0,00", "+135,80", ""],
        ["Razem", "324,47", "106,85", "+217,62", ""],
    ]


def test_the_difference_is_told_in_plain_words(browser: Client, flat: Flat) -> None:
    page = show(browser, flat)

    assert "Co się zmieniło i dlaczego" in page
    assert (
        "W styczniu 2026 opłata wzrosła o 217,62 zł: z 106,85 zł w grudniu 2025 do 324,47 zł. "
        "Główna przyczyna: nowy składnik – Składnik FR (+135,80 zł). "
        "Wzrosło: 3 składniki, razem o 222,62 zł. Spadło: 1 składnik, razem o 5,00 zł." in page
    )


@pytest.mark.parametrize(
    ("former", "present", "sentence", "why"),
    [
        (
            "EKSP 50 m2 2.00 100.00",
            "EKSP 50 m2 1.90 95.00",
            "z 100,00 zł w lipcu 2030 do 95,00 zł. Przyczyna: niższa stawka – Składnik EKSP (−5,00 zł).",
            "stawka z 2,00 na 1,90 zł/m²",
        ),
        (
            "OD 1 os 38 38.00",
            "OD 2 os 38 76.00",
            "Przyczyna: większa ilość – Składnik OD (+38,00 zł).",
            "ilość z 1 na 2 os.",
        ),
        (
            "ZW 7 m3 11.1564 78.09",
            "ZW 8 m3 12 96.00",
            "Przyczyna: inna stawka i ilość – Składnik ZW (+17,91 zł).",
            "stawka z 11,1564 na 12,00 zł/m³: +6,75 zł; ilość z 7 na 8 m³: +11,16 zł",
        ),
        (
            "OD 2 os 38 76.00",
            "OD 7 m3 10 70.00",
            "Przyczyna: inny sposób naliczania – Składnik OD (−6,00 zł).",
            "inny sposób naliczania: 2 os. × 38,00 zł, teraz 7 m³ × 10,00 zł",
        ),
        (
            "OD 2 os 38 76.00",
            "OD 2 os 38 70.00",
            "Przyczyna: inna kwota – Składnik OD (−6,00 zł).",
            "inna kwota przy tej samej stawce i ilości",
        ),
        (
            "OD 2 os 38 76.00",
            "OD 2 os 38 76.00",
            "W sierpniu 2030 opłata jest taka sama jak w lipcu 2030.",
            "bez zmian",
        ),
    ],
)
def test_every_cause_has_its_words(
    browser: Client, flat: Flat, former: str, present: str, sentence: str, why: str
) -> None:
    publish_charges(flat.premises, "2030-07", former)
    publish_charges(flat.premises, "2030-08", present)

    response = get(browser, flat, "oplaty/2030/8/")

    assert sentence in text_of(response)
    assert tables_of(response)["Składniki opłat, sierpień 2030"][1][-1] == why


def test_amounts_without_rates_say_that_none_were_supplied(browser: Client, flat: Flat) -> None:
    publish_charges(flat.premises, "2030-07", "KOR 1 szt 5 5.00")
    publish_charges(flat.premises, "2030-08", "KOR 1 szt 9 9.00")
    with tampering():
        ChargeLine.objects.filter(month="2030-08-01").update(rate=None, quantity=None)

    assert "inna kwota; stawki lub ilości nie podano" in show(browser, flat, "oplaty/2030/8/")


def test_components_that_moved_within_the_same_sum_are_told(browser: Client, flat: Flat) -> None:
    publish_charges(flat.premises, "2030-08", "A 1 szt 5 5.00", "B 1 szt 9 9.00")
    publish_charges(flat.premises, "2030-09", "A 1 szt 6 6.00", "B 1 szt 8 8.00")

    assert (
        "We wrześniu 2030 opłata razem jest taka sama jak w sierpniu 2030, ale zmieniły się jej składniki."
        in show(browser, flat, "oplaty/2030/9/")
    )


def test_a_month_after_a_gap_is_compared_with_the_nearest_before(browser: Client, flat: Flat) -> None:
    publish_charges(flat.premises, "2026-06", "EKSP 48.5 m2 2.28 110.58")

    page = show(browser, flat)

    assert "W czerwcu 2026 opłata spadła o 213,89 zł: z 324,47 zł w styczniu 2026 do" in page
    assert "‹ styczeń czerwiec lipiec › (brak danych)" in page


def test_the_first_month_is_compared_with_nothing(browser: Client, flat: Flat) -> None:
    response = get(browser, flat, "oplaty/2025/12/")

    assert "Co się zmieniło" not in text_of(response)
    assert tables_of(response)["Składniki opłat, grudzień 2025"][0] == [
        "Składnik",
        "Ilość",
        "Stawka",
        "Kwota, zł",
    ]
    assert "‹ listopad (brak danych) grudzień styczeń 2026 ›" in text_of(response)


class TestForm:
    def test_year_and_month_are_chosen_without_scripts(self, browser: Client, flat: Flat) -> None:
        body = get(browser, flat, "oplaty/").content.decode()

        assert f'<form class="choice" method="get" action="/lokal/{flat.holding.pk}/oplaty/">' in body
        assert '<option value="2026" selected>2026</option>' in body
        assert '<option value="1" selected>styczeń</option>' in body
        assert "Opłata za grudzień 2025" in show(browser, flat, "oplaty/?rok=2025&miesiac=12")

    def test_a_month_without_data_says_so_and_leads_to_the_latest(self, browser: Client, flat: Flat) -> None:
        page = show(browser, flat, "oplaty/?rok=2026&miesiac=7")

        assert "Brak opłat za lipiec 2026." in page
        assert "Pokaż ostatnie dane" in page
        assert "‹ styczeń lipiec sierpień › (brak danych)" in page

    @pytest.mark.parametrize(
        ("query", "month"),
        [
            ("rok=2025", "grudzień 2025"),
            ("miesiac=1", "styczeń 2026"),
            ("rok=0&miesiac=13", "styczeń 2026"),
            ("rok=9999&miesiac=1", "styczeń 2026"),
            ("rok=2025&rok=2026&miesiac=12&miesiac=1", "styczeń 2026"),
            ("rok=2026'--&miesiac=%00&nic=1", "styczeń 2026"),
            ("rok=" + "9" * 5000, "styczeń 2026"),
        ],
    )
    def test_odd_parameters_lead_to_the_nearest_period(
        self, browser: Client, flat: Flat, query: str, month: str
    ) -> None:
        assert f"Opłata za {month}" in show(browser, flat, f"oplaty/?{query}")

    @pytest.mark.parametrize(
        "path", ["0/", "9999/", "2026/13/", "2026/0/", "2026/1/1/", "x/", "9" * 9000 + "/"]
    )
    def test_hand_typed_addresses_are_not_found(self, browser: Client, flat: Flat, path: str) -> None:
        assert browser.get(f"/lokal/{flat.holding.pk}/oplaty/{path}").status_code == 404


class TestTwelveMonths:
    def test_the_picture_has_words_and_a_table_by_fund(self, browser: Client, flat: Flat) -> None:
        response = get(browser, flat, "oplaty/")
        heading = "Opłaty miesiąc po miesiącu: luty 2025 – styczeń 2026"

        assert tables_of(response)[heading] == [
            ["Miesiąc", "Fundusz podstawowy", "Fundusz remontowy", "Razem"],
            ["grudzień 2025", "106,85", "", "106,85"],
            ["styczeń 2026", "188,67", "135,80", "324,47"],
        ]
        assert "Opłaty: grudzień 2025 106,85 zł, styczeń 2026 324,47 zł." in text_of(response)
        assert response.content.decode().count('class="now"') == 3  # a bar, its figure, its month

    def test_it_stands_still_while_the_last_year_is_paged_through(self, browser: Client, flat: Flat) -> None:
        assert "Opłaty miesiąc po miesiącu: luty 2025 – styczeń 2026" in show(
            browser, flat, "oplaty/2025/12/"
        )

    def test_one_fund_has_no_split(self, flat: Flat, sign_in: Callable[[Person], Client]) -> None:
        holding = make_holding(make_premises("0402-001"), flat.neighbour)
        publish_charges(holding.premises, "2026-01", "EKSP 1 m2 5 5.00")
        publish_charges(holding.premises, "2026-02", "EKSP 1 m2 6 6.00")

        response = sign_in(flat.neighbour).get(f"/lokal/{holding.pk}/oplaty/")

        tables = tables_of(response)
        assert next(rows[0] for name, rows in tables.items() if "miesiąc po" in name) == ["Miesiąc", "Kwota"]
        assert "Razem: " not in text_of(response)
        assert "figcaption" not in response.content.decode()

    def test_a_single_month_needs_no_picture(self, flat: Flat, sign_in: Callable[[Person], Client]) -> None:
        holding = make_holding(make_premises("0402-001"), flat.neighbour)
        publish_charges(holding.premises, "2026-01", "EKSP 1 m2 5 5.00")

        assert "<figure" not in sign_in(flat.neighbour).get(f"/lokal/{holding.pk}/oplaty/").content.decode()


class TestToCome:
    def test_a_month_to_come_is_named_as_such(self, browser: Client, flat: Flat) -> None:
        to_come = Month.of(localdate()).next
        publish_charges(flat.premises, f"{to_come.first_day:%Y-%m}", "EKSP 48.5 m2 2.30 111.55")

        latest = show(browser, flat)
        older = show(browser, flat, "oplaty/2026/1/")

        assert "opłata na przyszły miesiąc, już podana" in latest
        assert "111,55 zł termin płatności" in latest
        assert "opłata na przyszły miesiąc" not in older
        assert "Podano już opłatę za" in older
        assert "111,55 zł, termin płatności" in older
        assert "Podano już opłatę za" not in latest

    def test_nothing_is_said_where_nothing_is_to_come(self, browser: Client, flat: Flat) -> None:
        page = show(browser, flat)

        assert "już podana" not in page
        assert "Podano już" not in page


def test_seller_and_buyer_are_charged_apart(flat: Flat, sign_in: Callable[[Person], Client]) -> None:
    premises = make_premises("0401-099", number="99")
    seller, buyer = make_person("seller"), make_person("buyer")
    former = make_holding(premises, seller, starts="2009-01-01", ends="2025-10-31")
    present = make_holding(premises, buyer, starts="2025-11-01")
    publish_charges(premises, "2025-10", "CANARY 1 szt 77.77 77.77")
    publish_charges(premises, "2025-11", "EKSP 1 m2 3 3.00")
    publish_charges(premises, "2025-12", "EKSP 1 m2 4 4.00")

    sold = text_of(sign_in(seller).get(f"/lokal/{former.pk}/oplaty/"))
    bought = [
        sign_in(buyer).get(f"/lokal/{present.pk}/oplaty/{path}") for path in ("", "2025/11/", "2025/10/")
    ]

    assert "77,77" in sold
    assert "listopad (brak danych)" in sold.replace("listopad › (", "listopad (")
    for response in bought:
        assert "77,77" not in text_of(response)
        assert "CANARY" not in text_of(response)
    assert "Co się zmieniło" not in text_of(bought[1])
    assert "Brak opłat za październik 2025." in text_of(bought[2])
    assert Decimal("77.77") in ChargeLine.objects.values_list("amount", flat=True)
