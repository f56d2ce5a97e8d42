"""The owners' API against its own description: every check of schemathesis, by key and by session.

It asks with what the description allows and with what it forbids (years 0 and 9999, month 13, huge and negative keys,
wrong types, methods and credentials); nothing may be a 500 or differ from the description, and nothing of another's
may ever be opened.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import schemathesis
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.engine import from_schema
from schemathesis.engine.events import NonFatalError, ScenarioFinished
from schemathesis.schemas import BaseSchema

from billing_views.api.owner.schema import describe_api
from tests.billing_views.api.owner.conftest import make_key
from tests.cast import Member, Role
from tests.samples_database import Samples

HERE = "sloneczna.localhost"
OPENED = re.compile(r"^/api/v1/holdings/(\d+)/")
Credentials = dict[str, dict[str, dict[str, str]]]


@dataclass
class Site:
    """The program as a WSGI server would call it, at the cooperative's host, each request from a new address.

    (Wrong keys are slowed down by address; test_entry.py shows that.) `opened` are the holdings that were read.
    """

    handler: WSGIHandler = field(default_factory=WSGIHandler)
    statuses: Counter[int] = field(default_factory=Counter)
    opened: set[int] = field(default_factory=set)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterator[bytes]:
        number = sum(self.statuses.values())
        environ["HTTP_HOST"] = HERE
        environ["REMOTE_ADDR"] = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"

        def note(status: str, headers: Any, *rest: Any) -> Any:
            code = int(status.split(maxsplit=1)[0])
            self.statuses[code] += 1
            found = OPENED.match(environ["PATH_INFO"])
            if code == 200 and found:
                self.opened.add(int(found[1]))
            return start_response(status, headers, *rest)

        try:
            response = self.handler(environ, note)
            content = b"".join(response)
            response.close()
            yield content
        finally:
            # The server's thread has connections of its own: it leaves none open behind.
            connections.close_all()


def credentials(samples: Samples, member: Member, way_in: str) -> Credentials:
    """How the member gets in, in the words of the description's security schemes."""
    if way_in == "session":
        return {"openapi": {"session": {"api_key": member.session}}}
    return {"openapi": {"token": {"bearer": make_key(samples.sloneczna, login=member.login)}}}


def examine(
    samples: Samples, way_in: str, *, holding_id: int | None, examples: int
) -> tuple[Site, list[str]]:
    """Everything that schemathesis finds wrong, one line each.

    With `holding_id` the description names this one as the only number that is right: then answers with data are
    looked at; without it, nearly all numbers belong to nobody.
    """
    description = deepcopy(describe_api())
    if holding_id:
        for parameter in _holding_parameters(description):
            parameter["schema"] = {"type": "integer", "enum": [holding_id]}
    return run(samples, way_in, description, examples=examples)


def run(
    samples: Samples, way_in: str, description: dict[str, Any], *, examples: int
) -> tuple[Site, list[str]]:
    """One run with the owner's credentials over everything that the description names."""
    site = Site()
    with serve(site) as address:
        config = SchemathesisConfig.from_dict(
            {
                "seed": 20261122,
                "base-url": address,
                "auth": credentials(samples, samples[Role.OWNER], way_in),
                "generation": {"max-examples": examples, "database": "none"},
                "phases": {"stateful": {"enabled": False}},
            }
        )
        wrong = list(_failures(schemathesis.openapi.from_dict(description, config=config)))
    return site, wrong


@contextmanager
def serve(site: Site) -> Iterator[str]:
    """The site behind a small HTTP server in a thread; its address."""
    server = make_server("127.0.0.1", 0, site, handler_class=Quiet)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Quiet(WSGIRequestHandler):
    """Logs nothing."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the parent's signature
        """Nothing."""


def _holding_parameters(description: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in description["paths"].values():
        for operation in path.values():
            yield from (one for one in operation.get("parameters", ()) if one["name"] == "holding_id")


def _failures(schema: BaseSchema) -> Iterator[str]:
    for event in from_schema(schema).execute():
        if isinstance(event, NonFatalError):
            yield f"{event.label}: {event.value!r}"
        if isinstance(event, ScenarioFinished):
            for checks in event.recorder.checks.values():
                found = (check.failure_info for check in checks)
                yield from (f"{event.label}: {_say(one.failure)}" for one in found if one)


def _say(failure: Failure) -> str:
    return f"{failure.title}: {failure.message}"


@pytest.mark.parametrize(("way_in", "is_own"), [("token", True), ("session", False)])
def test_api_is_as_described(samples_db: Samples, way_in: str, is_own: bool) -> None:
    own = samples_db[Role.OWNER].holding_id

    site, wrong = examine(samples_db, way_in, holding_id=own if is_own else None, examples=8)

    assert not wrong, "\n".join(wrong[:20])
    assert not [status for status in site.statuses if status >= 500]
    assert site.opened <= {own}
    assert {200, 401, 404, 405} <= set(site.statuses)
    assert sum(site.statuses.values()) > 100


def test_a_wrong_description_would_be_found(samples_db: Samples) -> None:
    """The same run bites: an answer that differs from what is described is reported."""
    description = deepcopy(describe_api())
    description["paths"] = {"/api/v1/me/": description["paths"]["/api/v1/me/"]}
    description["components"]["schemas"]["Me"]["properties"]["holdings"] = {"type": "string"}

    _, wrong = run(samples_db, "token", description, examples=1)

    assert any("Response violates schema" in line for line in wrong)


@pytest.mark.long
@pytest.mark.parametrize("way_in", ["token", "session"])
def test_api_is_as_described_at_length(samples_db: Samples, way_in: str) -> None:
    own = samples_db[Role.OWNER].holding_id

    for holding_id in (own, None):
        site, wrong = examine(samples_db, way_in, holding_id=holding_id, examples=200)
        assert not wrong, "\n".join(wrong[:20])
        assert site.opened <= {own}


def test_session_cookie_is_named_as_the_description_says() -> None:
    """The description names the cookie of the running program."""
    scheme = describe_api()["components"]["securitySchemes"]["session"]

    assert scheme == {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}
