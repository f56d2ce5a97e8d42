"""The account page, links by mail, language."""

import re

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.test import Client
from pytest_django import Settings

from associations.audit.actors import SYSTEM
from associations.owners.throttling import PER_LINK_ADDRESS
from saas.staff.actions import create_staff, issue_link
from saas.staff.models import LinkPurpose, PasswordLink, StaffSession, StaffUser

PASSWORD = "zielone-jabłko-7"
NEW = "czerwona-gruszka-8"
EMAIL = "anna@zarzadca.example"


def sign_in(client: Client, password: str = PASSWORD) -> int:
    return client.post("/logowanie/", {"email": EMAIL, "password": password}).status_code


def without_csrf(content: bytes) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", content)


def path_of(address: str) -> str:
    return address.removeprefix(django_settings.APEX_URL)


def test_account_page_shows_who_is_signed_in_where(signed_in: Client) -> None:
    page = signed_in.get("/konto/").content.decode()

    assert "anna@zarzadca.example" in page
    assert 'value="Anna Zarządca"' in page
    assert "Firefox, Linux" in page
    assert "to urządzenie" in page


def test_name_is_changed(signed_in: Client, manager: StaffUser) -> None:
    answer = signed_in.post("/konto/", {"name": " Anna Nowa "})

    manager.refresh_from_db()
    assert (answer.status_code, manager.name) == (302, "Anna Nowa")


def test_empty_name_is_an_error(signed_in: Client, manager: StaffUser) -> None:
    answer = signed_in.post("/konto/", {"name": " "})

    assert answer.status_code == 200
    assert "Popraw zaznaczone pola." in answer.content.decode()


def test_password_change_ends_other_sessions_and_keeps_this_one(signed_in: Client) -> None:
    other = Client(SERVER_NAME="localhost")
    sign_in(other)
    former_key = signed_in.session.session_key

    answer = signed_in.post("/konto/haslo/", {"current": PASSWORD, "password": NEW, "repeated": NEW})

    assert answer.headers["Location"] == "/konto/"
    assert signed_in.get("/konto/").status_code == 200
    assert signed_in.session.session_key != former_key
    assert other.get("/konto/").status_code == 302
    assert [sign_in(other, PASSWORD), sign_in(other, NEW)] == [200, 302]


@pytest.mark.parametrize(
    ("current", "password", "repeated", "sentence"),
    [
        ("wrong", NEW, NEW, "Nieprawidłowe hasło."),
        (PASSWORD, NEW, NEW + "x", "Hasła różnią się od siebie."),
        (PASSWORD, "short", "short", "To hasło jest za krótkie."),
        (PASSWORD, "password1234", "password1234", "To hasło jest zbyt powszechne."),
        (PASSWORD, "83920174650", "83920174650", "Hasło składa się wyłącznie z cyfr."),
    ],
)
def test_bad_new_password_is_an_error(
    signed_in: Client, manager: StaffUser, current: str, password: str, repeated: str, sentence: str
) -> None:
    form = {"current": current, "password": password, "repeated": repeated}

    answer = signed_in.post("/konto/haslo/", form, headers={"accept-language": "pl"})

    manager.refresh_from_db()
    assert sentence in answer.content.decode()
    assert manager.check_password(PASSWORD)
    assert password not in answer.content.decode()


def test_sign_out_everywhere(signed_in: Client) -> None:
    other = Client(SERVER_NAME="localhost")
    sign_in(other)

    assert signed_in.get("/konto/wyloguj-wszedzie/").status_code == 405
    answer = signed_in.post("/konto/wyloguj-wszedzie/", follow=True)

    assert "Wylogowano ze wszystkich urządzeń." in answer.content.decode()
    assert other.get("/konto/").status_code == 302
    assert not StaffSession.objects.exclude(account_id=None).exists()


def test_invitation_sets_the_first_password(apex: Client, db: None) -> None:
    user = create_staff(actor=SYSTEM, email=EMAIL, name="Anna")
    path = path_of(issue_link(actor=SYSTEM, user=user, purpose=LinkPurpose.INVITATION))
    assert EMAIL in apex.get(path).content.decode()

    answer = apex.post(path, {"password": NEW, "repeated": NEW}, follow=True)

    assert "Hasło ustawione. Możesz się zalogować." in answer.content.decode()
    assert sign_in(apex, NEW) == 302


def test_link_is_dead_after_use_and_says_what_to_do(apex: Client, manager: StaffUser) -> None:
    path = path_of(issue_link(actor=SYSTEM, user=manager, purpose=LinkPurpose.PASSWORD))
    Client(SERVER_NAME="localhost").post(path, {"password": NEW, "repeated": NEW})

    used = apex.get(path)
    unknown = apex.get("/nowe-haslo/no-such-token/")

    assert (used.status_code, unknown.status_code) == (404, 404)
    assert "Ten link był już użyty, jest za stary albo jest w nim błąd." in used.content.decode()
    assert without_csrf(used.content).replace(path.encode(), b"/") == without_csrf(unknown.content).replace(
        b"/nowe-haslo/no-such-token/", b"/"
    )
    assert apex.post(path, {"password": PASSWORD, "repeated": PASSWORD}).status_code == 404
    assert sign_in(apex, NEW) == 302


