"""Signing in and out at the apex."""

import datetime as dt
from typing import Any

import pytest
from django.conf import settings
from django.db.models import F
from django.test import Client

from associations.owners.hashers import OwaspArgon2PasswordHasher
from associations.owners.throttling import PER_ADDRESS, open_attempt, watch_account, watch_address
from saas.staff.models import PlatformAudit, StaffSession, StaffSignInFailure, StaffUser
from saas.tenancy.switching import AssociationRef

PASSWORD = "zielone-jabłko-7"
EMAIL = "anna@zarzadca.example"
WRONG = "Nieprawidłowy e-mail lub hasło."


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every Argon2 computation while the test runs."""
    counted: list[str] = []
    encode, verify = OwaspArgon2PasswordHasher.encode, OwaspArgon2PasswordHasher.verify

    def counting_encode(*args: Any) -> str:
        counted.append("encode")
        return encode(*args)

    def counting_verify(*args: Any) -> bool:
        counted.append("verify")
        return verify(*args)

    monkeypatch.setattr(OwaspArgon2PasswordHasher, "encode", counting_encode)
    monkeypatch.setattr(OwaspArgon2PasswordHasher, "verify", counting_verify)
    return counted


def sign_in(client: Client, email: str = EMAIL, password: str = PASSWORD, query: str = "") -> Any:
    return client.post(f"/logowanie/{query}", {"email": email, "password": password})


def fill_address() -> None:
    """As many failures from the test client's address as it may have."""
    for number in range(PER_ADDRESS.failures):
        open_attempt(StaffSignInFailure, watch_account(f"nikt{number}"), watch_address("127.0.0.1"))


def age_failures(minutes: int) -> None:
    StaffSignInFailure.objects.update(at=F("at") - dt.timedelta(minutes=minutes))


def test_form_is_labelled_and_helps_password_managers(apex: Client) -> None:
    page = apex.get("/logowanie/", headers={"accept-language": "pl"}).content.decode()

    assert '<label for="id_email">E-mail</label>' in page
    assert '<label for="id_password">Hasło</label>' in page
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert "Nie pamiętam hasła" in page


def test_right_password_opens_the_account(apex: Client, manager: StaffUser) -> None:
    assert apex.get("/konto/").headers["Location"] == "/logowanie/?next=%2Fkonto%2F"

    answer = sign_in(apex)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert apex.get("/konto/").status_code == 200
    row = StaffSession.objects.get()
    assert (row.account_id, row.device) == (manager.id, "Firefox, Linux")


def test_email_counts_without_regard_to_case_and_spaces(apex: Client, manager: StaffUser) -> None:
    assert sign_in(apex, " ANNA@zarzadca.EXAMPLE ").status_code == 302


@pytest.mark.parametrize(
    ("email", "password"), [(EMAIL, "zielone-jabłko-8"), ("nikt@zarzadca.example", PASSWORD)]
)
def test_wrong_password_and_unknown_email_get_the_same_answer_for_one_hash(
    apex: Client, manager: StaffUser, hashes: list[str], email: str, password: str
) -> None:
    answer = sign_in(apex, email, password)

    assert answer.status_code == 200
    assert WRONG in answer.content.decode()
    assert len(hashes) == 1
    assert not StaffSession.objects.exists()


def test_invited_and_ended_accounts_cost_one_hash_too(
    apex: Client, manager: StaffUser, hashes: list[str]
) -> None:
    StaffUser.objects.update(is_active=False)
    ended = sign_in(apex)
    costs = [len(hashes)]
    manager.set_unusable_password()
    StaffUser.objects.update(is_active=True, password=manager.password)
    invited = sign_in(apex)
    costs.append(len(hashes) - costs[0])

    assert costs == [1, 1]
    assert WRONG in ended.content.decode()
    assert WRONG in invited.content.decode()


def test_session_key_known_before_is_worth_nothing(apex: Client, manager: StaffUser) -> None:
    session = apex.session
    session["planted"] = "yes"
    session.save()
    planted = session.session_key

    sign_in(apex)

    assert apex.session.session_key != planted
    assert "planted" not in apex.session
    assert not StaffSession.objects.filter(session_key=planted).exists()


