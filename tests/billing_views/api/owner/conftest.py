"""Programs of owners: each with a personal key, and a client that sends nothing but the key."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from associations.owners.actions import owner_actor
from associations.owners.models import OwnerAccount
from associations.owners.tokens import create_token
from saas.tenancy.switching import AssociationRef, enter_association
from tests.cast import Member
from tests.samples_database import Samples


def make_key(association: AssociationRef, **account: Any) -> str:
    """A key of the account that these fields name."""
    with enter_association(association):
        found = OwnerAccount.objects.select_related("person").get(**account)
        return create_token(actor=owner_actor(found), account=found, name="Arkusz", days=30).secret


def program(host: str, secret: str) -> Client:
    """A client that sends the key and no cookie."""
    return Client(headers={"host": host, "authorization": f"Bearer {secret}"})


@pytest.fixture
def program_of(samples: Samples) -> Callable[[Member], Client]:
    """The program of one of the cast, at the own association."""

    def make(member: Member) -> Client:
        slug = member.host.partition(".")[0]
        return program(member.host, make_key(getattr(samples, slug), login=member.login))

    return make
