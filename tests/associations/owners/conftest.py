"""A person of the cooperative and the clerk who issues passwords."""

import uuid

import pytest

from associations.audit.actors import Actor
from associations.premises.models import Person
from saas.tenancy.switching import AssociationRef


@pytest.fixture
def clerk() -> Actor:
    return Actor(kind="staff", id=uuid.UUID(int=7), name="Anna Biurowa")


@pytest.fixture
def person(in_sloneczna: AssociationRef) -> Person:
    return Person.objects.create(code="17000010", name="Rutkowska Maria", sort_key="rutkowska maria")
