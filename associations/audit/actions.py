"""Writing the audit log: inside the transaction of the act."""

from typing import Any

from associations.audit.actors import Actor
from associations.audit.models import AuditEntry


def record_act(
    *, actor: Actor, action: str, target: str = "", using: str = "default", **details: Any
) -> None:
    """Append one entry; `action` is `noun.verb`, details hold ids and counts, never amounts or passwords."""
    AuditEntry.objects.using(using).create(
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        action=action,
        target=target,
        details=details,
    )
