"""English words are longer than Polish ones in places: the pages still fit a phone.

What else a page must be, in whatever language, is tested where the page is.
"""

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.billing_views.manager.account.test_pages_in_browser import (  # noqa: F401 - chromium is a fixture
    HOST,
    chromium,
    serve,
)
from tests.billing_views.speech import MANAGER_PAGES, OWNER_PAGES
from tests.billing_views.test_english import english
from tests.cast import Role
from tests.samples_database import Samples


@pytest.fixture
def pages(samples: Samples) -> dict[str, Any]:
    """Pages in English as the program answered."""
    owner, manager = samples[Role.OWNER], samples[Role.MANAGER]
    at_home, at_work = english(owner.browser()), english(manager.browser())
    found = {
        f"owner-{page}".replace("/", "-").replace("?", "-"): at_home.get(f"/lokal/{owner.holding_id}/{page}")
        for page in OWNER_PAGES
    }
    found |= {
        f"manager-{page}".replace("/", "-").replace("?", "-"): at_work.get(f"/{page}")
        for page in MANAGER_PAGES
    }
    found["manager-batch"] = at_work.get("/a/sloneczna/importy/1/")
    found["sign-in"] = english(samples[Role.ANONYMOUS].browser("sloneczna.localhost")).get("/logowanie/")
    return found


def test_english_pages_fit_a_phone(
    chromium: Browser,  # noqa: F811 - the fixture
    pages: dict[str, Any],
) -> None:
    assert {page.headers["Content-Language"] for page in pages.values()} == {"en"}
    context = chromium.new_context(viewport={"width": 390, "height": 900})
    page = context.new_page()
    page.route("**/*", serve(pages))

    widths = {}
    for name in pages:
        page.goto(f"{HOST}/{name}")
        widths[name] = page.evaluate("document.documentElement.scrollWidth")

    assert {name: width for name, width in widths.items() if width > 390} == {}
    context.close()
