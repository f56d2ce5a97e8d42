"""Papers and tables of owner pages: the figures of the pages to the grosz, the same 404s, names that every system keeps."""

import csv
import io
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader
from python_calamine import load_workbook

from associations.premises.models import HoldingMember
from associations.profile.models import AssociationLogo, AssociationProfile
from saas.tenancy.switching import AssociationRef, enter_association
from tests.billing_views.owner.browsing import DoorClient, browser_of
from tests.billing_views.owner.conftest import Flat
from tests.billing_views.owner.reading import tables_of
from tests.cast import APEX, Role
from tests.factories import make_account_of, make_ledger_account, publish_postings, publish_readings
from tests.samples_database import Samples, control_figures

SAMPLE_SETS = [
    (slug, sample, code)
    for slug, sample in (("sloneczna", "spoldzielnia"), ("lipowa", "wspolnota"))
    for code in list(control_figures(sample)["premises"])[:4]
]
FUNDS = {"1": "Fundusz podstawowy", "2": "Fundusz remontowy"}


def plain(text: str) -> str:
    """One line, plain blanks and minus."""
    return " ".join(text.replace("\u00a0", " ").replace("\u2212", "-").split())


def pdf_text(response: Any) -> str:
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/pdf"
    return plain(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages))


def csv_rows(response: Any) -> list[dict[str, str]]:
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


