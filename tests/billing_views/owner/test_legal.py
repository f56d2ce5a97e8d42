"""Privacy, cookies, accessibility: open to everybody, and true of what the portal does."""

import re

import pytest
from django.conf import settings

from associations.premises.models import Person
from associations.profile.models import AssociationProfile
from saas.tenancy.switching import AssociationRef
from tests.billing_views.owner.browsing import DoorClient, browser_of
from tests.factories import make_account_of, make_person

OWN_PASSWORD = "zielony rower na dachu"


@pytest.fixture
def visitor(in_sloneczna: AssociationRef) -> DoorClient:
    return DoorClient(in_sloneczna)


@pytest.mark.parametrize("address", ["/prywatnosc/", "/cookies/", "/dostepnosc/"])
def test_every_page_leads_there_signed_in_or_not(visitor: DoorClient, address: str) -> None:
    owner = browser_of(visitor.association, make_person("17000010"))

    pages = [visitor.get("/"), visitor.get("/logowanie/"), visitor.get(address), owner.get(address)]

    assert [f'href="{address}"' in page.content.decode() for page in pages] == [True] * 4


def test_the_association_adds_its_own_paragraphs(visitor: DoorClient) -> None:
    AssociationProfile.objects.update(
        privacy_text="Inspektor: iod@example.org.\n\n<b>Drugi</b> akapit.",
        accessibility_text="Winda od podwórza.",
    )

    privacy, accessibility = (
        visitor.get(address).content.decode() for address in ("/prywatnosc/", "/dostepnosc/")
    )

    assert "<p>Inspektor: iod@example.org.</p>" in privacy
    assert "<p>&lt;b&gt;Drugi&lt;/b&gt; akapit.</p>" in privacy
    assert "<p>Winda od podwórza.</p>" in accessibility


def test_the_controller_is_the_association(visitor: DoorClient) -> None:
    name = AssociationProfile.objects.get().name

    assert f"Administratorem danych osobowych jest {name}." in visitor.get("/prywatnosc/").content.decode()


def test_the_page_names_every_cookie_that_a_whole_visit_sets(visitor: DoorClient) -> None:
    person: Person = make_person("17000010")
    account = make_account_of(person, "login-17000010")
    account.set_password(OWN_PASSWORD)
    account.save()
    visitor.post("/jezyk/", {"language": "pl", "next": "/"})
    visitor.get("/logowanie/")
    visitor.post("/logowanie/", {"login": "login-17000010", "password": OWN_PASSWORD})
    visitor.get("/start/")
    assert settings.SESSION_COOKIE_NAME in visitor.cookies

    page = visitor.get("/cookies/").content.decode()

    assert set(re.findall(r"<code>([^<]+)</code>", page)) >= set(visitor.cookies)
    assert len(re.findall(r"<code>", page)) == 3
