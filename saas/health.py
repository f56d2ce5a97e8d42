"""What operators' programs ask, answered before any host is looked up: health, figures, and whose names get certificates.

`/healthz`, `/readyz`, `/metrics` and `/internal/certificate`. The proxy passes none of them on for the public.
"""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from saas.observing.metrics import CONTENT_TYPE, render_metrics
from saas.observing.proxies import is_asked_by_proxy_itself
from saas.observing.readiness import check_parts
from saas.tenancy.hosts import find_association, is_apex, normalise_host

Handler = Callable[[HttpRequest], HttpResponse]
NOT_FOUND, NOT_READY = 404, 503


class HealthMiddleware:
    """Answers the four addresses and passes on every other."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer or pass on."""
        answer = ADDRESSES.get(request.path)
        if answer is None:
            return self.get_response(request)
        request.is_platforms = True  # type: ignore[attr-defined]
        response = answer(request)
        response.headers["Cache-Control"] = "no-store"
        return response


def say_alive(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - one form for all
    """200 while the process lives: nothing else is asked."""
    return _plain("ok")


def say_ready(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - one form for all
    """A line per part, `database ok`; 503 where one is down without which nothing can be served."""
    parts = check_parts()
    lines = [f"{part.name} {'ok' if part.is_ok else 'failed'}" for part in parts]
    is_ready = all(part.is_ok for part in parts if part.is_needed)
    return _plain("\n".join(lines), status=200 if is_ready else NOT_READY)


def show_metrics(request: HttpRequest) -> HttpResponse:
    """The figures, for whoever sends KARTOTEKA_METRICS_TOKEN; without it, or where none is set, a 404."""
    scheme, _space, given = request.headers.get("Authorization", "").partition(" ")
    token = settings.METRICS_TOKEN
    is_known = secrets.compare_digest(given.strip().encode(), token.encode())
    if not token or scheme.lower() != "bearer" or not is_known:
        return _plain("", status=NOT_FOUND)
    return HttpResponse(render_metrics(), content_type=CONTENT_TYPE)


def allow_certificate(request: HttpRequest) -> HttpResponse:
    """200 for `?domain=` where it is a host of ours, else 404: for the proxy itself, before it asks for a certificate."""
    host = normalise_host(request.GET.get("domain", ""))
    if not host or not is_asked_by_proxy_itself(request):
        return _plain("", status=NOT_FOUND)
    is_ours = is_apex(host) or find_association(host) is not None
    return _plain("ok") if is_ours else _plain("", status=NOT_FOUND)


ADDRESSES: dict[str, Handler] = {
    "/healthz": say_alive,
    "/readyz": say_ready,
    "/metrics": show_metrics,
    "/internal/certificate": allow_certificate,
}


def _plain(text: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
