"""Dane do przelewu: amounts as on the ledger's page, what may be typed, what is said where one cannot pay."""

import datetime as dt
import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
import segno
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from associations.audit.actors import SYSTEM
from associations.imports.models import Publication, PublicationKind, RegistryChange
from associations.payments.transfer_texts import write_code
from associations.premises.models import Premises, TransferAccount
from associations.profile.fund_accounts import change_fund_account
from associations.profile.models import AssociationProfile, Fund
from billing_views.owner.paying import next_due_day
from billing_views.parts.qr_codes import QUIET_ZONE, draw_qr_code
from saas.tenancy.switching import AssociationRef
from tests.billing_views.owner.browsing import browser_of
from tests.billing_views.owner.conftest import Flat
from tests.billing_views.owner.reading import text_of
from tests.billing_views.owner.test_pages import show
from tests.billing_views.owner.test_waiting_payments import pay
from tests.factories import (
    fund,
    make_batch,
    make_holding,
    make_ledger_account,
    make_person,
    make_premises,
    publish_balance,
    publish_postings,
)

NRB, REPAIR_NRB, COMMON = (
    "85102010550000000000000001",
    "71102010550000000000700011",
    "44102010550000000000700012",
)
GROUPED = "85 1020 1055 0000 0000 0000 0001"
LINE = re.compile(r"<dt>(.*?)</dt>\s*<dd[^>]*>\s*<span[^>]*>(.*?)</span>", re.DOTALL)
CARD = re.compile(r'<section class="card"\s+id="fundusz-(\d+)".*?</section>', re.DOTALL)


@pytest.fixture(autouse=True)
def _face(flat: Flat) -> None:
    AssociationProfile.objects.update(
        name="Wspólnota Mieszkaniowa Lipowa 12",
        nip="5260001246",
        office_address="ul. Lipowa 12, Kielce",
        office_phone="41 123 45 67",
    )
    TransferAccount.objects.create(premises=flat.premises, fund=fund(), nrb=NRB)
    TransferAccount.objects.create(premises=flat.premises, fund=fund("repair"), nrb=REPAIR_NRB)


def owe(flat: Flat, main: str = "-268.41", interest: str = "3.17", repair: str = "123.45") -> None:
    publish_balance(flat.premises, "2026-10-31", main, interest)
    publish_balance(flat.premises, "2026-10-31", repair, fund_code="repair")


def cards(browser: Client, flat: Flat, query: str = "") -> dict[str, str]:
    """The markup of each card by the kind of its fund."""
    response: Any = browser.get(f"/lokal/{flat.holding.pk}/przelew/{query}")
    assert response.status_code == 200
    kinds = {str(one.pk): str(one.kind) for one in Fund.objects.all()}
    return {kinds[found[1]]: found[0] for found in CARD.finditer(response.content.decode())}


def lines(card: str) -> dict[str, str]:
    """Label and text of each line of a card."""
    return {label: unescape(text).replace("\u00a0", " ").strip() for label, text in LINE.findall(card)}


def key(code: str = "main") -> int:
    return int(fund(code).pk)


def test_each_fund_has_what_the_banks_form_asks_for(browser: Client, flat: Flat) -> None:
    owe(flat)

    main = cards(browser, flat)["main"]

    assert lines(main) == {
        "Odbiorca": "Wspólnota Mieszkaniowa Lipowa 12",
        "Adres odbiorcy": "ul. Lipowa 12, Kielce",
        "Numer rachunku": GROUPED,
        "Tytuł": "Lokal 0401-034, fundusz podstawowy, należność na 31.10.2026",
        "Kwota": "268,41 zł",
    }
    assert re.findall(r'data-copy="([^"]*)"', main)[2:] == [
        NRB,
        "Lokal 0401-034, fundusz podstawowy, należność na 31.10.2026",
        "268,41",
    ]
    assert "Odsetki naliczone, niezaksięgowane: 3,17" in unescape(main).replace("\u00a0", " ")


