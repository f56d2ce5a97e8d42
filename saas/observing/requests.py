"""The outermost middleware: each request has an id, one line in the log, and counts in the figures.

What is told of a request: door, view, status and time. Not its path, query, address or person.
"""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from saas.logs import serving
from saas.observing.metrics import count_request
from saas.observing.proxies import is_from_proxy

logger = logging.getLogger("saas.requests")
HEADER = "X-Request-ID"
USABLE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
PLATFORM_VIEW = "platform"
"""The view of addresses that are answered before any host is looked up (saas.health)."""
QUIET_VIEWS = frozenset({PLATFORM_VIEW, "static"})


class ObservedRequests:
    """Sets `request.log_id`, answers with it in X-Request-ID, logs and counts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve, then tell of it; an exception has become an answer further inside."""
        began = time.perf_counter()
        request.log_id = _id_of(request)  # type: ignore[attr-defined]
        with serving(request):
            response = self.get_response(request)
            _tell(request, response, time.perf_counter() - began)
        response.headers[HEADER] = request.log_id  # type: ignore[attr-defined]
        return response


def view_of(request: HttpRequest) -> str:
    """The name of the view, one of a known set: `ledger`, `static`, `platform` or `none` for no address of ours."""
    match = request.resolver_match
    if match:
        return match.view_name or match.route
    if getattr(request, "is_platforms", False):
        return PLATFORM_VIEW
    return "static" if request.path.startswith("/" + settings.STATIC_URL.lstrip("/")) else "none"


def _id_of(request: HttpRequest) -> str:
    """The proxy's id, so that its log and ours can be laid beside each other; a new one for everybody else's."""
    given = request.headers.get(HEADER, "")
    if given and USABLE_ID.fullmatch(given) and is_from_proxy(request):
        return given
    return uuid.uuid4().hex


def _tell(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    view = view_of(request)
    door = getattr(request, "door", "none")
    count_request(door=door, view=view, status=response.status_code, seconds=seconds)
    facts = {
        "method": request.method or "",
        "view": view,
        "status": response.status_code,
        "ms": round(seconds * 1000, 1),
    }
    logger.log(logging.DEBUG if view in QUIET_VIEWS else logging.INFO, "request", extra={"facts": facts})