def test_weak_password_does_not_spend_the_link(apex: Client, manager: StaffUser) -> None:
    path = path_of(issue_link(actor=SYSTEM, user=manager, purpose=LinkPurpose.PASSWORD))

    assert apex.post(path, {"password": "short", "repeated": "short"}).status_code == 200

    assert apex.get(path).status_code == 200


def test_link_ends_the_sessions_of_the_account(signed_in: Client, manager: StaffUser) -> None:
    path = path_of(issue_link(actor=SYSTEM, user=manager, purpose=LinkPurpose.PASSWORD))

    Client(SERVER_NAME="localhost").post(path, {"password": NEW, "repeated": NEW})

    assert signed_in.get("/konto/").status_code == 302


def test_forgotten_password_answers_the_same_and_mails_only_the_known(
    apex: Client, manager: StaffUser, settings: Settings
) -> None:
    settings.EMAIL_HOST = "mail.example"

    unknown = apex.post("/nowe-haslo/", {"email": "nikt@zarzadca.example"})
    assert len(mail.outbox) == 0
    known = apex.post("/nowe-haslo/", {"email": EMAIL.upper()})

    assert (known.status_code, unknown.status_code) == (200, 200)
    assert without_csrf(known.content) == without_csrf(unknown.content)
    assert "Jeśli konto z tym adresem istnieje" in known.content.decode()
    assert [letter.to for letter in mail.outbox] == [[EMAIL]]
    path = path_of(re.findall(r"http\S+", str(mail.outbox[0].body))[0])
    apex.post(path, {"password": NEW, "repeated": NEW})
    assert sign_in(apex, NEW) == 302


def test_link_is_made_after_the_answer_has_left(manager: StaffUser, settings: Settings) -> None:
    from django.core.signals import request_finished
    from django.db import close_old_connections
    from django.test import RequestFactory

    from billing_views.manager.invitations import ask_for_link

    settings.EMAIL_HOST = "mail.example"
    request = RequestFactory().post("/nowe-haslo/", {"email": EMAIL}, SERVER_NAME="localhost")

    answer = ask_for_link(request)
    assert (len(mail.outbox), PasswordLink.objects.count()) == (0, 0)
    # As the test client does: the connection holds this test's transaction.
    request_finished.disconnect(close_old_connections)
    answer.close()
    request_finished.connect(close_old_connections)

    assert (len(mail.outbox), PasswordLink.objects.count()) == (1, 1)


def test_links_by_mail_are_few_per_account_and_address(
    apex: Client, manager: StaffUser, settings: Settings
) -> None:
    settings.EMAIL_HOST = "mail.example"
    statuses = [
        apex.post("/nowe-haslo/", {"email": EMAIL}).status_code for _ in range(PER_LINK_ADDRESS.failures + 1)
    ]

    assert statuses == [200] * PER_LINK_ADDRESS.failures + [429]
    assert len(mail.outbox) == 3


def test_forged_host_does_not_get_into_the_link(manager: StaffUser, settings: Settings) -> None:
    settings.EMAIL_HOST = "mail.example"
    browser = Client(SERVER_NAME="localhost", headers={"host": "localhost:1337"})

    browser.post("/nowe-haslo/", {"email": EMAIL})

    assert django_settings.APEX_URL in mail.outbox[0].body
    assert "1337" not in mail.outbox[0].body


def test_without_mail_the_page_names_the_operator(apex: Client, manager: StaffUser) -> None:
    answer = apex.post("/nowe-haslo/", {"email": EMAIL})

    assert "O link do nowego hasła poproś jej operatora." in answer.content.decode()
    assert len(mail.outbox) == 0


@pytest.mark.parametrize(
    ("wanted", "taken"), [("/konto/", "/konto/"), ("//evil.example", "/"), ("https://evil.example", "/")]
)
def test_language_is_kept_in_a_cookie(apex: Client, wanted: str, taken: str) -> None:
    answer = apex.post("/jezyk/", {"language": "en", "next": wanted})

    assert answer.headers["Location"] == taken
    assert answer.cookies[django_settings.LANGUAGE_COOKIE_NAME].value == "en"
    assert '<html lang="en">' in apex.get("/logowanie/").content.decode()


def test_unknown_language_changes_nothing(apex: Client) -> None:
    answer = apex.post("/jezyk/", {"language": "xx", "next": "/logowanie/"})

    assert answer.headers["Location"] == "/logowanie/"
    assert django_settings.LANGUAGE_COOKIE_NAME not in answer.cookies


def test_language_is_a_post(apex: Client) -> None:
    assert apex.get("/jezyk/").status_code == 405
