"""A lost phone: the office takes an owner's second factor off, with the identity checked."""

import pytest
from django.test import Client
from django.utils import timezone

from associations.audit.models import AuditEntry
from associations.owners.models import OwnerAccount
from associations.premises.models import Person
from saas.tenancy.switching import AssociationRef, enter_association
from tests.billing_views.manager.people.conftest import SignIn

LIST = "/a/sloneczna/osoby/"
OFFER = "Ta osoba loguje się hasłem i kodem z telefonu."


@pytest.fixture
def person(everybody: dict[str, Person], sloneczna: AssociationRef) -> Person:
    """Somebody with a password of their own and a code from the phone."""
    with enter_association(sloneczna):
        OwnerAccount.objects.filter(person=everybody["active"]).update(
            totp_seed="00" * 32, totp_confirmed_at=timezone.now()
        )
    return everybody["active"]


def has_factor(person: Person, association: AssociationRef) -> bool:
    with enter_association(association):
        return OwnerAccount.objects.get(person=person).has_totp


def test_office_takes_it_off_after_checking_the_identity(
    clerk: Client, person: Person, sloneczna: AssociationRef
) -> None:
    address = f"{LIST}{person.pk}/"
    assert OFFER in clerk.get(address).content.decode()

    refused = clerk.post(f"{address}drugi-skladnik/", follow=True).content.decode()
    assert "dopiero po sprawdzeniu tożsamości" in refused
    assert has_factor(person, sloneczna)

    done = clerk.post(f"{address}drugi-skladnik/", {"is_identity_checked": "1"}, follow=True)
    assert "Do zalogowania wystarczy hasło." in done.content.decode()
    assert not has_factor(person, sloneczna)
    assert OFFER not in clerk.get(address).content.decode()
    with enter_association(sloneczna):
        entry = AuditEntry.objects.get(action="totp.removed")
        assert (entry.actor_kind, entry.actor_name) == ("staff", "Anna Biurowa")

    again = clerk.post(f"{address}drugi-skladnik/", {"is_identity_checked": "1"}, follow=True)
    assert "samym hasłem" in again.content.decode()


def test_reader_and_bookkeeper_cannot(sign_in: SignIn, person: Person, sloneczna: AssociationRef) -> None:
    for role in ("reader", "bookkeeper"):
        answer = sign_in(sloneczna, role=role).post(
            f"{LIST}{person.pk}/drugi-skladnik/", {"is_identity_checked": "1"}
        )
        assert answer.status_code == 403
    assert has_factor(person, sloneczna)


def test_person_without_an_account_is_not_found(clerk: Client, everybody: dict[str, Person]) -> None:
    assert clerk.post(f"{LIST}{everybody['never'].pk}/drugi-skladnik/").status_code == 404
