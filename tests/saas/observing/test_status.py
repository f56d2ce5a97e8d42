"""`platform_status`: what operators' programs read, the same as on their page."""

import datetime as dt
import json
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from saas.jobs.models import Job
from saas.keeping.models import Backup
from saas.observing.associations import ask_associations, tenant_migrations
from saas.observing.status import Backups, LastBackup, read_backups
from saas.tenancy.models import Association
from saas.tenancy.switching import AssociationRef, enter_association
from tests.saas.management.conftest import Run, run

__all__ = ["run"]


def test_the_command_tells_everything_as_json(db: None, run: Run, sloneczna: AssociationRef) -> None:
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


def test_the_command_says_the_same_in_lines(db: None, run: Run) -> None:
    lines = dict(line.split(maxsplit=1) for line in run("platform_status").splitlines())

    assert lines["database"] == "ok"
    assert lines["associations"] == "2, 2 active"
    assert lines["behind"] == "none"
    assert lines["leases"] == "0 running, 0 expired"


def test_an_association_that_lacks_a_migration_is_behind(
    committed_db: None, sloneczna: AssociationRef, run: Run
) -> None:
    assert "ledger.0001_initial" in tenant_migrations()
    assert not [name for name in tenant_migrations() if name.startswith(("staff.", "jobs.", "rates."))]
    with enter_association(sloneczna, using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'payments'")

    assert [(one.slug, one.is_behind) for one in ask_associations()] == [
        ("lipowa", False),
        ("sloneczna", True),
    ]
    assert json.loads(run("platform_status", "--json"))["behind"] == ["sloneczna"]


def test_an_association_without_tables_is_unreadable_and_the_rest_is_told(
    committed_db: None, sloneczna: AssociationRef
) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER SCHEMA a_sloneczna RENAME TO moved_away")

    assert [(one.slug, one.state) for one in ask_associations()] == [
        ("lipowa", "active"),
        ("sloneczna", "unreadable"),
    ]


@pytest.mark.parametrize("count", [1, 2])
def test_each_association_costs_one_statement(db: None, count: int, sloneczna: AssociationRef) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    if count == 1:
        Association.objects.filter(slug="lipowa").update(schema_name="a_nowhere")
        Association.objects.filter(slug="lipowa").delete()

    with CaptureQueriesContext(connection) as captured:
        ask_associations()

    asked = [one["sql"] for one in captured if "search_path" not in one["sql"]]
    assert len(asked) == 1 + count
