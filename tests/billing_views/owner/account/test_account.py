"""„Moje konto": what it shows, sessions that are ended, the language that is remembered."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from associations.audit.models import AuditEntry
from associations.owners.actions import change_password
from associations.owners.models import OwnerAccount, OwnerSession, SignInEvent
from associations.owners.sign_ins import KEPT, forget_old_sign_ins, handle_of
from associations.premises.models import Holding, HoldingMember, Person, Premises
from associations.profile.models import AssociationProfile
from saas.tenancy.switching import enter_association
from tests.billing_views.owner.account.conftest import OWN_PASSWORD, Owner
from tests.billing_views.owner.account.test_sign_in import sign_in

Browse = Callable[..., Client]
PHONE = "Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile"


def words(answer: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return " ".join(text.split())


def session_links(answer: Any) -> list[str]:
    return re.findall(r'href="(/konto/sesje/[^"]+)"', answer.content.decode())


@pytest.fixture
def here(browse: Browse, owner: Owner) -> Client:
    client = browse()
    sign_in(client, owner)
    return client


@pytest.fixture
def phone(here: Client, owner: Owner) -> Client:
    """Signed in later, on another device."""
    client = Client(headers={"host": "sloneczna.localhost", "user-agent": PHONE})
    sign_in(client, owner)
    return client


def test_account_shows_devices_and_failed_sign_ins(
    here: Client, phone: Client, owner: Owner, browse: Browse
) -> None:
    browse().post("/logowanie/", {"login": owner.login, "password": "nie to hasło"})

    page = words(here.get("/konto/"))

    assert owner.login in page
    assert "Firefox, Windows ta sesja" in page
    assert "Chrome, Android" in page
    assert "błędne hasło" in page
    assert len(session_links(here.get("/konto/"))) == 2


def test_failed_sign_in_is_noted_where_the_login_is_known_alone(owner: Owner, browse: Browse) -> None:
    for login in (owner.login.upper(), "nieznany"):
        browse().post("/logowanie/", {"login": login, "password": "nie to hasło"})

    with enter_association(owner.association):
        assert list(SignInEvent.objects.values_list("account_id", "outcome")) == [
            (owner.account.pk, "wrong_password")
        ]


def test_expired_starter_password_is_no_wrong_one(beginner: Owner, browse: Browse) -> None:
    with enter_association(beginner.association):
        OwnerAccount.objects.update(starter_expires_at=timezone.now())
    for password in (beginner.password, "nie to hasło"):
        browse().post("/logowanie/", {"login": beginner.login, "password": password})
    with enter_association(beginner.association):
        outcomes = list(SignInEvent.objects.order_by("id").values_list("outcome", flat=True))
        OwnerAccount.objects.update(starter_expires_at=timezone.now() + dt.timedelta(days=1))
        change_password(
            account=OwnerAccount.objects.select_related("person").get(), new_password=OWN_PASSWORD
        )
    later = browse()
    sign_in(later, replace(beginner, password=OWN_PASSWORD))

    page = words(later.get("/konto/logowania/"))

    assert outcomes == ["expired_starter", "wrong_password"]
    assert "hasło startowe po terminie nowe wyda biuro" in page
    assert page.count("błędne hasło") == 1


def test_sign_ins_are_listed_for_twelve_months(here: Client, owner: Owner) -> None:
    with enter_association(owner.association):
        account = OwnerAccount.objects.get()
        old = SignInEvent.objects.create(account=account, outcome="done", device="Opera, Linux")
    assert "Opera, Linux" in words(here.get("/konto/logowania/"))
    with enter_association(owner.association):
        SignInEvent.objects.filter(pk=old.pk).update(at=timezone.now() - KEPT)

    assert "Opera, Linux" not in words(here.get("/konto/logowania/"))
    with enter_association(owner.association):
        assert forget_old_sign_ins(now=timezone.now()) == 1
        assert SignInEvent.objects.count() == 1


@pytest.mark.parametrize("asked", ["0", "999", "x", "-1", "9" * 30])
def test_odd_page_of_sign_ins_is_the_nearest(asked: str, here: Client) -> None:
    assert here.get("/konto/logowania/", {"strona": asked}).status_code == 200


def test_one_device_is_signed_out_by_its_button_and_no_other(
    here: Client, phone: Client, owner: Owner
) -> None:
    other = session_links(here.get("/konto/"))[1]
    assert "Chrome, Android" in words(here.get(other))
    assert phone.get("/konto/").status_code == 200

    answer = here.post(other, follow=True)

    assert "Wylogowano urządzenie: Chrome, Android." in words(answer)
    assert phone.get("/konto/").status_code == 302
    assert here.get("/konto/").status_code == 200
    assert here.post(other).status_code == 404
    with enter_association(owner.association):
        assert AuditEntry.objects.filter(action="session.ended").count() == 1


def test_this_device_can_be_signed_out_too(here: Client) -> None:
    this = session_links(here.get("/konto/"))[0]

    assert here.post(this)["Location"] == "/"
    assert here.get("/konto/").status_code == 302


def test_address_of_a_session_does_not_hold_its_key(here: Client) -> None:
    key = here.cookies["sesja"].value

    assert key not in here.get("/konto/").content.decode()


def test_session_of_another_account_is_not_found(here: Client, owner: Owner) -> None:
    with enter_association(owner.association):
        OwnerSession.objects.update(account_id="00000000-0000-0000-0000-000000000007")
        handle = session_links_of_all()[0]
    other = Client(headers={"host": "sloneczna.localhost"})
    sign_in(other, owner)

    assert other.get(handle).status_code == 404
    assert other.post(handle).status_code == 404


def session_links_of_all() -> list[str]:
    return [f"/konto/sesje/{handle_of(row.session_key)}/" for row in OwnerSession.objects.all()]


@pytest.mark.parametrize(("what", "stays"), [("inne", True), ("wszystkie", False), ("", True)])
def test_sign_out_everywhere(what: str, stays: bool, here: Client, phone: Client) -> None:
    assert here.get("/konto/wyloguj-wszedzie/").status_code == 200
    assert phone.get("/konto/").status_code == 200

    here.post("/konto/wyloguj-wszedzie/", {"co": what})

    assert (here.get("/konto/").status_code == 200) is stays
    assert phone.get("/konto/").status_code == 302


def test_language_is_remembered_at_the_account(here: Client, owner: Owner, browse: Browse) -> None:
    here.post("/jezyk/", {"language": "en", "next": "/konto/"})
    assert owner.account.language == "en"
    elsewhere = browse()
    assert '<html lang="pl">' in elsewhere.get("/logowanie/").content.decode()

    sign_in(elsewhere, owner)

    assert '<html lang="en">' in elsewhere.get("/konto/").content.decode()


def test_language_chosen_before_the_first_sign_in_becomes_the_accounts(owner: Owner, browse: Browse) -> None:
    client = browse()
    client.post("/jezyk/", {"language": "en", "next": "/logowanie/"})

    sign_in(client, owner)

    assert owner.account.language == "en"


def test_unknown_language_changes_nothing(here: Client, owner: Owner) -> None:
    here.post("/jezyk/", {"language": "xx", "next": "/konto/"})

    assert owner.account.language == ""


def test_account_leads_back_to_the_premises_it_was_opened_from(here: Client, owner: Owner) -> None:
    with enter_association(owner.association):
        holdings = []
        for code in ("0401-001", "0401-002"):
            premises = Premises.objects.create(code=code, sort_key=code)
            holding = Holding.objects.create(premises=premises, starts_on=dt.date(2020, 1, 1))
            HoldingMember.objects.create(holding=holding, person_id=owner.person_id)
            holdings.append(holding.pk)
    ledger = here.get(f"/lokal/{holdings[1]}/informacje/").content.decode()
    assert f'href="/konto/?lokal={holdings[1]}"' in ledger

    account = here.get(f"/konto/?lokal={holdings[1]}").content.decode()
    later = here.get("/konto/e-mail/").content.decode()

    back = f'class="back" href="/lokal/{holdings[1]}/kartoteka/"'
    assert back in account
    assert f'href="/lokal/{holdings[1]}/media/"' in later
    for odd in ("x", "0", "9" * 40, str(holdings[1] + 999)):
        assert here.get("/konto/", {"lokal": odd}).status_code == 200


def test_account_of_who_holds_nothing_opens(here: Client, owner: Owner) -> None:
    page = words(here.get("/konto/"))

    assert "Moje konto" in page
    with enter_association(owner.association):
        assert not HoldingMember.objects.exists()


def test_starter_password_opens_no_page_of_the_account(browse: Browse, beginner: Owner) -> None:
    client = browse()
    sign_in(client, beginner)

    for address in ("/konto/", "/konto/e-mail/", "/konto/drugi-skladnik/"):
        assert client.get(address)["Location"].startswith("/haslo/?next=")


def test_forgotten_password_leads_to_the_office(browse: Browse, owner: Owner) -> None:
    with enter_association(owner.association):
        AssociationProfile.objects.update(office_address="ul. Słoneczna 5, pokój 3", office_hours="pn 8–16")
    assert 'href="/nie-pamietam-hasla/"' in browse().get("/logowanie/").content.decode()

    page = words(browse().get("/nie-pamietam-hasla/"))

    assert "ul. Słoneczna 5, pokój 3" in page
    assert "pn 8–16" in page


def test_address_asked_for_survives_sign_in_and_the_forced_change_of_password(
    browse: Browse, beginner: Owner
) -> None:
    client = browse()
    wanted = "/lokal/3/ksiegowosc/2026/4/?strona=2"
    to_sign_in = client.get(wanted)["Location"]
    after_sign_in = client.post(to_sign_in, {"login": beginner.login, "password": beginner.password})[
        "Location"
    ]
    to_change = client.get(after_sign_in)["Location"]

    answer = client.post(to_change, {"new_password": OWN_PASSWORD, "new_password_again": OWN_PASSWORD})

    assert after_sign_in == wanted
    assert to_change.startswith("/haslo/?next=")
    assert answer["Location"] == wanted


def test_changed_password_leads_back_to_the_account(here: Client) -> None:
    answer = here.post(
        "/haslo/",
        {
            "current_password": OWN_PASSWORD,
            "new_password": "trzy koty na płocie",
            "new_password_again": "trzy koty na płocie",
        },
    )

    assert answer["Location"] == "/konto/"


def test_account_shows_nobody_elses_data(here: Client, owner: Owner) -> None:
    """The office's address of the person is not the account's."""
    with enter_association(owner.association):
        Person.objects.update(email="biuro-ma@example.org")
        assert OwnerAccount.objects.count() == 1

    assert "biuro-ma@example.org" not in here.get("/konto/").content.decode()
