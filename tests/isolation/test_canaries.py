"""Canaries planted in other holdings and in the other association are heard where they belong, and nowhere else."""

import io
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

import pytest
from pypdf import PdfReader

from saas.tenancy.switching import enter_association
from tests.cast import APEX, OWNER_ROLES, STAFF_HERE, STAFF_ROLES, Member, Role
from tests.html_pages import list_choices, list_links, read_html
from tests.isolation.asking import Answer, ask, ask_at, nothing_kept, values_here
from tests.isolation.canaries import Nest, birds_in, nests_of, plant
from tests.isolation.routes import list_routes
from tests.samples_database import Samples, SampleSet, samples_apart

PREVIEWERS = (Role.MANAGER, Role.MANAGER_ELSEWHERE)
# Of the pages that are alike for every holding and person, those of the cast are opened.
FEW_PREVIEWS = re.compile(r"^/a/[^/]+/podglad/(\d+)/")
FEW_PEOPLE = re.compile(r"^/a/[^/]+/osoby/(\d+)/")


@pytest.fixture(scope="module")
def planted(
    sample_set: SampleSet, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Samples]:
    """A database of this module with canaries in both associations; its tests are rolled back."""
    with samples_apart(
        sample_set, django_db_blocker, tmp_path_factory.mktemp("canaries"), f"canaries_{worker_id}"
    ) as samples:
        plant(samples)
        yield samples


@pytest.fixture
def nests(planted: Samples) -> dict[Role, Nest]:
    return nests_of(planted)


def crawl(
    member: Member, host: str, *starts: str, previewed: int = 0, people: frozenset[int] = frozenset()
) -> dict[str, str]:
    """Every page that links lead to from the start, by address; of previews those of one holding."""
    pages: dict[str, str] = {}
    waiting = list(starts)
    while waiting:
        address = waiting.pop()
        preview, person = FEW_PREVIEWS.match(address), FEW_PEOPLE.match(address)
        is_alike = (preview and int(preview[1]) != previewed) or (person and int(person[1]) not in people)
        if address in pages or is_alike or address.startswith("/static/"):
            continue
        answer = ask_at(member, host, address)
        assert answer.response.status_code in {200, 302}, f"{address}: {answer}"
        pages[address] = answer.text
        waiting += [urljoin(address, link).partition("#")[0] for link in leads_to(answer)]
    return pages


def leads_to(answer: Answer) -> Iterator[str]:
    """Links, choices in drop-down lists, and a redirect."""
    if answer.response.status_code == 302:
        yield answer.response.headers["Location"]
    if answer.response.headers.get("Content-Type", "").startswith("text/html"):
        page = read_html(answer.text)
        for address in (*list_links(page), *list_choices(page)):
            if not address.startswith(("mailto:", "tel:", "https:", "http:")):
                yield address


def heard(pages: dict[str, str], nests: dict[Role, Nest]) -> frozenset[str]:
    return frozenset().union(*(birds_in(text, nests) for text in pages.values()))


@pytest.mark.parametrize("role", OWNER_ROLES)
def test_owner_hears_the_own_canaries_and_no_other(
    planted: Samples, nests: dict[Role, Nest], role: Role
) -> None:
    """Equality: what is theirs is all there, and nothing else is."""
    member = planted[role]
    own = nests[role].birds
    if role in {Role.OWNER, Role.CO_OWNER}:
        shared = (nests[Role.OWNER].birds | nests[Role.CO_OWNER].birds) - birds_of_co_owner_figures(nests)
        own = shared - nests[Role.CO_OWNER if role == Role.OWNER else Role.OWNER].private

    pages = crawl(member, member.host, "/start/", "/")

    assert heard(pages, nests) == own
    assert len(pages) > 20


@pytest.mark.parametrize("role", OWNER_ROLES)
def test_owners_program_hears_the_own_canaries_and_no_other(
    planted: Samples, nests: dict[Role, Nest], role: Role
) -> None:
    """The whole API from `me/` on: every figure of theirs but nothing else; accounts' names by the ledger."""
    member = planted[role]
    own = nests[role].birds
    if role in {Role.OWNER, Role.CO_OWNER}:
        shared = (nests[Role.OWNER].birds | nests[Role.CO_OWNER].birds) - birds_of_co_owner_figures(nests)
        own = shared - nests[Role.CO_OWNER if role == Role.OWNER else Role.OWNER].private

    answers = read_api(member)

    assert heard(answers, nests) == own
    assert len(answers) > 15


def read_api(member: Member) -> dict[str, str]:
    """Every answer of the owners' API, by address: its own links, and the years and months that it names."""
    found: dict[str, str] = {}
    waiting = ["/api/v1/me/"]
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        answer = ask_at(member, member.host, address)
        assert answer.response.status_code == 200, f"{address}: {answer}"
        found[address] = answer.text
        waiting += api_leads_to(address, json.loads(answer.content))
    return found


def api_leads_to(address: str, answer: dict[str, Any]) -> Iterator[str]:
    """Addresses that an answer names or makes known."""
    for holding in answer.get("holdings", ()):
        yield from holding["links"].values()
    for year in answer.get("years", ()):
        if address.endswith("/media/"):
            yield from (urljoin(address, f"../{name}/{year}/") for name in ("readings", "settlements"))
        else:
            yield f"{address}{year}/"
    for one in answer.get("months", ()):
        yield f"{address}{one['month'].replace('-', '/')}/"


