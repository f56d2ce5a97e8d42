"""Which host opens which door: the right association, the apex, or 404."""

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings

from associations.profile.models import AssociationProfile
from saas.tenancy.hosts import find_association, normalise_host
from saas.tenancy.middleware import DoorMiddleware
from saas.tenancy.models import Domain
from saas.tenancy.switching import AssociationRef, enter_association

pytestmark = pytest.mark.django_db


def open_door(host: str) -> tuple[int, str, str]:
    """Status, door and schema that a request to the host meets."""
    seen: list[tuple[str, str]] = []

    def serve(request: HttpRequest) -> HttpResponse:
        seen.append((request.door, connection.schema_name))  # type: ignore[attr-defined]
        return HttpResponse("served")

    response = DoorMiddleware(serve)(RequestFactory(SERVER_NAME=host).get("/", headers={"host": host}))
    return response.status_code, *(seen[0] if seen else ("", ""))


@pytest.mark.parametrize(
    "host",
    [
        "sloneczna.localhost",
        "SLONECZNA.LocalHost",
        "sloneczna.localhost.",
        "sloneczna.localhost:8000",
        "Sloneczna.localhost.:8000",
        "portal.sloneczna.example",
    ],
)
def test_host_of_an_association_opens_its_schema(host: str, sloneczna: AssociationRef) -> None:
    Domain(domain="portal.sloneczna.example", tenant_id=sloneczna.id, is_primary=False).save_base(
        force_insert=True
    )

    assert open_door(host) == (200, "association", sloneczna.schema_name)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "localhost.", "localhost:8000"])
def test_apex_opens_the_shared_tables(host: str) -> None:
    assert open_door(host) == (200, "apex", "public")


@override_settings(APEX_ALIASES=["portal.example"])
def test_alias_of_the_apex_opens_it() -> None:
    assert open_door("portal.example") == (200, "apex", "public")


@pytest.mark.parametrize(
    "host",
    [
        "unknown.localhost",
        "127.0.0.1",
        "127.0.0.1:8000",
        "[::1]",
        "[::1]:8000",
        "sloneczna",
        "a.sloneczna.localhost",
        "localhost.sloneczna",
        "a_sloneczna.localhost",
        "sloneczna.localhost..evil",
        "public",
        "",
        "bad host",
        "sloneczna.localhost/x",
    ],
)
def test_unknown_host_is_404_and_nothing_is_served(host: str) -> None:
    assert open_door(host) == (404, "", "")


def test_door_is_closed_behind_a_request(sloneczna: AssociationRef) -> None:
    open_door("sloneczna.localhost")

    assert connection.schema_name == "public"  # type: ignore[attr-defined]


def test_door_is_closed_behind_a_request_that_broke(sloneczna: AssociationRef) -> None:
    def serve(_: HttpRequest) -> HttpResponse:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        DoorMiddleware(serve)(RequestFactory().get("/", headers={"host": "sloneczna.localhost"}))

    assert connection.schema_name == "public"  # type: ignore[attr-defined]


def test_suspension_is_seen_by_the_next_request(sloneczna: AssociationRef) -> None:
    assert open_door("sloneczna.localhost")[0] == 200
    with enter_association(sloneczna):
        AssociationProfile.objects.update(state="suspended")

    assert open_door("sloneczna.localhost") == (503, "", "")


def test_an_archived_portal_has_a_page_of_its_own(sloneczna: AssociationRef, client: Client) -> None:
    headings = {}
    for state in ("suspended", "archived"):
        with enter_association(sloneczna):
            AssociationProfile.objects.update(state=state)
        answer = client.get("/logowanie/", headers={"host": "sloneczna.localhost"})
        assert answer.status_code == 503
        headings[state] = answer.content.decode().partition("<h1>")[2].partition("</h1>")[0].strip()

    assert headings == {
        "suspended": "Portal jest chwilowo wyłączony",
        "archived": "Portal został zamknięty",
    }


@pytest.mark.parametrize(
    ("method", "status"), [("get", 200), ("head", 200), ("post", 503), ("put", 503), ("delete", 503)]
)
def test_while_it_moves_people_read_and_nobody_writes(
    sloneczna: AssociationRef, client: Client, method: str, status: int
) -> None:
    with enter_association(sloneczna):
        AssociationProfile.objects.update(state="read_only")

    answer = getattr(client, method)("/logowanie/", headers={"host": "sloneczna.localhost"})

    assert answer.status_code == status
    assert ("Teraz można tylko czytać" in answer.content.decode()) == (status == 503)


def test_known_hosts_are_asked_for_once_in_ten_seconds(
    sloneczna: AssociationRef, django_assert_num_queries: object
) -> None:
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        find_association("sloneczna.localhost")
        find_association("sloneczna.localhost")

    assert len([query for query in queries if "tenancy_domain" in query["sql"]]) == 1


def test_normal_form_of_a_host() -> None:
    assert normalise_host("A.Example.:80") == "a.example"
