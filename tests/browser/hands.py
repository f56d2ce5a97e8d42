"""Hands on a keyboard, and eyes on a page."""

import re
from decimal import Decimal

from playwright.sync_api import Locator, Page

TAB_LIMIT = 80
FOCUSED = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return "";
    const label = one.labels && one.labels.length ? one.labels[0].innerText : "";
    return (label || one.innerText || one.getAttribute("aria-label") || one.value || one.type || "").trim();
}"""


def tab_to(page: Page, words: str) -> None:
    """Press Tab until the thing with these words has the focus, as somebody without a mouse does."""
    for _ in range(TAB_LIMIT):
        page.keyboard.press("Tab")
        if re.match(rf"\W*{re.escape(words)}", " ".join(page.evaluate(FOCUSED).split())):
            return
    raise AssertionError(f"Tab does not lead to {words!r} on {page.url}")


def press(page: Page, words: str) -> None:
    """Go to a link or button by Tab and press Enter; wait for the page that follows."""
    tab_to(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def type_into(page: Page, label: str, text: str) -> None:
    """Go to a field by Tab and type."""
    tab_to(page, label)
    page.keyboard.type(text)


def read(page: Page | Locator) -> str:
    """The words that are seen, with plain spaces and minus signs."""
    seen = page.locator("main").inner_text() if isinstance(page, Page) else page.inner_text()
    return re.sub(r"\s+", " ", seen.replace("\u2212", "-"))


def amount(text: str) -> Decimal:
    """The first amount of a text."""
    found = re.search(r"[+-]?\d[\d ]*,\d\d", text)
    assert found, text
    return Decimal(found[0].replace(" ", "").replace(",", "."))
