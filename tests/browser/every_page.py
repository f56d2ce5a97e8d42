"""Every page of both doors, for whoever may see it: what is looked at, photographed and walked by keyboard.

The pages are those that the isolation table lets a manager, an owner and a stranger see, so none is forgotten;
beside them states that an address alone does not have (a batch with errors, one that asks, a page without data).
"""

from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.browser.site import Site
from tests.cast import Member, Role
from tests.isolation.asking import values_here
from tests.isolation.routes import list_routes
from tests.isolation.table import TABLE, Outcome
from tests.samples_database import Samples
from tests.workers.importing.conftest import Importer

Addresses = dict[tuple[str, Role], list[str]]
WHO = {"apex": (Role.MANAGER, Role.ANONYMOUS), "association": (Role.OWNER, Role.ANONYMOUS)}
# Files, a part of a page that htmx asks for, and the description of the API with the Swagger page that shows it.
NO_PAGES = (
    ".csv",
    "/csv/",
    "/pdf/",
    "/kopia-danych/",
    "/pliki/1/",
    "/z-uwagami/",
    "/postep/",
    "/api/v1/schema/",
    "/api/v1/docs/",
    ".css",
)
PREVIEWED = "/podglad/"
BAD_CHARGES = (
    "Miesiąc;Kod lokalu;Kod osoby;Składnik;Nazwa składnika;Fundusz;Ilość;J.m.;Stawka;Kwota\r\n"
    "2026-11;0401-001;17000010;EKSP;Eksploatacja;podstawowy;53,02;m2;2,28;sto\r\n"
    "2026-11;9999-999;17000010;EKSP;Eksploatacja;podstawowy;53,02;m2;2,28;120,89\r\n"
)
ASKING_PEOPLE = (
    "Kod osoby;Nazwisko i imię;Kod lokalu;Tytuł prawny;Od\r\n"
    "17000010;Inna Karolina;0401-001;własność;01.01.2009\r\n"
    "17999999;Nowa Anna;0401-003;własność;\r\n"
)


@pytest.fixture
def blocked(samples_db: Samples) -> int:
    """A batch with errors, so that there are problems to look at."""
    batch = Importer(samples_db.sloneczna).upload(("naliczenia.csv", BAD_CHARGES.encode()))
    assert batch.state == "blocked"
    return int(batch.pk)


@pytest.fixture
def asking(samples_db: Samples) -> int:
    """A batch that asks about a changed name and an undated title, and ends a title that it leaves out."""
    importer = Importer(samples_db.sloneczna)
    batch = importer.declare(importer.upload(("osoby.csv", ASKING_PEOPLE.encode())), ends_missing_titles=True)
    assert batch.state == "ready"
    return int(batch.pk)


@pytest.fixture
def addresses(samples_db: Samples, blocked: int, asking: int) -> Addresses:
    """The addresses to look at, by door and visitor."""
    values = values_here(samples_db)
    found: Addresses = {}
    for door, roles in WHO.items():
        for role in roles:
            routes = [one for one in list_routes(door) if TABLE[door][one.pattern].get[role] is Outcome.OK]
            paths = [route.address(values) for route in routes]
            found[door, role] = [
                path
                for path in paths
                # One preview stands for all: they are the owner's pages under another bar.
                if not path.endswith(NO_PAGES)
                and not path.startswith("/api/")
                and (PREVIEWED not in path or path.endswith("/kartoteka/"))
            ]
    found["apex", Role.MANAGER] += [f"/a/sloneczna/importy/{blocked}/", "/a/sloneczna/nie-ma/"]
    found["apex", Role.MANAGER] += [f"/a/sloneczna/importy/{blocked}/odczyt/1/1/"]
    found["apex", Role.MANAGER] += [f"/a/sloneczna/importy/{asking}/", "/a/sloneczna/osoby/?szukaj=nikt"]
    found["apex", Role.MANAGER] += [
        f"/a/sloneczna/importy/{asking}/zmiany/",
        f"/a/sloneczna/podglad/{values['holding_id']}/oplaty/?as_seen_on=2020-01-01",
    ]
    found["apex", Role.OPERATOR] = ["/platforma/"]
    found["association", Role.OWNER] += [
        f"/lokal/{values['holding_id']}/kartoteka/2019/",
        f"/lokal/{values['holding_id']}/oplaty/?rok=2026&miesiac=1",
        f"/lokal/{values['holding_id']}/media/?rok=2025",
        "/lokal/999999/dane/",
    ]
    return found


def open_pages(
    chromium: Browser,
    site: Site,
    samples: Samples,
    addresses: Addresses,
    complaints: list[str],
) -> Iterator[tuple[Page, str]]:
    """Each page, opened by who may see it; what the browser complains of is added to `complaints`."""

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 404" not in message.text:
            complaints.append(f"{message.page.url if message.page else ''}: {message.text}")

    for (door, role), paths in addresses.items():
        slug = "" if door == "apex" else "sloneczna"
        context = chromium.new_context(locale="pl-PL")
        home = site.url("/", slug=slug)
        bring_session(home, samples[role], context)
        page = context.new_page()
        page.on("console", hear)
        for path in paths:
            page.goto(home.removesuffix("/") + path)
            yield page, path
        context.close()


def bring_session(url: str, member: Member, context: BrowserContext) -> None:
    """The cast is signed in already."""
    if member.session:
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": member.session, "url": url}])
