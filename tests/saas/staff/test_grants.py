"""Who gets into which association: grants given, changed, ended, revoked; roles."""

import datetime as dt

import pytest
from django.db import IntegrityError
from django.utils import timezone

from associations.audit.actors import SYSTEM
from associations.audit.models import AuditEntry
from saas.staff.access import find_grant, list_grants
from saas.staff.errors import StaffError
from saas.staff.granting import grant_access, revoke_access
from saas.staff.models import Grant, PlatformAudit, StaffUser
from saas.tenancy.switching import AssociationRef, enter_association


def hours(number: float) -> dt.datetime:
    return timezone.now() + dt.timedelta(hours=number)


@pytest.mark.parametrize(
    ("role", "may_publish", "allowed"),
    [
        ("manager", False, {"upload", "publish", "passwords", "manage"}),
        ("bookkeeper", False, {"upload"}),
        ("bookkeeper", True, {"upload", "publish"}),
        ("office", False, {"passwords"}),
        ("reader", False, set()),
    ],
)
def test_role_allows(
    manager: StaffUser, sloneczna: AssociationRef, role: str, may_publish: bool, allowed: set[str]
) -> None:
    grant_access(actor=SYSTEM, user=manager, association=sloneczna, role=role, may_publish=may_publish)

    grant = find_grant(manager, "sloneczna")

    assert grant is not None
    rights = {
        "upload": grant.can_upload,
        "publish": grant.can_publish,
        "passwords": grant.can_issue_passwords,
        "manage": grant.can_manage,
    }
    assert {name for name, is_allowed in rights.items() if is_allowed} == allowed


def test_grant_opens_its_association_and_no_other(
    manager: StaffUser, sloneczna: AssociationRef, lipowa: AssociationRef
) -> None:
    grant_access(actor=SYSTEM, user=manager, association=sloneczna, role="manager")

    grant = find_grant(manager, "sloneczna")

    assert grant is not None
    assert grant.association == sloneczna
    assert find_grant(manager, "lipowa") is None
    assert find_grant(manager, "nie-ma") is None
    assert [one.association.slug for one in list_grants(manager)] == ["sloneczna"]


def test_ended_grant_is_none(manager: StaffUser, sloneczna: AssociationRef) -> None:
    grant_access(actor=SYSTEM, user=manager, association=sloneczna, role="reader", expires_at=hours(1))
    assert find_grant(manager, "sloneczna") is not None

    Grant.objects.update(expires_at=hours(-0.001))

    assert find_grant(manager, "sloneczna") is None
    assert list_grants(manager) == ()


@pytest.mark.parametrize("end", [None, 7 * 24 + 1, -1])
def test_operator_needs_an_end_within_seven_days(
    operator: StaffUser, sloneczna: AssociationRef, end: float | None
) -> None:
    with pytest.raises(StaffError):
        grant_access(
            actor=SYSTEM,
            user=operator,
            association=sloneczna,
            role="reader",
            expires_at=None if end is None else hours(end),
        )

    assert not Grant.objects.exists()


def test_operator_with_an_end_gets_in(operator: StaffUser, sloneczna: AssociationRef) -> None:
    grant_access(actor=SYSTEM, user=operator, association=sloneczna, role="reader", expires_at=hours(2))

    assert find_grant(operator, "sloneczna") is not None


def test_operator_row_without_an_end_opens_nothing(operator: StaffUser, sloneczna: AssociationRef) -> None:
    Grant.objects.create(user=operator, association_id=sloneczna.id, role="reader")

    assert find_grant(operator, "sloneczna") is None


def test_granting_again_changes_the_role(manager: StaffUser, sloneczna: AssociationRef) -> None:
    grant_access(actor=SYSTEM, user=manager, association=sloneczna, role="manager")

    grant_access(actor=SYSTEM, user=manager, association=sloneczna, role="office")

    assert Grant.objects.get().role == "office"


def test_revoking_takes_the_grant_at_once(manager: StaffUser, sloneczna: AssociationRef) -> None:
    grant_access(actor=SYSTEM, user=manager, association=sloneczna, role="manager")

    revoke_access(actor=SYSTEM, user=manager, association=sloneczna)

    assert find_grant(manager, "sloneczna") is None
    with pytest.raises(StaffError, match="no grant"):
        revoke_access(actor=SYSTEM, user=manager, association=sloneczna)


@pytest.mark.parametrize(("role", "may_publish"), [("king", False), ("office", True), ("reader", True)])
def test_impossible_roles_are_refused(
    manager: StaffUser, sloneczna: AssociationRef, role: str, may_publish: bool
) -> None:
    with pytest.raises(StaffError):
        grant_access(actor=SYSTEM, user=manager, association=sloneczna, role=role, may_publish=may_publish)


def test_grants_stand_in_both_logs(manager: StaffUser, sloneczna: AssociationRef) -> None:
    grant_access(actor=SYSTEM, user=manager, association=sloneczna, role="office")
    revoke_access(actor=SYSTEM, user=manager, association=sloneczna)

    platform = PlatformAudit.objects.filter(action__startswith="grant.").order_by("id")
    assert [(one.action, one.target, one.details) for one in platform] == [
        ("grant.given", str(manager.id), {"association": "sloneczna", "role": "office"}),
        ("grant.revoked", str(manager.id), {"association": "sloneczna"}),
    ]
    with enter_association(sloneczna):
        inside = list(AuditEntry.objects.filter(action__startswith="grant.").order_by("id"))
    assert [(one.action, one.target) for one in inside] == [
        ("grant.given", "Anna Zarządca"),
        ("grant.revoked", "Anna Zarządca"),
    ]


@pytest.mark.parametrize(
    "row", [{"role": "king"}, {"role": "office", "may_publish": True}], ids=["role", "publish"]
)
def test_database_refuses_impossible_grants(
    manager: StaffUser, sloneczna: AssociationRef, row: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError):
        Grant.objects.create(user=manager, association_id=sloneczna.id, **row)


def test_database_refuses_two_grants_for_one_association(
    manager: StaffUser, sloneczna: AssociationRef
) -> None:
    Grant.objects.create(user=manager, association_id=sloneczna.id, role="reader")

    with pytest.raises(IntegrityError):
        Grant.objects.create(user=manager, association_id=sloneczna.id, role="manager")