def xlsx_rows(response: Any) -> list[list[Any]]:
    assert response.status_code == 200
    return load_workbook(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()


def zloty(amount: str | Decimal, *, sign: bool = False) -> str:
    """`1 234,56` as papers write it."""
    text = f"{Decimal(amount):{'+' if sign and Decimal(amount) else ''},.2f}"
    return text.replace(",", " ").replace(".", ",")


def doors(
    association: AssociationRef, code: str, figures: dict[str, Any]
) -> dict[str, tuple[DoorClient, int]]:
    """A browser and the holding of each person whom the control figures name."""
    found = {}
    for person_code, *_ in figures["people"]:
        member = HoldingMember.objects.get(holding__premises__code=code, person__code=person_code)
        found[person_code] = browser_of(association, member.person), member.holding_id
    return found


@pytest.mark.parametrize(("slug", "sample", "code"), SAMPLE_SETS)
def test_papers_hold_the_control_figures(samples: Samples, slug: str, sample: str, code: str) -> None:
    association, figures = getattr(samples, slug), control_figures(sample)["premises"][code]
    with enter_association(association):
        people = doors(association, code, figures)
        month, total = max(figures["charges_by_month"].items())
        year, number = map(int, month.split("-"))
        payer, *_ = figures["balances"][0]
        browser, holding = people[payer]
        notice = pdf_text(browser.get(f"/lokal/{holding}/oplaty/{year}/{number}/pdf/"))
        ledger = pdf_text(browser.get(f"/lokal/{holding}/kartoteka/2026/pdf/"))
        confirmation = pdf_text(browser.get(f"/lokal/{holding}/saldo/pdf/"))

    assert f"Razem za miesiąc {zloty(total)} zł" in notice
    assert f"Lokal {code} " in notice
    for key, one in figures["years"].items():
        its_year, account, its_payer = key.split()
        if (its_year, its_payer) != ("2026", payer):
            continue
        section = ledger[ledger.index(f"{FUNDS[account[-1]]}, rok 2026") :]
        assert f"Obroty 2026 {zloty(one['debit'])} {zloty(one['credit'])}" in section
        assert zloty(one["closing"], sign=True) in section[section.index("Saldo końcowe na") :]
    for its_payer, fund, balance, _interest in figures["balances"]:
        if its_payer == payer:
            word = "niedopłata" if Decimal(balance) < 0 else "nadpłata" if Decimal(balance) else "rozliczone"
            name = "Fundusz podstawowy" if fund == "podstawowy" else "Fundusz remontowy"
            assert f"{name} {zloty(balance, sign=True)} {word}" in confirmation


def test_every_row_of_the_ledger_page_stands_on_paper_and_in_the_files(flat: Flat, browser: Client) -> None:
    base = f"/lokal/{flat.holding.pk}"
    page = tables_of(browser.get(f"{base}/kartoteka/2026/"))
    paper = pdf_text(browser.get(f"{base}/kartoteka/2026/pdf/"))
    files = csv_rows(browser.get(f"{base}/kartoteka/2026/csv/"))
    sheet = xlsx_rows(browser.get(f"{base}/kartoteka/2026/xlsx/"))

    cells = [plain(cell) for rows in page.values() for row in rows[1:] for cell in row if cell]
    figures = [cell for cell in cells if re.fullmatch(r"[-+]?[\d ]+,\d\d", cell)]
    assert len(figures) > 8
    assert [one for one in figures if one not in paper] == []
    entries = [row for row in files if row["Wiersz"] == "zapis"]
    assert [row["Dokument"] for row in entries] == ["NAL 01/2026", "WB 7/2026"] * 2
    assert [row["Saldo"] for row in entries] == ["-674,48", "938,00", "-126,00", "42,00"]
    assert {row["Data"] for row in entries} == {"2026-01-02", "2026-01-09"}
    assert [row[9] for row in sheet[1:] if row[2] == "zapis"] == [-674.48, 938.0, -126.0, 42.0]
    assert sheet[2][3].isoformat() == "2026-01-02"


def test_charges_as_files(flat: Flat, browser: Client) -> None:
    base = f"/lokal/{flat.holding.pk}/oplaty/2026"
    month = csv_rows(browser.get(f"{base}/1/csv/"))
    year = xlsx_rows(browser.get(f"{base}/xlsx/"))
    months = csv_rows(browser.get(f"{base}/1/miesiace/csv/"))

    assert [(row["Kod składnika"], row["Ilość"], row["Stawka, zł"], row["Kwota, zł"]) for row in month] == [
        ("EKSP", "48,5", "2,28", "110,58"),
        ("ZW", "7", "11,1564", "78,09"),
        ("FR", "48,5", "2,8", "135,80"),
    ]
    assert [row[7] for row in year[1:]] == [110.58, 78.09, 135.8]
    assert months == [
        {"Miesiąc": "2025-12", "Kwota, zł": "106,85"},
        {"Miesiąc": "2026-01", "Kwota, zł": "324,47"},
    ]


def test_media_as_paper_and_files(flat: Flat, browser: Client) -> None:
    base = f"/lokal/{flat.holding.pk}/media/2026"
    paper = pdf_text(browser.get(f"{base}/pdf/"))
    readings = csv_rows(browser.get(f"{base}/odczyty/csv/"))
    (settlement,) = csv_rows(browser.get(f"{base}/rozliczenia/csv/"))

    assert "366,15 391,56 25,41 do zwrotu" in paper
    assert "Wymiana licznika 14.03.2026 (zimna woda): zdemontowano 00225127" in paper
    assert [row["Licznik"] for row in readings] == ["00225127", "00225127", "00999111", "00999111"]
    assert readings[-1]["Rodzaj odczytu"] == "szacunek"
    assert settlement["Wynik, zł (plus: do zapłaty)"] == "-25,41"


def test_balances_titles_and_accounts_as_files(flat: Flat, browser: Client) -> None:
    base = f"/lokal/{flat.holding.pk}"

    balances = csv_rows(browser.get(f"{base}/saldo/csv/"))
    assert [(row["Fundusz"], row["Saldo, zł"], row["Co oznacza"]) for row in balances] == [
        ("Fundusz podstawowy", "938,00", "nadpłata"),
        ("Fundusz remontowy", "41,00", "nadpłata"),
    ]
    (title,) = csv_rows(browser.get(f"{base}/dane/csv/"))
    assert (title["Lokal"], title["Od"], title["Pozostali uprawnieni"]) == (
        "0401-034",
        "2009-01-01",
        "Nowak Jan",
    )
    accounts = csv_rows(browser.get(f"{base}/ksiegowosc/2026/csv/"))
    assert [(row["Konto"], row["Saldo końcowe"]) for row in accounts] == [
        ("204-1", "938,00"),
        ("204-2", "42,00"),
    ]
    assert csv_rows(browser.get(f"{base}/wplaty/csv/")) == []


def test_a_confirmation_says_what_it_is_based_on(flat: Flat, browser: Client) -> None:
    address = f"/lokal/{flat.holding.pk}/saldo/pdf/"

    supplied = pdf_text(browser.get(f"{address}?dzien=2026-01-31"))
    of_entries = pdf_text(browser.get(f"{address}?dzien=05.01.2026"))
    later = pdf_text(browser.get(f"{address}?dzien=2031-05-01"))

    assert "Fundusz podstawowy +938,00 nadpłata 3,17 saldo podane przez spółdzielnię" in supplied
    assert "Fundusz remontowy: na 31 stycznia 2026 nadpłata 41,00 zł." in supplied
    # 62.00 opening − 612.48 … the entry of 9 January is not in it.
    assert "Fundusz podstawowy -674,48 niedopłata zapisy w kartotece" in of_entries
    assert "Fundusz remontowy: na 5 stycznia 2026 niedopłata 126,00 zł." in of_entries
    assert "Potwierdzenie salda na dzień 31.01.2026" in later
    assert "Dokument wygenerowany elektronicznie z portalu." in supplied


@pytest.mark.parametrize("day", ["1900-01-01", "2026-13-01", "9999-99-99", "x' OR 1=1", "0000-00-00"])
def test_a_day_without_data_or_sense_is_not_found(flat: Flat, browser: Client, day: str) -> None:
    assert browser.get(f"/lokal/{flat.holding.pk}/saldo/pdf/", {"dzien": day}).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        *("kartoteka/1999/pdf/", "kartoteka/0/pdf/", "oplaty/2026/13/pdf/", "oplaty/1999/1/pdf/"),
        *("media/2999/pdf/", "kartoteka/2026/doc/", "ksiegowosc/2026/999999/csv/", "oplaty/9999/csv/"),
    ],
)
def test_periods_without_data_have_no_paper(flat: Flat, browser: Client, path: str) -> None:
    assert browser.get(f"/lokal/{flat.holding.pk}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["kartoteka/2026/pdf/", "oplaty/2026/1/csv/", "saldo/pdf/", "dane/xlsx/"])
def test_a_neighbour_gets_the_same_404(flat: Flat, sign_in: Any, path: str) -> None:
    make_account_of(flat.neighbour, "ewa")
    stranger = sign_in(flat.neighbour)

    assert stranger.get(f"/lokal/{flat.holding.pk}/{path}").status_code == 404
    assert stranger.get(f"/lokal/999999/{path}").status_code == 404
    assert sign_in(flat.co_owner).get(f"/lokal/{flat.holding.pk}/{path}").status_code == 200


def test_names_of_files_are_plain(flat: Flat, browser: Client) -> None:
    flat.premises.code = "1/14 Łącznik ”A”"
    flat.premises.save(update_fields=["code"])

    answer = browser.get(f"/lokal/{flat.holding.pk}/kartoteka/2026/pdf/")

    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="sloneczna-kartoteka-1-14-Lacznik-A-2026.pdf"'
    )
    assert "no-store" in answer.headers["Cache-Control"]


