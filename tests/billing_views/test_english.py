"""English, one click away: nothing Polish is left on a page but what the association's data say."""

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import CharField, Field, TextField
from django.test import Client

from associations.imports.models import ImportBatch, ImportTable
from associations.ledger.models import Account
from associations.premises.models import HoldingMember, PremisesKind
from associations.profile.models import AssociationProfile, AssociationState
from saas.local.translations import CATALOGUES, parse
from saas.tenancy.switching import AssociationRef, enter_association
from tests.billing_views.owner.browsing import browser_of
from tests.cast import APEX, Role
from tests.samples_database import Samples

POLISH_LETTER = re.compile("[ąćęłńóśźżĄĆĘŁŃÓŚŹŻ]")
LETTER = re.compile(r"[^\W\d_]")
# The currency, the way to the other language, the units of the accounting program and the portal's name.
SAID_ALIKE = ("zł", "Polski", "Otwarta Kartoteka")
SPOKEN_ATTRIBUTES = {"aria-label", "title", "placeholder", "alt", "content"}
OWNER_PAGES = (
    "kartoteka/",
    "kartoteka/2024/",
    "oplaty/",
    "oplaty/2025/2/",
    "ksiegowosc/",
    "ksiegowosc/?rok=2025",
    "media/",
    "media/?rok=2025",
    "dane/",
    "informacje/",
    "zmien/",
)
MANAGER_PAGES = (
    "",
    "konto/",
    "konto/haslo/",
    "konto/drugi-skladnik/",
    "konto/programy/",
    "a/sloneczna/",
    "a/sloneczna/importy/",
    "a/sloneczna/importy/profile/",
    "a/sloneczna/lokale/",
    "a/sloneczna/lokale/?szukaj=zzz",
    "a/sloneczna/osoby/",
    "a/sloneczna/hasla/",
    "a/sloneczna/ustawienia/",
    "a/sloneczna/zamkniete-lata/",
    "a/sloneczna/dziennik/",
)


class Speech(HTMLParser):
    """The texts of a page, one by one, as people see or hear them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts += [value for name, value in attrs if name in SPOKEN_ATTRIBUTES and value]

    def handle_data(self, data: str) -> None:
        self.texts += [" ".join(data.split())]


@pytest.fixture(scope="module")
def polish_texts() -> frozenset[str]:
    """Texts of the interface that are no English ones, too (Polish „Data” is a date)."""
    texts = [text for text in parse(CATALOGUES["en"].read_bytes()) if text.id]
    return frozenset(str(text.id) for text in texts) - {str(text.string) for text in texts}


def data_of(association: AssociationRef) -> set[str]:
    """Every text that the association's tables hold, as a page shows it."""
    with enter_association(association):
        found = {
            text
            for model in apps.get_models()
            if model.__module__.startswith("associations.")
            for field in model._meta.get_fields()
            if isinstance(field, CharField | TextField) and not field.choices and isinstance(field, Field)
            for text in model._default_manager.order_by().values_list(field.attname, flat=True).distinct()
            if text
        }
    return {" ".join(text.split()) for text in found}


def polish_left(page: str, data: set[str], polish_texts: Iterable[str]) -> Iterator[str]:
    """Texts of a page that are Polish although no table holds them."""
    # What the data say may begin a heading.
    said = data | {text[0].upper() + text[1:] for text in data}
    known = sorted((text for text in said if POLISH_LETTER.search(text)), key=len, reverse=True)
    for spoken in Speech(page).texts:
        rest = spoken
        for text in (*known, *SAID_ALIKE):
            rest = rest.replace(text, "")
        if POLISH_LETTER.search(rest) or (spoken in polish_texts and spoken not in data):
            yield spoken


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
