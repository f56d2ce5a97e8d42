"""Giving and taking grants (uprawnienia): audited on the platform and in the association's own log."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from associations.audit.actions import record_act
from associations.audit.actors import Actor
from saas.staff import roles
from saas.staff.errors import StaffError
from saas.staff.models import Grant, StaffUser
from saas.staff.platform_audit import record_platform_act
from saas.tenancy.switching import AssociationRef, enter_association

LONGEST_OPERATOR_GRANT = dt.timedelta(days=7)


@transaction.atomic
def grant_access(
    *,
    actor: Actor,
    user: StaffUser,
    association: AssociationRef,
    role: str,
    may_publish: bool = False,
    expires_at: dt.datetime | None = None,
) -> Grant:
    """Give the role in the association, or change the one held; outside any association.

    Raises StaffError for an unknown role, a right to publish that the role cannot carry, an end that has
    passed, and for an operator without an end within seven days.
    """
    _check(user, role, may_publish=may_publish, expires_at=expires_at)
    grant, is_new = Grant.objects.update_or_create(
        user=user,
        association_id=association.id,
        defaults={
            "role": role,
            # A manager publishes anyway: the mark is a bookkeeper's.
            "may_publish": may_publish and role == roles.BOOKKEEPER,
            "expires_at": expires_at,
        },
    )
    _record(actor, user, association, "grant.given" if is_new else "grant.changed", role=role)
    return grant


@transaction.atomic
def revoke_access(*, actor: Actor, user: StaffUser, association: AssociationRef) -> None:
    """Take the grant away at once: it is read on every request. Raises StaffError where there is none."""
    deleted, _ = Grant.objects.filter(user=user, association_id=association.id).delete()
    if not deleted:
        raise StaffError("no_grant", f"{user.email} has no grant for {association.slug}.")
    _record(actor, user, association, "grant.revoked")


def _check(user: StaffUser, role: str, *, may_publish: bool, expires_at: dt.datetime | None) -> None:
    now = timezone.now()
    if role not in roles.EVERYONE:
        raise StaffError("bad_role", f"There is no role {role!r}.")
    if may_publish and role not in roles.IMPORTERS:
        raise StaffError("publish_role", f"The role {role} does not publish.")
    if expires_at is not None and expires_at <= now:
        raise StaffError("ended", "The grant would have ended already.")
    if user.is_operator and (expires_at is None or expires_at > now + LONGEST_OPERATOR_GRANT):
        raise StaffError("operator_end", "An operator's grant must end within seven days.")


def _record(actor: Actor, user: StaffUser, association: AssociationRef, action: str, **details: str) -> None:
    record_platform_act(
        actor=actor, action=action, target=str(user.id), association=association.slug, **details
    )
    with enter_association(association):
        record_act(actor=actor, action=action, target=user.name[:100], staff_id=str(user.id), **details)
