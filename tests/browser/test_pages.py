"""Every page of both doors in a real Chromium: no accessibility violation, nothing wider than the screen, nothing
asked for that the page's own policy refuses. Which pages: tests.browser.every_page.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.every_page import Addresses, open_pages
from tests.browser.site import Site
from tests.samples_database import Samples

pytestmark = pytest.mark.xdist_group("browser")

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
SCREENS = [(1280, "light"), (390, "light"), (1280, "dark"), (390, "dark")]


def violations(page: Page) -> list[str]:
    """What axe finds, one line each; the script is in the page already."""
    found = page.evaluate("options => axe.run(document, options)", RULES)["violations"]
    return [f"{one['id']} {[node['html'][:120] for node in one['nodes'][:3]]}" for one in found]


def test_every_page_is_accessible_and_fits_the_screen(
    samples_db: Samples,
    sample_site: Site,
    addresses: Addresses,
    chromium: Browser,
) -> None:
    script, seen = Axe().axe_script, 0
    wrong: list[str] = []

    for page, path in open_pages(chromium, sample_site, samples_db, addresses, wrong):
        page.evaluate(script)
        for width, scheme in SCREENS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wrong.append(f"{path} is wider than {width}")
            wrong += [f"{path} {width} {scheme}: {text}" for text in violations(page)]
        seen += 1

    assert not wrong, "\n".join(wrong)
    assert seen > 35
    assert "Traceback" not in sample_site.text
