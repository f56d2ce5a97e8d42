"""Which premises is open: the first after sign-in, and „zmień lokal" with page and period kept where possible."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from associations.premises.access import first_holding_id
from associations.premises.queries import held_premises
from billing_views.owner.entry import owner_page, turn_away
from billing_views.owner.place import URLCONF, Links, Place, address_of, mount_of, until_label
from billing_views.owner.sign_in import public_page
from billing_views.parts.page import Page

# Pages that every premises has; an account of one premises is not looked for at another.
KEPT = (
    "ledger",
    "ledger_year",
    "charges",
    "charges_year",
    "charges_month",
    "accounting",
    "media",
    "documents",
    "personal",
)


@dataclass(frozen=True, slots=True)
class HeldLink:
    """A holding to change to."""

    address: str
    code: str
    until: str
    url: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class SwitchPage:
    """Context of `owner/switch.html`."""

    page: Page
    held: tuple[HeldLink, ...]


@require_safe
def open_first_holding(request: HttpRequest) -> HttpResponse:
    """After sign-in: the ledger of the first holding, or a sentence where there is none."""
    refusal = turn_away(request)
    if refusal:
        return refusal
    account: Any = request.user
    holding_id = first_holding_id(account.person_id)
    if holding_id is not None:
        return redirect(Links(mount_of(holding_id)).to("ledger"))
    page = public_page(request, gettext("Brak lokalu"))
    response = TemplateResponse(request, "owner/no_premises.html", {"page": page})
    add_never_cache_headers(response)
    return response


open_first_holding.door_entry = "owner"  # type: ignore[attr-defined]  # read by the isolation tests


@owner_page
def show_choice(request: HttpRequest, place: Place) -> HttpResponse:
    """All holdings of the person, each leading to the page that was open (`?strona=`)."""
    kept = kept_path(request.GET.get("strona", ""))
    held = tuple(
        HeldLink(
            address=address_of(one.premises),
            code=one.premises.code,
            until=until_label(one.ends_on),
            url=place.link_to_holding(one.holding_id, kept),
            is_open=one.holding_id == place.holding.id,
        )
        for one in ([] if place.is_preview else held_premises(place.person.pk))
    )
    page = place.page(gettext("Wybierz lokal"), None, back_url=place.links.below(kept))
    return TemplateResponse(request, "owner/switch.html", {"page": page, "choice": SwitchPage(page, held)})


def kept_path(asked: str) -> str:
    """The path below the mount, if it is one of our pages with at most a year; else the ledger's."""
    parts = urlsplit(asked)
    try:
        match = resolve("/" + parts.path, urlconf=URLCONF)
    except Resolver404:
        return Links.path_of("ledger")
    if parts.scheme or parts.netloc or match.url_name not in KEPT:
        return Links.path_of("ledger")
    path = Links.path_of(match.url_name, **match.kwargs)
    year = parts.query.removeprefix("rok=")
    is_year = parts.query.startswith("rok=") and len(year) == 4 and year.isascii() and year.isdigit()  # noqa: PLR2004
    return f"{path}?rok={year}" if is_year else path
