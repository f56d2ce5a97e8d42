"""Every page below a holding: who may see it, what it costs, and what it says."""

import datetime as dt
import re
from collections.abc import Callable
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from associations.ledger.models import Posting
from associations.owners.models import OwnerAccount
from associations.premises.models import Person
from associations.profile.models import AssociationProfile
from tests.billing_views.owner.conftest import Flat
from tests.billing_views.owner.reading import text_of
from tests.factories import (
    day,
    make_holding,
    make_ledger_account,
    make_person,
    make_premises,
    publish_balance,
    publish_postings,
)
from tests.tampering import tampering

PAGES = [
    "kartoteka/",
    "kartoteka/2025/",
    "kartoteka/szukaj/?szukaj=NAL&rok=2025",
    "oplaty/",
    "oplaty/2025/",
    "oplaty/2025/12/",
    "oplaty/?rok=2025&miesiac=12",
    "ksiegowosc/",
    "ksiegowosc/?rok=2025",
    "media/",
    "dane/",
    "informacje/",
    "zmien/",
]


def show(browser: Client, flat: Flat, path: str) -> str:
    response = browser.get(f"/lokal/{flat.holding.pk}/{path}")
    assert response.status_code == 200
    return text_of(response)


def test_a_page_costs_at_most_ten_queries_and_60_kilobytes(browser: Client, flat: Flat) -> None:
    for path in PAGES:
        browser.get(f"/lokal/{flat.holding.pk}/{path}")
        with CaptureQueriesContext(connection) as queries:
            response = browser.get(f"/lokal/{flat.holding.pk}/{path}")

        assert response.status_code == 200
        asked = [one["sql"] for one in queries if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]
        assert len(asked) <= 10, "\n".join([path, *asked])
        assert len(response.content) < 60_000
        assert "no-store" in response["Cache-Control"]


def test_a_stranger_and_a_missing_holding_get_the_same_404(
    flat: Flat, sign_in: Callable[[Person], Client]
) -> None:
    stranger = sign_in(flat.neighbour)

    for path in PAGES:
        foreign = stranger.get(f"/lokal/{flat.holding.pk}/{path}")
        missing = stranger.get(f"/lokal/{10**30}/{path}")

        assert foreign.status_code == missing.status_code == 404
        assert foreign.content == missing.content


def test_who_is_not_signed_in_is_asked_to(flat: Flat) -> None:
    for path in PAGES:
        response = Client(SERVER_NAME="sloneczna.localhost").get(f"/lokal/{flat.holding.pk}/{path}")

        assert response.status_code == 302
        assert response["Location"].startswith("/logowanie/?next=/lokal/")


def test_every_page_speaks_english_too(browser: Client, flat: Flat) -> None:
    browser.cookies["jezyk"] = "en"

    for path in PAGES:
        response = browser.get(f"/lokal/{flat.holding.pk}/{path}")
        assert response.status_code == 200
        assert '<html lang="en">' in response.content.decode()


def test_a_full_ledger_of_120_rows_stays_below_60_kilobytes(browser: Client, flat: Flat) -> None:
    long_text = "Naliczenie opłat za używanie lokalu za miesiąc"
    account = make_ledger_account("204-3")
    publish_postings(
        flat.premises,
        account,
        "2027-01-01 BO 5",
        *(f"2027-{1 + n // 10:02}-03 NAL_{n}/2027 743.28" for n in range(120)),
    )
    with tampering():
        Posting.objects.filter(account=account).update(description=long_text)

    response = browser.get(f"/lokal/{flat.holding.pk}/kartoteka/2027/")

    assert response.content.decode().count(long_text) == 120
    assert len(response.content) < 60_000


def test_nothing_opens_before_the_starter_password_is_changed(browser: Client, flat: Flat) -> None:
    OwnerAccount.objects.filter(person=flat.owner).update(
        must_change_password=True, starter_expires_at=timezone.now() + dt.timedelta(days=1)
    )

    response = browser.get(f"/lokal/{flat.holding.pk}/kartoteka/")

    assert response.status_code == 302
    assert response["Location"].startswith("/haslo/?next=")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_pages_are_read_only(browser: Client, flat: Flat, method: str) -> None:
    assert getattr(browser, method)(f"/lokal/{flat.holding.pk}/kartoteka/").status_code == 405


def test_the_ledger_opens_at_the_latest_year_with_balances_on_top(browser: Client, flat: Flat) -> None:
    page = show(browser, flat, "kartoteka/")

    assert "Saldo podstawowe nadpłata +938,00 zł stan na 31 stycznia 2026" in page
    assert "Odsetki podane przez spółdzielnię (niezaksięgowane) 3,17 zł" in page
    assert "Wpłaty zaksięgowane po 31.01.2026 nie są tu uwzględnione." in page
    assert "Fundusz podstawowy, rok 2026 (wpisy od 02.01.2026 do 09.01.2026)" in page
    assert "01.01.2026 BO Bilans otwarcia −62,00 02.01.2026 NAL 01/2026 612,48 −674,48" in page
    assert "Obroty 2026 612,48 1 612,48 Saldo końcowe na 31.01.2026 +938,00" in page
    assert "‹ 2025 2026 2027 › (brak danych)" in page


