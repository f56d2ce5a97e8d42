"""The outermost gate: which door the request came in by, and the schema that belongs to it."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import get_resolver

from associations.profile.models import AssociationProfile
from associations.profile.queries import current_profile
from saas.tenancy.hosts import find_association, is_apex, normalise_host
from saas.tenancy.switching import set_association, set_public

CLOSED = 503
READING = frozenset({"GET", "HEAD", "OPTIONS"})
Handler = Callable[[HttpRequest], HttpResponse]


def may_serve(profile: AssociationProfile, method: str | None) -> bool:
    """Whether the association takes such a request: any while it is active, only reading ones while it moves."""
    return profile.is_active or (profile.is_readable and method in READING)


class DoorMiddleware:
    """Sets `request.door`, `request.association`, `request.profile` and the schema; 404 for an unknown host."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request inside its door, and leave the connection at public whatever happens."""
        set_public()
        try:
            return self._serve(request)
        finally:
            set_public()

    def _serve(self, request: HttpRequest) -> HttpResponse:
        request.association = request.profile = None  # type: ignore[attr-defined]
        request.door = "none"  # type: ignore[attr-defined]
        try:
            host = normalise_host(request.get_host())
        except DisallowedHost:
            return render(request, "errors/unknown_host.html", status=404)
        if is_apex(host):
            request.door = "apex"  # type: ignore[attr-defined]
            request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
            return self.get_response(request)
        association = find_association(host)
        if association is None:
            return render(request, "errors/unknown_host.html", status=404)
        set_association(association)
        request.door = "association"  # type: ignore[attr-defined]
        request.association = association  # type: ignore[attr-defined]
        request.urlconf = settings.ROOT_URLCONF
        request.profile = current_profile()  # type: ignore[attr-defined]
        if not may_serve(request.profile, request.method):  # type: ignore[attr-defined]
            return get_resolver(settings.ROOT_URLCONF).resolve_error_handler(CLOSED)(request)
        return self.get_response(request)