def birds_of_co_owner_figures(nests: dict[Role, Nest]) -> frozenset[str]:
    """The figures of a co-owner are those of the holding: only name and telephone are planted."""
    nest = nests[Role.CO_OWNER]
    return nest.birds - {f"{nest.tag}-NAZWISKO", f"{nest.tag}-TELEFON"}


@pytest.mark.parametrize("role", OWNER_ROLES)
def test_address_of_another_holding_tells_nothing(
    planted: Samples, nests: dict[Role, Nest], role: Role
) -> None:
    """Every page below every holding of the cast, at the own door."""
    values = values_here_of(planted)
    allowed = nests[role].birds
    if role in {Role.OWNER, Role.CO_OWNER}:
        allowed |= nests[Role.OWNER].birds | nests[Role.CO_OWNER].birds
    loud = []

    for route in list_routes("association"):
        for other in OWNER_ROLES if "holding_id" in route.parameters else (role,):
            address = route.address(values | {"holding_id": planted[other].holding_id})
            for method in ("GET", "POST"):
                answer = ask_at(planted[role], planted[role].host, address, method)
                if birds := birds_in(answer.text, nests) - allowed:
                    loud.append(f"{method} {address}: {sorted(birds)}")

    assert not loud, "\n".join(loud)


def values_here_of(planted: Samples) -> dict[str, Any]:
    with enter_association(planted.sloneczna):
        from associations.imports.models import ImportBatch

        last = ImportBatch.objects.order_by("-pk").values_list("pk", flat=True)[0]
    return values_here(planted, batch_id=last)


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_staff_hear_their_own_association_and_no_other(
    planted: Samples, nests: dict[Role, Nest], role: Role
) -> None:
    """Crawled from the overview, with the preview of one holding that has canaries."""
    is_elsewhere = role == Role.MANAGER_ELSEWHERE
    shown = Role.OTHER_OWNER if is_elsewhere else Role.FORMER_OWNER
    holding = planted[shown].holding_id
    slug = "lipowa" if is_elsewhere else "sloneczna"
    starts = [f"/a/{slug}/podglad/{holding}/kartoteka/"] if role in PREVIEWERS else []
    there = nests[Role.OTHER_OWNER].birds
    here = frozenset().union(*(nest.birds for nest in nests.values())) - there

    people = frozenset(planted[one].person_id for one in OWNER_ROLES)
    pages = crawl(planted[role], APEX, "/", *starts, previewed=holding if starts else 0, people=people)
    found = heard(pages, nests)

    silent = here | there if role == Role.OPERATOR else here if is_elsewhere else there
    assert found & silent == frozenset()
    if role in PREVIEWERS:
        assert found >= nests[shown].birds - nests[shown].private
    elif role != Role.OPERATOR:
        assert found


@pytest.mark.parametrize("role", [*STAFF_ROLES, Role.ANONYMOUS, Role.OWNER, Role.OTHER_OWNER])
def test_apex_tells_nothing_of_the_other_association(
    planted: Samples, nests: dict[Role, Nest], role: Role
) -> None:
    """Every address of the apex, for the cooperative and for the community, in both methods; error pages too."""
    values = values_here_of(planted)
    there = nests[Role.OTHER_OWNER].birds
    here = frozenset().union(*(nest.birds for nest in nests.values())) - there
    allowed = here if role in STAFF_HERE else there if role == Role.MANAGER_ELSEWHERE else frozenset()
    loud = []

    for route in list_routes("apex"):
        for slug in ("sloneczna", "lipowa") if "slug" in route.parameters else ("sloneczna",):
            for method in ("GET", "POST"):
                answer = ask(planted[role], route, values | {"slug": slug}, method)
                if birds := birds_in(answer.text, nests) - allowed:
                    loud.append(f"{method} {route.address(values | {'slug': slug})}: {sorted(birds)}")

    assert not loud, "\n".join(loud)


def test_letter_names_its_person_alone_and_opens_to_its_session_alone(
    planted: Samples, nests: dict[Role, Nest]
) -> None:
    buyer, manager = planted[Role.BUYER], planted[Role.MANAGER].browser()
    others = [planted[role].browser() for role in (Role.OFFICE, Role.MANAGER_ELSEWHERE)]
    with nothing_kept():
        person = f"/a/sloneczna/osoby/{buyer.person_id}/"
        last = re.search(r'name="last_issue" value="(\d+)"', manager.get(person).content.decode())
        shown = manager.post(f"{person}haslo/", {"last_issue": last[1] if last else ""}).content.decode()
        (address,) = set(re.findall(r'action="(/a/sloneczna/hasla/[^"]+)"', shown))

        strangers = [
            browser.post(path)
            for browser in others
            for path in (address, address.replace("sloneczna", "lipowa"))
        ]
        letter = manager.post(address)

    assert [answer.status_code for answer in strangers] == [302, 404, 404, 302]
    pages = PdfReader(io.BytesIO(letter.content)).pages
    text = "".join(page.extract_text() for page in pages)
    assert birds_in(re.sub(r"\s+", "", text), nests) == {f"{nests[Role.BUYER].tag}-NAZWISKO"}
