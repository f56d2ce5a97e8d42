"""The code after the password, setting it up, recovery codes, taking it off."""

import datetime as dt
import re
import time

import pyotp
import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from associations.audit.actors import SYSTEM
from saas.staff.models import PlatformAudit, StaffSession, StaffSignInFailure, StaffUser
from saas.staff.queries import recovery_codes_left
from saas.staff.second_factor import confirm_totp
from saas.staff.totp import secret_of

PASSWORD = "zielone-jabłko-7"
EMAIL = "anna@zarzadca.example"
SEED = "5e" * 32
SET_UP = "/konto/drugi-skladnik/"


def code_now(seed: str = SEED, steps: int = 0) -> str:
    return pyotp.TOTP(secret_of(seed)).at(timezone.now() + dt.timedelta(seconds=30 * steps))


@pytest.fixture
def recovery_codes(manager: StaffUser) -> list[str]:
    """The manager's factor is set up, with the code of the step before."""
    return confirm_totp(actor=SYSTEM, user=manager, seed=SEED, code=code_now(steps=-1))


def give_password(client: Client, query: str = "") -> str:
    answer = client.post(f"/logowanie/{query}", {"email": EMAIL, "password": PASSWORD})
    return answer.headers["Location"]


def test_password_alone_opens_nothing(apex: Client, recovery_codes: list[str]) -> None:
    assert give_password(apex) == "/kod/"

    assert apex.get("/konto/").headers["Location"] == "/logowanie/?next=%2Fkonto%2F"
    assert StaffSession.objects.get().account_id is None


def test_code_completes_the_sign_in_under_a_new_key(apex: Client, recovery_codes: list[str]) -> None:
    assert give_password(apex, "?next=/konto/haslo/") == "/kod/?next=%2Fkonto%2Fhaslo%2F"
    waiting = apex.session.session_key

    answer = apex.post("/kod/?next=%2Fkonto%2Fhaslo%2F", {"code": code_now()})

    assert answer.headers["Location"] == "/konto/haslo/"
    assert apex.get("/konto/").status_code == 200
    assert apex.session.session_key != waiting
    assert StaffSession.objects.count() == 1


def test_code_step_does_not_lead_elsewhere(apex: Client, recovery_codes: list[str]) -> None:
    give_password(apex)

    answer = apex.post("/kod/?next=https://evil.example/", {"code": code_now()})

    assert answer.headers["Location"] == "/"


def test_code_page_without_a_password_goes_to_sign_in(apex: Client, recovery_codes: list[str]) -> None:
    assert apex.post("/kod/", {"code": code_now()}).headers["Location"] == "/logowanie/"
    assert apex.get("/konto/").status_code == 302


def test_used_code_is_refused(apex: Client, recovery_codes: list[str]) -> None:
    code = code_now()
    give_password(apex)
    apex.post("/kod/", {"code": code})
    apex.post("/wyloguj/")
    give_password(apex)

    answer = apex.post("/kod/", {"code": code})

    assert "Nieprawidłowy kod." in answer.content.decode()
    assert apex.get("/konto/").status_code == 302


def test_recovery_code_stands_in_once(apex: Client, recovery_codes: list[str]) -> None:
    answers = []
    for _ in range(2):
        give_password(apex)
        answers.append(apex.post("/kod/", {"code": recovery_codes[0]}).status_code)
        apex.post("/wyloguj/")

    assert answers == [302, 200]


def test_guessing_codes_brings_a_pause_that_ends(
    apex: Client, recovery_codes: list[str], manager: StaffUser
) -> None:
    give_password(apex)
    for _ in range(5):
        assert apex.post("/kod/", {"code": "000000x"}).status_code == 200

    answer = apex.post("/kod/", {"code": code_now()})
    assert answer.status_code == 429
    assert "Zbyt wiele prób. Spróbuj ponownie za 15 minut." in answer.content.decode()

    StaffSignInFailure.objects.update(at=F("at") - dt.timedelta(minutes=15))
    assert apex.post("/kod/", {"code": code_now()}).status_code == 302


def test_right_password_does_not_clear_failed_codes(apex: Client, recovery_codes: list[str]) -> None:
    for _ in range(5):
        give_password(apex)
        apex.post("/kod/", {"code": "000000x"})
    give_password(apex)

    assert apex.post("/kod/", {"code": code_now()}).status_code == 429


def test_no_more_than_thirty_codes_a_day(apex: Client, recovery_codes: list[str]) -> None:
    give_password(apex)
    for number in range(30):
        apex.post("/kod/", {"code": "000000x"})
        if number % 5 == 4:
            StaffSignInFailure.objects.update(at=F("at") - dt.timedelta(minutes=15))

    answer = apex.post("/kod/", {"code": code_now()})

    assert answer.status_code == 429