def test_the_ledger_says_whether_entries_and_balances_agree(browser: Client, flat: Flat) -> None:
    assert (
        "Fundusz remontowy: suma wpisów na 31.01.2026 to +42,00 zł i różni się od podanego salda o 1,00 zł."
        in show(browser, flat, "kartoteka/")
    )

    publish_balance(flat.premises, "2026-01-31", "42", fund_code="repair")

    assert "Suma wpisów na 31.01.2026 zgadza się z saldem." in show(browser, flat, "kartoteka/")


def test_a_former_year_has_its_own_closing(browser: Client, flat: Flat) -> None:
    page = show(browser, flat, "kartoteka/2025/")

    assert "‹ 2024 (brak danych) 2025 2026 ›" in page
    assert "Saldo końcowe na 31.12.2025 −62,00" in page
    assert "Fundusz remontowy, rok" not in page


def test_without_balances_the_card_shows_the_closing_and_says_so(
    flat: Flat, sign_in: Callable[[Person], Client]
) -> None:
    holding = make_holding(make_premises("0402-001"), flat.neighbour)
    publish_postings(
        holding.premises, make_ledger_account("204-9"), "2026-03-01 BO 0 10", "2026-03-31 NAL 30"
    )

    page = text_of(sign_in(flat.neighbour).get(f"/lokal/{holding.pk}/kartoteka/"))

    assert "Saldo lokalu niedopłata −20,00 zł stan na 31 marca 2026" in page
    assert "Saldo wynika z wpisów w kartotece; osobnego salda nie przekazano." in page


@pytest.mark.parametrize("path", ["kartoteka/", "oplaty/", "ksiegowosc/"])
def test_a_premises_without_data_says_so(flat: Flat, sign_in: Callable[[Person], Client], path: str) -> None:
    empty = make_holding(make_premises("0500"), flat.neighbour)

    page = text_of(sign_in(flat.neighbour).get(f"/lokal/{empty.pk}/{path}"))
    assert "Spółdzielnia nie przekazała jeszcze danych tego lokalu." in page

    AssociationProfile.objects.update(kind="community")
    page = text_of(sign_in(flat.neighbour).get(f"/lokal/{empty.pk}/{path}"))
    assert "Zarządca nie przekazał jeszcze danych tego lokalu." in page


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("kartoteka/1999/", "Brak wpisów za rok 1999."),
        ("oplaty/2026/7/", "Brak opłat za lipiec 2026."),
        ("oplaty/1999/", "Brak opłat za grudzień 1999."),
    ],
)
def test_a_period_without_data_says_so_and_leads_to_the_latest(
    browser: Client, flat: Flat, path: str, sentence: str
) -> None:
    page = show(browser, flat, path)

    assert sentence in page
    assert "Pokaż ostatnie dane" in page


def test_a_community_calls_its_charges_by_another_name(browser: Client, flat: Flat) -> None:
    AssociationProfile.objects.update(kind="community")

    page = show(browser, flat, "oplaty/")

    assert "Przypisy" in page
    assert "Opłaty za używanie lokalu" not in page


def test_accounting_shows_the_accounts_of_the_chosen_year(browser: Client, flat: Flat) -> None:
    page = show(browser, flat, "ksiegowosc/?rok=2026")

    assert "204-1 Opłaty Fundusz podstawowy −62,00 612,48 1 612,48 +938,00 szczegóły" in page
    assert "204-2 Remonty Fundusz remontowy 0,00 126,00 168,00 +42,00 szczegóły" in page


def test_accounting_shows_one_account_where_it_is_chosen(browser: Client, flat: Flat) -> None:
    response = browser.get(f"/lokal/{flat.holding.pk}/ksiegowosc/")
    number = re.search(r'<option value="(\d+)">204-2', response.content.decode())
    assert number

    page = show(browser, flat, f"ksiegowosc/?rok=2026&konto={number[1]}")

    assert "+42,00 szczegóły" in page
    assert "+938,00 szczegóły" not in page


@pytest.mark.parametrize(
    "query", ["?rok=", "?rok=x", "?rok=1999&konto=0", "?rok=²", "?konto=" + "9" * 40, "?medium=-1"]
)
@pytest.mark.parametrize("path", ["ksiegowosc/", "media/"])
def test_odd_parameters_show_the_latest_year(browser: Client, flat: Flat, path: str, query: str) -> None:
    assert "2026" in show(browser, flat, path + query)


def test_details_show_all_documents_of_an_account(browser: Client, flat: Flat) -> None:
    response = browser.get(f"/lokal/{flat.holding.pk}/ksiegowosc/?rok=2026")
    address = re.search(r'href="(/lokal/\d+/ksiegowosc/2026/\d+/)"', response.content.decode())
    assert address

    page = text_of(browser.get(address[1]))

    assert "Konto 204\u20111 Opłaty" in page
    assert "09.01.2026 WB 7/2026 1 612,48 +938,00" in page
    assert browser.get(f"/lokal/{flat.holding.pk}/ksiegowosc/2026/{10**18}/").status_code == 404


