"""Two clerks at the same moment: nobody's fresh password is replaced by the other's letter."""

import threading
from collections.abc import Callable

import pytest
from django.db import connections

from associations.audit.actors import SYSTEM
from associations.owners.actions import (
    IssuedPassword,
    OwnerRuleError,
    issue_letters,
    issue_starter_password,
)
from associations.owners.models import OwnerAccount, StarterPasswordIssue
from associations.owners.queries import AccessFilter
from associations.owners.recipients import LETTERS_AT_ONCE
from associations.premises.models import Person
from saas.tenancy.switching import AssociationRef, enter_association


def at_once(association: AssociationRef, act: Callable[[], None]) -> None:
    """Run `act` in two threads, each with a connection of its own, at the same moment."""
    gate = threading.Barrier(2, timeout=30)
    errors: list[BaseException] = []

    def run() -> None:
        try:
            with enter_association(association):
                gate.wait()
                act()
        except BaseException as error:  # noqa: BLE001 - shown by the test
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def make_people(count: int) -> list[int]:
    return [
        Person.objects.create(code=f"{n:04}", name=f"Osoba {n}", sort_key=f"{n}").pk for n in range(count)
    ]


@pytest.mark.usefixtures("committed_db")
def test_letters_of_two_clerks_reach_everybody_once(sloneczna: AssociationRef) -> None:
    with enter_association(sloneczna):
        ids = make_people(6)
    found: list[IssuedPassword] = []

    at_once(
        sloneczna,
        lambda: found.extend(issue_letters(actor=SYSTEM, person_ids=ids, chosen=AccessFilter.NEVER_ISSUED)),
    )

    assert sorted(one.person_id for one in found) == ids
    with enter_association(sloneczna):
        assert StarterPasswordIssue.objects.count() == 6


@pytest.mark.usefixtures("committed_db")
def test_two_issues_for_one_person_make_one_account(sloneczna: AssociationRef) -> None:
    with enter_association(sloneczna):
        (person_id,) = make_people(1)

    at_once(
        sloneczna,
        lambda: void(issue_starter_password(actor=SYSTEM, person=Person.objects.get(pk=person_id))),
    )

    with enter_association(sloneczna):
        assert (OwnerAccount.objects.count(), StarterPasswordIssue.objects.count()) == (1, 2)


def void(_: object) -> None:
    """Forget a value."""


def test_letters_are_counted(in_sloneczna: AssociationRef) -> None:
    with pytest.raises(OwnerRuleError) as refused:
        issue_letters(actor=SYSTEM, person_ids=range(LETTERS_AT_ONCE + 1), chosen=AccessFilter.NEVER_ISSUED)

    assert refused.value.code == "too_many_letters"


def test_those_who_left_the_state_are_passed_over(in_sloneczna: AssociationRef) -> None:
    ids = make_people(2)

    assert issue_letters(actor=SYSTEM, person_ids=[*ids, 999], chosen=AccessFilter.NEVER_ISSUED)
    assert issue_letters(actor=SYSTEM, person_ids=ids, chosen=AccessFilter.NEVER_ISSUED) == []
