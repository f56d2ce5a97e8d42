"""Every page as a screen reader hears it: one title, headings without gaps, named landmarks, tables and fields."""

import os

import pytest
from playwright.sync_api import Browser

from saas.local.addresses import CHECKOUT
from tests.browser.every_page import Addresses, open_pages
from tests.browser.outlines import faults_of, outline_of
from tests.browser.site import Site
from tests.samples_database import Samples

pytestmark = pytest.mark.xdist_group("browser")


def test_every_page_can_be_found_through_by_ear(
    samples_db: Samples, sample_site: Site, addresses: Addresses, chromium: Browser
) -> None:
    faults: list[str] = []
    titles: dict[str, str] = {}
    heard: list[str] = []

    for page, path in open_pages(chromium, sample_site, samples_db, addresses, []):
        outline = outline_of(page)
        faults += [f"{path}: {fault}" for fault in faults_of(outline)]
        if page.locator("html").get_attribute("lang") != "pl":
            faults.append(f"{path}: the page does not say its language")
        titles[path] = page.title()
        heard += [f"## {path}", *outline, ""]
    if folder := os.environ.get("KARTOTEKA_OUTLINES"):
        (CHECKOUT / folder).write_text("\n".join(heard), encoding="utf-8")

    assert not faults, "\n".join(faults)
    assert [path for path, title in titles.items() if not title.partition(" – ")[0].strip()] == []
    assert len(titles) > 35
