"""The frame of a page at the apex: who is signed in, in which association, which tabs the role has.

Addresses are built from the slug: views of other modules are mounted in urls.py under these paths.
"""

from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from associations.profile.models import AssociationProfile
from billing_views.face import plain_badge
from billing_views.parts.page import ManagerPage, PublicPage, Tab
from saas.staff import roles
from saas.staff.access import StaffGrant

Section = Literal[
    "desk", "imports", "premises", "people", "settings", "log", "associations", "account", "platform"
]  # what `current` may name
SIGN_IN_PATH = "/logowanie/"
SIGN_OUT_PATH = "/wyloguj/"
LANGUAGE_PATH = "/jezyk/"


@dataclass(frozen=True, slots=True)
class _Room:
    """A tab: its section, label, address below the association and the roles that see it."""

    section: str
    label: object
    path: str
    allowed: tuple[str, ...] = roles.EVERYONE


_INSIDE = (
    _Room("desk", _("Pulpit"), ""),
    _Room("imports", _("Importy"), "importy/", (*roles.IMPORTERS, roles.READER)),
    _Room("premises", _("Lokale"), "lokale/"),
    _Room("people", _("Osoby i dostępy"), "osoby/", (*roles.PASSWORD_ISSUERS, roles.READER)),
    _Room("settings", _("Ustawienia"), "ustawienia/", roles.MANAGERS),
    _Room("log", _("Dziennik zdarzeń"), "dziennik/", roles.MANAGERS),
)
_OPERATORS = _Room("platform", _("Stan platformy"), "/platforma/")
_OUTSIDE = (
    _Room("associations", _("Wspólnoty i spółdzielnie"), "/"),
    _Room("account", _("Konto i zabezpieczenia"), "/konto/"),
)


def manager_page(
    request: HttpRequest, title: str, *, current: Section | None = None, back_url: str | None = None
) -> ManagerPage:
    """The frame of a signed-in page: inside the association that the request has entered, or outside.

    `current` is the section whose tab is marked.
    """
    grant: StaffGrant | None = getattr(request, "grant", None)
    profile: AssociationProfile | None = getattr(request, "profile", None)
    is_inside = grant is not None and profile is not None
    return ManagerPage(
        title=title,
        person_name=getattr(request.user, "name", ""),
        tabs=_tabs_inside(grant, current) if grant else _tabs_outside(request, current),
        sign_out_url=SIGN_OUT_PATH,
        language_url=LANGUAGE_PATH,
        association=plain_badge(profile) if is_inside and profile else None,
        switch_url="/" if is_inside else None,
        back_url=back_url,
    )


def public_page(title: str, *, back_url: str | None = None, is_signed_in: bool = False) -> PublicPage:
    """The frame of a page with one form at the apex."""
    return PublicPage(
        title=title,
        association=None,
        language_url=LANGUAGE_PATH,
        sign_out_url=SIGN_OUT_PATH if is_signed_in else None,
        back_url=back_url,
    )


def _tabs_inside(grant: StaffGrant, current: str | None) -> tuple[Tab, ...]:
    return tuple(
        Tab(str(room.label), f"/a/{grant.association.slug}/{room.path}", is_current=room.section == current)
        for room in _INSIDE
        if roles.is_allowed(grant.role, room.allowed)
    )


def _tabs_outside(request: HttpRequest, current: str | None) -> tuple[Tab, ...]:
    rooms = (*_OUTSIDE, _OPERATORS) if getattr(request.user, "is_operator", False) else _OUTSIDE
    return tuple(Tab(str(room.label), room.path, is_current=room.section == current) for room in rooms)
