"""`platform_status`: what operators' programs read, the same as on their page."""

import datetime as dt
import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from saas.jobs.leases import claim_job
from saas.jobs.models import Job
from saas.keeping.models import Backup
from saas.observing import associations
from saas.observing.associations import ask_associations, tenant_migrations
from saas.observing.figures import read_figures
from saas.observing.status import Backups, LastBackup, read_backups
from saas.tenancy.listing import all_refs
from saas.tenancy.models import Association
from saas.tenancy.switching import AssociationRef, enter_association
from tests.factories import make_premises
from tests.saas.management.conftest import Run, run
from tests.saas.tenancy.conftest import with_roles

__all__ = ["run", "with_roles"]


@contextmanager
def transaction_of(session: Any) -> Iterator[Any]:
    """A transaction in a session of its own, undone at the end."""
    session.set_autocommit(False)
    try:
        with session.cursor() as cursor:
            yield cursor
    finally:
        session.rollback()


def test_the_command_tells_everything_as_json(
    committed_db: None, run: Run, sloneczna: AssociationRef
) -> None:
    association = Association.objects.get(slug="sloneczna")
    Job.objects.create(association=association, kind="read_batch")

    said = json.loads(run("platform_status", "--json"))

    assert said["states"] == {"active": 2}
    assert said["sizes"] == {"0": 2, "1": 0, "100": 0, "1000": 0}
    assert (said["behind"], said["unreadable"], said["failures"]) == ([], [], [])
    assert [part["is_ok"] for part in said["parts"]] == [True] * 4
    assert [(one["kind"], one["length"]) for one in said["figures"]["queues"]] == [("read_batch", 1)]
    assert {one["slug"] for one in said["largest"]} == {"sloneczna", "lipowa"}
    assert said["backups"] == {"youngest": None, "longest_ago": [], "never": ["lipowa", "sloneczna"]}
    assert 0 < said["disk"]["free"] <= said["disk"]["total"]


def test_jobs_that_failed_are_told_the_latest_first_and_for_a_week(
    committed_db: None, run: Run, sloneczna: AssociationRef, lipowa: AssociationRef
) -> None:
    now = timezone.now().replace(microsecond=0)
    for slug, kind, failure, state, days in (
        ("sloneczna", "read_batch", "unreadable", "failed", 2),
        ("lipowa", "publish_batch", "crashed", "failed", 1),
        ("lipowa", "read_batch", "unreadable", "failed", 8),
        ("lipowa", "read_batch", "", "done", 0),
    ):
        Job.objects.create(
            association=Association.objects.get(slug=slug), kind=kind, failure=failure, state=state,
            finished_at=now - dt.timedelta(days=days),
        )  # fmt: skip

    said = json.loads(run("platform_status", "--json"))

    assert [(one["slug"], one["kind"], one["code"]) for one in said["failures"]] == [
        ("lipowa", "publish_batch", "crashed"),
        ("sloneczna", "read_batch", "unreadable"),
    ]
    assert dt.datetime.fromisoformat(said["failures"][0]["at"]) == now - dt.timedelta(days=1)
    assert "publish_batch" in run("platform_status")


def test_last_backups_are_told_the_oldest_first(
    db: None, sloneczna: AssociationRef, lipowa: AssociationRef
) -> None:
    now = timezone.now()

    def note(association: AssociationRef, days: int, **fields: Any) -> None:
        Backup.objects.create(
            association_id=association.id, slug=association.slug, purpose="operator", path="x", size_bytes=1,
            made_at=now - dt.timedelta(days=days), sha256="0" * 64, is_sealed=False, row_count=1, file_count=0,
            **fields,
        )  # fmt: skip

    note(sloneczna, 30)
    note(sloneczna, 9)
    note(sloneczna, 1, removed_at=now)
    assert read_backups() == Backups(
        youngest=LastBackup("sloneczna", now - dt.timedelta(days=9)),
        longest_ago=(LastBackup("sloneczna", now - dt.timedelta(days=9)),),
        never=("lipowa",),
    )
    note(lipowa, 10)

    found = read_backups()

    assert [one.slug for one in found.longest_ago] == ["lipowa", "sloneczna"]
    assert found.youngest is not None
    assert (found.youngest.slug, found.never) == ("sloneczna", ())


def test_the_command_says_the_same_in_lines(committed_db: None, run: Run) -> None:
    lines = dict(line.split(maxsplit=1) for line in run("platform_status").splitlines())

    assert lines["database"] == "ok"
    assert lines["associations"] == "2, 2 active"
    assert lines["behind"] == "none"
    assert lines["leases"] == "0 running, 0 expired, longest 0 s"


