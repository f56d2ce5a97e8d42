"""Sign-in and change of password at an association's door in a real Chromium: accessible, fitting the screen."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser

from associations.notifications.models import MessageKind
from associations.profile.models import AssociationProfile
from saas.tenancy.switching import enter_association
from tests.billing_views.manager.account.test_pages_in_browser import (  # noqa: F401 - chromium is a fixture
    chromium,
    look_at,
    serve,
)
from tests.billing_views.owner.account.conftest import Owner
from tests.billing_views.owner.account.test_emails import give, link_of, unsubscribe_link
from tests.billing_views.owner.account.test_second_factor import set_up
from tests.billing_views.owner.account.test_sign_in import sign_in


@pytest.fixture
def account_pages(browse: Callable[..., Client], owner: Owner, settings: Any) -> dict[str, Any]:
    """The owner's account in every state: mails, sessions, the code from the phone."""
    settings.EMAIL_HOST = "mail.example"
    client, stranger = browse(), browse()
    sign_in(client, owner)
    browse().post("/logowanie/", {"login": owner.login, "password": "x"})
    shown = {"account": client.get("/konto/")}
    session = re.search(r'href="(/konto/sesje/[^"]+)"', shown["account"].content.decode())
    assert session
    give(client)
    shown |= {
        "pending": client.get("/konto/"),
        "confirm": stranger.get(link_of(owner)),
        "email-refused": client.post("/konto/e-mail/", {"address": "anna"}),
        "confirmed": stranger.post(link_of(owner)),
        "dead-link": stranger.get("/e-mail/potwierdz/nieznany/"),
        "email-removal": client.get("/konto/e-mail/usun/"),
        "mails-refused": client.post("/konto/powiadomienia/", {"days_before": "99"}),
        "session": client.get(session[1]),
        "factor-refused": set_up(client, code="000000"),
        "codes": set_up(client),
        "with-factor": client.get("/konto/"),
        "new-codes": client.get("/konto/kody-zapasowe/"),
        "factor-removal": client.get("/konto/drugi-skladnik/wylacz/"),
    }
    unsubscribe = unsubscribe_link(owner, MessageKind.NEW_DATA, MessageKind.DUE_DAY)
    shown |= {"unsubscribe": stranger.get(unsubscribe), "unsubscribed": stranger.post(unsubscribe)}
    sign_in(stranger, owner)
    shown["code-refused"] = stranger.post("/logowanie/kod/", {"code": "1"})
    return shown


@pytest.fixture
def sign_in_pages(browse: Callable[..., Client], beginner: Owner, namesake: Owner) -> dict[str, Any]:
    """Everything that these modules show, as the program answered."""
    fresh, first, settled = browse(), browse(), browse("lipowa")
    with enter_association(beginner.association):
        AssociationProfile.objects.update(
            office_address="ul. Słoneczna 5, pokój 3, 25-001 Kielce",
            office_hours="pn–pt 8.00–15.00, śr do 17.00",
            office_phone="41 123 45 67",
        )
    sign_in(first, beginner)
    sign_in(settled, namesake)
    return {
        "refused": fresh.post("/logowanie/", {"login": "nieznany", "password": "x"}),
        "forced-refused": first.post("/haslo/", {"new_password": "1", "new_password_again": "2"}),
        "own": settled.get("/haslo/"),
    }


SCREENS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]


@pytest.fixture(params=["sign_in_pages", "account_pages"])
def pages(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Before the browser, which asks for them by this name."""
    found: dict[str, Any] = request.getfixturevalue(request.param)
    return found


def test_pages_are_accessible_and_fit_the_screen(
    chromium: Browser,  # noqa: F811 - the fixture
    pages: dict[str, Any],
) -> None:
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
