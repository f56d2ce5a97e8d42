"""The whole way in a real browser: from a manager's file to an owner's ledger, and back again.

The manager works without JavaScript first and by keyboard alone afterwards; every figure is read off the page.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, BrowserContext, FileChooser, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.browser.conftest import MANAGER
from tests.browser.hands import amount, press, read, tab_to, type_into
from tests.browser.site import Site
from tests.cast import PASSWORD
from tests.samples_database import SAMPLES, control_figures

pytestmark = pytest.mark.xdist_group("browser")

FIRST = (
    "konta",
    "lokale",
    "osoby",
    "ksiegowania-2024",
    "ksiegowania-2025",
    "naliczenia-2024",
    "naliczenia-2025",
)
SECOND = ("ksiegowania-2026-204-1", "ksiegowania-2026-204-2", "naliczenia-2026", "salda", "rozliczenia")
SECONDS = 1000
NEVER = 999_999


@pytest.fixture
def contexts(chromium: Browser) -> Iterator[list[BrowserContext]]:
    opened: list[BrowserContext] = []
    yield opened
    for context in opened:
        context.close()


def packed(names: tuple[str, ...]) -> bytes:
    """A month's package as a manager zips it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.write(SAMPLES / "spoldzielnia" / f"{name}.csv", f"{name}.csv")
    return content.getvalue()