def test_texts_are_no_markup_and_no_formula(
    flat: Flat, browser: Client, in_sloneczna: AssociationRef
) -> None:
    nasty = "=HYPERLINK(1)"
    publish_postings(flat.premises, make_ledger_account("204-9"), f"2026-02-02 #strong[{nasty} 5")
    publish_postings(flat.premises, make_ledger_account("204-8"), f"2026-02-02 {nasty} 5")
    base = f"/lokal/{flat.holding.pk}/kartoteka/2026"

    paper = pdf_text(browser.get(f"{base}/pdf/"))
    text = browser.get(f"{base}/csv/").content.decode()
    sheet = xlsx_rows(browser.get(f"{base}/xlsx/"))

    assert f"#strong[{nasty}" in paper.replace("- ", "-")
    assert f";'{nasty};" in text
    assert nasty in [row[4] for row in sheet]


def test_papers_are_tagged_named_and_carry_the_logo(flat: Flat, browser: Client) -> None:
    address = f"/lokal/{flat.holding.pk}/oplaty/2026/1/pdf/"
    without = len(browser.get(address).content)
    png = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060"
        "000000050001a5f645400000000049454e44ae426082"
    )
    AssociationLogo.objects.create(id=1, content=png, width=1, height=1)

    response = browser.get(address)
    reader = PdfReader(io.BytesIO(response.content))

    catalog: Any = reader.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"].lower().startswith("pl")
    assert reader.metadata is not None
    assert reader.metadata.title == "Zawiadomienie o wysokości opłat za styczeń\u00a02026, lokal 0401-034"
    assert AssociationProfile.objects.get().name in pdf_text(response)
    assert len(response.content) > without


