"""Signing in and out at an association's door."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.test import Client
from django.utils import timezone

from associations.owners.models import OwnerAccount, OwnerSession, SignInFailure
from associations.profile.models import AssociationProfile
from saas.tenancy.switching import AssociationRef, enter_association
from tests.billing_views.owner.account.conftest import OWN_PASSWORD, Owner

Browse = Callable[..., Client]


def sign_in(client: Client, who: Owner, *, password: str | None = None, **query: str) -> Any:
    return client.post(
        "/logowanie/",
        {"login": who.login, "password": password or who.password},
        query_params=query,
    )


def test_page_says_where_the_office_gives_out_passwords(browse: Browse, db: None, sloneczna: Any) -> None:
    with enter_association(sloneczna):
        AssociationProfile.objects.update(office_address="ul. Słoneczna 5, pokój 3", office_hours="pn 8–16")

    page = browse().get("/logowanie/").content.decode()

    assert "ul. Słoneczna 5, pokój 3" in page
    assert "pn 8–16" in page
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page


def test_owner_signs_in_under_a_new_session_key(browse: Browse, owner: Owner) -> None:
    client = browse()

    answer = sign_in(client, owner)

    assert (answer.status_code, answer["Location"]) == (302, "/start/")
    with enter_association(owner.association):
        session = OwnerSession.objects.get()
        assert session.account_id == owner.account.pk
        assert session.device == "Firefox, Windows"
        assert session.get_decoded()["association"] == str(owner.association.id)
        assert OwnerAccount.objects.get().last_login is not None


def test_session_key_changes_at_sign_in(browse: Browse, owner: Owner) -> None:
    client = browse()
    sign_in(client, owner)
    first = client.cookies["sesja"].value
    client.post("/wyloguj/")

    sign_in(client, owner)

    assert client.cookies["sesja"].value not in {"", first}


def test_login_may_be_typed_in_capitals_with_spaces(browse: Browse, owner: Owner) -> None:
    answer = browse().post("/logowanie/", {"login": f" {owner.login.upper()} ", "password": owner.password})

    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("wanted", "target"),
    [
        ("/lokal/3/ksiegowosc/2026/4/?strona=2", "/lokal/3/ksiegowosc/2026/4/?strona=2"),
        ("https://evil.example/", "/start/"),
        ("//evil.example/", "/start/"),
        ("/\\evil.example/", "/start/"),
        ("javascript:alert(1)", "/start/"),
        ("/wyloguj/", "/start/"),
        ("/logowanie/?next=/logowanie/", "/start/"),
    ],
)
def test_sign_in_goes_where_the_owner_was_going(
    wanted: str, target: str, browse: Browse, owner: Owner
) -> None:
    assert sign_in(browse(), owner, next=wanted)["Location"] == target


def test_unknown_login_and_wrong_password_are_answered_alike(browse: Browse, owner: Owner) -> None:
    client = browse()

    wrong = client.post("/logowanie/", {"login": owner.login, "password": "nie to hasło"})
    unknown = client.post("/logowanie/", {"login": "nieznany", "password": "nie to hasło"})

    assert wrong.status_code == unknown.status_code == 200
    assert "Login lub hasło jest nieprawidłowe." in wrong.content.decode()
    assert strip(wrong, owner.login) == strip(unknown, "nieznany")


def strip(answer: Any, login: str) -> str:
    page: str = answer.content.decode().replace(login, "LOGIN")
    token = answer.context["csrf_token"]
    return page.replace(str(token), "TOKEN")


@pytest.mark.parametrize("login", ["17000010", "nieznany"])
def test_sign_in_costs_one_hash_known_or_not(
    login: str, browse: Browse, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasher = hashers.get_hasher()
    calls: list[str] = []

    def count(name: str) -> None:
        plain = getattr(type(hasher), name)

        def counted(*args: Any, **kwargs: Any) -> Any:
            calls.append(name)
            return plain(*args, **kwargs)

        monkeypatch.setattr(type(hasher), name, counted)

    count("encode")
    count("verify")

    browse().post("/logowanie/", {"login": login, "password": "nie to hasło"})

    assert len(calls) == 1


def test_guessing_is_paused_for_the_login_known_or_not(browse: Browse, owner: Owner) -> None:
    client = browse()
    for login in (owner.login, "nieznany"):
        for _ in range(5):
            client.post("/logowanie/", {"login": login, "password": "nie to hasło"})

        answer = client.post("/logowanie/", {"login": login, "password": OWN_PASSWORD})

        assert answer.status_code == 429
        assert "Zbyt wiele prób. Spróbuj ponownie za 15 minut." in answer.content.decode()


def test_pause_ends_by_itself(browse: Browse, owner: Owner) -> None:
    client = browse()
    for _ in range(5):
        client.post("/logowanie/", {"login": owner.login, "password": "nie to hasło"})
    with enter_association(owner.association):
        SignInFailure.objects.update(at=timezone.now() - dt.timedelta(minutes=15))

    assert sign_in(client, owner).status_code == 302


def test_expired_starter_password_is_said_only_to_whoever_knows_it(browse: Browse, beginner: Owner) -> None:
    with enter_association(beginner.association):
        OwnerAccount.objects.update(starter_expires_at=timezone.now() - dt.timedelta(seconds=1))
    client = browse()

    wrong = sign_in(client, beginner, password="nie to hasło").content.decode()
    right = sign_in(client, beginner).content.decode()

    assert "straciło ważność" not in wrong
    assert "Hasło startowe straciło ważność. Nowe wyda biuro." in right
    with enter_association(beginner.association):
        assert not OwnerSession.objects.exists()


def test_ended_account_is_answered_like_a_wrong_password(browse: Browse, owner: Owner) -> None:
    with enter_association(owner.association):
        OwnerAccount.objects.update(is_active=False)

    answer = sign_in(browse(), owner)

    assert "Login lub hasło jest nieprawidłowe." in answer.content.decode()


def test_login_of_another_association_opens_nothing_here(
    browse: Browse, namesake: Owner, sloneczna: AssociationRef
) -> None:
    assert sign_in(browse("lipowa"), namesake).status_code == 302
    assert sign_in(browse("sloneczna"), namesake).status_code == 200


def test_session_of_another_association_is_worth_nothing(
    browse: Browse, owner: Owner, namesake: Owner
) -> None:
    there = browse("lipowa")
    sign_in(there, namesake)
    here = browse("sloneczna")
    here.cookies = there.cookies

    assert there.get("/haslo/").status_code == 200
    assert here.get("/haslo/")["Location"] == "/logowanie/?next=/haslo/"


def test_session_row_copied_from_another_association_is_emptied(
    browse: Browse, owner: Owner, namesake: Owner
) -> None:
    """Restored or moved rows: the session names the association it was opened in."""
    there = browse("lipowa")
    sign_in(there, namesake)
    with enter_association(namesake.association):
        row = OwnerSession.objects.get()
    with enter_association(owner.association):
        row.save(force_insert=True)
    here = browse("sloneczna")
    here.cookies = there.cookies

    assert here.get("/haslo/").status_code == 302


def test_owner_finds_no_door_at_the_apex(browse: Browse, owner: Owner) -> None:
    client = browse()
    sign_in(client, owner)
    apex = Client(headers={"host": "localhost"})
    apex.cookies = client.cookies

    assert apex.get("/haslo/").status_code == 404


def test_sign_out_is_a_post_and_ends_the_session(browse: Browse, owner: Owner) -> None:
    client = browse()
    sign_in(client, owner)

    assert client.get("/wyloguj/").status_code == 405
    assert client.get("/haslo/").status_code == 200
    assert client.post("/wyloguj/").status_code == 302
    assert client.get("/haslo/").status_code == 302
    with enter_association(owner.association):
        assert not OwnerSession.objects.exists()


def test_forms_refuse_a_foreign_post(owner: Owner) -> None:
    client = Client(headers={"host": "sloneczna.localhost"}, enforce_csrf_checks=True)

    for address in ("/logowanie/", "/wyloguj/", "/haslo/"):
        assert client.post(address, {"login": owner.login, "password": owner.password}).status_code == 403


def test_signed_in_owner_is_not_asked_again(browse: Browse, owner: Owner) -> None:
    client = browse()
    sign_in(client, owner)

    assert client.get("/logowanie/", query_params={"next": "/lokal/3/"})["Location"] == "/lokal/3/"


@pytest.mark.parametrize(
    "data", [{}, {"login": "x" * 101, "password": "y"}, {"login": "a\x00b", "password": "c"}]
)
def test_nonsense_is_answered_with_the_form(data: dict[str, str], browse: Browse, owner: Owner) -> None:
    assert browse().post("/logowanie/", data).status_code == 200


def test_page_in_english(browse: Browse, db: None, sloneczna: AssociationRef) -> None:
    client = browse()
    client.post("/jezyk/", {"language": "en", "next": "/logowanie/"})

    assert '<html lang="en">' in client.get("/logowanie/").content.decode()