def test_an_overpayment_is_nothing_to_pay(browser: Client, flat: Flat) -> None:
    owe(flat)

    repair = cards(browser, flat)["repair"]

    assert "Nic do zapłaty (nadpłata 123,45 zł)" in repair.replace("\u00a0", " ")
    assert "Kwota" not in lines(repair)
    assert "<svg" not in repair
    assert "Kod QR pojawi się po wpisaniu kwoty." in repair


def test_the_code_on_the_page_is_that_of_the_transfer(browser: Client, flat: Flat) -> None:
    owe(flat)

    card = cards(browser, flat)["main"]

    text = write_code(
        nip="5260001246",
        nrb=NRB,
        amount=Decimal("268.41"),
        name="WM Lipowa 12",
        title="0401-034 fundusz podstawowy",
    )
    assert text == f"5260001246|PL|{NRB}|026841|WM Lipowa 12|0401-034 fundusz podstawowy|||"
    assert f'd="{draw_qr_code(text, "").path}"' in card
    assert 'aria-label="Kod QR przelewu: 268,41\u00a0zł, Fundusz podstawowy"' in card


def test_a_drawn_code_has_the_dark_squares_of_its_text() -> None:
    text = f"5260001246|PL|{NRB}|1000000|Żółta Łąka|0401-034 fundusz podstawowy|||"

    picture = draw_qr_code(text, "kod")

    dark = set()
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1H\1z", picture.path):
        dark |= {(int(x) + step, int(y)) for step in range(int(width))}
    code = segno.make(text, error="l", boost_error=False, encoding="utf-8", micro=False)
    assert code.error == "L"
    assert dark == {
        (x + QUIET_ZONE, y + QUIET_ZONE)
        for y, row in enumerate(code.matrix)
        for x, one in enumerate(row)
        if one
    }
    assert picture.size == len(code.matrix) + 2 * QUIET_ZONE


def test_another_amount_and_interest_are_chosen_in_the_address(browser: Client, flat: Flat) -> None:
    owe(flat)

    found = cards(browser, flat, f"?kwota-{key()}=1%20234,50&odsetki-{key()}=1&kwota-{key('repair')}=10")

    assert lines(found["main"])["Należność"] == "1 234,50 zł"
    assert lines(found["main"])["Odsetki"] == "3,17 zł"
    assert lines(found["main"])["Kwota"] == "1 237,67 zł"
    assert lines(found["main"])["Tytuł"] == "Lokal 0401-034, fundusz podstawowy, wpłata, odsetki 3,17"
    assert lines(found["repair"])["Kwota"] == "10,00 zł"
    # Each form carries along what was chosen in the other.
    assert f'name="kwota-{key("repair")}" value="10,00"' in found["main"]
    assert f'name="odsetki-{key()}" value="1"' in found["repair"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("abc", "To nie jest kwota. Wpisz ją na przykład tak: 1 234,56."),
        ("0", "Najmniejsza kwota przelewu to 0,01 zł."),
        ("10000000", "Największa kwota przelewu to 9 999 999,99 zł."),
    ],
)
def test_what_cannot_be_paid_is_said_at_the_field(browser: Client, flat: Flat, typed: str, said: str) -> None:
    owe(flat)

    card = cards(browser, flat, f"?kwota-{key()}={typed}")["main"]

    assert said in card
    assert f'value="{typed}"' in card
    assert f'aria-invalid="true" aria-describedby="kwota-{key()}-blad"' in re.sub(r"\s+", " ", card)
    assert lines(card)["Kwota"] == "268,41 zł"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["kwota-1", "kwota-2", "odsetki-1", "kwota-", "kwota-" + "9" * 30, "x"]), st.text()
    )
)
def test_no_parameter_breaks_the_page(browser: Client, flat: Flat, query: dict[str, str]) -> None:
    response = browser.get(f"/lokal/{flat.holding.pk}/przelew/", query)

    assert response.status_code == 200