@pytest.mark.parametrize(
    ("wanted", "taken"),
    [
        ("/konto/", "/konto/"),
        ("/a/sloneczna/?x=1", "/a/sloneczna/?x=1"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("http:///evil.example", "/"),
        ("konto/", "/"),
        ("", "/"),
    ],
)
def test_goes_on_only_to_this_host(apex: Client, manager: StaffUser, wanted: str, taken: str) -> None:
    from urllib.parse import urlencode

    answer = sign_in(apex, query="?" + urlencode({"next": wanted}))

    assert answer.headers["Location"] == taken


def test_signing_in_takes_a_csrf_token(manager: StaffUser) -> None:
    browser = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)

    assert sign_in(browser).status_code == 403

    token = browser.get("/logowanie/").cookies[settings.CSRF_COOKIE_NAME].value
    form = {"email": EMAIL, "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert browser.post("/logowanie/", form).status_code == 302


def test_sign_out_is_a_post_and_ends_the_session(signed_in: Client) -> None:
    assert signed_in.get("/wyloguj/").status_code == 405
    assert StaffSession.objects.count() == 1

    answer = signed_in.post("/wyloguj/")

    assert answer.headers["Location"] == "/logowanie/"
    assert not StaffSession.objects.exists()
    assert signed_in.get("/konto/").status_code == 302


def test_staff_do_not_get_in_by_an_associations_door(
    manager: StaffUser, signed_in: Client, sloneczna: AssociationRef
) -> None:
    from django.contrib.auth import authenticate
    from django.test import RequestFactory

    request = RequestFactory().post("/")
    request.door = "apex"  # type: ignore[attr-defined]
    assert authenticate(request, username=EMAIL, password=PASSWORD) == manager

    assert authenticate(username=EMAIL, password=PASSWORD) is None
    cookie = signed_in.cookies[settings.SESSION_COOKIE_NAME].value
    elsewhere = Client(SERVER_NAME="sloneczna.localhost")
    elsewhere.cookies[settings.SESSION_COOKIE_NAME] = cookie
    answer = elsewhere.get("/konto/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/logowanie/?next=/konto/")


def test_fifth_failure_brings_a_pause_for_right_passwords_too(apex: Client, manager: StaffUser) -> None:
    for _ in range(5):
        assert WRONG in sign_in(apex, password="wrong").content.decode()

    answer = sign_in(apex)

    assert answer.status_code == 429
    assert "Zbyt wiele prób. Spróbuj ponownie za 15 minut." in answer.content.decode()
    assert 14 * 60 < int(answer.headers["Retry-After"]) <= 15 * 60


def test_pause_counts_down_and_ends(apex: Client, manager: StaffUser) -> None:
    for _ in range(5):
        sign_in(apex, password="wrong")
    age_failures(3)
    assert "za 12 minut." in sign_in(apex).content.decode()
    age_failures(9)
    assert "za 3 minuty." in sign_in(apex).content.decode()

    age_failures(3)

    assert sign_in(apex).status_code == 302


def test_unknown_email_is_paused_alike(apex: Client, manager: StaffUser) -> None:
    for _ in range(5):
        sign_in(apex, "nikt@zarzadca.example")

    assert sign_in(apex, "nikt@zarzadca.example").status_code == 429
    assert sign_in(apex).status_code == 302


def test_address_that_tries_many_accounts_is_paused(apex: Client, manager: StaffUser) -> None:
    fill_address()

    assert sign_in(apex).status_code == 429
    elsewhere = Client(SERVER_NAME="localhost", REMOTE_ADDR="192.0.2.9")
    assert sign_in(elsewhere).status_code == 302


def test_sent_header_does_not_change_the_address(apex: Client, manager: StaffUser) -> None:
    fill_address()

    liar = Client(SERVER_NAME="localhost", headers={"x-forwarded-for": "192.0.2.77"})

    assert sign_in(liar).status_code == 429


def test_right_password_clears_the_accounts_failures(apex: Client, manager: StaffUser) -> None:
    for _ in range(4):
        sign_in(apex, password="wrong")
    sign_in(apex)
    apex.post("/wyloguj/")

    for _ in range(4):
        sign_in(apex, password="wrong")

    assert sign_in(apex).status_code == 302


def test_sign_ins_stand_in_the_platforms_log_without_emails(apex: Client, manager: StaffUser) -> None:
    sign_in(apex, "nikt@zarzadca.example")
    sign_in(apex, password="wrong")
    sign_in(apex)
    apex.post("/wyloguj/")

    entries = list(PlatformAudit.objects.filter(action__startswith="sign_").order_by("id"))

    assert [(one.action, one.actor_id, one.details) for one in entries] == [
        ("sign_in.failed", None, {"step": "password"}),
        ("sign_in.failed", manager.id, {"step": "password"}),
        ("sign_in.done", manager.id, {"factor": "password"}),
        ("sign_out.done", manager.id, {}),
    ]
    assert "nikt" not in str([vars(one) for one in entries])


def test_ended_account_is_out_at_once(signed_in: Client) -> None:
    assert signed_in.get("/konto/").status_code == 200

    StaffUser.objects.update(is_active=False)

    assert signed_in.get("/konto/").status_code == 302


def test_partial_update_without_a_session_sends_the_whole_page_to_sign_in(apex: Client) -> None:
    answer = apex.get(
        "/konto/", headers={"hx-request": "true", "hx-current-url": "http://localhost/konto/?x=1"}
    )

    assert answer.headers["HX-Redirect"] == "/logowanie/?next=%2Fkonto%2F%3Fx%3D1"


def test_pages_of_staff_are_kept_by_no_cache(signed_in: Client) -> None:
    assert signed_in.get("/konto/").headers["Cache-Control"] == "private, no-store"


def test_overlong_input_is_an_error_of_the_form(apex: Client, hashes: list[str]) -> None:
    answer = sign_in(apex, "a" * 300, "x" * 100_000)

    assert answer.status_code == 200
    assert hashes == []


@pytest.mark.parametrize("text", ["\x00", "a\x00b@zarzadca.example"])
def test_null_character_is_no_crash(apex: Client, text: str) -> None:
    assert sign_in(apex, text, text).status_code == 200
