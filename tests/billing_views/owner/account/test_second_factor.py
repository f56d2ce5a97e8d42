"""A code from the phone as the owner's option: set up, asked for, spent once, lost, taken off."""

import re
from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from django.test import Client
from django.utils import timezone

from associations.audit.models import AuditEntry
from associations.owners.models import OwnerAccount, OwnerSession, SignInFailure
from associations.owners.totp import secret_of
from saas.tenancy.switching import AssociationRef, enter_association
from tests.billing_views.owner.account.conftest import OWN_PASSWORD, Owner
from tests.billing_views.owner.account.test_account import words
from tests.billing_views.owner.account.test_sign_in import sign_in

Browse = Callable[..., Client]
RECOVERY_CODE = re.compile(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}")


def code_of(owner: Owner) -> str:
    return str(pyotp.TOTP(secret_of(owner.account.totp_seed)).at(timezone.now()))


def has_totp(owner: Owner) -> bool:
    return owner.account.has_totp


def set_up(client: Client, **given: str) -> Any:
    page = client.get("/konto/drugi-skladnik/").content.decode()
    shown = re.search(r"<code[^>]*>([A-Z2-7 ]+)</code>", page)
    assert shown
    code = pyotp.TOTP(shown[1].replace(" ", "")).at(timezone.now())
    return client.post("/konto/drugi-skladnik/", {"code": code, "current": OWN_PASSWORD} | given)


@pytest.fixture
def here(browse: Browse, owner: Owner) -> Client:
    client = browse()
    sign_in(client, owner)
    return client


@pytest.fixture
def codes(here: Client, owner: Owner) -> list[str]:
    """Recovery codes of an account that has set the factor up a while ago."""
    codes = RECOVERY_CODE.findall(set_up(here).content.decode())
    assert len(codes) == 10
    with enter_association(owner.association):
        OwnerAccount.objects.update(totp_last_step=0)
    return codes


def test_factor_is_set_up_with_a_code_and_the_password(here: Client, owner: Owner, browse: Browse) -> None:
    elsewhere = browse()
    sign_in(elsewhere, owner)
    page = here.get("/konto/drugi-skladnik/").content.decode()
    assert '<svg class="qr"' in page
    assert "Nieprawidłowy kod." in words(set_up(here, code="000000"))
    assert "Nieprawidłowe hasło." in words(set_up(here, current="nie to hasło"))
    assert not has_totp(owner)

    answer = set_up(here)

    assert len(set(RECOVERY_CODE.findall(answer.content.decode()))) == 10
    assert has_totp(owner)
    assert here.get("/konto/").status_code == 200
    assert elsewhere.get("/konto/").status_code == 302
    with enter_association(owner.association):
        acts = set(AuditEntry.objects.values_list("action", flat=True))
        assert {"totp.confirmed", "recovery_codes.renewed"} <= acts
        assert owner.account.totp_seed not in str(list(AuditEntry.objects.values()))


def test_sign_in_asks_for_the_code_and_keeps_the_address(
    codes: list[str], owner: Owner, browse: Browse
) -> None:
    client = browse()
    wanted = "/lokal/3/ksiegowosc/2026/4/?strona=2"

    to_code = sign_in(client, owner, next=wanted)["Location"]

    assert to_code.startswith("/logowanie/kod/?next=")
    assert client.get("/konto/").status_code == 302
    assert "Nieprawidłowy kod." in words(client.post(to_code, {"code": "123456"}))
    answer = client.post(to_code, {"code": code_of(owner)})
    assert answer["Location"] == wanted
    assert client.get("/konto/").status_code == 200
    assert "błędny kod" in words(client.get("/konto/"))


def test_code_opens_nothing_beyond_this_host(codes: list[str], owner: Owner, browse: Browse) -> None:
    client = browse()
    sign_in(client, owner)

    answer = client.post("/logowanie/kod/?next=//evil.example/", {"code": code_of(owner)})

    assert answer["Location"] == "/start/"


def test_code_is_accepted_once(codes: list[str], owner: Owner, browse: Browse) -> None:
    code = code_of(owner)
    first, second = browse(), browse()
    sign_in(first, owner)
    sign_in(second, owner)

    assert first.post("/logowanie/kod/", {"code": code}).status_code == 302
    assert second.post("/logowanie/kod/", {"code": code}).status_code == 200
    assert second.get("/konto/").status_code == 302


def test_recovery_code_replaces_the_phone_once(codes: list[str], owner: Owner, browse: Browse) -> None:
    client = browse()
    sign_in(client, owner)
    assert client.post("/logowanie/kod/", {"code": f" {codes[0].lower()} "}).status_code == 302
    assert "Niewykorzystane kody zapasowe: 9 z 10." in words(client.get("/konto/"))
    again = browse()
    sign_in(again, owner)

    assert again.post("/logowanie/kod/", {"code": codes[0]}).status_code == 200


def test_guessing_codes_is_paused(codes: list[str], owner: Owner, browse: Browse) -> None:
    client = browse()
    sign_in(client, owner)
    for _ in range(5):
        assert client.post("/logowanie/kod/", {"code": "123456"}).status_code == 200

    answer = client.post("/logowanie/kod/", {"code": code_of(owner)})

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    with enter_association(owner.association):
        SignInFailure.objects.all().delete()
    assert client.post("/logowanie/kod/", {"code": code_of(owner)}).status_code == 302


def test_half_signed_in_session_is_worth_nothing_elsewhere(
    codes: list[str], owner: Owner, browse: Browse, lipowa: AssociationRef
) -> None:
    client = browse()
    sign_in(client, owner)
    with enter_association(owner.association):
        row = OwnerSession.objects.get(session_key=client.cookies["sesja"].value)
        account = owner.account
    with enter_association(lipowa):
        row.save(force_insert=True)
        person = account.person
        person.save(force_insert=True)
        account.save(force_insert=True)
    there = browse("lipowa")
    there.cookies = client.cookies

    assert client.get("/logowanie/kod/").status_code == 200
    assert there.get("/logowanie/kod/")["Location"] == "/logowanie/"


def test_changed_password_ends_the_second_step(codes: list[str], owner: Owner, browse: Browse) -> None:
    client = browse()
    sign_in(client, owner)
    with enter_association(owner.association):
        account = OwnerAccount.objects.get()
        account.set_password("trzy koty na płocie")
        account.save()

    assert client.post("/logowanie/kod/", {"code": code_of(owner)})["Location"] == "/logowanie/"


def test_new_recovery_codes_end_the_former(codes: list[str], here: Client, owner: Owner) -> None:
    refused = here.post("/konto/kody-zapasowe/", {"current": "nie to hasło"})
    assert RECOVERY_CODE.findall(refused.content.decode()) == []

    new = RECOVERY_CODE.findall(
        here.post("/konto/kody-zapasowe/", {"current": OWN_PASSWORD}).content.decode()
    )

    assert len(new) == 10
    assert not set(new) & set(codes)


def test_owner_takes_the_factor_off_for_the_password(
    codes: list[str], here: Client, owner: Owner, browse: Browse
) -> None:
    here.post("/konto/drugi-skladnik/wylacz/", {"current": "nie to hasło"})
    assert has_totp(owner)

    here.post("/konto/drugi-skladnik/wylacz/", {"current": OWN_PASSWORD})

    assert not has_totp(owner)
    assert sign_in(browse(), owner)["Location"] == "/start/"
    assert here.get("/konto/kody-zapasowe/").status_code == 404
