"""The doors of the association (open, suspended) and the archive behind them: an operator's acts, each in its audit log."""

from django.db import transaction

from associations.audit.actions import record_act
from associations.audit.actors import Actor
from associations.profile.models import AssociationProfile, AssociationState


def suspend_association(*, actor: Actor) -> bool:
    """Close the doors: owners read that the portal is closed, and jobs wait. False where they are closed already."""
    return _set_state(actor, AssociationState.ACTIVE, AssociationState.SUSPENDED, "association.suspended")


def resume_association(*, actor: Actor) -> bool:
    """Open the doors again; False where they are open. The caller wakes the jobs that wait."""
    return _set_state(actor, AssociationState.SUSPENDED, AssociationState.ACTIVE, "association.resumed")


def archive_association(*, actor: Actor) -> bool:
    """Close a suspended association for good: it is kept, and nothing but unarchive_association() opens it."""
    return _set_state(actor, AssociationState.SUSPENDED, AssociationState.ARCHIVED, "association.archived")


def unarchive_association(*, actor: Actor) -> bool:
    """Take it out of the archive, suspended as it went in; False where it is not there."""
    return _set_state(actor, AssociationState.ARCHIVED, AssociationState.SUSPENDED, "association.unarchived")


def _set_state(actor: Actor, former: AssociationState, state: AssociationState, act: str) -> bool:
    with transaction.atomic():
        if not AssociationProfile.objects.filter(id=1, state=former).update(state=state):
            return False
        record_act(actor=actor, action=act)
    return True
