"""Staff of the cooperative in every role, and people of its registry in every state of access."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from associations.audit.actors import Actor
from associations.owners.actions import change_password, deactivate_account, issue_starter_password
from associations.owners.models import OwnerAccount
from associations.premises.models import Person
from saas.staff.models import Grant, StaffUser
from saas.tenancy.switching import AssociationRef, enter_association
from tests.factories import make_holding, make_person, make_premises

BACKEND = "saas.staff.backends.StaffBackend"
CLERK = Actor(kind="staff", id=uuid.UUID(int=7), name="Anna Biurowa")
TODAY = dt.date(2026, 11, 22)
SignIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> Path:
    """Where letters wait, empty for each test."""
    settings.FILES_DIR = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def sign_in(db: None) -> SignIn:
    """A browser at the apex with a grant for each association named."""

    def visit(*associations: AssociationRef, role: str = "office") -> Client:
        user = StaffUser.objects.create(
            email=f"biuro{StaffUser.objects.count()}@example.org",
            name="Anna Biurowa",
            totp_seed="seed",
            totp_confirmed_at=timezone.now(),
        )
        for association in associations:
            Grant.objects.create(user=user, association_id=association.id, role=role)
        client = Client(headers={"host": "localhost:8000"})
        client.force_login(user, backend=BACKEND)
        return client

    return visit


@pytest.fixture
def clerk(sign_in: SignIn, sloneczna: AssociationRef) -> Client:
    """The office of the cooperative."""
    return sign_in(sloneczna)


@pytest.fixture
def maria(db: None, sloneczna: AssociationRef) -> Person:
    """Nobody has issued her a password."""
    with enter_association(sloneczna):
        person = make_person("17000010", "Rutkowska Maria", email="maria@example.org")
        make_holding(make_premises("0401-001", number="1"), person)
    return person


@pytest.fixture
def everybody(db: None, sloneczna: AssociationRef) -> dict[str, Person]:
    """A person in each state of access, by the name of the state."""
    names = ("never", "issued", "expired", "active", "ended", "former")
    with enter_association(sloneczna):
        people = {name: make_person(f"1700{number}", f"Osoba {name}") for number, name in enumerate(names)}
        for number, person in enumerate(people.values()):
            ends = "2025-05-31" if person.name == "Osoba former" else ""
            make_holding(make_premises(f"0401-{number:03}", number=str(number)), person, ends=ends)
        for name in ("issued", "expired", "active", "ended"):
            issue_starter_password(actor=CLERK, person=people[name])
        accounts = OwnerAccount.objects.select_related("person")
        accounts.filter(person=people["expired"]).update(starter_expires_at=timezone.now())
        change_password(account=accounts.get(person=people["active"]), new_password="zielony rower na dachu")
        accounts.filter(person=people["active"]).update(last_login=timezone.now())
        deactivate_account(actor=CLERK, account=accounts.get(person=people["ended"]))
    return people


@pytest.fixture
def count_queries() -> Callable[[], Any]:
    """How many queries a block takes; switching between schemas is not counted."""

    @contextmanager
    def counted() -> Iterator[list[str]]:
        found: list[str] = []
        with CaptureQueriesContext(connection) as captured:
            yield found
        found.extend(row["sql"] for row in captured.captured_queries if "search_path" not in row["sql"])

    return counted
