"""The doors of the association (open, for reading alone, suspended) and its archive: operators' acts, each in its log."""

from collections.abc import Collection

from django.db import transaction

from associations.audit.actions import record_act
from associations.audit.actors import Actor
from associations.profile.models import AssociationProfile, AssociationState


def suspend_association(*, actor: Actor) -> bool:
    """Close the doors: owners read that the portal is closed, and jobs wait. False where they are closed already."""
    return _set_state(actor, {AssociationState.ACTIVE}, AssociationState.SUSPENDED, "association.suspended")


def resume_association(*, actor: Actor) -> bool:
    """Open the doors again; False where they are open. The caller wakes the jobs that wait."""
    return _set_state(actor, {AssociationState.SUSPENDED}, AssociationState.ACTIVE, "association.resumed")


def stop_writing(*, actor: Actor) -> bool:
    """Let people read on and nobody write, and jobs wait, while it moves; False where it is not active."""
    return _set_state(actor, {AssociationState.ACTIVE}, AssociationState.READ_ONLY, "association.read_only")


def go_on_writing(*, actor: Actor) -> bool:
    """The move was given up; False where none had stopped the writing. The caller wakes the jobs that wait."""
    return _set_state(actor, {AssociationState.READ_ONLY}, AssociationState.ACTIVE, "association.resumed")


def archive_association(*, actor: Actor) -> bool:
    """Close one that is suspended or has moved for good: kept, and nothing but unarchive_association() opens it."""
    former = {AssociationState.SUSPENDED, AssociationState.READ_ONLY}
    return _set_state(actor, former, AssociationState.ARCHIVED, "association.archived")


def unarchive_association(*, actor: Actor) -> bool:
    """Take it out of the archive, suspended as it went in; False where it is not there."""
    return _set_state(
        actor, {AssociationState.ARCHIVED}, AssociationState.SUSPENDED, "association.unarchived"
    )


def _set_state(actor: Actor, former: Collection[AssociationState], state: AssociationState, act: str) -> bool:
    with transaction.atomic():
        if not AssociationProfile.objects.filter(id=1, state__in=sorted(former)).update(state=state):
            return False
        record_act(actor=actor, action=act)
    return True
