"""A manager's preview (podgląd): a holding's pages as its owners see them. GET only, and written down."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from associations.audit.actions import record_act
from associations.premises.access import OpenHolding, holding_for_staff
from associations.premises.models import Person
from billing_views.manager.entry import StaffRequest, in_association
from billing_views.manager.frame import LANGUAGE_PATH
from billing_views.owner.place import Links, Place
from billing_views.owner.rendering import render_now
from saas.tenancy.snapshots import read_snapshot


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
    holding = holding_for_staff(holding_id)
    record_act(
        actor=staff.actor, action="holding.previewed", target=str(holding_id), page=_page_name(request)
    )
    with read_snapshot():
        place = _preview_place(staff, slug, holding)
        return render_now(view(request, place, **parts))


def _preview_place(request: StaffRequest, slug: str, holding: OpenHolding) -> Place:
    """As the first person of the holding sees it."""
    return Place(
        holding=holding,
        profile=request.profile,
        person=Person.objects.get(pk=holding.person_ids[0]),
        links=Links(f"/a/{slug}/podglad/{holding.id}/"),
        language_url=LANGUAGE_PATH,
        preview_exit_url=f"/a/{slug}/lokale/",
    )


def _page_name(request: HttpRequest) -> str:
    match = request.resolver_match
    return (match.url_name if match else None) or ""
