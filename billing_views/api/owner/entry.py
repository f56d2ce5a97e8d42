"""How a request gets to a view of the owners' API: key or session, then the holding, then one moment of the tables.

A key counts where an Authorization header is sent, else the session; both open what the owner's pages show. The API
changes nothing, so there is nothing to forge: no CSRF token. The tenant comes from the host alone (DoorMiddleware):
a key of another association is as unknown as one that never was.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from associations.owners.models import OwnerAccount, SignInFailure
from associations.owners.throttling import QUARTER, Limit, client_address, open_attempt, watch_address
from associations.owners.tokens import find_token_owner
from associations.premises.access import OpenHolding, holding_of_person
from associations.premises.models import Person
from associations.profile.models import AssociationProfile
from billing_views.api.problems import (
    TOO_MANY,
    UNAUTHORIZED,
    answer_missing,
    answer_problem,
    answer_starter_password,
)
from billing_views.owner.gate import signed_in_owner
from billing_views.owner.rendering import render_now
from billing_views.pauses import describe_pause, retry_after
from saas.tenancy.snapshots import read_snapshot

View = Callable[..., Any]
PER_KEY_ADDRESS = Limit("owner-token-address", 30, QUARTER)
WRONG_METHOD = 405


class OwnerApiRequest(HttpRequest):
    """What a view of the owners' API gets; for annotations only. `holding` is set below `holdings/<id>/`."""

    person: Person
    profile: AssociationProfile
    holding: OpenHolding


def owner_resource(view: View) -> View:
    """A resource for its owner alone, GET only: `view(request, …)`, read and rendered at one moment.

    405 for another method; 401 without a key in force or a session, after many wrong keys from one address 429; 403
    with a starter password. Below `holdings/<holding_id>/` a holding that is not theirs is the 404 of a missing one.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, **parts: Any) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return _refuse_method()
        is_by_key = "Authorization" in request.headers
        account = find_token_owner(_bearer(request)) if is_by_key else signed_in_owner(request)
        if account is None:
            return _refuse_key(request) if is_by_key else _ask_for_key()
        if account.must_change_password:
            return answer_starter_password()
        if not is_by_key:
            request.session.note_visit()  # type: ignore[attr-defined]  # the door's store has it
        asking = cast("OwnerApiRequest", request)
        asking.person = account.person
        return _serve(view, asking, account, parts)

    guarded.door_entry = "owner_api"  # type: ignore[attr-defined]  # read by the isolation tests
    return guarded


def _serve(
    view: View, request: OwnerApiRequest, account: OwnerAccount, parts: dict[str, Any]
) -> HttpResponse:
    with read_snapshot():
        try:
            if "holding_id" in parts:
                request.holding = holding_of_person(account.person_id, parts["holding_id"])
            response = render_now(view(request, **parts))
        except Http404:
            return answer_missing()
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _bearer(request: HttpRequest) -> str:
    scheme, _space, secret = request.headers["Authorization"].partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def _refuse_key(request: HttpRequest) -> HttpResponse:
    """401, and after many wrong keys from one address a pause; a right one is never slowed down."""
    attempt = open_attempt(SignInFailure, watch_address(client_address(request), limit=PER_KEY_ADDRESS))
    if attempt.wait:
        return answer_problem(
            TOO_MANY, "throttled", describe_pause(attempt.wait), headers=retry_after(attempt.wait)
        )
    return _ask_for_key()


def _ask_for_key() -> HttpResponse:
    return answer_problem(
        UNAUTHORIZED,
        "no_token",
        _("Zaloguj się albo podaj ważny klucz w nagłówku Authorization: Bearer ko_…"),
        headers={"WWW-Authenticate": 'Bearer realm="kartoteka"'},
    )


def _refuse_method() -> HttpResponse:
    return answer_problem(
        WRONG_METHOD,
        "method_not_allowed",
        _("Ten adres nie przyjmuje takiej metody."),
        headers={"Allow": "GET, HEAD"},
    )
