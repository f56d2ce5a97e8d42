"""`make screenshots`: a picture of every page, light, dark and on a phone, to be looked at."""

import re

import pytest
from playwright.sync_api import Browser

from saas.local.addresses import CHECKOUT
from tests.browser.every_page import Addresses, open_pages
from tests.browser.site import Site
from tests.samples_database import Samples

pytestmark = pytest.mark.screenshots

FOLDER = CHECKOUT / ".local" / "screenshots"
LOOKS = {
    "light": (1280, "light"),
    "dark": (1280, "dark"),
    "phone": (390, "light"),
    "phone-dark": (390, "dark"),
}


def test_every_page_is_photographed(
    samples_db: Samples, sample_site: Site, addresses: Addresses, chromium: Browser
) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for former in FOLDER.glob("*.png"):
        former.unlink()

    for number, (page, path) in enumerate(open_pages(chromium, sample_site, samples_db, addresses, []), 1):
        name = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "start"
        for look, (width, scheme) in LOOKS.items():
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            page.screenshot(path=FOLDER / f"{number:03}-{name}-{look}.png", full_page=True)

    taken = len(list(FOLDER.glob("*.png")))
    assert taken > 35 * len(LOOKS)
