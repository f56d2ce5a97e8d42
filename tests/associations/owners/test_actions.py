"""Issuing, handing over and changing passwords of owners."""

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from associations.audit.actors import Actor
from associations.audit.models import AuditEntry
from associations.owners.actions import (
    IssuedPassword,
    OwnerRuleError,
    WeakPasswordError,
    change_password,
    deactivate_account,
    end_sessions,
    issue_starter_password,
    record_handover,
)
from associations.owners.models import IssueMethod, OwnerAccount, OwnerSession, StarterPasswordIssue
from associations.owners.passwords import is_right_password
from associations.premises.models import Person
from associations.profile.models import AssociationProfile

GOOD_PASSWORD = "zielony rower na dachu"


def account_of(person: Person) -> OwnerAccount:
    return OwnerAccount.objects.select_related("person").get(person=person)


def add_session(account: OwnerAccount, key: str) -> None:
    OwnerSession.objects.create(
        session_key=key, session_data="", expire_date=timezone.now(), account_id=account.pk
    )


def issue_of(issued: IssuedPassword) -> StarterPasswordIssue:
    return StarterPasswordIssue.objects.get(pk=issued.issue_id)


def test_first_issue_makes_an_account_whose_login_is_the_person_code(person: Person, clerk: Actor) -> None:
    issued = issue_starter_password(actor=clerk, person=person)

    account = account_of(person)
    assert issued.login == account.login == "17000010"
    assert is_right_password(account, issued.password)
    assert account.must_change_password
    assert account.starter_expires_at == issued.expires_at
    assert abs(issued.expires_at - timezone.now() - dt.timedelta(days=30)) < dt.timedelta(minutes=1)


def test_password_is_sixteen_characters_without_look_alikes(person: Person, clerk: Actor) -> None:
    issued = issue_starter_password(actor=clerk, person=person)

    assert re.fullmatch(r"[a-hj-km-np-z2-9]{16}", issued.password)
    assert issued.grouped == " ".join(re.findall("....", issued.password))
    assert issued.password not in repr(issued)


def test_starter_password_may_be_typed_in_groups_and_capitals(person: Person, clerk: Actor) -> None:
    issued = issue_starter_password(actor=clerk, person=person)

    account = account_of(person)
    assert is_right_password(account, issued.grouped)
    assert is_right_password(account, issued.grouped.replace(" ", "-").upper() + " ")
    assert not is_right_password(account, issued.password[:-1])


@pytest.mark.parametrize("code", ["1/14", "Ż-1", "ab", "-12345", "x" * 40 + "y"])
def test_code_that_is_no_login_gives_a_generated_one(code: str, person: Person, clerk: Actor) -> None:
    Person.objects.filter(pk=person.pk).update(code=code[:40] if len(code) > 3 else code)

    issued = issue_starter_password(actor=clerk, person=person)

    expected = code.lower()[:40] if len(code) == 41 else None
    assert issued.login == expected or re.fullmatch(r"[a-hj-km-np-z2-9]{8}", issued.login)


def test_code_taken_as_login_by_another_person_gives_a_generated_one(person: Person, clerk: Actor) -> None:
    other = Person.objects.create(code="ABC-1", name="Inna Osoba", sort_key="inna osoba")
    issue_starter_password(actor=clerk, person=other)
    Person.objects.filter(pk=person.pk).update(code="abc-1")

    issued = issue_starter_password(actor=clerk, person=person)

    assert account_of(other).login == "abc-1"
    assert re.fullmatch(r"[a-hj-km-np-z2-9]{8}", issued.login)


def test_second_issue_replaces_the_password_and_keeps_the_login(person: Person, clerk: Actor) -> None:
    first = issue_starter_password(actor=clerk, person=person)
    change_password(account=account_of(person), new_password=GOOD_PASSWORD)

    second = issue_starter_password(actor=clerk, person=person)

    account = account_of(person)
    assert second.login == first.login
    assert account.must_change_password
    assert is_right_password(account, second.password)
    assert not is_right_password(account, first.password)
    assert not is_right_password(account, GOOD_PASSWORD)
    assert account.issues.count() == 2


