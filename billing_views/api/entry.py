"""How a request gets to a view of the API: token, grant, then the association around view and rendering.

Nothing of a session counts here, so there is nothing to forge: no cookie, no CSRF token. What DRF's view returns is
rendered inside the association and never outside it.
"""

from collections.abc import Callable
from contextlib import ExitStack
from functools import wraps
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from associations.audit.actors import Actor
from associations.owners.throttling import QUARTER, Limit, client_address, open_attempt, watch_address
from associations.profile.queries import current_profile
from billing_views.api.problems import (
    FORBIDDEN,
    TOO_MANY,
    UNAUTHORIZED,
    answer_closed,
    answer_missing,
    answer_problem,
)
from billing_views.pauses import describe_pause, retry_after
from saas.staff import roles
from saas.staff.access import StaffGrant
from saas.staff.models import ApiToken, StaffSignInFailure
from saas.staff.tokens import find_token, find_token_grant
from saas.tenancy.middleware import may_serve
from saas.tenancy.snapshots import read_snapshot
from saas.tenancy.switching import AssociationRef, enter_association

View = Callable[..., Any]
PER_TOKEN_ADDRESS = Limit("token-address", 30, QUARTER)


class ApiRequest(HttpRequest):
    """What a view of the API gets; for annotations only."""

    token: ApiToken
    actor: Actor
    association: AssociationRef
    grant: StaffGrant


def in_association(view: View) -> View:
    """A view of one association, `view(request, slug, …)`, for tokens of those who may import there.

    401 without a token in force; 404 where the token does not open the association, missing ones alike; 403 where
    the grant allows no imports. Sets `request.token`, `association`, `grant` and `actor`.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
        token = find_token(_bearer(request))
        if token is None:
            return _refuse_token(request)
        grant = find_token_grant(token, slug)
        if grant is None:
            return answer_missing()
        if not roles.is_allowed(grant.role, roles.IMPORTERS):
            return answer_problem(
                FORBIDDEN,
                "forbidden",
                _("Właściciel tego klucza nie może wgrywać plików w tej wspólnocie lub spółdzielni."),
            )
        asking = cast("ApiRequest", request)
        asking.token, asking.grant, asking.association = token, grant, grant.association
        asking.actor = Actor(kind="staff", id=token.user.id, name=token.user.name)
        return _serve_inside(view, asking, *args, **kwargs)

    guarded.entry = "api"  # type: ignore[attr-defined]  # read by the isolation tests
    guarded.allowed_roles = roles.IMPORTERS  # type: ignore[attr-defined]
    return guarded


def _serve_inside(view: View, request: ApiRequest, /, *args: Any, **kwargs: Any) -> HttpResponse:
    with ExitStack() as stack:
        stack.enter_context(enter_association(request.association))
        profile = current_profile()
        if not may_serve(profile, request.method):
            return answer_closed(profile)
        if request.method in {"GET", "HEAD"}:
            stack.enter_context(read_snapshot())
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            return answer_missing()
        render_now = getattr(response, "render", None)
        if callable(render_now):
            render_now()
    response.headers.setdefault("Cache-Control", "no-store")
    return cast("HttpResponse", response)


def _bearer(request: HttpRequest) -> str:
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def _refuse_token(request: HttpRequest) -> HttpResponse:
    """401, and after many wrong tokens from one address a pause; a right one is never slowed down."""
    if _bearer(request):
        watched = watch_address(client_address(request), limit=PER_TOKEN_ADDRESS)
        attempt = open_attempt(StaffSignInFailure, watched)
        if attempt.wait:
            return answer_problem(
                TOO_MANY, "throttled", describe_pause(attempt.wait), headers=retry_after(attempt.wait)
            )
    return answer_problem(
        UNAUTHORIZED,
        "no_token",
        _("Podaj ważny klucz w nagłówku Authorization: Bearer kt_…"),
        headers={"WWW-Authenticate": 'Bearer realm="kartoteka"'},
    )
