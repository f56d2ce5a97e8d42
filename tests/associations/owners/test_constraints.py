"""What the database itself refuses about owners' accounts."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from associations.audit.actors import Actor
from associations.owners.actions import issue_starter_password
from associations.owners.models import OwnerAccount, StarterPasswordIssue
from associations.premises.models import Person


@pytest.mark.parametrize("login", ["", "ab", "Maria", "ma ria", "-maria", "żółw", "x" * 41])
def test_login_has_the_stored_form(login: str, person: Person) -> None:
    with pytest.raises(Exception, match=r"owner_login_form|value too long"), transaction.atomic():
        OwnerAccount.objects.create(person=person, login=login)

    OwnerAccount.objects.create(person=person, login="maria.r-1_x")


def test_login_belongs_to_one_account_and_a_person_has_one(person: Person) -> None:
    OwnerAccount.objects.create(person=person, login="maria")
    other = Person.objects.create(code="2", name="Inna Osoba", sort_key="inna")

    with pytest.raises(IntegrityError, match="login"), transaction.atomic():
        OwnerAccount.objects.create(person=other, login="maria")
    with pytest.raises(IntegrityError, match="person_id"), transaction.atomic():
        OwnerAccount.objects.create(person=person, login="maria2")


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"method": "gołębiem"}, "issue_method"),
        ({"received_at": timezone.now(), "received_by": ""}, "issue_receiver_named"),
    ],
)
def test_issue_names_method_and_receiver(
    changes: dict[str, object], constraint: str, person: Person, clerk: Actor
) -> None:
    issued = issue_starter_password(actor=clerk, person=person)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        StarterPasswordIssue.objects.filter(pk=issued.issue_id).update(**changes)


def test_person_with_an_account_cannot_be_deleted(person: Person, clerk: Actor) -> None:
    issue_starter_password(actor=clerk, person=person)

    with pytest.raises(ProtectedError):
        person.delete()
    with pytest.raises(ProtectedError):
        OwnerAccount.objects.get().delete()
