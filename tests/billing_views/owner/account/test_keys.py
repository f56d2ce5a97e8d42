"""„Klucze osobiste”: a key is made for the current password, shown once, opens the API, and is ended."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from associations.owners.models import OwnerToken
from associations.owners.tokens import MOST_TOKENS
from saas.tenancy.switching import enter_association
from tests.billing_views.owner.account.conftest import OWN_PASSWORD, Owner

Browse = Callable[..., Client]
PAGE = "/konto/klucze/"
GIVEN = {"name": "Arkusz domowy", "days": "90", "current": OWN_PASSWORD}


@pytest.fixture
def browser(browse: Browse, owner: Owner) -> Client:
    """The owner's, signed in."""
    client = browse()
    client.post("/logowanie/", {"login": owner.login, "password": owner.password})
    return client


def count_keys(owner: Owner) -> int:
    with enter_association(owner.association):
        return OwnerToken.objects.count()


def make_key(browser: Client, **changed: str) -> str:
    [secret] = re.findall(r"ko_[\w-]{43}", browser.post(PAGE, GIVEN | changed).content.decode())
    return str(secret)


def ask_api(secret: str) -> int:
    program = Client(headers={"host": "sloneczna.localhost", "authorization": f"Bearer {secret}"})
    return program.get("/api/v1/me/").status_code


def test_key_is_shown_once_and_opens_the_api(browser: Client) -> None:
    answer = browser.post(PAGE, GIVEN)
    [secret] = re.findall(r"ko_[\w-]{43}", answer.content.decode())
    before = browser.get(PAGE).content.decode()

    assert ask_api(secret) == 200
    assert "no-store" in answer.headers["Cache-Control"]
    assert secret not in before
    assert "Arkusz domowy" in before
    assert "jeszcze nie" in before
    assert "jeszcze nie" not in browser.get(PAGE).content.decode()


def test_key_is_revoked_and_its_program_is_refused(browser: Client) -> None:
    secret = make_key(browser)
    [address] = re.findall(r'action="(/konto/klucze/[^"]+)"', browser.get(PAGE).content.decode())

    answer = browser.post(address, follow=True)

    assert "Klucz unieważniony" in answer.content.decode()
    assert "unieważniony" in answer.content.decode()
    assert ask_api(secret) == 401
    assert browser.post(address).status_code == 404


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"current": "zgaduję"}, "Nieprawidłowe hasło."),
        ({"name": " "}, "To pole jest wymagane."),
        ({"days": "4000"}, 'aria-invalid="true"'),
        ({"current": "x" * 200}, 'aria-invalid="true"'),
    ],
)
def test_wrong_form_makes_no_key(
    browser: Client, owner: Owner, change: dict[str, str], sentence: str
) -> None:
    answer = browser.post(PAGE, GIVEN | change)

    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert count_keys(owner) == 0


def test_guessing_the_password_here_is_slowed_down(browser: Client, owner: Owner) -> None:
    answers = [browser.post(PAGE, GIVEN | {"current": "zgaduję"}) for _ in range(6)]

    right = browser.post(PAGE, GIVEN)

    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert right.status_code == 429
    assert "Retry-After" in right.headers
    assert count_keys(owner) == 0


def test_eleventh_key_is_refused_with_a_reason(browser: Client, owner: Owner) -> None:
    for number in range(MOST_TOKENS):
        make_key(browser, name=f"Klucz {number}")

    answer = browser.post(PAGE, GIVEN)

    assert "Masz już 10 ważnych kluczy." in answer.content.decode()
    assert count_keys(owner) == MOST_TOKENS


def test_stranger_is_sent_to_sign_in(browse: Browse, owner: Owner) -> None:
    client = browse()

    answer = client.get(PAGE)

    assert (answer.status_code, answer["Location"]) == (302, f"/logowanie/?next={PAGE}")


def test_key_of_another_association_is_unknown_here(browse: Browse, owner: Owner, namesake: Owner) -> None:
    """The same code, login and password there."""
    there = browse("lipowa")
    there.post("/logowanie/", {"login": namesake.login, "password": namesake.password})

    secret = make_key(there)

    assert ask_api(secret) == 401
    program = Client(headers={"host": "lipowa.localhost", "authorization": f"Bearer {secret}"})
    assert program.get("/api/v1/me/").status_code == 200
