"""400 % zoom: a window of 1280 × 1024 shows 320 × 256 then, and nothing must be read by scrolling sideways."""

import pytest
from playwright.sync_api import Browser

from tests.browser.every_page import Addresses, open_pages
from tests.browser.site import Site
from tests.samples_database import Samples

pytestmark = pytest.mark.xdist_group("browser")

# What sticks out of the page although it is in no box that scrolls by itself (a table, which may: WCAG 1.4.10).
STICKING_OUT = """() => [...document.querySelectorAll('main *, header *, footer *')].filter(one => {
  if (!one.checkVisibility() || one.closest('.hidden, .skip, svg')) return false;
  for (let box = one.parentElement; box; box = box.parentElement)
    if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(box).overflowX)) return false;
  return one.getBoundingClientRect().right > innerWidth + 1;
}).slice(0, 3).map(one => one.outerHTML.slice(0, 90))"""


def test_every_page_is_read_without_scrolling_sideways(
    samples_db: Samples, sample_site: Site, addresses: Addresses, chromium: Browser
) -> None:
    faults: list[str] = []
    seen = 0

    for page, path in open_pages(chromium, sample_site, samples_db, addresses, []):
        page.set_viewport_size({"width": 320, "height": 256})
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            faults.append(f"{path} scrolls sideways")
        faults += [f"{path}: {found}" for found in page.evaluate(STICKING_OUT)]
        seen += 1

    assert not faults, "\n".join(faults)
    assert seen > 35
