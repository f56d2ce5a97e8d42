"""Every component and frame in a real Chromium: no accessibility violation, nothing wider than the screen.

The pages are served to the browser from memory under the strict content security policy of production.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from playwright.sync_api import Browser, Route, sync_playwright

from billing_views import gallery

STATIC = Path(gallery.__file__).parent / "static"
HOST = "http://galeria.test"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
FRAMES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/": gallery.show_gallery,
    "/wlasciciel/": gallery.show_owner_frame,
    "/wlasciciel/?podglad": gallery.show_owner_frame,
    "/zarzadca/": gallery.show_manager_frame,
    "/formularz/?bledy": gallery.show_form_frame,
    "/blad/": lambda request: gallery.show_error(request, "errors/429"),
}
SCREENS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark"), (320, "light")]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-quic", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    requests = RequestFactory()
    return {path: view(requests.get(path)).content.decode() for path, view in FRAMES.items()}


def serve(pages: dict[str, str]) -> Callable[[Route], None]:
    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(HOST)
        if path in pages:
            policy = {
                "content-security-policy": "default-src 'self'",
                "content-type": "text/html; charset=utf-8",
            }
            route.fulfill(body=pages[path], headers=policy)
        else:
            route.fulfill(path=STATIC / path.rsplit("/", 1)[-1])

    return answer


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_gallery_is_accessible_and_fits_the_screen(
    chromium: Browser, pages: dict[str, str], width: int, scheme: str
) -> None:
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    page.route("**/*", serve(pages))
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    found: dict[tuple[str, str], object] = {}

    for path in pages:
        page.goto(HOST + path)
        assert page.evaluate("document.styleSheets[0].cssRules.length") > 5
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found[path, "wider than the screen"] = width
        found |= {(path, str(violation["id"])): violation["nodes"] for violation in _violations(page)}
    context.close()

    assert found == {}
    assert refused == []


def _violations(page: object) -> list[dict[str, object]]:
    violations: list[dict[str, object]] = Axe().run(page, options=RULES).response["violations"]
    return violations
