"""Changing the association's own row and its logo, each change in the audit log."""

import hashlib
from collections.abc import Mapping

from django.db import transaction

from associations.audit.actions import record_act
from associations.audit.actors import Actor
from associations.profile.logos import Logo
from associations.profile.models import AssociationLogo, AssociationProfile

EDITABLE_FIELDS = (
    "name",
    "nip",
    "due_day",
    "office_address",
    "office_hours",
    "office_phone",
    "office_email",
    "information_text",
    "privacy_text",
    "accessibility_text",
    "brand_color",
    "allows_letters_by_post",
    "balance_includes_interest",
)
LONG_FIELDS = frozenset({"information_text", "privacy_text", "accessibility_text"})


class NotEditableError(ValueError):
    """A field of the profile that a manager does not set: its kind and state belong to operators."""

    code = "not_editable"


def update_profile(*, actor: Actor, changes: Mapping[str, str | int | bool]) -> tuple[str, ...]:
    """Set these fields of the association and return the names of those that differ from before.

    Values are valid already (forms); the constraints of the table stand behind. The audit entry keeps old and
    new values, of the long text only that it changed. Nothing is written where nothing differs. Raises
    NotEditableError.
    """
    if unknown := sorted(set(changes) - set(EDITABLE_FIELDS)):
        raise NotEditableError(", ".join(unknown))
    with transaction.atomic():
        profile = AssociationProfile.objects.select_for_update().get(id=1)
        before = {name: getattr(profile, name) for name in changes if getattr(profile, name) != changes[name]}
        if not before:
            return ()
        for name in before:
            setattr(profile, name, changes[name])
        profile.save(update_fields=list(before))
        record_act(
            actor=actor,
            action="profile.updated",
            fields={
                name: {} if name in LONG_FIELDS else {"before": before[name], "after": changes[name]}
                for name in before
            },
        )
    return tuple(before)


@transaction.atomic
def set_logo(*, actor: Actor, logo: Logo) -> None:
    """Show this logo from now on, instead of the former one if there was one."""
    AssociationLogo.objects.update_or_create(
        id=1, defaults={"content": logo.content, "width": logo.width, "height": logo.height}
    )
    _note_logo(hashlib.sha256(logo.content).hexdigest())
    record_act(actor=actor, action="profile.logo_set", width=logo.width, height=logo.height)


@transaction.atomic
def remove_logo(*, actor: Actor) -> bool:
    """Show the mark of letters again; False where there was no logo."""
    removed, _ = AssociationLogo.objects.filter(id=1).delete()
    if not removed:
        return False
    _note_logo("")
    record_act(actor=actor, action="profile.logo_removed")
    return True


def _note_logo(digest: str) -> None:
    AssociationProfile.objects.filter(id=1).update(logo_digest=digest)
