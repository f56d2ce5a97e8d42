"""Who gets to a view at the apex, and what stands around it."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from associations.profile.models import AssociationProfile, AssociationState
from billing_views.manager import account, sign_in
from saas.staff.models import Grant, StaffUser
from saas.tenancy.switching import AssociationRef, enter_association
from tests.billing_views.manager.account import probe_urls


@pytest.fixture(autouse=True)
def _probes(settings: Settings) -> None:
    settings.PUBLIC_SCHEMA_URLCONF = "tests.billing_views.manager.account.probe_urls"


def test_association_is_entered_around_view_and_rendering_and_left(signed_in: Client) -> None:
    answer = signed_in.get("/a/sloneczna/name/")

    assert answer.content.decode() == "Spółdzielnia Mieszkaniowa „Słoneczna”|sloneczna"
    assert connection.schema_name == "public"  # type: ignore[attr-defined]


def test_session_is_saved_outside_the_association(signed_in: Client) -> None:
    assert signed_in.get("/a/sloneczna/session/").content == b"a_sloneczna"

    assert signed_in.session["seen"] == "sloneczna"


def test_association_is_left_when_a_view_fails(signed_in: Client) -> None:
    with pytest.raises(RuntimeError):
        signed_in.get("/a/sloneczna/fails/")

    assert connection.schema_name == "public"  # type: ignore[attr-defined]


def test_nobody_is_sent_to_sign_in(apex: Client) -> None:
    answer = apex.get("/a/sloneczna/name/?rok=2025")

    assert answer.headers["Location"] == "/logowanie/?next=%2Fa%2Fsloneczna%2Fname%2F%3Frok%3D2025"


def test_foreign_and_unknown_associations_are_the_same_404(signed_in: Client, lipowa: AssociationRef) -> None:
    foreign, unknown = (signed_in.get(f"/a/{slug}/name/") for slug in ("lipowa", "nie-ma"))

    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert foreign.content == unknown.content.replace(b"nie-ma", b"lipowa")


def test_ended_grant_is_404_from_the_next_request_on(signed_in: Client) -> None:
    assert signed_in.get("/a/sloneczna/name/").status_code == 200

    Grant.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))

    assert signed_in.get("/a/sloneczna/name/").status_code == 404


@pytest.mark.parametrize(
    ("role", "status"), [("manager", 200), ("office", 200), ("bookkeeper", 403), ("reader", 403)]
)
def test_role_decides(signed_in: Client, role: str, status: int) -> None:
    Grant.objects.update(role=role)

    answer = signed_in.get("/a/sloneczna/office/")

    assert answer.status_code == status
    if status == 200:
        assert answer.content.decode() == f"{role} Anna Zarządca sloneczna"


@pytest.mark.parametrize(
    ("state", "heading"),
    [
        (AssociationState.SUSPENDED, "Portal jest chwilowo wyłączony"),
        (AssociationState.ARCHIVED, "Portal został zamknięty"),
    ],
)
def test_closed_association_says_so(
    signed_in: Client, sloneczna: AssociationRef, state: str, heading: str
) -> None:
    with enter_association(sloneczna):
        AssociationProfile.objects.update(state=state)

    answer = signed_in.get("/a/sloneczna/name/")

    assert answer.status_code == 503
    assert heading in answer.content.decode()


def test_association_that_moves_is_read_and_not_written(signed_in: Client, sloneczna: AssociationRef) -> None:
    with enter_association(sloneczna):
        AssociationProfile.objects.update(state=AssociationState.READ_ONLY)

    read, written = signed_in.get("/a/sloneczna/name/"), signed_in.post("/a/sloneczna/name/")

    assert (read.status_code, written.status_code) == (200, 503)
    assert "Teraz można tylko czytać" in written.content.decode()


@pytest.mark.parametrize("address", ["/a/sloneczna/name/", "/outside/", "/konto/", "/konto/haslo/"])
def test_mandatory_second_factor_leaves_only_its_set_up_open(
    signed_in: Client, settings: Settings, address: str
) -> None:
    assert signed_in.get(address).status_code == 200
    settings.TOTP_REQUIRED = True

    answer = signed_in.get(address)

    assert answer.headers["Location"] == "/konto/drugi-skladnik/"
    assert signed_in.get("/konto/drugi-skladnik/").status_code == 200
    assert signed_in.post("/wyloguj/").headers["Location"] == "/logowanie/"


def test_views_say_whom_they_let_in() -> None:
    assert vars(sign_in.sign_in)["entry"] == "open"
    assert vars(account.show_account)["entry"] == "staff"
    assert vars(probe_urls.show_name)["entry"] == "association"
    assert vars(probe_urls.show_name)["allowed_roles"] == ("manager", "bookkeeper", "office", "reader")
    assert vars(probe_urls.for_the_office)["allowed_roles"] == ("manager", "office")


@pytest.mark.usefixtures("committed_db")
def test_snapshot_is_one_moment() -> None:
    from associations.audit.actors import SYSTEM
    from saas.staff.actions import create_staff
    from saas.staff.granting import grant_access
    from tests.conftest import find_ref

    user = create_staff(actor=SYSTEM, email="a@b.example", name="A", password="zielone-jabłko-7")
    grant_access(actor=SYSTEM, user=user, association=find_ref("sloneczna"), role="reader")
    browser = Client(SERVER_NAME="localhost")
    browser.post("/logowanie/", {"email": "a@b.example", "password": "zielone-jabłko-7"})

    assert browser.get("/a/sloneczna/snapshot/").content == b"repeatable read"


def test_tabs_follow_the_role(signed_in: Client, manager: StaffUser, sloneczna: AssociationRef) -> None:
    from django.test import RequestFactory

    from billing_views.manager.frame import manager_page
    from saas.staff.access import find_grant

    request = RequestFactory().get("/")
    request.user = manager
    outside = manager_page(request, "Konto", current="account")
    shown = {}
    for role in ("manager", "bookkeeper", "office", "reader"):
        Grant.objects.update(role=role)
        request.grant = find_grant(manager, "sloneczna")  # type: ignore[attr-defined]
        with enter_association(sloneczna):
            request.profile = AssociationProfile.objects.get()  # type: ignore[attr-defined]
        page = manager_page(request, "Pulpit", current="desk")
        shown[role] = [tab.label for tab in page.tabs]

    assert [(tab.label, tab.is_current) for tab in outside.tabs] == [
        ("Wspólnoty i spółdzielnie", False),
        ("Konto i zabezpieczenia", True),
    ]
    assert outside.association is None
    assert page.association is not None
    assert page.tabs[0].url == "/a/sloneczna/"
    assert shown == {
        "manager": ["Pulpit", "Importy", "Lokale", "Osoby i dostępy", "Ustawienia", "Dziennik zdarzeń"],
        "bookkeeper": ["Pulpit", "Importy", "Lokale"],
        "office": ["Pulpit", "Lokale", "Osoby i dostępy"],
        "reader": ["Pulpit", "Importy", "Lokale", "Osoby i dostępy"],
    }
