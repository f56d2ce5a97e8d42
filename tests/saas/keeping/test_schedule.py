"""Scheduled backups: those due, the oldest first; old ones end."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError
from django.utils import timezone

from saas.celery import app
from saas.keeping import tasks
from saas.keeping.models import Backup
from saas.keeping.retention import Retention, choose_expired
from saas.keeping.schedule import ROUND
from saas.keeping.verifying import verify_backup
from saas.tenancy.locking import lock_association
from tests.conftest import find_ref
from tests.saas.management.conftest import Run

NOW = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
KEEP = Retention(days=14, months=12)


def days_ago(*days: int) -> list[dt.datetime]:
    return [NOW - dt.timedelta(days=day) for day in days]


@pytest.mark.parametrize(("ages", "expired"), [
    ((), ()),
    ((0, 1, 13, 14), ()),
    # 23 November − 15 … 22 days: the youngest of November is today's, so these end.
    ((0, 15, 16, 22), (15, 16, 22)),
    # October: its youngest (23 days ago: 31 October) stays, the others end.
    ((0, 23, 24, 50), (24, 50)),
    ((0, 400), (400,)),
    # Nothing younger: the last one of a living association stays for ever.
    ((400, 401), (401,)),
])  # fmt: skip
def test_retention_keeps_days_then_one_of_each_month(ages: tuple[int, ...], expired: tuple[int, ...]) -> None:
    moments = days_ago(*ages)

    assert choose_expired(moments, now=NOW, keep=KEEP, is_living=True) == set(days_ago(*expired))


def test_the_last_backup_of_an_erased_association_ends_too() -> None:
    assert choose_expired(days_ago(400), now=NOW, keep=KEEP, is_living=False) == set(days_ago(400))


@pytest.fixture
def scheduled(committed_db: None, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(django_settings, "BACKUP_HOURS", 24)
    monkeypatch.setattr(django_settings, "FILES_DIR", tmp_path / "files")
    return folder


def made(run: Run, *words: str) -> list[str]:
    return list(json.loads(run("backup_due_associations", "--json", *words))["made"])


def test_each_association_is_backed_up_once_a_day(run: Run, scheduled: Path) -> None:
    assert made(run) == ["lipowa", "sloneczna"]
    assert made(run) == []

    Backup.objects.filter(slug="sloneczna").update(made_at=timezone.now() - dt.timedelta(hours=25))

    assert made(run) == ["sloneczna"]
    assert {verify_backup(Path(row.path)).head.slug for row in Backup.objects.all()} == {
        "lipowa",
        "sloneczna",
    }


def test_a_round_ends_in_time_and_the_next_goes_on_with_the_oldest(run: Run, scheduled: Path) -> None:
    assert json.loads(run("backup_due_associations", "--seconds", "0", "--json")) == {
        "made": [], "failed": [], "removed": 0, "is_over": False,
    }  # fmt: skip
    made(run)
    for slug, hours in (("lipowa", 30), ("sloneczna", 40)):
        Backup.objects.filter(slug=slug).update(made_at=timezone.now() - dt.timedelta(hours=hours))

    assert made(run) == ["sloneczna", "lipowa"]


def test_old_backups_end_and_those_of_operators_stay(run: Run, scheduled: Path, tmp_path: Path) -> None:
    run("backup_association", "lipowa", "--to", str(tmp_path / "own.tar.gz"))
    made(run)
    Backup.objects.update(made_at=timezone.now() - dt.timedelta(days=800))
    old = Path(Backup.objects.get(slug="lipowa", purpose="scheduled").path)
    old.rename(old.with_name("lipowa-old.tar.gz"))
    Backup.objects.filter(path=str(old)).update(path=str(old.with_name("lipowa-old.tar.gz")))

    said = json.loads(run("backup_due_associations", "--json"))

    assert said["removed"] == 2
    assert not old.with_name("lipowa-old.tar.gz").exists()
    assert (tmp_path / "own.tar.gz").exists()
    assert Backup.objects.filter(slug="lipowa", removed_at=None).count() == 2


def test_a_failure_is_named_and_the_others_are_made(run: Run, scheduled: Path) -> None:
    with (
        lock_association(find_ref("lipowa").id, using="owner"),
        pytest.raises(CommandError, match="up: lipowa"),
    ):
        run("backup_due_associations")

    assert [row.slug for row in Backup.objects.all()] == ["sloneczna"]
    assert made(run) == ["lipowa"]


def test_two_rounds_do_not_run_at_once(run: Run, scheduled: Path) -> None:
    with lock_association(ROUND, using="owner"), pytest.raises(CommandError, match="Another process"):
        run("backup_due_associations")


def test_beat_rings_for_a_task_that_workers_know(scheduled: Path, settings: Any) -> None:
    entry = settings.CELERY_BEAT_SCHEDULE["scheduled backups"]

    app.loader.import_default_modules()
    app.tasks[entry["task"]]()

    assert entry["task"] == tasks.back_up_due_associations.name
    assert Backup.objects.filter(purpose="scheduled").count() == 2


def test_without_hours_nothing_is_due(run: Run, scheduled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(django_settings, "BACKUP_HOURS", 0)

    assert made(run) == []