def test_new_login_is_given_on_request(person: Person, clerk: Actor) -> None:
    first = issue_starter_password(actor=clerk, person=person)

    second = issue_starter_password(actor=clerk, person=person, new_login=True)

    assert second.login != first.login
    assert OwnerAccount.objects.count() == 1
    assert [issue.is_login_new for issue in StarterPasswordIssue.objects.order_by("id")] == [True, True]


def test_issue_ends_every_session_of_the_account_and_no_other(person: Person, clerk: Actor) -> None:
    other = Person.objects.create(code="17000020", name="Krawczyk Andrzej", sort_key="krawczyk andrzej")
    for owner in (person, other):
        issue_starter_password(actor=clerk, person=owner)
        add_session(account_of(owner), f"key-{owner.pk}")

    issue_starter_password(actor=clerk, person=person)

    assert list(OwnerSession.objects.values_list("session_key", flat=True)) == [f"key-{other.pk}"]


def test_person_of_an_undone_import_gets_nothing(person: Person, clerk: Actor) -> None:
    Person.objects.filter(pk=person.pk).update(is_current=False)

    with pytest.raises(OwnerRuleError) as refused:
        issue_starter_password(actor=clerk, person=person)

    assert refused.value.code == "person_not_current"
    assert not OwnerAccount.objects.exists()


def test_issue_is_audited_without_login_and_password(person: Person, clerk: Actor) -> None:
    issued = issue_starter_password(actor=clerk, person=person, method=IssueMethod.LETTER)

    entry = AuditEntry.objects.get(action="starter_password.issued")
    assert (entry.actor_name, entry.actor_id) == ("Anna Biurowa", uuid.UUID(int=7))
    assert entry.target == f"person:{person.pk}"
    assert entry.details == {
        "issue": issued.issue_id,
        "method": "letter",
        "is_login_new": True,
        "sessions_ended": 0,
    }


def test_handover_in_person_needs_a_checked_identity(person: Person, clerk: Actor) -> None:
    issue = issue_of(issue_starter_password(actor=clerk, person=person))

    with pytest.raises(OwnerRuleError) as refused:
        record_handover(actor=clerk, issue=issue, received_by="Maria Rutkowska", is_identity_checked=False)
    record_handover(actor=clerk, issue=issue, received_by=" Maria  Rutkowska ", is_identity_checked=True)

    issue.refresh_from_db()
    assert refused.value.code == "identity_not_checked"
    assert (issue.received_by, issue.is_identity_checked) == ("Maria Rutkowska", True)
    assert issue.received_at is not None
    assert AuditEntry.objects.filter(action="starter_password.handed_over").count() == 1


def test_handover_is_recorded_once(person: Person, clerk: Actor) -> None:
    issue = issue_of(issue_starter_password(actor=clerk, person=person))
    record_handover(actor=clerk, issue=issue, received_by="Maria Rutkowska", is_identity_checked=True)

    with pytest.raises(OwnerRuleError) as refused:
        record_handover(actor=clerk, issue=issue, received_by="Ktoś Inny", is_identity_checked=True)

    assert refused.value.code == "handed_over_already"


def test_handover_names_the_receiver(person: Person, clerk: Actor) -> None:
    issue = issue_of(issue_starter_password(actor=clerk, person=person))

    with pytest.raises(OwnerRuleError) as refused:
        record_handover(actor=clerk, issue=issue, received_by="  ", is_identity_checked=True)

    assert refused.value.code == "receiver_missing"


def test_letter_goes_by_post_only_where_the_association_allows_it(person: Person, clerk: Actor) -> None:
    issue = issue_of(issue_starter_password(actor=clerk, person=person, method=IssueMethod.LETTER))

    with pytest.raises(OwnerRuleError) as refused:
        record_handover(actor=clerk, issue=issue, received_by="poczta", is_identity_checked=False)
    AssociationProfile.objects.update(allows_letters_by_post=True)
    record_handover(actor=clerk, issue=issue, received_by="poczta", is_identity_checked=False)

    issue.refresh_from_db()
    assert refused.value.code == "post_not_allowed"
    assert issue.received_by == "poczta"


