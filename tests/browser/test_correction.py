"""A bookkeeper and a file that nobody knows: the column named without scripts, the next file read by itself."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.site import Site
from tests.browser.test_walk import sign_in_without_scripts, wait_by_refreshing

pytestmark = pytest.mark.xdist_group("browser")

OCTOBER = "Eksport z programu\r\n\r\nObiekt|Rodzaj opłaty|Ulica\r\n0401-034|mieszkanie|ul. Żółta 2\r\n"
NOVEMBER = "Ulica|Obiekt|Rodzaj opłaty\r\nul. Żółta 3|0401-035|mieszkanie\r\n"


def upload(page: Page, site: Site, name: str, text: str) -> None:
    page.goto(site.url("/a/sloneczna/importy/"))
    page.get_by_label("Pliki", exact=True).set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": text.encode("iso8859-2")}
    )
    page.get_by_role("button", name="Wgraj i sprawdź").click()


def wait_for_table(page: Page) -> None:
    """Without scripts: the link in the progress bar, until the first rows are shown."""
    for _ in range(100):
        if page.get_by_role("button", name="Wczytaj ponownie").count():
            return
        page.wait_for_timeout(200)
        link = page.get_by_role("link", name="Odśwież")
        link.first.click() if link.count() else page.reload()
    raise AssertionError(page.inner_text("main"))


def test_an_unknown_file_is_named_once_and_known_from_then_on(site: Site, chromium: Browser) -> None:
    context = chromium.new_context(locale="pl-PL", java_script_enabled=False)
    page = context.new_page()
    sign_in_without_scripts(page, site)

    upload(page, site, "obiekty-2026-10.txt", OCTOBER)
    wait_by_refreshing(page, "zawiera błędy")
    page.locator(".notice").get_by_role("link", name="Popraw wczytanie").click()
    page.get_by_label("Co zawiera tabela").select_option(label="Lokale")
    page.get_by_role("button", name="Pokaż").click()
    wait_for_table(page)
    expect(page.locator(".sample")).to_contain_text("ul. Żółta 2")
    page.get_by_label("Obiekt", exact=True).select_option(label="Kod lokalu")
    page.get_by_label("Ulica", exact=True).select_option(label="Adres")
    page.get_by_role("button", name="Wczytaj ponownie").click()
    wait_by_refreshing(page, "czeka na publikację")

    upload(page, site, "obiekty-2026-11.txt", NOVEMBER)
    wait_by_refreshing(page, "czeka na publikację")

    expect(page.locator("main")).to_contain_text("profil „Lokale: obiekty”")
    context.close()