def test_waiting_for_the_code_ends_after_ten_minutes(
    apex: Client, recovery_codes: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    give_password(apex)
    assert apex.get("/kod/").status_code == 200
    session = apex.session
    session["waits_for_code"] = {**session["waits_for_code"], "until": int(time.time()) - 1}
    session.save()

    assert apex.post("/kod/", {"code": code_now()}).headers["Location"] == "/logowanie/"


def test_changed_password_ends_the_waiting(
    apex: Client, recovery_codes: list[str], manager: StaffUser
) -> None:
    give_password(apex)
    manager.refresh_from_db()
    manager.set_password("another-pass-9")
    manager.save()

    assert apex.post("/kod/", {"code": code_now()}).headers["Location"] == "/logowanie/"


def test_set_up_shows_a_qr_code_without_scripts_and_styles(signed_in: Client) -> None:
    answer = signed_in.get(SET_UP)
    page = answer.content.decode()

    svg = page[page.index("<svg xmlns") if "<svg xmlns" in page else page.index("<svg width") :]
    svg = svg[: svg.index("</svg>")]
    assert "style=" not in svg
    assert "<script" not in page
    assert "'unsafe" not in answer.headers["Content-Security-Policy"]
    secret = secret_of(signed_in.session["totp_seed"])
    assert " ".join(re.findall("....", secret)) in page


def test_set_up_with_a_right_code_shows_ten_recovery_codes_once(
    signed_in: Client, manager: StaffUser
) -> None:
    signed_in.get(SET_UP)
    code = code_now(signed_in.session["totp_seed"])

    page = signed_in.post(SET_UP, {"code": code}).content.decode()

    manager.refresh_from_db()
    assert manager.has_totp
    assert len(re.findall(r"<code>[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}</code>", page)) == 10
    assert "totp_seed" not in signed_in.session
    assert "Niewykorzystane kody zapasowe: 10 z 10." in signed_in.get("/konto/").content.decode()


def test_set_up_with_a_wrong_code_keeps_the_secret(signed_in: Client, manager: StaffUser) -> None:
    signed_in.get(SET_UP)
    seed = signed_in.session["totp_seed"]

    answer = signed_in.post(SET_UP, {"code": "000000x"})

    manager.refresh_from_db()
    assert "Nieprawidłowy kod." in answer.content.decode()
    assert not manager.has_totp
    assert signed_in.session["totp_seed"] == seed


def test_mandatory_factor_once_set_up_opens_the_account(
    signed_in: Client, manager: StaffUser, settings: Settings
) -> None:
    settings.TOTP_REQUIRED = True
    assert signed_in.get("/konto/").headers["Location"] == SET_UP
    signed_in.get(SET_UP)

    signed_in.post(SET_UP, {"code": code_now(signed_in.session["totp_seed"])})

    assert signed_in.get("/konto/").status_code == 200


def test_set_up_ends_other_sessions(signed_in: Client, manager: StaffUser) -> None:
    other = Client(SERVER_NAME="localhost")
    give_password(other)
    assert other.get("/konto/").status_code == 200
    signed_in.get(SET_UP)

    signed_in.post(SET_UP, {"code": code_now(signed_in.session["totp_seed"])})

    assert other.get("/konto/").status_code == 302
    assert signed_in.get("/konto/").status_code == 200


def enter_with_code(client: Client) -> None:
    give_password(client)
    client.post("/kod/", {"code": code_now()})


def test_replacing_the_factor_takes_the_password(
    apex: Client, recovery_codes: list[str], manager: StaffUser
) -> None:
    enter_with_code(apex)
    apex.get(SET_UP)
    code = code_now(apex.session["totp_seed"])

    refused = apex.post(SET_UP, {"code": code, "current": "wrong"})
    manager.refresh_from_db()
    assert "Nieprawidłowe hasło." in refused.content.decode()
    assert manager.totp_seed == SEED

    apex.post(SET_UP, {"code": code, "current": PASSWORD})
    manager.refresh_from_db()
    assert manager.totp_seed != SEED


def test_new_recovery_codes_take_the_password(
    apex: Client, recovery_codes: list[str], manager: StaffUser
) -> None:
    enter_with_code(apex)
    refused = apex.post("/konto/kody-zapasowe/", {"current": "wrong"}).content.decode()
    assert "Nieprawidłowe hasło." in refused

    page = apex.post("/konto/kody-zapasowe/", {"current": PASSWORD}).content.decode()

    assert len(re.findall("<code>", page)) == 10
    assert recovery_codes[0] not in page
    assert recovery_codes_left(manager) == 10


def test_asking_for_the_password_again_is_throttled(apex: Client, recovery_codes: list[str]) -> None:
    enter_with_code(apex)
    for _ in range(5):
        apex.post("/konto/kody-zapasowe/", {"current": "wrong"})

    assert apex.post("/konto/kody-zapasowe/", {"current": PASSWORD}).status_code == 429


def test_factor_is_taken_off_only_where_it_is_not_mandatory(
    apex: Client, recovery_codes: list[str], manager: StaffUser, settings: Settings
) -> None:
    enter_with_code(apex)
    settings.TOTP_REQUIRED = True
    assert apex.post(f"{SET_UP}wylacz/", {"current": PASSWORD}).status_code == 404
    settings.TOTP_REQUIRED = False
    assert apex.get(f"{SET_UP}wylacz/").status_code == 200

    apex.post(f"{SET_UP}wylacz/", {"current": PASSWORD})

    manager.refresh_from_db()
    assert not manager.has_totp


def test_recovery_page_without_a_factor_is_404(signed_in: Client) -> None:
    assert signed_in.get("/konto/kody-zapasowe/").status_code == 404


def test_codes_stand_in_the_platforms_log(
    apex: Client, recovery_codes: list[str], manager: StaffUser
) -> None:
    give_password(apex)
    apex.post("/kod/", {"code": "000000x"})
    apex.post("/kod/", {"code": recovery_codes[0]})

    entries = PlatformAudit.objects.order_by("id").values_list("action", "details")
    last = list(entries)[-3:]

    assert last == [
        ("sign_in.failed", {"step": "code"}),
        ("recovery_code.used", {}),
        ("sign_in.done", {"factor": "recovery_code"}),
    ]
