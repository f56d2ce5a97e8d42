"""Using a profile in other associations of the same person: each is entered by a grant that is read anew."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from associations.imports.models import ImportProfile
from associations.imports.profile_actions import Reception, copy_of, receive_profile, record_sharing
from associations.imports.queries import profile_with_headers
from associations.profile.queries import current_profile
from billing_views.manager.entry import StaffRequest
from billing_views.parts.plurals import say_count
from saas.staff.access import StaffGrant, find_grant, list_grants
from saas.tenancy.switching import enter_association, enter_public


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another association in which the person may upload. `standing` names its own profile of the same headers."""

    slug: str
    name: str
    standing: str


@dataclass(frozen=True, slots=True)
class Sharing:
    """What came of it, in words."""

    is_done: bool
    sentence: str


def list_neighbours(request: StaffRequest, profile: ImportProfile) -> tuple[Neighbour, ...]:
    """Active associations of this person's other grants that allow uploads, by name; two queries inside each."""
    found = []
    for grant in _grants(request):
        with enter_association(grant.association):
            there = current_profile()
            if there.is_active:
                standing = profile_with_headers(profile.headers)
                found.append(Neighbour(grant.association.slug, there.name, standing.name if standing else ""))
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.slug)))


def share(
    request: StaffRequest, profile: ImportProfile, slugs: Iterable[str], replaced: frozenset[str]
) -> Sharing:
    """Copy the profile into all of these associations in one transaction; one that is refused stops all."""
    given, outcomes = copy_of(profile), []
    targets = [_find(request, slug) for slug in dict.fromkeys(slugs)]
    if not targets:
        return Sharing(False, _("Zaznacz, gdzie ten profil ma działać."))
    receiving = [grant for grant in targets if grant is not None and _receives(grant)]
    if len(receiving) < len(targets):
        refusal = _("Nie udostępniono: w zaznaczonej wspólnocie lub spółdzielni nie możesz wgrywać plików.")
        return Sharing(False, refusal)
    with transaction.atomic():
        for grant in receiving:
            with enter_association(grant.association):
                slug = grant.association.slug
                outcomes.append(receive_profile(actor=request.actor, given=given, replaces=slug in replaced))
        record_sharing(actor=request.actor, profile=profile, associations=len(targets))
    return Sharing(True, _say(outcomes))


def _grants(request: StaffRequest) -> list[StaffGrant]:
    """Grants in force that allow uploads, but for the association that is entered."""
    with enter_public():
        grants = list_grants(request.user)
    return [grant for grant in grants if grant.can_upload and grant.association != request.association]


def _find(request: StaffRequest, slug: str) -> StaffGrant | None:
    with enter_public():
        grant = find_grant(request.user, slug)
    is_other = grant is not None and grant.association != request.association
    return grant if grant is not None and is_other and grant.can_upload else None


def _receives(grant: StaffGrant) -> bool:
    with enter_association(grant.association):
        return current_profile().is_active


def _say(outcomes: list[Reception]) -> str:
    kept = outcomes.count(Reception.KEPT)
    works = len(outcomes) - kept
    sentences = []
    if works:
        sentences.append(
            say_count(
                works,
                _("Profil działa teraz w {n} innym miejscu."),
                _("Profil działa teraz w {n} innych miejscach."),
                _("Profil działa teraz w {n} innych miejscach."),
            )
        )
    if kept:
        sentences.append(
            say_count(
                kept,
                _("W {n} miejscu został tamtejszy profil: zaznacz „zastąp”, aby go zmienić."),
                _("W {n} miejscach został tamtejszy profil: zaznacz „zastąp”, aby go zmienić."),
                _("W {n} miejscach został tamtejszy profil: zaznacz „zastąp”, aby go zmienić."),
            )
        )
    return " ".join(sentences)
