"""A browser in which an owner is signed in, for tests that stay inside the association between its requests."""

from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from associations.owners.models import OwnerAccount
from associations.owners.sessions import SessionStore
from associations.premises.models import Person
from saas.tenancy.sessions import ASSOCIATION_KEY
from saas.tenancy.switching import AssociationRef, set_association
from tests.factories import make_account_of


class DoorClient(Client):
    """A browser at the association's door; afterwards the test is inside the association again."""

    def __init__(self, association: AssociationRef) -> None:
        super().__init__(SERVER_NAME=f"{association.slug}.localhost")
        self.association = association

    def request(self, **request: Any) -> Any:
        """A request leaves the connection at public, as it must."""
        try:
            return super().request(**request)
        finally:
            set_association(self.association)


def browser_of(association: AssociationRef, person: Person) -> DoorClient:
    """This person's, with a password of their own; the connection must be inside the association."""
    account = OwnerAccount.objects.filter(person=person).first()
    account = account or make_account_of(person, f"login-{person.code}")
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = "associations.owners.backends.OwnerBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session[ASSOCIATION_KEY] = str(association.id)
    session.save()
    client = DoorClient(association)
    client.cookies["sesja"] = session.session_key or ""
    return client
