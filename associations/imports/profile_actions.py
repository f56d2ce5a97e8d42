"""Profiles (profile wczytywania): keeping, naming, forgetting and receiving them. Each act leaves an audit entry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from associations.audit.actions import record_act
from associations.audit.actors import Actor
from associations.imports.models import ImportProfile
from associations.imports.profiles import header_key
from associations.imports.rules import ImportRuleError

NAME_LENGTH = 200


@dataclass(frozen=True, slots=True)
class ProfileCopy:
    """A profile as it leaves its association for another one of the same manager."""

    name: str
    dataset: str
    headers: tuple[str, ...]
    options: dict[str, Any]


class Reception(Enum):
    """What became of a copy in an association."""

    ADDED = "added"
    REPLACED = "replaced"
    # A profile of these headers stands there and was not to be replaced.
    KEPT = "kept"
    # It says the same already.
    SAME = "same"


def remember_profile(
    *, actor: Actor, name: str, headers: Sequence[str], options: Mapping[str, Any]
) -> ImportProfile:
    """Read tables with these headers by these options from now on; an earlier profile of them is replaced.

    The row of the headers is not remembered: the reader finds it by the headers themselves.
    """
    kept = {name: value for name, value in options.items() if name != "header_row"}
    with transaction.atomic():
        profile, is_new = ImportProfile.objects.update_or_create(
            header_key=header_key(headers),
            defaults={
                "name": _clean_name(name),
                "dataset": kept.get("dataset", ""),
                "headers": list(headers),
                "options": kept,
                "created_by_id": actor.id,
                "created_by_name": actor.name,
            },
        )
        record_act(actor=actor, action="import_profile.remembered", target=str(profile.pk), is_new=is_new)
    return profile


def rename_profile(*, actor: Actor, profile: ImportProfile, name: str) -> ImportProfile:
    """Give the profile another name. Raises ImportRuleError for an empty one."""
    with transaction.atomic():
        profile.name = _clean_name(name)
        profile.save(update_fields=["name", "changed_at"])
        record_act(actor=actor, action="import_profile.renamed", target=str(profile.pk))
    return profile


def forget_profile(*, actor: Actor, profile: ImportProfile) -> None:
    """Tables with these headers are detected again; what was read by the profile stays as it is."""
    with transaction.atomic():
        number = profile.pk
        profile.delete()
        record_act(actor=actor, action="import_profile.forgotten", target=str(number))


def copy_of(profile: ImportProfile) -> ProfileCopy:
    """The profile as values, to be received elsewhere."""
    return ProfileCopy(profile.name, profile.dataset, tuple(profile.headers), dict(profile.options))


def record_sharing(*, actor: Actor, profile: ImportProfile, associations: int) -> None:
    """Note in the association that gave the profile to how many others it went."""
    record_act(actor=actor, action="import_profile.shared", target=str(profile.pk), associations=associations)


def receive_profile(*, actor: Actor, given: ProfileCopy, replaces: bool) -> Reception:
    """Keep the copy in the association that is entered; what stands there yields only where `replaces`."""
    with transaction.atomic():
        key = header_key(given.headers)
        standing = ImportProfile.objects.select_for_update(no_key=True).filter(header_key=key).first()
        if standing and (standing.dataset, standing.options) == (given.dataset, given.options):
            return Reception.SAME
        if standing and not replaces:
            return Reception.KEPT
        profile, is_new = ImportProfile.objects.update_or_create(
            header_key=key,
            defaults={
                "name": given.name,
                "dataset": given.dataset,
                "headers": list(given.headers),
                "options": given.options,
                "created_by_id": actor.id,
                "created_by_name": actor.name,
            },
        )
        record_act(actor=actor, action="import_profile.received", target=str(profile.pk), is_new=is_new)
    return Reception.ADDED if is_new else Reception.REPLACED


def _clean_name(name: str) -> str:
    cleaned = " ".join(name.split())
    if not cleaned:
        raise ImportRuleError("no_name", _("Nazwij profil, na przykład „Księgowania z programu”."))
    if len(cleaned) > NAME_LENGTH:
        raise ImportRuleError("long_name", _("Nazwa profilu może mieć najwyżej 200 znaków."))
    return cleaned
