"""„Skąd to saldo”, „Odsetki” and the search in the ledger, as an owner sees them."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from associations.imports.models import ImportFile
from associations.premises.models import Person, Premises
from tests.billing_views.owner.conftest import Flat
from tests.billing_views.owner.reading import tables_of, text_of
from tests.factories import (
    fund,
    make_holding,
    make_ledger_account,
    make_person,
    make_premises,
    publish_balance,
    publish_postings,
)


@pytest.fixture
def indebted(flat: Flat, sign_in: Callable[[Person], Client]) -> tuple[Client, str]:
    """The neighbour's second flat with debts of two kinds: a browser and the mount."""
    holding = make_holding(make_premises("0402-001", number="1"), flat.neighbour)
    account = make_ledger_account("204-9", name="Opłaty")
    publication = publish_postings(
        holding.premises,
        account,
        "2026-01-01 BO 12",
        "2026-03-31 ODS_1/2026 0.50",
        "2026-04-01 NAL_04/2026 700 0 2026-04-10",
        "2026-04-20 WB_7/2026 0 312.50",
        "2026-05-01 NAL_05/2026 700 0 2026-05-10",
        "2026-05-05 NAL_dodatkowe 40 0 2026-06-10",
    )
    ImportFile.objects.create(
        batch=publication.batch, number=1, name="ksiegowania-2026.csv", size=1, sha256="0" * 64, stored_as="x"
    )
    publish_balance(holding.premises, "2026-05-31", "-1140", "5.22")
    return sign_in(flat.neighbour), f"/lokal/{holding.pk}/"


def main_fund() -> int:
    return fund().pk


def test_the_card_says_what_is_overdue_and_since_when(indebted: tuple[Client, str]) -> None:
    browser, mount = indebted

    page = text_of(browser.get(f"{mount}kartoteka/"))

    assert "stan na 31 maja 2026 · w tym po terminie płatności 1 100,00 zł" in page
    assert "400,00 zł: NAL 04/2026, termin 10.04.2026 700,00 zł: NAL 05/2026, termin 10.05.2026" in page
    assert "40,00 zł jeszcze przed terminem płatności (najbliższy: 10.06.2026)" in page
    assert "Odsetki podane przez spółdzielnię (niezaksięgowane) 5,22 zł" in page


def test_debts_that_do_not_explain_the_balance_are_not_on_its_card(indebted: tuple[Client, str]) -> None:
    browser, mount = indebted
    assert "w tym po terminie płatności" in text_of(browser.get(f"{mount}kartoteka/"))

    publish_balance(Premises.objects.get(code="0402-001"), "2026-05-31", "-1150")

    page = text_of(browser.get(f"{mount}kartoteka/"))
    assert "w tym po terminie płatności" not in page
    assert "suma wpisów na 31.05.2026 to −1 140,00 zł i różni się od podanego salda o 10,00 zł." in page


def test_a_balance_explains_itself_down_to_the_line_of_the_file(indebted: tuple[Client, str]) -> None:
    browser, mount = indebted

    response = browser.get(f"{mount}skad-saldo/{main_fund()}/")
    page, tables = text_of(response), tables_of(response)

    assert (
        "Saldo na 31.05.2026 Bilans otwarcia 01.01.2026 −12,00 zł plus uznania (wpłaty) 312,50 zł "
        "minus obciążenia 1 440,50 zł równa się: saldo z wpisów −1 140,00 zł (niedopłata) "
        "saldo podane przez spółdzielnię"
    ) in page
    assert "Suma wpisów zgadza się z podanym saldem." in page
    assert tables["W tym po terminie płatności na 31.05.2026"][1:] == [
        ["NAL 04/2026", "10.04.2026", "", "700,00", "400,00"],
        ["NAL 05/2026", "10.05.2026", "11.05.2026", "700,00", "700,00"],
        ["Razem", "", "", "", "1 100,00"],
    ]
    assert tables["Jeszcze przed terminem płatności na 31.05.2026"][1][-1] == "40,00"
    documents = tables["Fundusz podstawowy, dokumenty od 01.01.2026 do 31.05.2026"]
    assert documents[1][1:3] == ["BO", "Bilans otwarcia"]
    assert documents[1][-2:] == ["−12,00", "1, wiersz 2"]
    assert documents[3][-1] == "1, wiersz 2"
    assert [row[0] for row in tables["Pliki, z których pochodzą wpisy"][1:]] == [
        "1. ksiegowania-2026.csv",
        "2. wpisy przeniesione z wcześniejszej publikacji",
    ]


