"""Changing the association's own row, each change in the audit log."""

from collections.abc import Mapping

from django.db import transaction

from associations.audit.actions import record_act
from associations.audit.actors import Actor
from associations.profile.models import AssociationProfile

EDITABLE_FIELDS = (
    "name",
    "nip",
    "due_day",
    "office_address",
    "office_hours",
    "office_phone",
    "office_email",
    "information_text",
    "allows_letters_by_post",
    "balance_includes_interest",
)
LONG_FIELDS = frozenset({"information_text"})


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
