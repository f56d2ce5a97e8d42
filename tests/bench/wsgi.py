"""What gunicorn serves in the bench: the product, and beside it the same Django with its default middleware only.

Every answer says in its headers what it took inside the application, so that neither connecting nor the client's
own work is measured. Addresses below /plain/ go to the default middleware; the others through the product's.
"""

import time
from collections.abc import Callable, Iterable
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test.utils import override_settings

WALL, CPU, QUERIES = "X-Bench-Wall", "X-Bench-Cpu", "X-Bench-Queries"
SWITCHES = ("SELECT set_config('role',", "SELECT set_config('search_path',")
PLAIN = "/plain/"
PLAIN_MIDDLEWARE = [
    "tests.bench.wsgi.fixed_association",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
Handler = Callable[[HttpRequest], HttpResponse]
Headers = list[tuple[str, str]]


def fixed_association(get_response: Handler) -> Handler:
    """Points the connection at the host's association and leaves it there, as in a program for one association."""
    from saas.tenancy.hosts import find_association, normalise_host
    from saas.tenancy.switching import AssociationRef, set_association

    known: dict[str, AssociationRef | None] = {}

    def respond(request: HttpRequest) -> HttpResponse:
        host = request.get_host()
        if host not in known:
            known[host] = find_association(normalise_host(host))
        association = known[host]
        if association is not None and connection.tenant != association:  # type: ignore[attr-defined]
            set_association(association)
        return get_response(request)

    return respond


def _plain_handler() -> WSGIHandler:
    with override_settings(MIDDLEWARE=PLAIN_MIDDLEWARE, SESSION_ENGINE="associations.owners.sessions"):
        return WSGIHandler()


product = get_wsgi_application()
plain = _plain_handler()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer, and say what it took."""
    handler = plain if environ["PATH_INFO"].startswith(PLAIN) else product
    answer: list[Any] = []
    counter = QueryCounter()
    if environ.get("HTTP_X_BENCH_COUNT"):
        with connection.execute_wrapper(counter):
            body, _, _ = _respond(handler, environ, answer)
        took: Headers = [(QUERIES, str(counter.count))]
    else:
        body, wall, cpu = _respond(handler, environ, answer)
        took = [(WALL, f"{wall:.6f}"), (CPU, f"{cpu:.6f}")]
    status, headers = answer
    start_response(status, [*headers, *took])
    return [body]


class QueryCounter:
    """Counts statements that go through a cursor of Django; entering and leaving a schema is none of the page."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, statement: Any, *arguments: Any) -> Any:
        """One more."""
        self.count += not str(statement).startswith(SWITCHES)
        return execute(statement, *arguments)


def _respond(handler: WSGIHandler, environ: dict[str, Any], answer: list[Any]) -> tuple[bytes, float, float]:
    """The whole body, and the seconds by the clock and of this process's time that it took."""
    wall, cpu = time.perf_counter(), time.process_time()

    def keep(status: str, headers: Headers, *_: object) -> Callable[[bytes], object]:
        answer.extend((status, headers))
        return bytes  # WSGI's write(), which nobody calls

    response: Any = handler(environ, keep)
    try:
        body = b"".join(response)
    finally:
        response.close()
    return body, time.perf_counter() - wall, time.process_time() - cpu
