"""Browsers at both associations' doors, and a cast of owners with equal codes in both."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client

from associations.audit.actors import Actor
from associations.owners.actions import change_password, issue_starter_password
from associations.owners.models import OwnerAccount
from associations.premises.models import Person
from saas.tenancy.switching import AssociationRef, enter_association

CLERK = Actor(kind="staff", id=uuid.UUID(int=7), name="Anna Biurowa")
OWN_PASSWORD = "zielony rower na dachu"


@dataclass(frozen=True)
class Owner:
    """Somebody who can sign in."""

    association: AssociationRef
    person_id: int
    login: str
    password: str

    @property
    def account(self) -> OwnerAccount:
        with enter_association(self.association):
            return OwnerAccount.objects.select_related("person").get(person_id=self.person_id)


def make_owner(association: AssociationRef, *, own_password: str | None = None) -> Owner:
    """A person with a starter password, or with one of their own."""
    with enter_association(association):
        person = Person.objects.create(code="17000010", name="Rutkowska Maria", sort_key="rutkowska maria")
        issued = issue_starter_password(actor=CLERK, person=person)
        if own_password:
            account = OwnerAccount.objects.select_related("person").get(person=person)
            change_password(account=account, new_password=own_password)
    return Owner(association, person.pk, issued.login, own_password or issued.password)


@pytest.fixture
def beginner(db: None, sloneczna: AssociationRef) -> Owner:
    """Has a starter password."""
    return make_owner(sloneczna)


@pytest.fixture
def owner(db: None, sloneczna: AssociationRef) -> Owner:
    """Has a password of her own."""
    return make_owner(sloneczna, own_password=OWN_PASSWORD)


@pytest.fixture
def namesake(db: None, lipowa: AssociationRef) -> Owner:
    """The same code and password in another association."""
    return make_owner(lipowa, own_password=OWN_PASSWORD)


@pytest.fixture
def browse() -> Callable[..., Client]:
    """A new browser at a host."""

    def open_browser(slug: str = "sloneczna") -> Client:
        return Client(
            headers={"host": f"{slug}.localhost", "user-agent": "Mozilla/5.0 (Windows) Firefox/145.0"}
        )

    return open_browser