@pytest.mark.parametrize("using", ["default", "owner"])
def test_an_association_that_lacks_a_migration_is_behind(
    committed_db: None, sloneczna: AssociationRef, run: Run, using: str
) -> None:
    assert "ledger.0001_initial" in tenant_migrations()
    assert not [name for name in tenant_migrations() if name.startswith(("staff.", "jobs.", "rates."))]
    with enter_association(sloneczna, using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'payments'")
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('ledger', '0099_x', now())"
        )

    assert [(one.slug, one.is_behind) for one in ask_associations(using=using)] == [
        ("lipowa", False),
        ("sloneczna", True),
    ]
    assert json.loads(run("platform_status", "--json"))["behind"] == ["sloneczna"]


@pytest.mark.parametrize("using", ["default", "owner"])
def test_an_association_without_tables_is_unreadable_and_the_rest_is_told(
    committed_db: None, sloneczna: AssociationRef, using: str
) -> None:
    with enter_association(sloneczna):
        make_premises("0401-034")
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER SCHEMA a_lipowa RENAME TO moved_away")

    assert [(one.slug, one.state, one.premises) for one in ask_associations(using=using)] == [
        ("lipowa", "unreadable", 0),
        ("sloneczna", "active", 1),
    ]


def test_a_hundred_associations_cost_the_owner_one_statement(
    committed_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted by twos instead of hundreds."""
    refs = all_refs()
    monkeypatch.setattr(associations, "all_refs", lambda: refs * 3)
    monkeypatch.setattr(associations, "AT_ONCE", 4)

    with CaptureQueriesContext(connections["owner"]) as captured:
        asked = ask_associations(using="owner")

    assert [one.slug for one in asked] == ["lipowa", "sloneczna"] * 3
    assert sum("profile_associationprofile" in one["sql"] for one in captured) == 2


@pytest.mark.parametrize("using", ["default", "owner"])
def test_one_that_is_being_migrated_is_not_waited_for(committed_db: None, using: str) -> None:
    migrating = connections["owner"].copy()
    began = time.monotonic()
    try:
        with transaction_of(migrating) as cursor:
            cursor.execute("LOCK TABLE a_lipowa.premises_premises IN ACCESS EXCLUSIVE MODE")
            asked = ask_associations(using=using)
    finally:
        migrating.close()

    assert [(one.slug, one.state) for one in asked] == [("lipowa", "unreadable"), ("sloneczna", "active")]
    assert time.monotonic() - began < 5
    assert [one.state for one in ask_associations(using=using)] == ["active", "active"]


def test_with_roles_each_is_entered_and_says_the_same(
    with_roles: None, sloneczna: AssociationRef, lipowa: AssociationRef
) -> None:
    with enter_association(sloneczna):
        make_premises("0401-034")

    assert ask_associations() == ask_associations(using="owner")
    assert [(one.slug, one.premises) for one in ask_associations()] == [("lipowa", 0), ("sloneczna", 1)]


def test_how_long_jobs_wait_and_how_long_they_are_worked_on(db: None, sloneczna: AssociationRef) -> None:
    now = timezone.now()

    def make(state: str, **fields: Any) -> Job:
        association = Association.objects.get(slug="sloneczna")
        return Job.objects.create(association=association, kind="read_batch", state=state, **fields)

    done = make("done", started_at=now - dt.timedelta(seconds=20), finished_at=now)
    make("cancelled", finished_at=now)
    running = make(
        "running", lease_token=uuid.uuid4(), lease_until=now + dt.timedelta(minutes=1),
        started_at=now - dt.timedelta(minutes=5),
    )  # fmt: skip
    Job.objects.filter(pk__in=(done.pk, running.pk)).update(created_at=now - dt.timedelta(minutes=10))

    figures = read_figures()

    cancelled, ended = figures.ended
    assert (ended.state, round(ended.slow_seconds), round(ended.work_seconds or 0)) == ("done", 600, 20)
    # No worker ever took it.
    assert (cancelled.state, cancelled.work_seconds) == ("cancelled", None)
    assert figures.running == 1
    assert figures.longest_seconds == pytest.approx(300, abs=20)


def test_a_job_notes_when_it_was_taken(db: None, sloneczna: AssociationRef) -> None:
    Job.objects.create(association=Association.objects.get(slug="sloneczna"), kind="read_batch")
    assert Job.objects.get().started_at is None

    assert claim_job() is not None

    job = Job.objects.get()
    assert job.started_at is not None
    assert job.started_at >= job.created_at