def sign_in_without_scripts(page: Page, site: Site) -> None:
    page.goto(site.url("/"))
    page.get_by_label("E-mail").fill(MANAGER)
    page.get_by_label("Hasło", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Zaloguj").click()
    page.get_by_role("link", name="Spółdzielnia Mieszkaniowa „Słoneczna”").first.click()


def wait_by_refreshing(page: Page, state: str) -> None:
    """Without scripts: the link in the progress bar."""
    for _ in range(100):
        if page.locator(".state", has_text=state).count():
            return
        page.wait_for_timeout(200)
        link = page.get_by_role("link", name="Odśwież")
        if link.count():
            link.first.click()
        else:
            page.reload()
    raise AssertionError(f"never {state}: {read(page)}")


def publish_first_package(page: Page, site: Site) -> None:
    """Years 2024 and 2025, several files at once, without JavaScript."""
    sign_in_without_scripts(page, site)
    page.get_by_role("link", name="Importy").first.click()
    page.get_by_label("Pliki", exact=True).set_input_files(
        [SAMPLES / "spoldzielnia" / f"{name}.csv" for name in FIRST]
    )
    page.get_by_role("button", name="Wgraj i sprawdź").click()
    wait_by_refreshing(page, "czeka na publikację")
    page.get_by_role("button", name=re.compile("^Opublikuj")).click()
    wait_by_refreshing(page, "opublikowana")


def issue_password(page: Page, site: Site, code: str) -> tuple[str, str]:
    """Login and starter password of a person, read off the page that shows them once."""
    page.goto(site.url(f"/a/sloneczna/osoby/?szukaj={code}"))
    page.locator("main table a").first.click()
    # A click returns when the request is on its way: what is read at once may be the page before.
    expect(page.get_by_role("button", name="Wydaj hasło startowe")).to_have_count(1)
    expect(page.locator("main")).to_contain_text(code)
    page.get_by_role("button", name="Wydaj hasło startowe").click()
    expect(page.locator(".secret")).to_have_count(2)
    login, password = page.locator(".secret").all_inner_texts()
    return login.strip(), password.strip()


def first_sign_in(page: Page, site: Site, given: tuple[str, str], own: str) -> str:
    """With the starter password, which must be changed first; the address of the ledger that opens then."""
    page.goto(site.url("/logowanie/", slug="sloneczna"))
    page.get_by_label("Login", exact=True).fill(given[0])
    page.get_by_label("Hasło", exact=True).fill(given[1])
    page.get_by_role("button", name="Zaloguj").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ustaw własne hasło")
    page.goto(site.url("/start/", slug="sloneczna"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Ustaw własne hasło")
    for field in page.locator("input[type=password]").all():
        field.fill(own)
    page.get_by_role("button", name="Zapisz hasło").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kartoteka lokalu")
    return page.url


def choose_by_keyboard(page: Page) -> FileChooser:
    """The file chooser, opened by Space or Enter; Chromium drops a key that comes while the page settles."""
    for key in ("Enter", "Space", "Enter"):
        tab_to(page, "Pliki")
        try:
            with page.expect_file_chooser(timeout=5_000) as chooser:
                page.keyboard.press(key)
        except PlaywrightTimeoutError:
            continue
        return chooser.value
    raise AssertionError("no key opens the choice of files")


def upload_by_keyboard(page: Page, site: Site) -> None:
    """2026 as a ZIP, from sign-in to publication without a mouse, progress watched."""
    page.goto(site.url("/"))
    type_into(page, "E-mail", MANAGER)
    type_into(page, "Hasło", PASSWORD)
    press(page, "Zaloguj")
    press(page, "Spółdzielnia Mieszkaniowa „Słoneczna”")
    press(page, "Importy")
    choose_by_keyboard(page).set_files(
        {"name": "2026.zip", "mimeType": "application/zip", "buffer": packed(SECOND)}
    )
    press(page, "Wgraj i sprawdź")
    # htmx renews the bar and then the page: nobody presses anything.
    expect(page.locator(".state", has_text="czeka na publikację")).to_be_visible(timeout=30 * SECONDS)
    assert "2 271" in read(page) or "nowych" in read(page)
    press(page, "Opublikuj")
    expect(page.locator(".state", has_text="opublikowana")).to_be_visible(timeout=30 * SECONDS)


def shown_balances(page: Page) -> list[Decimal]:
    return [amount(read(figure)) for figure in page.locator("article .figure").all()]


def shown_closings(page: Page) -> list[Decimal]:
    return [
        amount(read(row).rpartition(" ")[2])
        for row in page.locator("tfoot tr:last-child td:last-child").all()
    ]


def control_closings(premises: str, year: int, payer: str) -> list[Decimal]:
    years = control_figures("spoldzielnia")["premises"][premises]["years"]
    return [Decimal(years[f"{year} {account} {payer}"]["closing"]) for account in ("204-1", "204-2")]


def control_balances(premises: str, payer: str) -> list[Decimal]:
    rows = control_figures("spoldzielnia")["premises"][premises]["balances"]
    found = {fund: Decimal(balance) for code, fund, balance, _ in rows if code == payer}
    return [found["podstawowy"], found["remontowy"]]


def test_whole_way_from_file_to_ledger_and_back(
    site: Site, chromium: Browser, contexts: list[BrowserContext]
) -> None:
    def person(*, scripts: bool = True) -> Page:
        contexts.append(chromium.new_context(java_script_enabled=scripts, locale="pl-PL"))
        page = contexts[-1].new_page()
        page.set_default_timeout(20 * SECONDS)
        return page

    clerk, manager, owner, seller, buyer = (person(scripts=False), *(person() for _ in range(4)))

    publish_first_package(clerk, site)
    codes = ("17000010", "17000220", "17000221")
    given = {code: issue_password(clerk, site, code) for code in codes}

    own_ledger = first_sign_in(owner, site, given["17000010"], "zielony rower na dachu 1")
    sold_ledger = first_sign_in(seller, site, given["17000220"], "zielony rower na dachu 2")
    bought_ledger = first_sign_in(buyer, site, given["17000221"], "zielony rower na dachu 3")
    # The starter password opens nothing any more.
    again = person()
    again.goto(site.url("/logowanie/", slug="sloneczna"))
    again.get_by_label("Login", exact=True).fill(given["17000010"][0])
    again.get_by_label("Hasło", exact=True).fill(given["17000010"][1])
    again.get_by_role("button", name="Zaloguj").click()
    assert "Login lub hasło jest nieprawidłowe" in read(again)

    assert shown_closings(owner) == control_closings("0401-001", 2025, "17000010")
    owner.reload()
    before = read(owner)

    upload_by_keyboard(manager, site)

    owner.reload()
    assert shown_closings(owner) == control_closings("0401-001", 2026, "17000010")
    assert shown_balances(owner) == control_balances("0401-001", "17000010")
    buyer.reload()
    assert shown_balances(buyer) == control_balances("0401-022", "17000221")
    seller.reload()
    assert shown_balances(seller) == control_balances("0401-022", "17000220")

    for page, address in ((owner, sold_ledger), (buyer, sold_ledger), (seller, bought_ledger)):
        answers = [page.goto(address), page.goto(re.sub(r"/lokal/\d+/", f"/lokal/{NEVER}/", address))]
        assert [answer.status for answer in answers if answer] == [404, 404]
    seller_words = ("Mazur", "5 331,28", "5 033,55", "3 717,98")
    for tab in (
        "kartoteka/",
        "kartoteka/2025/",
        "kartoteka/2024/",
        "oplaty/",
        "ksiegowosc/?rok=2025",
        "media/",
        "dane/",
    ):
        buyer.goto(bought_ledger.replace("kartoteka/", tab))
        assert [word for word in seller_words if word in read(buyer)] == []
    seller.goto(sold_ledger.replace("kartoteka/", "kartoteka/2025/"))
    assert "5 033,55" in read(seller)

    press(manager, "Cofnij publikację")
    press(manager, "Cofnij publikację")
    expect(manager.locator(".state", has_text="cofnięta")).to_be_visible(timeout=30 * SECONDS)

    owner.goto(own_ledger)
    assert shown_closings(owner) == control_closings("0401-001", 2025, "17000010")
    assert without_moment(read(owner)) == without_moment(before)


def without_moment(text: str) -> str:
    """The page without the moment of the publication."""
    return re.sub(r"opublikowane .*? o \d+:\d+", "", text)


def test_owner_walks_the_portal_by_keyboard_alone(
    site: Site, chromium: Browser, contexts: list[BrowserContext]
) -> None:
    clerk = chromium.new_context(java_script_enabled=False, locale="pl-PL")
    owner = chromium.new_context(locale="pl-PL")
    contexts += [clerk, owner]
    desk, page = clerk.new_page(), owner.new_page()
    publish_first_package(desk, site)
    login, password = issue_password(desk, site, "17000010")

    page.goto(site.url("/", slug="sloneczna"))
    press(page, "Zaloguj")
    type_into(page, "Login", login)
    type_into(page, "Hasło", password)
    press(page, "Zaloguj")
    type_into(page, "Nowe hasło", "zielony rower na dachu")
    page.keyboard.press("Tab")
    page.keyboard.type("zielony rower na dachu")
    press(page, "Zapisz hasło")
    press(page, "2024")
    assert shown_closings(page) == control_closings("0401-001", 2024, "17000010")
    for tab in (
        "Opłaty za używanie lokalu",
        "Księgowość",
        "Media",
        "Dane osobowe",
        "Informacje",
        "Kartoteka lokalu",
    ):
        press(page, tab)
        expect(page.get_by_role("heading", level=1)).to_have_text(tab)
    press(page, "English")
    assert page.locator("html").get_attribute("lang") == "en"
    press(page, "Polski")
    press(page, "Wyloguj")
    page.goto(site.url("/start/", slug="sloneczna"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Logowanie")
