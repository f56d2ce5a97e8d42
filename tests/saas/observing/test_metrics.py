"""Figures for Prometheus: who may read them, what they count, and that no label holds anything of anybody."""

import datetime as dt
import re
import subprocess
import sys
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from saas.jobs.models import Job
from saas.observing.surveys import keep_survey, take_survey
from saas.tenancy.models import Association
from saas.tenancy.switching import AssociationRef
from tests.cast import Role
from tests.isolation.asking import values_here
from tests.isolation.routes import list_routes
from tests.samples_database import Samples
from tests.worker_process import CHECKOUT, program_environment

Figures = dict[tuple[str, tuple[tuple[str, str], ...]], float]
TOKEN = "s3cret-of-prometheus"


@pytest.fixture(autouse=True)
def _token(settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN


def scrape(**headers: str) -> Any:
    return Client(headers={"host": "10.0.0.7", "authorization": f"Bearer {TOKEN}", **headers}).get("/metrics")


def figures() -> Figures:
    found: Figures = {}
    for family in text_string_to_metric_families(scrape().content.decode()):
        for sample in family.samples:
            found[sample.name, tuple(sorted(sample.labels.items()))] = sample.value
    return found


def figure(found: Figures, name: str, **labels: str) -> float:
    return found[f"kartoteka_{name}", tuple(sorted(labels.items()))]


def test_only_who_has_the_token_reads_them(db: None, settings: Any) -> None:
    assert scrape().status_code == 200
    for wrong in ("", "Bearer", "Bearer x", f"Basic {TOKEN}", TOKEN, "Bearer "):
        assert scrape(authorization=wrong).status_code == 404
    settings.METRICS_TOKEN = ""
    for wrong in ("Bearer ", "Bearer", f"Bearer {TOKEN}"):
        assert scrape(authorization=wrong).status_code == 404


def test_how_long_ago_the_clock_had_associations_asked(db: None) -> None:
    assert ("kartoteka_survey_age_seconds", ()) not in figures()

    keep_survey(replace(take_survey(), asked_at=timezone.now() - dt.timedelta(minutes=20)))

    assert figure(figures(), "survey_age_seconds") == pytest.approx(1200, abs=20)


def test_requests_are_counted_by_door_view_and_class_of_status(db: None, sloneczna: AssociationRef) -> None:
    labels = {"door": "association", "view": "sign_in"}
    client = Client(headers={"host": "sloneczna.localhost"})
    client.get("/logowanie/")
    before = figures()

    client.get("/logowanie/")
    client.get("/nie-ma/tego/")
    after = figures()

    assert figure(after, "requests_total", **labels, status="2xx") == 1 + figure(
        before, "requests_total", **labels, status="2xx"
    )
    assert figure(after, "request_seconds_count", **labels) == 1 + figure(
        before, "request_seconds_count", **labels
    )
    assert figure(after, "requests_total", door="association", view="none", status="4xx") >= 1


def test_the_queue_tells_its_length_age_leases_and_ends(db: None, sloneczna: AssociationRef) -> None:
    association, now = Association.objects.get(slug="sloneczna"), timezone.now()

    def make(age: float, **fields: Any) -> None:
        job = Job.objects.create(association=association, kind="read_batch", **fields)
        Job.objects.filter(pk=job.pk).update(created_at=now - dt.timedelta(seconds=age))

    make(90)
    make(30)
    make(500, waits_until=now + dt.timedelta(hours=1))
    make(700, size_class="large")
    make(60, state="running", lease_token=uuid.uuid4(), lease_until=now - dt.timedelta(seconds=5))
    make(100, state="done", finished_at=now - dt.timedelta(seconds=60))
    make(100, state="done", finished_at=now - dt.timedelta(seconds=40))
    make(100, state="failed", finished_at=now - dt.timedelta(seconds=95))
    make(9000, state="failed", finished_at=now - dt.timedelta(hours=2))

    found = figures()

    small, large = ({"kind": "read_batch", "size": size} for size in ("small", "large"))
    assert figure(found, "jobs_waiting", **small) == 2
    assert figure(found, "jobs_waiting", **large) == 1
    assert figure(found, "jobs_oldest_seconds", **small) == pytest.approx(90, abs=20)
    assert figure(found, "jobs_oldest_seconds", **large) == pytest.approx(700, abs=20)
    assert (figure(found, "leases", state="running"), figure(found, "leases", state="expired")) == (0, 1)
    assert figure(found, "jobs_ended", kind="read_batch", state="done") == 2
    assert figure(found, "jobs_ended", kind="read_batch", state="failed") == 1
    assert figure(found, "job_seconds", kind="read_batch", state="done", quantile="0.5") == pytest.approx(50)


def test_connections_are_counted_by_database(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        (name,) = cursor.fetchone()

    found = figures()

    assert figure(found, "database_connections", database=name) >= 1
    assert figure(found, "database_connections_limit") >= 20
    assert [figure(found, "part_ok", part=part) for part in ("database", "migrations", "valkey", "disk")] == [
        1
    ] * 4


def test_without_the_database_the_rest_is_told(db: None, sloneczna: AssociationRef) -> None:
    Client(headers={"host": "sloneczna.localhost"}).get("/logowanie/")
    connection.close()
    former, connection.settings_dict["HOST"] = connection.settings_dict["HOST"], "/nowhere/at/all"
    try:
        found = figures()
    finally:
        connection.settings_dict["HOST"] = former
        connection.close()

    assert figure(found, "part_ok", part="database") == 0
    assert figure(found, "requests_total", door="association", view="sign_in", status="2xx") >= 1


FILES = ("api/", "pdf", "kopia", "pliki/", "form:form", "hasla/")
KNOWN_LABELS = {
    "door": {"apex", "association", "none"},
    "status": {"1xx", "2xx", "3xx", "4xx", "5xx"},
    "kind": {"read_batch", "publish_batch", "undo_batch", "send_mail", "print_notices"},
    "size": {"small", "large"},
    "state": {"running", "expired", "done", "failed", "cancelled"},
    "part": {"database", "migrations", "valkey", "disk"},
    "quantile": {"0.5", "0.95"},
}


def test_no_label_holds_a_login_a_name_a_premises_or_a_path(samples: Samples) -> None:
    """Everybody's pages are opened first, with what only they have in the address."""
    values = values_here(samples)
    for door, role in (("apex", Role.MANAGER), ("association", Role.OWNER)):
        browser = samples[role].browser()
        for route in list_routes(door):
            if not any(word in route.pattern for word in FILES):
                browser.get(route.address(values))
    samples[Role.OWNER].browser().get("/Nowak-Anna/?lokal=0401-001")

    found = figures()

    views = {dict(labels)["view"] for _name, labels in found if "view" in dict(labels)}
    # Other tests of this process serve views of their own, which have no name.
    views = {view for view in views if not view.startswith("tests.")}
    assert len(views) > 60
    assert [view for view in views if not re.fullmatch(r"[a-z_]+", view)] == []
    for _name, labels in found:
        for label, value in labels:
            known = KNOWN_LABELS.get(label)
            assert label in {"view", "le", "database"} or (known and value in known), (label, value)


COUNTING = """
import os, sys
import django
django.setup()
from saas.observing.metrics import count_request, render_metrics
if sys.argv[1] == "count":
    count_request(door="apex", view="overview", status=200, seconds=0.02)
else:
    text = render_metrics().decode()
    print([line for line in text.splitlines() if line.startswith("kartoteka_requests_total")])
"""


def test_several_processes_add_up_their_counts(db: None, tmp_path: Path) -> None:
    environment = program_environment(PROMETHEUS_MULTIPROC_DIR=str(tmp_path))

    def start(word: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", COUNTING, word],
            cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout.strip()

    for _ in range(3):
        start("count")

    assert start("tell") == str(['kartoteka_requests_total{door="apex",status="2xx",view="overview"} 3.0'])
    assert len(list(tmp_path.iterdir())) >= 3
