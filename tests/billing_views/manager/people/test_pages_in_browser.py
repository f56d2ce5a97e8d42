"""The office's pages of people and passwords in a real Chromium: accessible, not wider than the screen."""

import re
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser

from associations.owners.models import StarterPasswordIssue
from associations.premises.models import Person
from associations.profile.models import AssociationProfile
from saas.tenancy.switching import AssociationRef, enter_association
from tests.billing_views.manager.account.test_pages_in_browser import (  # noqa: F401 - chromium is a fixture
    chromium,
    look_at,
    serve,
)

LIST = "/a/sloneczna/osoby/"


@pytest.fixture
def pages(clerk: Client, everybody: dict[str, Person], sloneczna: AssociationRef) -> dict[str, Any]:
    """Everything that these modules show, as the program answered."""
    issued = everybody["issued"]
    with enter_association(sloneczna):
        issue = StarterPasswordIssue.objects.get(account__person=issued)
    found = {
        "people": clerk.get(LIST),
        "person-refused": clerk.post(f"{LIST}{issued.pk}/odbior/{issue.pk}/", {"received_by": ""}),
        "letters-ready": clerk.post("/a/sloneczna/hasla/", {"chosen": "nigdy-nie-wydane"}, follow=True),
        "issued": clerk.post(f"{LIST}{everybody['former'].pk}/haslo/", {"last_issue": "0"}),
    }
    with enter_association(sloneczna):
        AssociationProfile.objects.update(allows_letters_by_post=True)
    found["person-by-post"] = clerk.get(f"{LIST}{issued.pk}/")
    assert re.search(r"/hasla/[0-9a-f]{32}/", found["letters-ready"].content.decode())
    return found


SCREENS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]


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
