"""Every page with a keyboard alone: Tab leads to everything that can be operated, in order, visibly, and out again."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.every_page import Addresses, open_pages
from tests.browser.site import Site
from tests.samples_database import Samples

pytestmark = pytest.mark.xdist_group("browser")

MOST_STOPS = 400
# What Tab must reach: a group of radio buttons is one stop, a closed <details> hides what is in it.
OPERABLE = """() => {
  const all = [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"], [role=region][tabindex]')];
  const groups = new Set();
  window.stops = all.filter(one => {
    if (one.disabled || one.tabIndex < 0 || !one.checkVisibility({checkVisibilityCSS: true})) return false;
    if (one.type !== 'radio') return true;
    const isFirst = !groups.has(one.name);
    groups.add(one.name);
    return isFirst;
  });
  return window.stops.length;
}"""
# A page may put the focus into its first field; the walk begins at the top all the same.
TO_THE_TOP = (
    "() => { document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex'); }"
)
# The number of the stop that has the focus, whether a person sees it there, and what it is.
FOCUSED = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  const group = one.type === 'radio' ? window.stops.findIndex(other => other.name === one.name) : -1;
  return {
    number: group >= 0 ? group : window.stops.indexOf(one),
    // Day, month, year and calendar of a date are stops inside one field, the browser's own.
    isSeen: one.type === 'date' || style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 && box.width > 0
      && box.bottom > 0 && box.top < innerHeight,
    name: one.outerHTML.slice(0, 90),
    isBody: one === document.body,
  };
}"""


def faults_of(page: Page, path: str) -> list[str]:
    """What somebody without a mouse would stumble over."""
    expected = page.evaluate(OPERABLE)
    page.evaluate(TO_THE_TOP)
    reached: list[int] = []
    faults = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        if found["isBody"] or (len(reached) > 1 and found["number"] == reached[0]):
            break
        if not found["isSeen"]:
            faults.append(f"{path}: focus is not to be seen on {found['name']}")
        if found["number"] not in reached[-1:]:
            reached.append(found["number"])
    # A box that scrolls is a stop of its own, which the list does not know.
    known = [number for number in reached if number >= 0]
    if known != list(range(expected)):
        faults.append(f"{path}: Tab reaches {known} of {expected}")
    return faults


@pytest.mark.parametrize("width", [1280, 390])
def test_tab_reaches_everything_in_order_and_visibly(
    samples_db: Samples, sample_site: Site, addresses: Addresses, chromium: Browser, width: int
) -> None:
    faults: list[str] = []
    seen = 0

    for page, path in open_pages(chromium, sample_site, samples_db, addresses, []):
        page.set_viewport_size({"width": width, "height": 900})
        faults += faults_of(page, path)
        seen += 1

    assert not faults, "\n".join(faults)
    assert seen > 35


def test_the_first_stop_leads_past_the_navigation(
    samples_db: Samples, sample_site: Site, addresses: Addresses, chromium: Browser
) -> None:
    faults: list[str] = []

    for page, path in open_pages(chromium, sample_site, samples_db, addresses, []):
        page.evaluate(TO_THE_TOP)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        if page.evaluate("document.activeElement.tagName") != "MAIN":
            faults.append(path)

    assert faults == []