def test_of_repeated_parameters_the_last_counts(browser: Client, flat: Flat) -> None:
    owe(flat)

    assert lines(cards(browser, flat, f"?kwota-{key()}=5&kwota-{key()}=7")["main"])["Kwota"] == "7,00 zł"


def test_without_balances_the_ledger_tells_what_is_owed(in_sloneczna: AssociationRef) -> None:
    premises, owner = make_premises("1"), make_person("a")
    holding = make_holding(premises, owner, starts="2020-01-01")
    publish_postings(premises, make_ledger_account("1"), "2026-01-01 BO 100", "2026-02-01 NAL 50 20")

    page = text_of(browser_of(in_sloneczna, owner).get(f"/lokal/{holding.pk}/przelew/"))

    assert "Opłaty za lokal" in page
    assert "Do zapłaty 130,00 zł" in page
    assert "Saldo wynika z wpisów w kartotece do 1 lutego 2026." in page
    assert "numer rachunku poda biuro" in page


def test_without_an_account_of_its_own_a_premises_pays_to_the_funds(browser: Client, flat: Flat) -> None:
    owe(flat)
    TransferAccount.objects.filter(fund__code="main").update(is_current=False)
    assert lines(cards(browser, flat)["main"])["Numer rachunku"] == "numer rachunku poda biuro"

    change_fund_account(actor=SYSTEM, fund_id=key(), expected="", nrb=COMMON)

    assert lines(cards(browser, flat)["main"])["Numer rachunku"] == "44 1020 1055 0000 0000 0070 0012"


def test_a_number_with_wrong_check_digits_is_not_given_to_pay_to(browser: Client, flat: Flat) -> None:
    owe(flat)
    TransferAccount.objects.filter(fund__code="main").update(nrb="85102010550000000000000002")

    card = cards(browser, flat)["main"]

    assert lines(card)["Numer rachunku"].startswith("numer rachunku poda biuro")
    assert "<svg" not in card


def test_an_association_without_nip_says_why_there_is_no_code(browser: Client, flat: Flat) -> None:
    owe(flat)
    AssociationProfile.objects.update(nip="")

    card = cards(browser, flat)["main"]

    assert "Kodu QR nie ma, bo biuro nie podało NIP, którego wymagają banki." in card
    assert "<svg" not in card


class TestAfterASale:
    """0401-077 was sold forty days ago; the seller owed."""

    @pytest.fixture
    def sold(self, in_sloneczna: AssociationRef) -> tuple[str, str]:
        """What the seller and the buyer read."""
        premises, seller, buyer = make_premises("0401-077"), make_person("s"), make_person("k")
        on = localdate() - dt.timedelta(days=40)
        former = make_holding(premises, seller, starts="2010-01-01", ends=on.isoformat())
        present = make_holding(premises, buyer, starts=(on + dt.timedelta(days=1)).isoformat())
        TransferAccount.objects.create(premises=premises, fund=fund(), nrb=COMMON)
        publish_postings(premises, make_ledger_account("9"), "2020-01-02 NAL 500")
        publish_balance(premises, (on - dt.timedelta(days=1)).isoformat(), "-500")
        publish_balance(premises, localdate().isoformat(), "-610")
        pages = [
            text_of(browser_of(in_sloneczna, person).get(f"/lokal/{holding.pk}/przelew/"))
            for person, holding in ((seller, former), (buyer, present))
        ]
        return pages[0], pages[1]

    def test_the_seller_reads_what_is_owed_but_not_the_premises_number(self, sold: tuple[str, str]) -> None:
        assert "Do zapłaty 500,00 zł" in sold[0]
        assert "rozliczenie do" in sold[0]
        assert (
            "numer rachunku poda biuro (rachunek lokalu służy temu, kto ma do niego teraz tytuł)" in sold[0]
        )
        assert "44 1020" not in sold[0]
        assert "najbliższy termin" not in sold[0]

    def test_the_buyer_is_asked_for_no_withheld_balance(self, sold: tuple[str, str]) -> None:
        assert "Saldo po zmianie właściciela nie zostało jeszcze rozliczone" in sold[1]
        assert "44 1020 1055 0000 0000 0070 0012" in sold[1]
        assert "610" not in sold[1]
        assert "Do zapłaty" not in sold[1]