def test_changed_password_opens_and_the_starter_does_not(person: Person, clerk: Actor) -> None:
    issued = issue_starter_password(actor=clerk, person=person)
    account = account_of(person)
    add_session(account, "here")
    add_session(account, "elsewhere")

    change_password(account=account, new_password=GOOD_PASSWORD, keep_session="here")

    stored = account_of(person)
    assert not stored.must_change_password
    assert stored.starter_expires_at is None
    assert stored.password_changed_at is not None
    assert stored.password == account.password
    assert is_right_password(stored, GOOD_PASSWORD)
    assert not is_right_password(stored, issued.password)
    assert list(OwnerSession.objects.values_list("session_key", flat=True)) == ["here"]
    entry = AuditEntry.objects.get(action="password.changed")
    assert (entry.actor_kind, entry.actor_id, entry.details) == (
        "owner",
        account.pk,
        {"was_starter": True, "sessions_ended": 1},
    )


def test_weak_password_is_refused_with_every_fault(person: Person, clerk: Actor) -> None:
    issue_starter_password(actor=clerk, person=person)

    with pytest.raises(WeakPasswordError) as refused:
        change_password(account=account_of(person), new_password="17000010")

    assert len(refused.value.faults) == 3  # too short, digits only, the login
    assert account_of(person).must_change_password


@pytest.mark.parametrize("password", ["krótkie", "password123", "1234567890", "moje-17000010-haslo"])
def test_password_against_a_rule_is_refused(password: str, person: Person, clerk: Actor) -> None:
    issue_starter_password(actor=clerk, person=person)

    with pytest.raises(WeakPasswordError):
        change_password(account=account_of(person), new_password=password)


def test_starter_password_is_no_password_of_ones_own(person: Person, clerk: Actor) -> None:
    issued = issue_starter_password(actor=clerk, person=person)

    for same in (issued.password, issued.grouped.upper()):
        with pytest.raises(WeakPasswordError):
            change_password(account=account_of(person), new_password=same)


def test_expired_starter_password_cannot_be_changed(person: Person, clerk: Actor) -> None:
    issue_starter_password(actor=clerk, person=person)
    OwnerAccount.objects.update(starter_expires_at=timezone.now() - dt.timedelta(seconds=1))

    with pytest.raises(OwnerRuleError) as refused:
        change_password(account=account_of(person), new_password=GOOD_PASSWORD)

    assert refused.value.code == "starter_expired"


def test_ended_account_is_opened_again_by_the_office_only(person: Person, clerk: Actor) -> None:
    issue_starter_password(actor=clerk, person=person)
    account = account_of(person)
    add_session(account, "here")

    deactivate_account(actor=clerk, account=account)

    assert not account_of(person).is_active
    assert not OwnerSession.objects.exists()
    with pytest.raises(OwnerRuleError) as refused:
        change_password(account=account, new_password=GOOD_PASSWORD)
    assert refused.value.code == "account_ended"
    issue_starter_password(actor=clerk, person=person)
    assert account_of(person).is_active


def test_sessions_are_ended_on_request(person: Person, clerk: Actor) -> None:
    issue_starter_password(actor=clerk, person=person)
    add_session(account_of(person), "here")

    assert end_sessions(actor=clerk, account=account_of(person)) == 1
    assert not OwnerSession.objects.exists()


def test_passwords_stand_in_no_table_and_no_log(
    person: Person, clerk: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")

    issued = issue_starter_password(actor=clerk, person=person)
    change_password(account=account_of(person), new_password=GOOD_PASSWORD)

    everything = whole_schema()
    assert issued.login in everything
    for secret in (issued.password, issued.grouped, GOOD_PASSWORD):
        assert secret not in everything
        assert secret not in caplog.text


def whole_schema() -> str:
    """Every row of every table of the association, as text."""
    rows: list[Any] = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
        for (name,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{name}" t')
            rows.extend(cursor.fetchall())
    return repr(rows)
