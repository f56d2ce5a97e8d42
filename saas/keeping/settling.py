"""What must not live on in restored tables: sessions, mails that wait, work that no job does any more."""

from dataclasses import dataclass

from associations.audit.actions import record_act
from associations.audit.actors import Actor
from associations.charges.notice_actions import fail_unfinished_notices
from associations.imports.models import ImportBatch
from associations.imports.phases import RUNNING_STATES
from associations.imports.progress import mark_interrupted
from associations.notifications.models import MessageState, OutboxMessage
from associations.owners.models import OwnerSession
from associations.profile.models import AssociationProfile

OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Settled:
    """How much was ended."""

    sessions: int
    mails: int
    batches: int


def settle_restored(*, actor: Actor, state: str, made_at: str, keeps_mails: bool) -> Settled:
    """Set the doors, end sessions and work under way, withdraw mails that wait; inside the association.

    A copy beside the living one must let nobody in by an old cookie and tell nobody anything twice. `keeps_mails`:
    the association moves, and what waits was told by nobody.
    """
    AssociationProfile.objects.using(OWNER).update(state=state)
    sessions = (
        OwnerSession.objects.using(OWNER).delete()[0] if OwnerSession.objects.using(OWNER).exists() else 0
    )
    batches = list(
        ImportBatch.objects.using(OWNER)
        .filter(state__in=RUNNING_STATES)
        .order_by("id")
        .values_list("id", flat=True)
    )
    for batch_id in batches:
        mark_interrupted(batch_id=batch_id, using=OWNER)
    fail_unfinished_notices(using=OWNER)
    mails = 0 if keeps_mails else _withdraw_mails()
    settled = Settled(sessions=sessions, mails=mails, batches=len(batches))
    record_act(
        actor=actor,
        action="association.restored",
        using=OWNER,
        made_at=made_at,
        sessions=settled.sessions,
        mails=settled.mails,
    )
    return settled


def _withdraw_mails() -> int:
    waiting = OutboxMessage.objects.using(OWNER).filter(
        state__in=[MessageState.WAITING, MessageState.SENDING]
    )
    return waiting.update(state=MessageState.WITHDRAWN, address="", details={})