def test_another_day_is_explained_too_and_a_day_outside_becomes_the_nearest(
    indebted: tuple[Client, str],
) -> None:
    browser, mount = indebted
    address = f"{mount}skad-saldo/{main_fund()}/"

    april = text_of(browser.get(address, {"dzien": "2026-04-15"}))
    early = text_of(browser.get(address, {"dzien": "1999-01-01"}))
    late = text_of(browser.get(address, {"dzien": "31.12.2999"}))
    odd = text_of(browser.get(address, {"dzien": "2026-02-30"}))

    assert "Saldo na 15.04.2026" in april
    assert "saldo z wpisów −712,50 zł (niedopłata)" in april
    assert "saldo podane" not in april
    assert "Saldo na 01.01.2026" in early
    assert "Saldo na 31.05.2026" in late
    assert "Saldo na 31.05.2026" in odd


def test_a_difference_is_named_with_its_amount(browser: Client, flat: Flat) -> None:
    page = text_of(browser.get(f"/lokal/{flat.holding.pk}/skad-saldo/{fund('repair').pk}/"))

    assert (
        "Fundusz remontowy: suma wpisów na 31.01.2026 to +42,00 zł i różni się od podanego salda o 1,00 zł."
        in page
    )
    assert "Obowiązuje saldo podane." in page


@pytest.mark.parametrize("number", [0, 999, 10**30])
@pytest.mark.parametrize("path", ["skad-saldo", "odsetki"])
def test_a_fund_that_the_holding_lacks_is_a_404(browser: Client, flat: Flat, path: str, number: int) -> None:
    assert browser.get(f"/lokal/{flat.holding.pk}/{path}/{number}/").status_code == 404


def test_interest_can_be_checked_by_hand(indebted: tuple[Client, str]) -> None:
    browser, mount = indebted

    response = browser.get(f"{mount}odsetki/{main_fund()}/")
    page, tables = text_of(response), tables_of(response)

    assert "Odsetki podane przez spółdzielnię (niezaksięgowane) 5,22 zł stan na 31.05.2026" in page
    assert "Wyliczenie informacyjne portalu 9,53 zł za okres od 01.04.2026 do 31.05.2026" in page
    assert "Kwoty różnią się o 4,31 zł." in page
    assert "Liczymy od dnia po ostatnim dokumencie odsetkowym (31.03.2026)" in page
    rows = tables["Wyliczenie od 01.04.2026 do 31.05.2026"]
    assert [[*row[:4], row[4].partition(" stopa ")[0], row[5]] for row in rows[1:-1]] == [
        ["01.04.2026 – 10.04.2026", "10", "12,00", "9,25%", "12,00 × 9,25% × 10 ÷ 365", "0,03"],
        ["11.04.2026 – 20.04.2026", "10", "712,00", "9,25%", "712,00 × 9,25% × 10 ÷ 365", "1,80"],
        ["21.04.2026 – 11.05.2026", "21", "399,50", "9,25%", "399,50 × 9,25% × 21 ÷ 365", "2,13"],
        ["12.05.2026 – 31.05.2026", "20", "1 099,50", "9,25%", "1 099,50 × 9,25% × 20 ÷ 365", "5,57"],
    ]
    assert "÷ 365 stopa referencyjna NBP 3,75 + 5,5 pkt proc." in rows[1][4]
    assert rows[-1] == ["Razem", "9,53 zł"]


