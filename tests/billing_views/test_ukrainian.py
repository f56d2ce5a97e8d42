"""Ukrainian, one click away: no Polish is left on a page but what the association's data say, and no English."""

import re

import pytest
from django.conf import settings
from django.test import Client

from associations.ledger.models import Account
from associations.premises.models import HoldingMember, PremisesKind
from saas.local.translations import CATALOGUES, parse
from saas.tenancy.switching import enter_association
from tests.billing_views.owner.browsing import browser_of
from tests.billing_views.speech import (
    MANAGER_PAGES,
    OWNER_PAGES,
    Speech,
    data_of,
    polish_left,
    polish_texts_beside,
)
from tests.cast import APEX, Role
from tests.samples_database import Samples

FURTHER_PAGES = ("kartoteka/szukaj/", "przelew/", "dokumenty/", "odsetki/{fund}/", "skad-saldo/{fund}/")
ACCOUNT_PAGES = ("", "logowania/", "wyloguj-wszedzie/", "e-mail/", "powiadomienia/", "klucze/")
LEGAL_PAGES = ("/", "/logowanie/", "/nie-pamietam-hasla/", "/prywatnosc/", "/cookies/", "/dostepnosc/")
RUSSIAN_LETTER = re.compile("[ыэёъЫЭЁЪ]")


@pytest.fixture(scope="module")
def polish_texts() -> frozenset[str]:
    return polish_texts_beside("uk")


def ukrainian(client: Client) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "uk"
    return client


def left_in(
    client: Client, paths: list[str], data: set[str], polish_texts: frozenset[str]
) -> dict[str, list[str]]:
    """What was left in Polish, by path; paths that leave nothing are not named."""
    left = {}
    for path in paths:
        response = client.get(path)
        page = response.content.decode()
        assert response.status_code == 200, path
        assert 'lang="uk"' in page
        left[path] = list(polish_left(page, data, polish_texts))
    return {path: texts for path, texts in left.items() if texts}


@pytest.mark.parametrize("role", [Role.OWNER, Role.BUYER, Role.FORMER_OWNER, Role.OTHER_OWNER])
def test_owner_pages_are_ukrainian(samples: Samples, role: Role, polish_texts: frozenset[str]) -> None:
    member = samples[role]
    association = samples.lipowa if role == Role.OTHER_OWNER else samples.sloneczna
    with enter_association(association):
        account = Account.objects.order_by("pk")[0]
    pages = [*OWNER_PAGES, f"ksiegowosc/2025/{account.pk}/", *FURTHER_PAGES]
    mount = f"/lokal/{member.holding_id}/"

    left = left_in(
        ukrainian(member.browser()),
        ["/haslo/", *(mount + page.format(fund=account.fund_id) for page in pages)],
        data_of(association),
        polish_texts,
    )

    assert left == {}


def test_account_pages_are_ukrainian(samples: Samples, polish_texts: frozenset[str]) -> None:
    client = ukrainian(samples[Role.OWNER].browser())
    paths = [f"/konto/{page}" for page in ACCOUNT_PAGES]

    assert left_in(client, paths, data_of(samples.sloneczna), polish_texts) == {}


def test_pages_of_a_garage_are_ukrainian(samples: Samples, polish_texts: frozenset[str]) -> None:
    with enter_association(samples.lipowa):
        garages = HoldingMember.objects.filter(holding__premises__kind=PremisesKind.GARAGE)
        member = garages.select_related("person").order_by("pk")[0]
        client = ukrainian(browser_of(samples.lipowa, member.person))
        paths = [f"/lokal/{member.holding_id}/{page}" for page in OWNER_PAGES]
        left = left_in(client, paths, data_of(samples.lipowa), polish_texts)

    assert left == {}


@pytest.mark.parametrize("slug", ["sloneczna", "lipowa"])
def test_pages_before_sign_in_are_ukrainian(
    samples: Samples, slug: str, polish_texts: frozenset[str]
) -> None:
    data = data_of(samples.lipowa if slug == "lipowa" else samples.sloneczna)
    client = ukrainian(Client(headers={"host": f"{slug}.localhost"}))

    assert left_in(client, list(LEGAL_PAGES), data, polish_texts) == {}


@pytest.mark.parametrize("host", ["sloneczna.localhost", APEX])
def test_page_that_is_not_there_says_so_in_ukrainian(
    samples: Samples, host: str, polish_texts: frozenset[str]
) -> None:
    page = ukrainian(Client(headers={"host": host})).get("/nie-ma/").content.decode()

    assert list(polish_left(page, set(), polish_texts)) == []
    assert "Такої сторінки немає" in Speech(page).texts


def test_manager_pages_are_ukrainian(samples: Samples, polish_texts: frozenset[str]) -> None:
    client = ukrainian(samples[Role.MANAGER].browser())
    data = data_of(samples.sloneczna) | data_of(samples.lipowa) | {"manager z zarządu"}

    assert left_in(client, [f"/{page}" for page in MANAGER_PAGES], data, polish_texts) == {}


def test_translations_are_written_in_ukrainian_letters() -> None:
    texts = [str(text.string) for text in parse(CATALOGUES["uk"].read_bytes()) if text.id]

    assert [text for text in texts if RUSSIAN_LETTER.search(text)] == []
    # An apostrophe within a word is U+2019, as everywhere in the catalogue.
    assert [text for text in texts if re.search(r"[а-яіїєґ]'[а-яіїєґ]", text)] == []
