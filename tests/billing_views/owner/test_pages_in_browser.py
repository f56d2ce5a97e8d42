"""Every page of a holding in a real Chromium, with sample data: accessible, fitting the screen, read by keyboard."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from associations.premises.models import HoldingMember
from associations.profile.models import AssociationProfile
from saas.tenancy.switching import AssociationRef, enter_association
from tests.billing_views.manager.account.test_pages_in_browser import (  # noqa: F401 - chromium is a fixture
    SHOTS,
    chromium,
    look_at,
    serve,
)
from tests.billing_views.owner.browsing import DoorClient, browser_of
from tests.samples_database import Samples

# Every page in both schemes and both widths; all four screens where figures stand densest.
SCREENS = {(1280, "light"): False, (390, "dark"): False, (1280, "dark"): True, (390, "light"): True}
DENSE = ("ledger", "charges-january", "media", "personal")


def open_door(association: AssociationRef, person_code: str) -> tuple[DoorClient, int]:
    member = HoldingMember.objects.select_related("person").get(
        person__code=person_code, holding__ends_on=None
    )
    return browser_of(association, member.person), member.holding_id


@pytest.fixture
def pages(samples: Samples) -> dict[str, Any]:
    """Pages as the program answered: of an owner, a buyer, and a community's owner with a garage."""
    with enter_association(samples.sloneczna):
        AssociationProfile.objects.update(
            office_address="ul. Słoneczna 5, pokój 3, 25-001 Kielce",
            office_hours="pn–pt 8.00–15.00, śr do 17.00",
            office_phone="41 123 45 67",
            information_text="Opłaty za wodę zmieniają się od 1 stycznia.\n\nZebranie: 12 grudnia, świetlica.",
        )
        owner, holding = open_door(samples.sloneczna, "17000310")
        buyer, bought = open_door(samples.sloneczna, "17000221")
        accounting = owner.get(f"/lokal/{holding}/ksiegowosc/")
        found = {
            "ledger": owner.get(f"/lokal/{holding}/kartoteka/"),
            "ledger-2024": owner.get(f"/lokal/{holding}/kartoteka/2024/"),
            "no-year": owner.get(f"/lokal/{holding}/kartoteka/2030/"),
            "bought": buyer.get(f"/lokal/{bought}/kartoteka/2025/"),
            "charges": owner.get(f"/lokal/{holding}/oplaty/"),
            "charges-january": owner.get(f"/lokal/{holding}/oplaty/2026/1/"),
            "accounting": accounting,
            "details": owner.get(accounting.context["accounting"].rows[0].details_url),
            "media": owner.get(f"/lokal/{holding}/media/?rok=2025"),
            "personal": owner.get(f"/lokal/{holding}/dane/"),
            "information": owner.get(f"/lokal/{holding}/informacje/"),
            "welcome": DoorClient(samples.sloneczna).get("/"),
        }
    with enter_association(samples.lipowa):
        member = HoldingMember.objects.filter(person__code="18000210").order_by("id")[0]
        browser = browser_of(samples.lipowa, member.person)
        found["community"] = browser.get(f"/lokal/{member.holding_id}/oplaty/")
        found["choice"] = browser.get(f"/lokal/{member.holding_id}/zmien/")
        found["several"] = browser.get(f"/lokal/{member.holding_id}/dane/")
    return found


def test_pages_are_accessible_and_fit_the_screen(
    chromium: Browser,  # noqa: F811 - the fixture
    pages: dict[str, Any],
) -> None:
    assert {name: page.status_code for name, page in pages.items()} == dict.fromkeys(pages, 200)
    found: dict[tuple[str, int, str, str], object] = {}
    for (width, scheme), is_dense_only in SCREENS.items():
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
        )
        page = context.new_page()
        page.route("**/*", serve(pages))
        for name in DENSE if is_dense_only and not SHOTS else pages:
            for problem, nodes in look_at(page, name, width, scheme).items():
                found[name, width, scheme, problem] = nodes
        context.close()

    assert found == {}