def test_interest_of_a_chosen_time(indebted: tuple[Client, str]) -> None:
    browser, mount = indebted
    address = f"{mount}odsetki/{main_fund()}/"

    chosen = text_of(browser.get(address, {"od": "2026-05-12", "do": "2026-05-31"}))
    turned = text_of(browser.get(address, {"od": "2026-05-31", "do": "2026-05-12"}))
    endless = text_of(browser.get(address, {"od": "1900-01-01", "do": "2999-12-31"}))

    assert "za okres od 12.05.2026 do 31.05.2026" in chosen
    assert "Kwoty różnią się" not in chosen
    assert "Wyliczenie od 12.05.2026 do 12.05.2026" in turned
    assert "Wyliczenie od 01.01.2026 do " in endless
    assert "Wpłaty zaksięgowane po 31.05.2026 nie są tu uwzględnione." in endless


def test_without_an_opening_nothing_is_computed(flat: Flat, sign_in: Callable[[Person], Client]) -> None:
    holding = make_holding(make_premises("0403-001", number="1"), flat.neighbour)
    publish_postings(holding.premises, make_ledger_account("204-8"), "2023-06-03 NAL 100")
    browser = sign_in(flat.neighbour)

    explained = text_of(browser.get(f"/lokal/{holding.pk}/skad-saldo/{main_fund()}/"))
    interest = text_of(browser.get(f"/lokal/{holding.pk}/odsetki/{main_fund()}/"))

    assert "Bilans otwarcia nie został przekazany." in explained
    assert "Portal nie może wyliczyć odsetek." in interest


class TestSearch:
    def search(self, browser: Client, flat: Flat, **asked: str) -> str:
        response = browser.get(f"/lokal/{flat.holding.pk}/kartoteka/szukaj/", asked)
        assert response.status_code == 200
        return text_of(response)

    def test_found_entries_are_added_up_per_fund(self, browser: Client, flat: Flat) -> None:
        page = self.search(browser, flat, szukaj="nal 01/2026")

        assert "Znaleziono 2 wpisy." in page
        assert "02.01.2026 NAL 01/2026 612,48 Suma znalezionych ( 1 wpis ) 612,48 0,00" in page.replace(
            "(1 wpis)", "( 1 wpis )"
        )
        assert "126,00 Suma znalezionych" in page
        assert "738,48" not in page
        assert "a nie saldo" in page

    def test_only_payments_between_two_days(self, browser: Client, flat: Flat) -> None:
        page = self.search(
            browser, flat, **{"strona-konta": "wplaty", "od": "2026-01-01", "do": "2026-12-31"}
        )

        assert "Znaleziono 2 wpisy." in page
        assert "1 612,48" in page
        assert "612,48 Suma" not in page.replace("1 612,48 Suma", "")

    def test_the_year_is_remembered(self, browser: Client, flat: Flat) -> None:
        response = browser.get(f"/lokal/{flat.holding.pk}/kartoteka/2025/")
        address = re.search(r'href="([^"]*/szukaj/[^"]*)"', response.content.decode())
        assert address

        found = browser.get(address[1]).content.decode()

        assert f'href="/lokal/{flat.holding.pk}/kartoteka/2025/"' in found
        assert '<input type="hidden" name="rok" value="2025">' in found

    @pytest.mark.parametrize(
        "asked",
        [
            {"szukaj": "nie-ma-takiego"},
            {"szukaj": "x" * 10_000},
            {"szukaj": "\0"},
            {"szukaj": "'; DROP TABLE ledger_posting; --"},
            {"od": "2026-13-01"},
            {"strona-konta": "inna", "nr": "-1"},
            {"nr": "9" * 30, "rok": "0"},
        ],
    )
    def test_odd_questions_get_an_answer(self, browser: Client, flat: Flat, asked: dict[str, str]) -> None:
        assert "Szukaj w kartotece" in self.search(browser, flat, **asked)

    def test_a_day_that_does_not_exist_is_named(self, browser: Client, flat: Flat) -> None:
        assert "Nie ma takiego dnia." in self.search(browser, flat, od="2026-02-30")

    def test_a_long_list_is_divided_into_pages(self, browser: Client, flat: Flat) -> None:
        account = make_ledger_account("204-7")
        publish_postings(
            flat.premises,
            account,
            *(f"2027-{1 + n // 25:02}-{1 + n % 25:02} DOK_{n} 1.01" for n in range(230)),
        )

        first = browser.get(f"/lokal/{flat.holding.pk}/kartoteka/szukaj/", {"szukaj": "dok"})
        third = self.search(browser, flat, szukaj="dok", nr="3")

        assert "Strona 1 z 3" in text_of(first)
        assert len(first.content) < 60_000
        assert "Suma znalezionych (230 wpisów) 232,30" in third
        assert third.count("1,01") == 30