def test_personal_data_show_all_premises_and_of_co_owners_the_name_alone(browser: Client, flat: Flat) -> None:
    make_holding(make_premises("G1", number="1"), flat.owner, starts="2015-01-01", ends="2025-10-31")

    page = show(browser, flat, "dane/")

    assert "Nazwisko i imię Nowak Anna Kod osoby ann E-mail anna@example.org Telefon 600 100 200" in page
    assert "ul. Słoneczna 2 m. 34 · lokal 0401-034" in page
    assert "Tytuł prawny odrębna własność, od 01.01.2009 Udział 1/1" in page
    assert "Pozostali uprawnieni Nowak Jan" in page
    assert "numer rachunku poda biuro" in page
    assert "lokal G1 do 31.10.2025" in page
    assert "jan@example.org" not in page
    assert "600 999 999" not in page


def test_information_is_public_and_a_tab(browser: Client, flat: Flat) -> None:
    AssociationProfile.objects.update(
        office_address="ul. Biurowa 3, pokój 3", information_text="Pierwszy <b>akapit</b>.\r\n\r\nDrugi."
    )

    public = Client(SERVER_NAME="sloneczna.localhost").get("/")
    tab = browser.get(f"/lokal/{flat.holding.pk}/informacje/")

    for response in (public, tab):
        page = text_of(response)
        assert "pochodzą z programu" in page
        assert "ul. Biurowa 3, pokój 3" in page
        assert "Administratorem danych osobowych jest" in page
        assert "Pliki cookies" in page
        assert "<p>Pierwszy &lt;b&gt;akapit&lt;/b&gt;.</p>" in response.content.decode()
    assert "Zaloguj" in text_of(public)


def test_after_sign_in_the_first_holding_opens(browser: Client, flat: Flat) -> None:
    assert browser.get("/start/")["Location"] == f"/lokal/{flat.holding.pk}/kartoteka/"


def test_a_login_without_premises_is_told_so(flat: Flat, sign_in: Callable[[Person], Client]) -> None:
    page = text_of(sign_in(make_person("nobody")).get("/start/"))

    assert "Do tego loginu nie jest przypisany żaden lokal." in page


class TestChangeOfPremises:
    def test_one_holding_offers_no_change(self, browser: Client, flat: Flat) -> None:
        assert "zmień lokal" not in show(browser, flat, "kartoteka/")

    def test_page_and_year_are_kept(self, browser: Client, flat: Flat) -> None:
        garage = make_holding(make_premises("G1", number="1"), flat.owner, ends="2025-10-31")

        response = browser.get(f"/lokal/{flat.holding.pk}/kartoteka/2025/")
        address = re.search(r'href="([^"]*/zmien/[^"]*)"', response.content.decode())
        assert address
        choice = browser.get(unescape(address[1]))

        assert f'href="/lokal/{garage.pk}/kartoteka/2025/"' in choice.content.decode()
        assert f'href="/lokal/{flat.holding.pk}/kartoteka/2025/"' in choice.content.decode()
        assert "do 31.10.2025" in text_of(choice)

    @pytest.mark.parametrize(
        "asked", ["", "//evil.example/", "https://evil.example/", "ksiegowosc/2026/1/", "zmien/", "x" * 5000]
    )
    def test_anything_else_leads_to_the_ledger(self, browser: Client, flat: Flat, asked: str) -> None:
        response = browser.get(f"/lokal/{flat.holding.pk}/zmien/", {"strona": asked})

        assert f'href="/lokal/{flat.holding.pk}/kartoteka/"' in response.content.decode()
        assert not re.search(r'href="[^"]*evil', response.content.decode())


def test_a_buyer_sees_nothing_of_the_seller(flat: Flat, sign_in: Callable[[Person], Client]) -> None:
    premises = make_premises("0401-099", number="99")
    seller, buyer = make_person("seller", "Sprzedawca Stefan"), make_person("buyer", "Kupująca Kinga")
    former = make_holding(premises, seller, starts="2009-01-01", ends="2025-10-31")
    present = make_holding(premises, buyer, starts="2025-11-01")
    account = make_ledger_account("204-9")
    publish_postings(premises, account, "2025-01-01 BO 500", "2025-10-02 CANARY 77.77", "2025-11-03 NAL 30")
    publish_postings(premises, account, "2026-02-28 CANARY 88.88", payer=seller)
    publish_balance(premises, "2026-02-28", "-696.65")

    seen = sign_in(seller).get(f"/lokal/{former.pk}/kartoteka/2025/")
    page = text_of(sign_in(buyer).get(f"/lokal/{present.pk}/kartoteka/"))

    assert "77,77" in text_of(seen)
    assert "Bilans otwarcia od dnia objęcia lokalu 0,00" in page
    assert "Saldo po zmianie właściciela nie zostało jeszcze rozliczone, prosimy o kontakt z biurem." in page
    for secret in ("CANARY", "77,77", "88,88", "500,00", "696,65", "Sprzedawca"):
        assert secret not in page
    assert sign_in(buyer).get(f"/lokal/{former.pk}/kartoteka/").status_code == 404
    assert day("2025-11-01") == present.starts_on
