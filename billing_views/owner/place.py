"""Where an owner's page stands: whose holding, at which mount, with which links.

The same addresses (billing_views.owner.urls) are mounted at the association's door and under a manager's preview;
every link of a page comes from its Place, never from a template.
"""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, Protocol
from urllib.parse import parse_qsl, urlencode

from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext

from associations.premises.access import OpenHolding
from associations.premises.models import Person, PremisesKind
from associations.profile.models import AssociationProfile
from billing_views.face import LOGO_PATH, draw_badge
from billing_views.owner.footer import footer_links
from billing_views.owner.words import name_charges
from billing_views.parts import page as frame
from billing_views.parts.formatting import format_day

URLCONF = "billing_views.owner.urls"
Section = Literal[
    "ledger", "charges", "accounting", "media", "paying", "documents", "personal", "information"
]


class Addressed(Protocol):
    """What an address is made of."""

    @property
    def address(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses below one mount, `/lokal/12/` or `/a/lipowa/podglad/12/`.

    `kept`: parameters that every one of them carries along (`as_seen_on` of a preview).
    """

    base: str
    kept: tuple[tuple[str, str], ...] = ()

    def to(self, name: str, **parts: Any) -> str:
        """The address of a page of billing_views.owner.urls."""
        return self.below(self.path_of(name, **parts))

    def below(self, path: str) -> str:
        """The address of a path below the mount, which may have parameters of its own."""
        if not self.kept:
            return self.base + path
        return f"{self.base}{path}{'&' if '?' in path else '?'}{urlencode(self.kept)}"

    @staticmethod
    def path_of(name: str, **parts: Any) -> str:
        """The same without the mount: what „zmień lokal” carries over to another premises."""
        return _path_of(name, tuple(parts.items()))


# A page has dozens of links, and a resolver tries its patterns anew for each.
@lru_cache(maxsize=4096)
def _path_of(name: str, parts: tuple[tuple[str, Any], ...]) -> str:
    return reverse(name, urlconf=URLCONF, kwargs=dict(parts)).removeprefix(get_script_prefix())


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The holding of a request with everything that its frame shows. `person` is whose page it is."""

    holding: OpenHolding
    profile: AssociationProfile
    person: Person
    links: Links
    language_url: str
    sign_out_url: str | None = None
    password_url: str | None = None
    account_url: str | None = None
    preview_exit_url: str | None = None
    # The day whose figures a preview shows; None: those of now.
    seen_on: dt.date | None = None
    logo_path: str = LOGO_PATH

    @property
    def is_preview(self) -> bool:
        """Whether a manager looks at it."""
        return self.preview_exit_url is not None

    def link_to_holding(self, holding_id: int, path: str = "kartoteka/") -> str:
        """Another holding of the person at the same path; a preview leads to none but its own."""
        if self.is_preview:
            return self.links.below(path) if holding_id == self.holding.id else ""
        return f"{mount_of(holding_id)}{path}"

    def page(
        self, title: str, section: Section | None, *, here: str | None = None, back_url: str | None = None
    ) -> frame.Page:
        """The frame of a page. `here` is its path below the mount, kept when the owner changes the premises."""
        return frame.Page(
            title=title,
            association=draw_badge(self.profile, logo_path=self.logo_path),
            place=frame.Place(
                address_line=_address_line(self.holding),
                premises_code=self.holding.premises.code,
                switch_url=self._switch_url(here or Links.path_of(section or "ledger")),
                person_name=self.person.name,
            ),
            tabs=self._tabs(section),
            language_url=self.language_url,
            sign_out_url=self.sign_out_url,
            account_url=self.account_url,
            back_url=back_url,
            is_preview=self.is_preview,
            preview_exit_url=self.preview_exit_url,
            preview_day=self._preview_day(here or Links.path_of(section or "ledger"))
            if self.is_preview
            else None,
            footer=() if self.is_preview else footer_links(),
        )

    def _preview_day(self, here: str) -> frame.PreviewDay:
        path, _, query = here.partition("?")
        return frame.PreviewDay(
            action_url=self.links.base + path,
            today_url=self.links.base + here,
            kept=tuple(parse_qsl(query)),
            value=self.seen_on.isoformat() if self.seen_on else "",
            seen_on=format_day(self.seen_on),
        )

    def _tabs(self, current: Section | None) -> tuple[frame.Tab, ...]:
        labels: tuple[tuple[Section, str], ...] = (
            ("ledger", gettext("Kartoteka lokalu")),
            ("charges", name_charges(self.profile)),
            ("accounting", gettext("Księgowość")),
            ("media", gettext("Media")),
            ("paying", gettext("Dane do przelewu")),
            ("documents", gettext("Dokumenty")),
            ("personal", gettext("Dane osobowe")),
            ("information", gettext("Informacje")),
        )
        return tuple(
            frame.Tab(label, self.links.to(name), is_current=name == current) for name, label in labels
        )

    def _switch_url(self, here: str) -> str | None:
        if not self.holding.has_others:
            return None
        return self.links.below(f"{Links.path_of('switch')}?{urlencode({'strona': here})}")


def mount_of(holding_id: int) -> str:
    """Where an owner's pages of a holding begin, at the association's door."""
    return f"/lokal/{holding_id}/"


def address_of(premises: Addressed) -> str:
    """`ul. Słoneczna 2 m. 34`; other kinds than flats are named: `ul. Lipowa 12, garaż G1`."""
    kind = gettext(PremisesKind(premises.kind).label)
    if not premises.address:
        return kind
    if not premises.number:
        return premises.address
    if premises.kind == PremisesKind.FLAT:
        return gettext("%(address)s m. %(number)s") % {"address": premises.address, "number": premises.number}
    return f"{premises.address}, {kind} {premises.number}"


def until_label(ends_on: dt.date | None) -> str:
    """`do 31.10.2025` for a holding that has an end, else an empty text."""
    return gettext("do %(day)s") % {"day": format_day(ends_on)} if ends_on else ""


def _address_line(holding: OpenHolding) -> str:
    until = until_label(holding.ends_on)
    address = address_of(holding.premises)
    return f"{address} ({until})" if until else address
