"""Closing and opening the doors of the association: an operator's act, each time in the audit log."""

from django.db import transaction

from associations.audit.actions import record_act
from associations.audit.actors import Actor
from associations.profile.models import AssociationProfile, AssociationState


def suspend_association(*, actor: Actor) -> bool:
    """Close the doors: owners read that the portal is closed, and jobs wait. False where they are closed already."""
    return _set_state(actor, AssociationState.SUSPENDED, "association.suspended")


def resume_association(*, actor: Actor) -> bool:
    """Open the doors again; False where they are open. The caller wakes the jobs that wait."""
    return _set_state(actor, AssociationState.ACTIVE, "association.resumed")


def _set_state(actor: Actor, state: AssociationState, act: str) -> bool:
    with transaction.atomic():
        if not AssociationProfile.objects.exclude(state=state).filter(id=1).update(state=state):
            return False
        record_act(actor=actor, action=act)
    return True
