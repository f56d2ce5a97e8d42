"""English, one click away: nothing Polish is left on a page but what the association's data say."""

import pytest
from django.conf import settings
from django.test import Client

from associations.imports.models import ImportBatch, ImportTable
from associations.ledger.models import Account
from associations.premises.models import HoldingMember, PremisesKind
from associations.profile.models import AssociationProfile, AssociationState
from saas.tenancy.switching import enter_association
from tests.billing_views.owner.browsing import browser_of
from tests.billing_views.speech import MANAGER_PAGES, OWNER_PAGES, data_of, polish_left, polish_texts_beside
from tests.cast import APEX, Role
from tests.samples_database import Samples


@pytest.fixture(scope="module")
def polish_texts() -> frozenset[str]:
    return polish_texts_beside("en")


def english(client: Client) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def read(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    assert 'lang="en"' in response.content.decode()
    return response.content.decode()


def test_polish_page_is_seen_to_be_polish(samples: Samples, polish_texts: frozenset[str]) -> None:
    member = samples[Role.OWNER]

    page = member.browser().get(f"/lokal/{member.holding_id}/kartoteka/").content.decode()

    left = set(polish_left(page, data_of(samples.sloneczna), polish_texts))
    assert left >= {"Wyloguj", "Kartoteka lokalu", "Księgowość", "Dane osobowe"}


@pytest.mark.parametrize("role", [Role.OWNER, Role.BUYER, Role.FORMER_OWNER, Role.OTHER_OWNER])
def test_owner_pages_are_english(samples: Samples, role: Role, polish_texts: frozenset[str]) -> None:
    member = samples[role]
    association = samples.lipowa if role == Role.OTHER_OWNER else samples.sloneczna
    data, client = data_of(association), english(member.browser())
    with enter_association(association):
        account = Account.objects.order_by("pk")[0].pk
    pages = [*OWNER_PAGES, f"ksiegowosc/2025/{account}/"]
    paths = ["/haslo/", *(f"/lokal/{member.holding_id}/{page}" for page in pages)]

    left = {path: list(polish_left(read(client, path), data, polish_texts)) for path in paths}

    assert {path: texts for path, texts in left.items() if texts} == {}


def test_pages_of_a_garage_are_english(samples: Samples, polish_texts: frozenset[str]) -> None:
    with enter_association(samples.lipowa):
        garages = HoldingMember.objects.filter(holding__premises__kind=PremisesKind.GARAGE)
        member = garages.select_related("person").order_by("pk")[0]
        client = english(browser_of(samples.lipowa, member.person))
        pages = {page: read(client, f"/lokal/{member.holding_id}/{page}") for page in OWNER_PAGES}
    data = data_of(samples.lipowa)

    left = {page: list(polish_left(text, data, polish_texts)) for page, text in pages.items()}

    assert "garage " in pages["kartoteka/"]
    assert {page: texts for page, texts in left.items() if texts} == {}


@pytest.mark.parametrize("host", ["sloneczna.localhost", "lipowa.localhost"])
@pytest.mark.parametrize("path", ["/", "/logowanie/"])
def test_pages_before_sign_in_are_english(
    samples: Samples, host: str, path: str, polish_texts: frozenset[str]
) -> None:
    data = data_of(samples.lipowa if host.startswith("lipowa") else samples.sloneczna)

    page = read(english(Client(headers={"host": host})), path)

    assert list(polish_left(page, data, polish_texts)) == []


@pytest.mark.parametrize("host", ["sloneczna.localhost", APEX])
def test_page_that_is_not_there_says_so_in_english(
    samples: Samples, host: str, polish_texts: frozenset[str]
) -> None:
    page = english(Client(headers={"host": host})).get("/nie-ma/").content.decode()

    assert list(polish_left(page, set(), polish_texts)) == []


def test_suspended_portal_says_so_in_english(samples: Samples, polish_texts: frozenset[str]) -> None:
    with enter_association(samples.sloneczna):
        AssociationProfile.objects.update(state=AssociationState.SUSPENDED)

    response = english(Client(headers={"host": "sloneczna.localhost"})).get("/")

    assert response.status_code == 503
    assert list(polish_left(response.content.decode(), data_of(samples.sloneczna), polish_texts)) == []


def test_refused_sign_in_says_why_in_english(samples: Samples, polish_texts: frozenset[str]) -> None:
    client = english(Client(headers={"host": "sloneczna.localhost"}))

    page = client.post("/logowanie/", {"login": "nikt", "password": ""}).content.decode()

    assert list(polish_left(page, data_of(samples.sloneczna), polish_texts)) == []


def test_manager_pages_are_english(samples: Samples, polish_texts: frozenset[str]) -> None:
    member = samples[Role.MANAGER]
    data, client = data_of(samples.sloneczna) | data_of(samples.lipowa), english(member.browser())
    data.add("manager z zarządu")
    with enter_association(samples.sloneczna):
        batch = ImportBatch.objects.order_by("pk")[0].pk
        table = ImportTable.objects.filter(batch=batch, file_number=1).order_by("pk")[0]
        # The page that corrects a table shows the file's own words.
        data |= {*table.headers, *(cell for row in table.samples for cell in row)}
    owner = samples[Role.OWNER]
    pages = (
        *MANAGER_PAGES,
        f"a/sloneczna/importy/{batch}/",
        f"a/sloneczna/importy/{batch}/cofnij/",
        f"a/sloneczna/importy/{batch}/zmiany/",
        f"a/sloneczna/importy/{batch}/odczyt/1/1/",
        f"a/sloneczna/osoby/{owner.person_id}/",
        f"a/sloneczna/podglad/{owner.holding_id}/kartoteka/",
    )

    left = {page: list(polish_left(read(client, f"/{page}"), data, polish_texts)) for page in pages}

    assert {page: texts for page, texts in left.items() if texts} == {}
