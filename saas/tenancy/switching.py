"""The one module that points a connection at an association and back again.

Querysets must be evaluated inside the context they were built in.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django_tenants.utils import get_public_schema_name


@dataclass(frozen=True, slots=True)
class AssociationRef:
    """The facts about an association that never change: what hosts are cached as and what jobs carry."""

    id: uuid.UUID
    slug: str
    schema_name: str

    def get_tenant_type(self) -> None:
        """One kind of tenant: django-tenants asks."""


PUBLIC = AssociationRef(id=uuid.UUID(int=0), slug="", schema_name=get_public_schema_name())


def _tenant_connection(using: str) -> Any:
    """The connection with django-tenants' additions, which Django's type does not know."""
    return connections[using]


@contextmanager
def enter_association(association: AssociationRef, *, using: str = "default") -> Iterator[None]:
    """Point the connection at the association's schema alone, and back to what stood before on leaving."""
    connection = _tenant_connection(using)
    previous = connection.tenant
    connection.set_tenant(association)
    try:
        yield
    finally:
        connection.set_tenant(previous)


@contextmanager
def enter_public(*, using: str = "default") -> Iterator[None]:
    """Point the connection at the shared tables, and back to what stood before on leaving."""
    with enter_association(PUBLIC, using=using):
        yield


def set_public(*, using: str = "default") -> None:
    """Leave every association: the state in which a request at the apex and a task begin and end."""
    _tenant_connection(using).set_tenant(PUBLIC)


def set_association(association: AssociationRef, *, using: str = "default") -> None:
    """Enter for the rest of a request: only for the door of an association."""
    _tenant_connection(using).set_tenant(association)
