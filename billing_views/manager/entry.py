"""How a request at the apex gets to its view: session, account, grant, then the association around it.

Every view of the apex carries one of these decorators, and with it two attributes that the isolation tests
read: `entry` ("open", "staff", "set_up" or "association") and `allowed_roles` (roles of saas.staff.roles;
empty outside associations).
"""

from collections.abc import Callable
from contextlib import ExitStack
from functools import wraps
from typing import Any, cast
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from associations.audit.actors import Actor
from associations.profile.models import AssociationProfile
from associations.profile.queries import current_profile
from billing_views.errors import closed
from saas.staff import roles
from saas.staff.access import StaffGrant, find_grant
from saas.staff.models import StaffUser
from saas.tenancy.middleware import may_serve
from saas.tenancy.snapshots import read_snapshot
from saas.tenancy.switching import AssociationRef, enter_association

View = Callable[..., HttpResponse]


class StaffRequest(HttpRequest):
    """What a decorated view gets; for annotations only."""

    user: StaffUser
    actor: Actor
    association: AssociationRef
    profile: AssociationProfile
    grant: StaffGrant


def open_page(view: View) -> View:
    """A page of the apex for everybody: sign-in, links by mail, language."""
    return _declare(view, entry="open")


def staff_page(view: View) -> View:
    """A page for signed-in staff outside associations; sets `request.actor`."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _admit(request) or _finish(view(request, *args, **kwargs))

    return _declare(guarded, entry="staff")


def operator_page(view: View) -> View:
    """A staff_page for operators of the platform; for anybody else who is signed in there is no such address."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        refusal = _admit(request)
        if refusal:
            return refusal
        if not cast("StaffRequest", request).user.is_operator:
            raise Http404
        return _finish(view(request, *args, **kwargs))

    return _declare(guarded, entry="staff")


def set_up_page(view: View) -> View:
    """As staff_page, open also to those who still have to set up their second factor."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return _admit(request, needs_totp=False) or _finish(view(request, *args, **kwargs))

    return _declare(guarded, entry="set_up")


def in_association(*allowed: str, is_snapshot: bool = False) -> Callable[[View], View]:
    """A page of one association, `view(request, slug, …)`, for the roles named (none named: every role).

    No grant, an ended one and an unknown slug are the same 404; another role is 403. The association is
    entered around view and rendering, so a TemplateResponse reads inside it too, and left before the session
    is saved. `is_snapshot` lets a page that only reads see one moment. Sets `request.association`, `profile`,
    `grant` and `actor`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponse:
            refusal = _admit(request)
            if refusal:
                return refusal
            grant = find_grant(cast("StaffRequest", request).user, slug)
            if grant is None:
                raise Http404
            if not roles.is_allowed(grant.role, allowed):
                raise PermissionDenied
            return _serve_inside(view, cast("StaffRequest", request), grant, is_snapshot, *args, **kwargs)

        return _declare(guarded, entry="association", allowed=allowed or roles.EVERYONE)

    return decorate


def _serve_inside(
    view: View, request: StaffRequest, grant: StaffGrant, is_snapshot: bool, /, *args: Any, **kwargs: Any
) -> HttpResponse:
    request.association, request.grant = grant.association, grant
    with ExitStack() as stack:
        stack.enter_context(enter_association(grant.association))
        request.profile = current_profile()
        if not may_serve(request.profile, request.method):
            return closed(request)
        if is_snapshot:
            stack.enter_context(read_snapshot())
        return _finish(view(request, grant.association.slug, *args, **kwargs))


def _admit(request: HttpRequest, *, needs_totp: bool = True) -> HttpResponse | None:
    """Load session and account while the shared tables are in reach; an answer where they do not suffice."""
    user = request.user
    if not isinstance(user, StaffUser):
        return _ask_to_sign_in(request)
    request.session.note_visit()  # type: ignore[attr-defined]  # both doors' stores have it
    if needs_totp and settings.TOTP_REQUIRED and not user.has_totp:
        return redirect("set_up_totp")
    request.actor = Actor(kind="staff", id=user.id, name=user.name)  # type: ignore[attr-defined]
    return None


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back here afterwards; a partial update of a page takes the whole page along."""
    htmx = getattr(request, "htmx", None)
    here = htmx.current_url_abs_path if htmx else request.get_full_path() if request.method == "GET" else ""
    address = reverse("sign_in") + (f"?{urlencode({'next': here})}" if here and here != "/" else "")
    return HttpResponseClientRedirect(address) if htmx else redirect(address)


def _finish(response: HttpResponse) -> HttpResponse:
    """Render where the tables are in reach, and let no cache keep what staff see."""
    render_now = getattr(response, "render", None)
    if callable(render_now):
        render_now()
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def _declare(view: View, *, entry: str, allowed: tuple[str, ...] = ()) -> View:
    view.entry = entry  # type: ignore[attr-defined]
    view.allowed_roles = allowed  # type: ignore[attr-defined]
    return view