def test_a_waiting_payment_is_told_and_lessens_nothing(browser: Client, flat: Flat) -> None:
    owe(flat)
    pay(flat.premises, 2, "500.00")
    day = localdate() - dt.timedelta(days=2)

    page = show(browser, flat, "przelew/")

    assert f"Wpłata 500,00 zł z {day:%d.%m.%Y} została otrzymana, jeszcze niezaksięgowana." in page
    assert "Do zapłaty 268,41 zł" in page


def change_number(premises: Premises, nrb: str) -> None:
    """As an import would, a moment ago."""
    account = TransferAccount.objects.get(premises=premises, fund=fund())
    RegistryChange.objects.create(
        publication=Publication.objects.create(
            batch=make_batch(), kind=PublicationKind.PUBLISH, by_name="Zofia"
        ),
        registry="transfer_account",
        object_id=account.pk,
        before={"nrb": account.nrb, "is_current": True},
        after={"nrb": nrb, "is_current": True},
    )
    TransferAccount.objects.filter(pk=account.pk).update(nrb=nrb)


@pytest.mark.parametrize("path", ["przelew/", "kartoteka/", "dane/"])
def test_a_changed_number_is_announced_wherever_money_is_named(
    browser: Client, flat: Flat, path: str
) -> None:
    owe(flat)
    assert "nie ufaj pismom" not in show(browser, flat, path)
    change_number(flat.premises, COMMON)

    page = show(browser, flat, path)

    assert (
        f"Od {localdate():%d.%m.%Y} nowy numer rachunku (Fundusz podstawowy): 44 1020 1055 0000 0000 0070 0012."
        f" Poprzedni numer: {GROUPED}."
        " Biuro potwierdza zmianę pod numerem 41 123 45 67; nie ufaj pismom z innym numerem."
    ) in page
    Publication.objects.update(at=timezone.now() - dt.timedelta(days=61))
    assert "nie ufaj pismom" not in show(browser, flat, path)


def test_premises_that_share_a_changed_account_are_named_together(browser: Client, flat: Flat) -> None:
    make_holding(make_premises("G1"), flat.owner, starts="2020-01-01")
    make_holding(make_premises("G2"), flat.owner, starts="2020-01-01")
    change_fund_account(actor=SYSTEM, fund_id=key(), expected="", nrb=NRB)
    change_fund_account(actor=SYSTEM, fund_id=key(), expected=NRB, nrb=COMMON)

    page = show(browser, flat, "dane/")

    assert page.count("nowy numer rachunku") == 1
    assert "(Fundusz podstawowy, lokale G1, G2): 44 1020" in page


def test_the_next_due_day_is_today_or_later_moved_to_a_working_day() -> None:
    assert next_due_day(dt.date(2026, 11, 10), 10)[0] == dt.date(2026, 11, 10)
    assert next_due_day(dt.date(2026, 11, 11), 10)[0] == dt.date(2026, 12, 10)
    # 10 January 2027 is a Sunday.
    assert next_due_day(dt.date(2027, 1, 11), 10) == (dt.date(2027, 1, 10), dt.date(2027, 1, 11))
    assert next_due_day(dt.date(2026, 12, 31), 31)[0] == dt.date(2026, 12, 31)


def test_a_fund_that_closed_long_ago_asks_for_nothing(browser: Client, flat: Flat) -> None:
    Fund.objects.create(code="windy", kind="other", name="Fundusz windowy", position=9)
    closed = make_ledger_account("204-9", "windy")
    publish_postings(flat.premises, closed, "2025-01-01 BO 0", "2025-02-03 NAL 10", "2025-03-01 WB 0 10")

    card = cards(browser, flat)["other"]

    assert "Nic do zapłaty (saldo 0,00" in unescape(card).replace("\u00a0", " ")
    assert "Salda nie przekazano." not in card
