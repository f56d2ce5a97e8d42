"""Accounts, links that set passwords, sessions that end."""

import datetime as dt

import pytest
from django.db import IntegrityError
from django.utils import timezone
from pytest_django import Settings

from associations.audit.actors import SYSTEM
from saas.staff.actions import change_password, create_staff, end_sessions, issue_link, use_link
from saas.staff.errors import StaffError
from saas.staff.models import LinkPurpose, PasswordLink, PlatformAudit, StaffSession, StaffUser
from saas.staff.queries import find_link_owner, open_sessions
from saas.staff.sessions import SessionStore

INVITATION, PASSWORD = LinkPurpose.INVITATION, LinkPurpose.PASSWORD
GOOD = "zielone-jabłko-7"


def token_of(address: str) -> str:
    return address.rstrip("/").rpartition("/")[2]


def sign_in_somewhere(user: StaffUser, device: str = "") -> str:
    store = SessionStore()
    store["_auth_user_id"] = str(user.id)
    store["device"] = device
    store.create()
    assert store.session_key
    return store.session_key


def test_email_is_stored_in_lower_case_and_found_in_any(manager: StaffUser) -> None:
    assert manager.email == "anna@zarzadca.example"
    assert not manager.has_usable_password()
    assert StaffUser.objects.get_by_natural_key("ANNA@zarzadca.example") == manager


@pytest.mark.parametrize(
    ("email", "name", "code"),
    [
        ("anna@ZARZADCA.example", "Inna", "email_taken"),
        ("anna", "Anna", "bad_email"),
        ("nowa@zarzadca.example", "  ", "no_name"),
    ],
)
def test_account_is_refused(manager: StaffUser, email: str, name: str, code: str) -> None:
    with pytest.raises(StaffError) as refusal:
        create_staff(actor=SYSTEM, email=email, name=name)

    assert refusal.value.code == code


def test_database_refuses_an_email_that_differs_in_case_only(manager: StaffUser) -> None:
    with pytest.raises(IntegrityError):
        StaffUser.objects.create(email="ANNA@zarzadca.example", name="Inna")


def test_link_address_comes_from_the_settings(manager: StaffUser, settings: Settings) -> None:
    settings.APEX_URL = "https://portal.example"

    address = issue_link(actor=SYSTEM, user=manager, purpose=INVITATION)

    assert address.startswith("https://portal.example/zaproszenie/")
    row = PasswordLink.objects.get()
    assert token_of(address) not in str(vars(row))


@pytest.mark.parametrize(("purpose", "hours"), [(INVITATION, 7 * 24), (PASSWORD, 2)])
def test_link_ends_by_itself(manager: StaffUser, purpose: LinkPurpose, hours: int) -> None:
    token = token_of(issue_link(actor=SYSTEM, user=manager, purpose=purpose))
    lasts = PasswordLink.objects.get().expires_at - timezone.now()
    assert dt.timedelta(hours=hours, minutes=-1) < lasts <= dt.timedelta(hours=hours)
    assert find_link_owner(token, purpose) == manager

    PasswordLink.objects.update(expires_at=timezone.now())

    assert find_link_owner(token, purpose) is None
    with pytest.raises(StaffError):
        use_link(token=token, purpose=purpose, password=GOOD)


def test_link_sets_the_password_once(manager: StaffUser) -> None:
    token = token_of(issue_link(actor=SYSTEM, user=manager, purpose=INVITATION))

    use_link(token=token, purpose=INVITATION, password=GOOD)

    manager.refresh_from_db()
    assert manager.check_password(GOOD)
    with pytest.raises(StaffError):
        use_link(token=token, purpose=INVITATION, password="another-pass-9")
    assert find_link_owner(token, INVITATION) is None


def test_link_serves_its_own_purpose_only(manager: StaffUser) -> None:
    token = token_of(issue_link(actor=SYSTEM, user=manager, purpose=INVITATION))

    with pytest.raises(StaffError):
        use_link(token=token, purpose=PASSWORD, password=GOOD)


def test_link_of_an_ended_account_is_dead(manager: StaffUser) -> None:
    token = token_of(issue_link(actor=SYSTEM, user=manager, purpose=INVITATION))
    StaffUser.objects.update(is_active=False)

    with pytest.raises(StaffError):
        use_link(token=token, purpose=INVITATION, password=GOOD)


def test_new_password_ends_all_sessions_and_other_links(manager: StaffUser, operator: StaffUser) -> None:
    first = token_of(issue_link(actor=SYSTEM, user=manager, purpose=PASSWORD))
    second = token_of(issue_link(actor=SYSTEM, user=manager, purpose=PASSWORD))
    elsewhere = token_of(issue_link(actor=SYSTEM, user=operator, purpose=PASSWORD))
    sign_in_somewhere(manager)
    kept = sign_in_somewhere(operator)

    use_link(token=first, purpose=PASSWORD, password=GOOD)

    assert find_link_owner(second, PASSWORD) is None
    assert find_link_owner(elsewhere, PASSWORD) == operator
    assert list(StaffSession.objects.values_list("session_key", flat=True)) == [kept]


def test_changing_the_password_keeps_the_session_at_hand(manager: StaffUser) -> None:
    here, _there = sign_in_somewhere(manager), sign_in_somewhere(manager)

    change_password(actor=SYSTEM, user=manager, password=GOOD, keep_session_key=here)

    assert list(StaffSession.objects.values_list("session_key", flat=True)) == [here]


def test_sessions_are_listed_and_ended(manager: StaffUser) -> None:
    here = sign_in_somewhere(manager, "Firefox, Linux")
    sign_in_somewhere(manager, "Chrome, Android")

    listed = open_sessions(manager, current_key=here)

    assert [(one.device, one.is_current) for one in listed] == [
        ("Chrome, Android", False),
        ("Firefox, Linux", True),
    ]
    assert end_sessions(actor=SYSTEM, user=manager) == 2
    assert open_sessions(manager, current_key=here) == ()


def test_saving_a_session_again_keeps_when_it_began(manager: StaffUser) -> None:
    key = sign_in_somewhere(manager)
    began = StaffSession.objects.get().created_at

    store = SessionStore(key)
    store["more"] = "data"
    store.save()

    row = StaffSession.objects.get()
    assert (row.created_at, row.account_id) == (began, manager.id)
    assert SessionStore(key)["more"] == "data"


def test_every_act_is_in_the_platforms_log(manager: StaffUser) -> None:
    token = token_of(issue_link(actor=SYSTEM, user=manager, purpose=INVITATION))
    use_link(token=token, purpose=INVITATION, password=GOOD)

    entries = PlatformAudit.objects.order_by("id").values_list("action", "actor_kind", "actor_id")

    assert list(entries) == [
        ("staff.created", "system", None),
        ("invitation_link.issued", "system", None),
        ("invitation_link.used", "staff", manager.id),
        ("password.changed", "staff", manager.id),
    ]