def test_long_tables_repeat_their_header_and_pages_are_counted(flat: Flat, browser: Client) -> None:
    rows = [f"2026-{month:02}-{day:02} WB_{month}/{day} 0 1" for month in range(1, 7) for day in range(1, 27)]
    publish_postings(flat.premises, make_ledger_account("204-7"), *rows)

    response = browser.get(f"/lokal/{flat.holding.pk}/kartoteka/2026/pdf/")

    pages = [plain(page.extract_text()) for page in PdfReader(io.BytesIO(response.content)).pages]
    assert len(pages) > 3
    for number, page in enumerate(pages[:-1], start=1):
        assert "Data Dokument Opis" in page
        assert f"strona {number} z {len(pages)}" in page


def test_papers_stay_polish_and_preview_says_so(samples: Samples) -> None:
    manager, holding = samples[Role.MANAGER].browser(APEX), samples[Role.OWNER].holding_id
    manager.cookies["jezyk"] = "en"
    base = f"/a/sloneczna/podglad/{holding}"

    paper = pdf_text(manager.get(f"{base}/kartoteka/2026/pdf/?as_seen_on=2099-01-01"))

    assert "Kartoteka lokalu, rok 2026" in paper
    assert "podgląd zarządcy: dane opublikowane do 01.01.2099" in paper
    assert manager.get(f"{base}/kartoteka/2026/pdf/?as_seen_on=2001-01-01").status_code == 404


def test_the_tab_lists_what_there_is(flat: Flat, browser: Client) -> None:
    base = f"/lokal/{flat.holding.pk}"

    page = browser.get(f"{base}/dokumenty/").content.decode()
    before = browser.get(f"{base}/dokumenty/?rok=2025").content.decode()

    links = re.findall(rf'href="({base}/[^"]+/(?:pdf|csv|xlsx)/)"', page)
    assert len(links) > 15
    assert f"{base}/oplaty/2026/1/pdf/" in links
    assert f"{base}/oplaty/2025/12/pdf/" in before
    assert [link for link in links if browser.get(link).status_code != 200] == []


PAGES_WITH_FILES = {
    "kartoteka/2026/": ["Wydruk PDF", "CSV", "XLSX"],
    "oplaty/2026/1/": ["Wydruk PDF", "CSV", "XLSX"],
    "media/?rok=2026": ["Wydruk PDF", "Odczyty CSV", "Odczyty XLSX", "Rozliczenia CSV", "Rozliczenia XLSX"],
}


def file_links(response: Any) -> list[tuple[str, str]]:
    """The links of a page that download something: address and visible label."""
    pattern = r'<a href="([^"]+)" download>([^<]+)<'
    return re.findall(pattern, response.content.decode())


@pytest.mark.parametrize(("path", "labels"), list(PAGES_WITH_FILES.items()))
def test_pages_lead_to_their_files(browser: Client, flat: Flat, path: str, labels: list[str]) -> None:
    links = file_links(browser.get(f"/lokal/{flat.holding.pk}/{path}"))

    assert [label for _, label in links] == labels
    assert {browser.get(address).status_code for address, _ in links} == {200}


@pytest.mark.parametrize("path", ["kartoteka/2031/", "oplaty/2031/1/", "media/?rok=2024"])
def test_a_period_without_data_has_no_files(browser: Client, flat: Flat, path: str) -> None:
    publish_readings(flat.premises, "ciepła woda", "0077", "2023-01-31 61.726 2.726 measured")

    page = browser.get(f"/lokal/{flat.holding.pk}/{path}")

    assert page.status_code == 200
    assert file_links(page) == []
