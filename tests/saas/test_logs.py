"""What is written down of requests, jobs and errors, and that nothing of people is."""

import io
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from saas.logs import JsonLines, PathsAsRoutes, TextLines, describe_error, logging_settings, working_on
from saas.tenancy.switching import AssociationRef
from tests.saas.management.conftest import Run, run
from tests.worker_process import StartWorker, start_worker, wait_until

__all__ = ["run", "start_worker"]
TOKEN = "c0nf1rm-me-anna-nowak"
SAMPLES = Path(__file__).parents[2] / "samples" / "spoldzielnia"


class Heard:
    """Everything that was logged, as the program writes it and, to show that it could be there, as it came."""

    def __init__(self) -> None:
        self.written, self.raw = io.StringIO(), io.StringIO()
        own = logging.StreamHandler(self.written)
        own.setFormatter(JsonLines())
        own.addFilter(PathsAsRoutes())
        self.handlers = [logging.StreamHandler(self.raw), own]

    def lines(self, logger: str = "") -> list[dict[str, Any]]:
        found = [json.loads(line) for line in self.written.getvalue().splitlines()]
        return [line for line in found if not logger or line["logger"] == logger]


@pytest.fixture
def heard() -> Iterator[Heard]:
    heard, root = Heard(), logging.getLogger()
    # Before the program's own handler, whose filter changes the record for all that follow.
    root.handlers[:0] = heard.handlers
    yield heard
    for handler in heard.handlers:
        root.removeHandler(handler)


def client_of(association: AssociationRef, **more: Any) -> Client:
    return Client(headers={"host": f"{association.slug}.localhost"}, **more)


def test_a_request_is_one_line_without_path_and_query(
    db: None, sloneczna: AssociationRef, heard: Heard
) -> None:
    response = client_of(sloneczna).get("/logowanie/?next=/lokal/7/&login=nowak")

    (line,) = heard.lines("saas.requests")
    assert {name: line[name] for name in ("association", "door", "view", "status", "method", "message")} == {
        "association": "sloneczna",
        "door": "association",
        "view": "sign_in",
        "status": 200,
        "method": "GET",
        "message": "request",
    }
    assert line["request_id"] == response.headers["X-Request-ID"]
    assert line["ms"] > 0
    assert "nowak" not in heard.written.getvalue()
    assert "/lokal/7/" not in heard.written.getvalue()


def test_a_refused_form_does_not_tell_the_link_that_it_stood_behind(
    db: None, sloneczna: AssociationRef, heard: Heard
) -> None:
    """The path of a confirmation holds a live token; so does the page that a browser says it came from."""
    client = client_of(sloneczna, enforce_csrf_checks=True)
    path = f"/e-mail/potwierdz/{TOKEN}/"

    for headers in ({}, {"referer": f"https://sloneczna.localhost{path}", "x-forwarded-proto": "https"}):
        assert client.post(path, headers=headers, secure=bool(headers)).status_code == 403

    assert TOKEN in heard.raw.getvalue()
    assert TOKEN not in heard.written.getvalue()
    assert all(
        "e-mail/potwierdz/<str:token>/" in one["message"] for one in heard.lines("django.security.csrf")
    )
    assert len(heard.lines("django.security.csrf")) == 2


def test_a_missing_page_does_not_tell_what_was_typed(
    db: None, sloneczna: AssociationRef, heard: Heard
) -> None:
    client_of(sloneczna).get("/Kowalski-Jan/?pesel=1")

    assert "Kowalski" in heard.raw.getvalue()
    assert "Kowalski" not in heard.written.getvalue()
    assert [line["message"] for line in heard.lines("django.request")] == ["Not Found: no route"]


def test_the_name_of_an_unknown_association_is_not_written(db: None, heard: Heard) -> None:
    Client(headers={"host": "kowalski.localhost"}).get("/")

    (line,) = heard.lines("saas.requests")
    assert "association" not in line
    assert line["view"] == "none"
    assert "kowalski" not in heard.written.getvalue()


def test_the_proxys_request_id_is_taken_over_and_nobody_elses(db: None, sloneczna: AssociationRef) -> None:
    given = "0f8c2a9e-proxy.1"

    def answered(**meta: Any) -> str:
        response = client_of(sloneczna).get("/logowanie/", **meta)
        return str(response.headers["X-Request-ID"])

    assert answered(headers={"x-request-id": given}) == given
    assert answered(headers={"x-request-id": given}, REMOTE_ADDR="203.0.113.7") != given
    assert answered(headers={"x-request-id": "a b\tc; DROP"}) != "a b\tc; DROP"
    assert len(answered()) == 32


def test_an_error_is_told_by_class_code_and_places_never_by_its_text(db: None, heard: Heard) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 'Nowak Anna'::int")
    except DatabaseError:
        logging.getLogger("test").exception("went wrong")

    (line,) = heard.lines("test")
    assert "Nowak Anna" in heard.raw.getvalue()
    assert "Nowak Anna" not in heard.written.getvalue()
    assert (line["error"]["class"], line["error"]["code"]) == ("DataError", "22P02")
    assert any(place.startswith("test_logs.py:") for place in line["error"]["places"])


def test_celerys_and_gunicorns_lines_lose_texts_and_paths(heard: Heard) -> None:
    context = {"name": "task", "exc": "ValueError('Nowak Anna')", "traceback": "… Nowak Anna …"}
    logging.getLogger("celery.app.trace").error("Task %(name)s raised: %(exc)s", context)
    logging.getLogger("gunicorn.error").error("Error handling request %s", f"/e-mail/wypisz/{TOKEN}/")

    assert [line["message"] for line in heard.lines()] == [
        "Task task raised: ",
        "Error handling request no route",
    ]


def test_text_lines_carry_the_same_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    def spoil() -> None:
        raise ValueError("Nowak Anna")

    try:
        spoil()
    except ValueError:
        record = logging.LogRecord("a", logging.ERROR, "f.py", 1, "went %s", ("wrong",), sys.exc_info())
    with working_on(job="j1", association="lipowa"):
        quiet, full = TextLines().format(record), TextLines(tells_errors=True)
        record.exc_text = None

        assert "ERROR a went wrong job=j1 association=lipowa\nValueError  at test_logs.py:" in quiet
        assert "Nowak" not in quiet
        assert "Nowak" in full.format(record)
    assert "job=" not in TextLines().format(record)


def test_statements_are_never_logged_whatever_the_level() -> None:
    made = logging_settings("json", "DEBUG", tells_errors=False)

    assert made["root"]["level"] == "DEBUG"
    assert made["loggers"]["django.db.backends"] == {"level": "INFO"}


def test_an_error_without_a_database_has_its_own_code() -> None:
    class RuleError(Exception):
        code = "slug_taken"

    assert describe_error(RuleError("Nowak")) == {"class": "RuleError", "code": "slug_taken", "places": []}


def test_a_workers_lines_name_job_and_association(start_worker: StartWorker, run: Run) -> None:
    worker = start_worker(KARTOTEKA_LOG_FORMAT="json")

    run("import_files", "lipowa", str(SAMPLES / "lokale.csv"))

    wait_until(lambda: ": done" in worker.text, because=lambda: worker.text)
    lines = [json.loads(line) for line in worker.text.splitlines() if line.startswith("{")]
    of_jobs = [line for line in lines if line["logger"] == "workers.running"]
    assert {line["association"] for line in of_jobs} == {"lipowa"}
    assert len({line["job"] for line in of_jobs}) == 1
    assert [line for line in worker.text.splitlines() if " done" in line and not line.startswith("{")] == []
