"""Structured logs: one line per event, with the request or job that it belongs to, and nothing about people.

Every line carries the request id or the job, the association's slug and the door, where there are any. Paths are
written as route patterns (a live link has its token in the path), queries not at all, and of an exception its class,
SQLSTATE or code and places: texts of errors quote rows.
"""

import datetime as dt
import json
import logging
import re
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import MappingProxyType
from typing import Any

from django.http import HttpRequest

NO_ROUTE = "no route"
DEEPEST = 12
"""So many places of an exception are written, the innermost first."""
FORMATS = ("json", "text")
_ADDRESS = re.compile(r"(https?://[^/\s]*)\S*")
_work: ContextVar[Mapping[str, str]] = ContextVar("work", default=MappingProxyType({}))
_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)


@contextmanager
def working_on(**facts: str) -> Iterator[None]:
    """Every line that is logged inside carries these facts: `job`, `association`."""
    token = _work.set({**_work.get(), **facts})
    try:
        yield
    finally:
        _work.reset(token)


@contextmanager
def serving(request: HttpRequest) -> Iterator[None]:
    """Every line that is logged inside carries the request's id, and door and association once they are known."""
    token = _request.set(request)
    try:
        yield
    finally:
        _request.reset(token)


def facts_now() -> dict[str, str]:
    """What the line that is written now belongs to."""
    request = _request.get()
    if request is None:
        return dict(_work.get())
    association = getattr(request, "association", None)
    facts = {
        "request_id": getattr(request, "log_id", ""),
        "door": getattr(request, "door", ""),
        "association": association.slug if association else "",
    }
    return {**_work.get(), **{name: value for name, value in facts.items() if value}}


def route_of(request: HttpRequest) -> str:
    """The pattern of the address that was asked for: `e-mail/potwierdz/<str:token>/`, never the path itself."""
    match = request.resolver_match
    return match.route if match else NO_ROUTE


def describe_error(error: BaseException) -> dict[str, Any]:
    """Class, SQLSTATE or code, and the places it came through, the innermost first; never its text."""
    cause = error.__cause__ or error
    code = getattr(cause, "sqlstate", None) or getattr(error, "code", None) or ""
    places = [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in reversed(traceback.extract_tb(error.__traceback__)[-DEEPEST:])
    ]
    return {"class": type(error).__name__, "code": str(code), "places": places}


class PathsAsRoutes(logging.Filter):
    """Takes paths out of lines of Django's (refused forms, missing pages, errors), gunicorn's and Celery's."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line pass, changed where it has to be."""
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            record.args = tuple(_without_path(one, request) for one in record.args)
        elif record.name.startswith("gunicorn") and isinstance(record.args, tuple):
            record.args = tuple(NO_ROUTE if _is_path(one) else one for one in record.args)
        elif record.name.startswith("celery") and isinstance(record.args, Mapping) and "exc" in record.args:
            # The text of the exception and its traceback; the class is logged beside.
            record.args = {**record.args, "exc": "", "traceback": ""}
        return True


def _without_path(given: object, request: HttpRequest) -> object:
    if not isinstance(given, str):
        return given
    if given.startswith("/"):
        return route_of(request)
    return _ADDRESS.sub(r"\1", given)


def _is_path(given: object) -> bool:
    return isinstance(given, str) and given.startswith("/")


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """At, level, logger, message, facts of the request or job, and the error if there is one."""
        line: dict[str, Any] = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
            **facts_now(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[1]:
            line["error"] = describe_error(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


class TextLines(logging.Formatter):
    """The same for eyes. `tells_errors`: with the texts of exceptions, where the data are made up."""

    def __init__(self, *, tells_errors: bool = False) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")
        self.tells_errors = tells_errors

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        """Class and places, or the whole traceback."""
        if self.tells_errors:
            return super().formatException(ei)
        error = describe_error(ei[1])
        return f"{error['class']} {error['code']} at " + " < ".join(error["places"])

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """The message with its facts behind."""
        facts = {**facts_now(), **getattr(record, "facts", {})}
        told = " ".join(f"{name}={value}" for name, value in facts.items())
        return f"{super().formatMessage(record)} {told}".rstrip()


def logging_settings(form: str, level: str, *, tells_errors: bool) -> dict[str, Any]:
    """Django's LOGGING: everything to standard error, as JSON or text."""
    formatter: dict[str, Any] = {"()": "saas.logs.JsonLines"}
    if form == "text":
        formatter = {"()": "saas.logs.TextLines", "tells_errors": tells_errors}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"routes": {"()": "saas.logs.PathsAsRoutes"}},
        "formatters": {"lines": formatter},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "lines", "filters": ["routes"]}
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # A worker's bell rings every few seconds; jobs are logged by the program itself.
            **{name: {"level": "WARNING"} for name in ("celery.app.trace", "celery.worker.strategy")},
            # Statements carry what people typed, whatever level is asked for.
            "django.db.backends": {"level": "INFO"},
        },
    }
