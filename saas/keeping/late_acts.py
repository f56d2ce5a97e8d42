"""Whether somebody wrote in an association after it was copied for a move.

Every action of a person writes an entry of the audit log in its own transaction, so counting entries tells. It is a
count of before the copy: what was written between the two is in the copy, and copying once more does no harm.
"""

from associations.audit.queries import count_writing_acts, last_writing_acts
from associations.profile.models import AssociationProfile, AssociationState
from saas.keeping.errors import KeepingError
from saas.keeping.holding import wait_for_writers
from saas.tenancy.switching import AssociationRef, enter_association

OWNER = "owner"
SHOWN_ACTS = 5


def count_settled_acts(association: AssociationRef) -> int:
    """How many writing acts the log has when every transaction that writes now has ended. Raises KeepingError."""
    wait_for_writers(association.schema_name)
    with enter_association(association, using=OWNER):
        return count_writing_acts(using=OWNER)


def refuse_late_acts(association: AssociationRef, acts: int | None) -> None:
    """Raise KeepingError where the log has more than so many writing acts, unless it is archived already.

    None: a former release copied it and did not count.
    """
    with enter_association(association, using=OWNER):
        is_archived = AssociationProfile.objects.using(OWNER).filter(state=AssociationState.ARCHIVED).exists()
    if acts is None or is_archived:
        return
    late = count_settled_acts(association) - acts
    if late <= 0:
        return
    with enter_association(association, using=OWNER):
        told = ", ".join(last_writing_acts(min(late, SHOWN_ACTS), using=OWNER))
    slug = association.slug
    raise KeepingError(
        "late_acts",
        f"{slug} is open in the other installation, but {late} acts were written here after the last copy, the "
        f"youngest {told}: nothing was archived. See its log (Dziennik zdarzeń) here, do there what is missing, then "
        f"archive_association {slug}, and move_association {slug} ends the move.",
    )
