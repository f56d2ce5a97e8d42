"""The gate behind a starter password, and a password of one's own."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from associations.notifications.models import MailSubscription, MessageKind
from associations.notifications.tokens import sign_unsubscription
from associations.owners.actions import issue_starter_password
from associations.owners.models import OwnerAccount, OwnerSession
from associations.premises.models import Person
from saas.tenancy.switching import enter_association
from tests.billing_views.owner.account.conftest import CLERK, OWN_PASSWORD, Owner
from tests.billing_views.owner.account.test_sign_in import sign_in

Browse = Callable[..., Client]
NEW_PASSWORD = "trzy koty w oknie"


def change(client: Client, new: str = NEW_PASSWORD, again: str | None = None, **more: str) -> Any:
    return client.post(
        "/haslo/", {"new_password": new, "new_password_again": new if again is None else again, **more}
    )


@pytest.mark.parametrize(
    "address", ["/", "/start/", "/lokal/1/", "/lokal/1/ksiegowosc/?rok=2026", "/no-such-page/", "/haslo/x"]
)
def test_starter_password_opens_no_page_but_the_change(address: str, browse: Browse, beginner: Owner) -> None:
    client = browse()
    sign_in(client, beginner)

    answer = client.get(address)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/haslo/?next=")
    assert client.get(answer["Location"]).status_code == 200


def addresses(resolver: URLResolver, prefix: str = "/") -> Iterator[str]:
    """Every address below the resolver, with 1 for each value in it."""
    for entry in resolver.url_patterns:
        route = prefix + re.sub(r"<[^>]+>", "1", str(entry.pattern))
        if isinstance(entry, URLResolver):
            yield from addresses(entry, route)
        else:
            yield route


def test_starter_password_opens_no_address_of_the_door(browse: Browse, beginner: Owner) -> None:
    """Every pattern of the door, also those added later."""
    client = browse()
    sign_in(client, beginner)
    open_ones = {"/haslo/", "/wyloguj/", "/jezyk/", "/e-mail/wypisz/1/"}
    behind = set(addresses(get_resolver("saas.urls_association"))) - open_ones

    assert "/logowanie/" in behind
    for address in sorted(behind):
        for answer in (client.get(address), client.post(address)):
            if address.startswith("/api/"):
                assert answer.status_code == 403, address
                continue
            assert answer.status_code == 302, address
            assert answer["Location"].startswith("/haslo/"), address


def test_forced_change_leads_to_where_the_owner_was_going(browse: Browse, beginner: Owner) -> None:
    client = browse()
    first = sign_in(client, beginner, next="/lokal/3/kartoteka/2026/")
    gate = client.get(first["Location"])

    answer = client.post(gate["Location"], {"new_password": NEW_PASSWORD, "new_password_again": NEW_PASSWORD})

    assert answer["Location"] == "/lokal/3/kartoteka/2026/"
    assert not beginner.account.must_change_password
    assert client.get("/haslo/").status_code == 200
    assert client.get("/logowanie/")["Location"] == "/start/"


def test_forced_change_does_not_ask_for_the_starter_again(browse: Browse, beginner: Owner) -> None:
    client = browse()
    sign_in(client, beginner)

    page = client.get("/haslo/").content.decode()

    assert "Ustaw własne hasło" in page
    assert "current_password" not in page


def test_new_password_signs_in_and_the_starter_does_not(browse: Browse, beginner: Owner) -> None:
    client = browse()
    sign_in(client, beginner)

    change(client)

    assert sign_in(browse(), beginner).status_code == 200
    assert sign_in(browse(), beginner, password=NEW_PASSWORD).status_code == 302


def test_faults_of_a_new_password_are_said_at_once(browse: Browse, beginner: Owner) -> None:
    client = browse()
    sign_in(client, beginner)

    page = change(client, "17000010").content.decode()

    assert "co najmniej 10 znaków." in page
    assert "Hasło nie może zawierać loginu." in page
    assert beginner.account.must_change_password


def test_different_texts_are_refused(browse: Browse, beginner: Owner) -> None:
    client = browse()
    sign_in(client, beginner)

    page = change(client, NEW_PASSWORD, "coś innego całkiem").content.decode()

    assert "To hasło różni się od wpisanego wyżej." in page
    assert beginner.account.must_change_password


def test_starter_that_expires_during_a_session_ends_it(browse: Browse, beginner: Owner) -> None:
    client = browse()
    sign_in(client, beginner)
    with enter_association(beginner.association):
        OwnerAccount.objects.update(starter_expires_at=timezone.now() - dt.timedelta(seconds=1))

    assert client.get("/haslo/")["Location"] == "/logowanie/"
    with enter_association(beginner.association):
        assert not OwnerSession.objects.exists()


def test_new_issue_by_the_office_ends_the_open_session(browse: Browse, owner: Owner) -> None:
    client = browse()
    sign_in(client, owner)
    assert client.get("/haslo/").status_code == 200

    with enter_association(owner.association):
        issue_starter_password(actor=CLERK, person=Person.objects.get(pk=owner.person_id))

    assert client.get("/haslo/")["Location"] == "/logowanie/?next=/haslo/"


def test_own_change_asks_for_the_password_in_force(browse: Browse, owner: Owner) -> None:
    client = browse()
    sign_in(client, owner)

    wrong = change(client, current_password="nie to hasło").content.decode()
    right = change(client, current_password=OWN_PASSWORD)

    assert "To nie jest dotychczasowe hasło." in wrong
    assert right.status_code == 302


def test_own_change_keeps_this_session_and_ends_the_others(browse: Browse, owner: Owner) -> None:
    here, elsewhere = browse(), browse()
    sign_in(here, owner)
    sign_in(elsewhere, owner)

    change(here, current_password=OWN_PASSWORD)

    assert here.get("/haslo/").status_code == 200
    assert elsewhere.get("/haslo/").status_code == 302


def test_guessing_the_password_at_an_open_session_is_paused(browse: Browse, owner: Owner) -> None:
    client = browse()
    sign_in(client, owner)
    for _ in range(5):
        change(client, current_password="nie to hasło")

    page = change(client, current_password=OWN_PASSWORD).content.decode()

    assert "Zbyt wiele prób." in page
    assert sign_in(browse(), owner).status_code == 302


def test_stranger_is_sent_to_sign_in(browse: Browse, owner: Owner) -> None:
    assert browse().get("/haslo/")["Location"] == "/logowanie/?next=/haslo/"
    assert change(browse())["Location"] == "/logowanie/?next=/haslo/"


def test_visit_is_noted_now_and_then(browse: Browse, owner: Owner) -> None:
    client = browse()
    sign_in(client, owner)
    long_ago = timezone.now() - dt.timedelta(hours=2)
    with enter_association(owner.association):
        OwnerSession.objects.update(last_seen_at=long_ago)

    client.get("/haslo/")

    with enter_association(owner.association):
        assert OwnerSession.objects.filter(last_seen_at__gt=long_ago + dt.timedelta(hours=1)).count() == 1


def test_pages_of_the_account_are_not_kept_by_browsers(browse: Browse, beginner: Owner) -> None:
    client = browse()
    sign_in(client, beginner)

    assert "no-store" in client.get("/haslo/")["Cache-Control"]
    assert "no-store" in browse().get("/logowanie/")["Cache-Control"]


@pytest.mark.parametrize("is_expired", [False, True])
def test_mails_are_ended_by_their_link_with_a_starter_password_too(
    browse: Browse, beginner: Owner, is_expired: bool
) -> None:
    client = browse()
    sign_in(client, beginner)
    with enter_association(beginner.association):
        MailSubscription.objects.create(
            account=beginner.account,
            address="maria@example.org",
            confirmed_at=timezone.now(),
            about_new_data=True,
        )
        if is_expired:
            OwnerAccount.objects.update(starter_expires_at=timezone.now() - dt.timedelta(seconds=1))
    link = f"/e-mail/wypisz/{sign_unsubscription(beginner.account.pk, [MessageKind.NEW_DATA])}/"

    page = client.get(link)
    done = client.post(link)

    assert (page.status_code, done.status_code) == (200, 200)
    with enter_association(beginner.association):
        assert not MailSubscription.objects.get().about_new_data


def test_the_change_of_a_starter_password_wears_the_associations_colour(
    browse: Browse, beginner: Owner
) -> None:
    client = browse()
    sign_in(client, beginner)

    assert client.get("/barwy/0f5b63.css").status_code == 200
