"""A manager's preview (podgląd): a holding's pages as its owners see them. GET only, and written down.

`?as_seen_on=2026-10-01` shows the figures that were published by the end of that day, with names of today. The
parameter is read here alone: at the owners' own door it means nothing.
"""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from associations.audit.actions import record_act
from associations.imports.standing import standing_at_end_of
from associations.premises.access import OpenHolding, holding_for_staff
from associations.premises.models import Person
from billing_views.manager.entry import StaffRequest, in_association
from billing_views.manager.frame import LANGUAGE_PATH
from billing_views.owner.place import Links, Place
from billing_views.owner.rendering import render_now
from saas.tenancy.snapshots import read_snapshot

PARAMETER = "as_seen_on"
ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
POLISH_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")


@in_association()
def show_preview(
    request: HttpRequest,
    slug: str,
    *,
    holding_id: int,
    view: Callable[..., HttpResponse],
    parts: dict[str, Any],
) -> HttpResponse:
    """The page `view` of any holding of the association, for whoever has a grant there."""
    staff: StaffRequest = request  # type: ignore[assignment]  # in_association has seen to it
    holding, seen_on = holding_for_staff(holding_id), _chosen_day(request)
    if seen_on:
        holding = holding.as_seen(standing_at_end_of(seen_on))
    details = {"page": _page_name(request)} | ({PARAMETER: seen_on.isoformat()} if seen_on else {})
    record_act(actor=staff.actor, action="holding.previewed", target=str(holding_id), **details)
    with read_snapshot():
        place = _preview_place(staff, slug, holding, seen_on)
        return render_now(view(request, place, **parts))


def read_day(text: str) -> dt.date:
    """`2026-10-01` or, typed by hand where a browser offers no calendar, `01.10.2026`; ValueError otherwise."""
    text = text.strip()
    if found := ISO_DAY.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := POLISH_DAY.fullmatch(text):
        day, month, year = map(int, found.groups())
    else:
        raise ValueError(text)
    return dt.date(year, month, day)


def _chosen_day(request: HttpRequest) -> dt.date | None:
    """The day asked for, None for the figures of now; a day that does not exist is a 404."""
    text = request.GET.get(PARAMETER, "")
    if not text.strip():
        return None
    try:
        day = read_day(text)
        standing_at_end_of(day)
    except ValueError:
        raise Http404(_("Nie ma takiego dnia. Podaj go jako 2026-10-01.")) from None
    return day


def _preview_place(request: StaffRequest, slug: str, holding: OpenHolding, seen_on: dt.date | None) -> Place:
    """As the first person of the holding sees it."""
    return Place(
        holding=holding,
        profile=request.profile,
        person=Person.objects.get(pk=holding.person_ids[0]),
        links=Links(
            f"/a/{slug}/podglad/{holding.id}/", ((PARAMETER, seen_on.isoformat()),) if seen_on else ()
        ),
        language_url=LANGUAGE_PATH,
        preview_exit_url=f"/a/{slug}/lokale/",
        logo_path=f"/a/{slug}/znak/",
        seen_on=seen_on,
    )


def _page_name(request: HttpRequest) -> str:
    match = request.resolver_match
    return (match.url_name if match else None) or ""
