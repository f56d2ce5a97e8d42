"""Pages of sign-in and account in a real Chromium: accessible, not wider than the screen, no style refused.

The pages come from the program and the real database; the browser gets them from memory with their own headers.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page, Route, sync_playwright
from pytest_django import Settings

import billing_views
from associations.audit.actors import SYSTEM
from saas.staff.actions import issue_link
from saas.staff.models import LinkPurpose, StaffUser
from tests.billing_views.manager.account.test_second_step import SET_UP, code_now

STATIC = Path(billing_views.__file__).parent / "static"
HOST = "http://localhost"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
SCREENS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]
SHOTS = os.environ.get("KARTOTEKA_SCREENSHOTS")


@pytest.fixture
def pages(apex: Client, signed_in: Client, manager: StaffUser, settings: Settings) -> dict[str, Any]:
    """What these modules show, one page of each sort, as the program answered."""
    settings.EMAIL_HOST = "mail.example"
    link = issue_link(actor=SYSTEM, user=manager, purpose=LinkPurpose.INVITATION)
    fresh = Client(SERVER_NAME="localhost")
    pages: dict[str, Any] = {
        "password": signed_in.post("/konto/haslo/", {"current": "x", "password": "y", "repeated": "z"}),
        "refused": fresh.post("/logowanie/", {"email": manager.email, "password": "wrong"}),
        "sent": fresh.post("/nowe-haslo/", {"email": manager.email}),
        "invitation": fresh.get(link.removeprefix(settings.APEX_URL)),
        "dead-link": fresh.get("/nowe-haslo/no-such-token/"),
    }
    settings.TOTP_REQUIRED = True
    pages["forced"] = signed_in.get(SET_UP)
    pages["codes"] = signed_in.post(SET_UP, {"code": code_now(signed_in.session["totp_seed"])})
    pages["account-with-factor"] = signed_in.get("/konto/")
    fresh.post("/logowanie/", {"email": manager.email, "password": "zielone-jabłko-7"})
    pages["code"] = fresh.get("/kod/")
    return pages


@pytest.fixture
def chromium(pages: object) -> Iterator[Browser]:
    """Started when the pages are there: Django refuses the database beside Playwright's event loop."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-quic", "--disable-background-networking"],
        )
        yield browser
        browser.close()


def serve(pages: dict[str, Any]) -> Callable[[Route], None]:
    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(HOST).removeprefix("/")
        if path in pages:
            route.fulfill(body=pages[path].content, headers=dict(pages[path].items()))
        else:
            route.fulfill(path=STATIC / path.rsplit("/", 1)[-1])

    return answer


def test_pages_are_accessible_and_fit_the_screen(chromium: Browser, pages: dict[str, Any]) -> None:
    found: dict[tuple[str, int, str, str], object] = {}
    for width, scheme in SCREENS:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
        )
        page = context.new_page()
        page.route("**/*", serve(pages))
        for name in pages:
            for problem, nodes in look_at(page, name, width, scheme).items():
                found[name, width, scheme, problem] = nodes
        context.close()

    assert found == {}


def look_at(page: Page, name: str, width: int, scheme: str) -> dict[str, object]:
    """What is wrong with one page on one screen."""
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Refused" in message.text else None)
    page.goto(f"{HOST}/{name}")
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}-{width}-{scheme}.png", full_page=True)
    found: dict[str, object] = {
        str(one["id"]): one["nodes"] for one in Axe().run(page, options=RULES).response["violations"]
    }
    if page.evaluate("document.documentElement.scrollWidth") > width:
        found["wider than the screen"] = width
    return found | ({"refused": refused} if refused else {})
