"""„Dane do przelewu” by hand: what is copied and said, what stays hidden without scripts, every state accessible."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from associations.audit.actors import SYSTEM
from associations.premises.models import TransferAccount
from associations.profile.fund_accounts import change_fund_account
from associations.profile.models import Fund
from saas.tenancy.switching import enter_association
from tests.browser.every_page import bring_session
from tests.browser.site import Site
from tests.browser.test_pages import SCREENS, violations
from tests.cast import Role
from tests.samples_database import Samples

pytestmark = pytest.mark.xdist_group("browser")

NRB, OTHER_NRB = "85102010550000000000000001", "71102010550000000000700011"


@pytest.fixture
def fund_id(samples_db: Samples) -> int:
    """The main fund, whose common account changed just now; the flat has no number of its own."""
    with enter_association(samples_db.sloneczna):
        fund = Fund.objects.get(code="main")
        TransferAccount.objects.filter(fund=fund).delete()
        change_fund_account(actor=SYSTEM, fund_id=fund.pk, expected="", nrb=OTHER_NRB)
        change_fund_account(actor=SYSTEM, fund_id=fund.pk, expected=OTHER_NRB, nrb=NRB)
        return int(fund.pk)


@pytest.fixture
def page(fund_id: int, samples_db: Samples, sample_site: Site, chromium: Browser) -> Iterator[Page]:
    """The owner's page, in a browser that lets it write to the clipboard."""
    context = chromium.new_context(locale="pl-PL", permissions=["clipboard-read", "clipboard-write"])
    home = sample_site.url("/", slug="sloneczna")
    bring_session(home, samples_db[Role.OWNER], context)
    found = context.new_page()
    found.goto(f"{home}lokal/{samples_db[Role.OWNER].holding_id}/przelew/?kwota-{fund_id}=12,30")
    yield found
    context.close()


def test_a_button_copies_the_plain_number_and_says_so(page: Page, fund_id: int) -> None:
    card = page.locator(f"#fundusz-{fund_id}")

    card.get_by_role("button", name="Kopiuj (Numer rachunku").click()

    expect(page.locator("[data-copied]")).to_have_text("Skopiowano")
    assert page.evaluate("navigator.clipboard.readText()") == NRB
    card.get_by_role("button", name="Kopiuj (Kwota").click()
    expect(card.locator("[data-done]")).to_have_count(2)
    assert page.evaluate("navigator.clipboard.readText()") == "12,30"


def test_without_scripts_there_is_no_button_and_the_amount_can_be_changed(
    fund_id: int, samples_db: Samples, sample_site: Site, chromium: Browser
) -> None:
    context = chromium.new_context(locale="pl-PL", java_script_enabled=False)
    home = sample_site.url("/", slug="sloneczna")
    bring_session(home, samples_db[Role.OWNER], context)
    page = context.new_page()
    page.goto(f"{home}lokal/{samples_db[Role.OWNER].holding_id}/przelew/")
    card = page.locator(f"#fundusz-{fund_id}")

    expect(card.locator("[data-copy]").first).to_be_hidden()
    card.locator(f"#kwota-{fund_id}").fill("1 234,56")
    card.get_by_role("button", name="Zmień kwotę").click()

    expect(card.locator("dd.sum")).to_contain_text("1\u00a0234,56")
    context.close()


def test_every_state_is_accessible_and_fits_the_screen(page: Page, fund_id: int) -> None:
    script, wrong = Axe().axe_script, []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    address = page.url.partition("?")[0]

    for query in ("", f"?kwota-{fund_id}=abc", f"?kwota-{fund_id}=99999&odsetki-{fund_id}=1"):
        page.goto(address + query)
        expect(page.get_by_text("nie ufaj pismom z innym numerem")).to_be_visible()
        page.evaluate(script)
        for width, scheme in SCREENS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append(f"{query} is wider than {width}")
            wrong += [f"{query} {width} {scheme}: {text}" for text in violations(page)]

    assert not wrong, "\n".join(wrong)


def test_the_confirmation_of_a_changed_account_is_accessible(
    fund_id: int, samples_db: Samples, sample_site: Site, chromium: Browser
) -> None:
    context = chromium.new_context(locale="pl-PL")
    home = sample_site.url("/")
    bring_session(home, samples_db[Role.MANAGER], context)
    page = context.new_page()
    page.goto(f"{home}a/sloneczna/ustawienia/rachunki/{fund_id}/")
    page.get_by_label("Nowy numer rachunku").fill(OTHER_NRB)
    page.get_by_role("button", name="Dalej: potwierdzenie").click()
    expect(page.get_by_label("Twoje hasło")).to_be_visible()
    page.evaluate(Axe().axe_script)

    wrong = []
    for width, scheme in SCREENS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"wider than {width}")
        wrong += violations(page)

    assert not wrong, "\n".join(wrong)
    context.close()
