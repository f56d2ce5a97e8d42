"""The only way a request at the apex gets into an association: a grant in force, read anew each time."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from saas.staff import roles
from saas.staff.models import Grant, StaffUser
from saas.tenancy.switching import AssociationRef


@dataclass(frozen=True, slots=True)
class StaffGrant:
    """A grant in force: the association, the role in it and what the role allows."""

    association: AssociationRef
    role: str
    may_publish: bool
    expires_at: dt.datetime | None

    @property
    def can_upload(self) -> bool:
        """Upload, check and reject batches."""
        return roles.is_allowed(self.role, roles.IMPORTERS)

    @property
    def can_publish(self) -> bool:
        """Publish batches and undo them."""
        return roles.can_publish(self.role, may_publish=self.may_publish)

    @property
    def can_issue_passwords(self) -> bool:
        """Issue starter passwords."""
        return roles.is_allowed(self.role, roles.PASSWORD_ISSUERS)

    @property
    def can_manage(self) -> bool:
        """Change the association's settings and read its log."""
        return roles.is_allowed(self.role, roles.MANAGERS)


def find_grant(user: StaffUser, slug: str) -> StaffGrant | None:
    """The user's grant in force for the association, or None: no such association, none, ended, all alike.

    An operator's grant counts only while it has an end. Reads public tables: call it outside associations.
    """
    row = grants_in_force(user).filter(association__slug=slug).first()
    return None if row is None else _describe(row)


def list_grants(user: StaffUser) -> tuple[StaffGrant, ...]:
    """All grants in force of the user, by slug."""
    return tuple(_describe(row) for row in grants_in_force(user))


def grants_in_force(user: StaffUser) -> QuerySet[Grant]:
    """The rows behind find_grant and list_grants, each with its association."""
    is_open = Q(expires_at__gt=timezone.now())
    if not user.is_operator:
        is_open |= Q(expires_at__isnull=True)
    return user.grants.filter(is_open).select_related("association").order_by("association__slug")


def _describe(row: Grant) -> StaffGrant:
    association = row.association
    ref = AssociationRef(
        id=association.id, slug=str(association.slug), schema_name=str(association.schema_name)
    )
    return StaffGrant(association=ref, role=row.role, may_publish=row.may_publish, expires_at=row.expires_at)