def test_the_pages_cost_at_most_ten_queries(indebted: tuple[Client, str]) -> None:
    browser, mount = indebted

    for path in (
        "kartoteka/",
        f"skad-saldo/{main_fund()}/",
        f"skad-saldo/{main_fund()}/?dzien=2026-04-15",
        f"odsetki/{main_fund()}/?od=2026-01-01",
        "kartoteka/szukaj/?szukaj=nal",
    ):
        browser.get(mount + path)
        with CaptureQueriesContext(connection) as queries:
            response = browser.get(mount + path)

        asked = [one["sql"] for one in queries if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]
        # The platform's rates are read outside the association and cost a way there and back.
        asked_outside = [sql for sql in asked if sql.startswith("SELECT set_config(") or '"rates_' in sql]
        assert response.status_code == 200
        assert len(asked_outside) <= 4, asked_outside
        assert len(asked) - len(asked_outside) <= 9, "\n".join([path, *asked])
        assert len(response.content) < 60_000


def test_several_accounts_of_a_fund_stand_apart_under_its_name(browser: Client, flat: Flat) -> None:
    publish_postings(
        flat.premises, make_ledger_account("204-1-9", name="Media"), "2026-01-01 BO 0", "2026-01-05 NAL 7"
    )

    response = browser.get(f"/lokal/{flat.holding.pk}/kartoteka/")
    html, tables = response.content.decode(), tables_of(response)

    assert html.count("<h2>Fundusz podstawowy</h2>") == 1
    assert [name for name in tables if "rok 2026" in name] == [
        "Fundusz podstawowy, konto 204-1 Opłaty, rok 2026 (wpisy od 02.01.2026 do 09.01.2026)",
        "Fundusz podstawowy, konto 204-1-9 Media, rok 2026 (wpisy od 05.01.2026 do 05.01.2026)",
        "Fundusz remontowy, rok 2026 (wpisy od 02.01.2026 do 09.01.2026)",
    ]


def test_a_balance_that_waits_for_the_office_is_not_told_by_its_explanation(
    flat: Flat, sign_in: Callable[[Person], Client]
) -> None:
    premises = make_premises("0401-099", number="99")
    seller, buyer = make_person("seller"), make_person("buyer")
    make_holding(premises, seller, starts="2009-01-01", ends="2025-10-31")
    present = make_holding(premises, buyer, starts="2025-11-01")
    account = make_ledger_account("204-9")
    publish_postings(
        premises,
        account,
        "2025-01-01 BO 500",
        "2025-10-02 CANARY 77.77",
        "2025-11-03 NAL 30",
        "2025-12-03 WB 0 5",
    )
    publish_balance(premises, "2026-02-28", "-607.77", "9.99")
    browser = sign_in(buyer)

    for path in ("skad-saldo", "odsetki"):
        page = text_of(browser.get(f"/lokal/{present.pk}/{path}/{main_fund()}/"))
        assert "30,00" in page
        for secret in ("CANARY", "77,77", "500,00", "607,77", "9,99"):
            assert secret not in page
