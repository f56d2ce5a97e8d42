"""How a request gets to a page of a holding: by its owner at the association's door, or by staff as a preview.

`owner_page` serves both mounts of billing_views.owner.urls; a view gets `(request, place, …)`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from associations.owners.models import OwnerAccount
from associations.premises.access import OpenHolding, holding_of_person
from billing_views.owner.place import Links, Place, mount_of
from billing_views.owner.preview import show_preview
from billing_views.owner.rendering import render_now
from saas.staff import roles
from saas.tenancy.snapshots import read_snapshot

View = Callable[..., HttpResponse]
FROM_HOLDING = "lokal"
"""The parameter that tells the account's page from which premises somebody came."""


def owner_page(view: View) -> View:
    """A page below a holding, GET only: `view(request, place, …)`, read and rendered at one moment.

    An owner signs in first and changes the starter password; a holding that is not theirs is the same 404 as a
    missing one. Under `/a/<slug>/podglad/` staff of the association see it, and that they did is written down.
    """

    @wraps(view)
    def page(request: HttpRequest, holding_id: int, **parts: Any) -> HttpResponse:
        if request.door == "apex":  # type: ignore[attr-defined]
            slug = parts.pop("slug")
            response = show_preview(request, slug, holding_id=holding_id, view=view, parts=parts)
        else:
            response = _show_own(request, holding_id, view, parts)
        add_never_cache_headers(response)
        return response

    guarded = require_safe(page)
    # What the isolation tests read: at the apex as for every view there, at the association's door "holding".
    guarded.entry = "association"  # type: ignore[attr-defined]
    guarded.allowed_roles = roles.EVERYONE  # type: ignore[attr-defined]
    guarded.door_entry = "holding"  # type: ignore[attr-defined]
    return guarded


def _show_own(request: HttpRequest, holding_id: int, view: View, parts: dict[str, Any]) -> HttpResponse:
    refusal = turn_away(request)
    if refusal:
        return refusal
    account: Any = request.user  # an OwnerAccount: turn_away has seen to it
    with read_snapshot():
        place = place_of(request, account, holding_of_person(account.person_id, holding_id))
        return render_now(view(request, place, **parts))


def place_of(request: HttpRequest, account: OwnerAccount, holding: OpenHolding) -> Place:
    """Where an owner's pages of a holding stand, at the association's door."""
    return Place(
        holding=holding,
        profile=request.profile,  # type: ignore[attr-defined]
        person=account.person,
        links=Links(mount_of(holding.id)),
        language_url=reverse("language"),
        sign_out_url=reverse("sign_out"),
        password_url=reverse("password"),
        # „Moje konto" leads back to this premises.
        account_url=f"{reverse('account')}?{urlencode({FROM_HOLDING: holding.id})}",
    )


def turn_away(request: HttpRequest) -> HttpResponse | None:
    """Where a visitor goes who may not see figures yet: to sign in, or to a password of their own."""
    account: Any = request.user
    if not isinstance(account, OwnerAccount):
        return redirect_to_login(request.get_full_path(), reverse("sign_in"))
    request.session.note_visit()  # type: ignore[attr-defined]  # the door's store has it
    if account.must_change_password:
        return redirect_to_login(request.get_full_path(), reverse("password"))
    return None
