"""The page of the API in a real Chromium: it works under the portal's content security policy, with its own files only."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Route, sync_playwright

HOST = "http://localhost"


@pytest.fixture
def answers(db: None) -> dict[str, Any]:
    """What the program answers, asked for before the browser starts."""
    client = Client(headers={"host": "localhost"})
    page = client.get("/api/v1/docs/").content.decode()
    script = page.split('src="')[-1].split('"')[0]
    return {path: client.get(path) for path in ("/api/v1/docs/", script, "/api/v1/schema/")}


@pytest.fixture
def chromium(answers: dict[str, Any]) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--no-sandbox", "--disable-quic", "--disable-background-networking"],
        )
        yield browser
        browser.close()


def test_page_shows_the_api_under_the_strict_policy(answers: dict[str, Any], chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    said, asked_elsewhere = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    def answer(route: Route) -> None:
        address = route.request.url.removeprefix(HOST)
        given = answers.get(address)
        if given is not None:
            headers = {name: value for name, value in given.headers.items() if name != "Set-Cookie"}
            route.fulfill(body=given.content, headers=headers, status=given.status_code)
        elif address.startswith("/static/") and (found := finders.find(address.removeprefix("/static/"))):
            route.fulfill(path=Path(str(found)))
        else:
            asked_elsewhere.append(address)
            route.abort()

    page.route("**/*", answer)
    page.goto(f"{HOST}/api/v1/docs/")
    page.wait_for_selector("#operations-imports-upload_import, [id$=upload_import]", timeout=20_000)

    assert "script-src 'self'" in answers["/api/v1/docs/"].headers["Content-Security-Policy"]
    assert "Wgraj pliki jako jedną paczkę" in page.inner_text("main")
    assert (said, asked_elsewhere) == ([], [])
    context.close()
