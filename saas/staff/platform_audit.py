"""Writing the platform's log: inside the transaction of the act."""

from typing import Any

from associations.audit.actors import Actor
from saas.staff.models import PlatformAudit, StaffUser

NOBODY = Actor(kind="staff", id=None, name="")
"""Somebody at the apex's door whose e-mail belongs to no account."""


def actor_of(user: StaffUser | None) -> Actor:
    """The account as the one who acts."""
    return Actor(kind="staff", id=user.id, name=user.name) if user else NOBODY


def record_platform_act(
    *, actor: Actor, action: str, target: str = "", using: str = "default", **details: Any
) -> None:
    """Append one entry; `action` is `noun.verb`, details hold ids and counts, never e-mails or passwords."""
    PlatformAudit.objects.using(using).create(
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        action=action,
        target=target,
        details=details,
    )
