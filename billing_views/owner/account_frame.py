"""Pages of the owner's account: outside every premises, in the frame of the one that was open last."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

from associations.owners.models import OwnerAccount
from associations.premises.access import OpenHolding, first_holding_id, holding_of_person
from associations.profile.models import AssociationProfile
from billing_views.face import draw_badge
from billing_views.owner.entry import FROM_HOLDING, place_of, turn_away
from billing_views.owner.footer import footer_links
from billing_views.parts.page import Page
from saas.tenancy.switching import AssociationRef

ACCOUNT_URL = "/konto/"
LAST_HOLDING = "last_holding"
"""Under this key the session remembers from which premises the account was opened."""
LONGEST_ID = 19


class OwnerRequest(HttpRequest):
    """What a view behind `account_page` gets: the owner is signed in, with a password of their own."""

    user: OwnerAccount  # type: ignore[assignment]  # the stubs know staff only
    association: AssociationRef
    profile: AssociationProfile
    session: Any


def account_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of the account: `view(request, …)`; strangers sign in first, a starter password is changed first."""

    @wraps(view)
    def page(request: HttpRequest, **parts: Any) -> HttpResponse:
        response = turn_away(request) or view(cast("OwnerRequest", request), **parts)
        add_never_cache_headers(response)
        return response

    page.door_entry = "owner"  # type: ignore[attr-defined]  # read by the isolation tests
    return page


def account_frame(request: OwnerRequest, title: str, *, back_url: str | None = ACCOUNT_URL) -> Page:
    """The frame with the tabs of the premises that was open last; `back_url` None: the arrow leads there."""
    holding = _last_holding(request)
    if holding is None:
        return Page(
            title=title,
            association=draw_badge(request.profile),
            place=None,
            tabs=(),
            language_url=reverse("language"),
            sign_out_url=reverse("sign_out"),
            back_url=back_url,
            account_url=reverse("account"),
            footer=footer_links(),
        )
    place = place_of(request, request.user, holding)
    return place.page(title, None, back_url=back_url or place.links.to("ledger"))


def _last_holding(request: OwnerRequest) -> OpenHolding | None:
    """The one that the account was opened from, else the first; None for a person who holds nothing."""
    person_id = request.user.person_id
    known = int(request.session.get(LAST_HOLDING, 0))
    asked = request.GET.get(FROM_HOLDING, "")
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < LONGEST_ID else known
    try:
        holding = holding_of_person(person_id, wanted)
    except Http404:
        first = first_holding_id(person_id)
        return holding_of_person(person_id, first) if first is not None else None
    if wanted != known:
        request.session[LAST_HOLDING] = wanted
    return holding
