"""Housekeeping: what has ended goes after a while, everything else stays."""

import datetime as dt
import json
import os
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from associations.audit.actors import SYSTEM
from associations.imports.actions import create_batch, reject_batch
from associations.imports.models import ImportBatch, StagedGroup, UploadRequest
from associations.imports.storage import path_of
from associations.owners.models import OwnerSession
from saas.jobs.actions import enqueue_job
from saas.jobs.models import Job, JobKind
from saas.jobs.tidying import tidy_daily, tidy_up
from saas.staff.models import StaffSession
from saas.tenancy.switching import AssociationRef, enter_association

pytestmark = pytest.mark.django_db
NOW = timezone.now


def an_upload() -> Any:
    return SimpleUploadedFile("lokale.csv", b"Kod lokalu\n1\n")


def days_ago(days: float) -> dt.datetime:
    return NOW() - dt.timedelta(days=days)


@pytest.mark.parametrize(
    ("state", "age", "stays"),
    [
        ("done", 31, False),
        ("failed", 31, False),
        ("cancelled", 31, False),
        ("done", 29, True),
        ("waiting", 400, True),
    ],
)
def test_ended_jobs_go_after_a_month(sloneczna: AssociationRef, state: str, age: int, stays: bool) -> None:
    job = enqueue_job(association=sloneczna, kind=JobKind.READ_BATCH, batch_id=1)
    finished = None if state == "waiting" else days_ago(age)
    Job.objects.filter(pk=job.pk).update(state=state, finished_at=finished, created_at=days_ago(age))

    tidied = tidy_up()

    assert (Job.objects.exists(), tidied.jobs) == (stays, int(not stays))


def test_expired_sessions_of_both_doors_go(sloneczna: AssociationRef, lipowa: AssociationRef) -> None:
    for key, age in (("old", 1), ("open", -1)):
        StaffSession.objects.create(session_key=key, session_data="", expire_date=days_ago(age))
        for association in (sloneczna, lipowa):
            with enter_association(association):
                OwnerSession.objects.create(session_key=key, session_data="", expire_date=days_ago(age))

    assert tidy_up().sessions == 3
    assert list(StaffSession.objects.order_by("pk").values_list("session_key", flat=True)) == ["open"]
    with enter_association(lipowa):
        assert list(OwnerSession.objects.order_by("pk").values_list("session_key", flat=True)) == ["open"]


def test_upload_keys_go_and_their_batches_stay(sloneczna: AssociationRef) -> None:
    with enter_association(sloneczna):
        batch = ImportBatch.objects.create(created_by_name="A")
        for key, age in (("old", 91), ("new", 89)):
            row = UploadRequest.objects.create(token_id=uuid4(), key=key, fingerprint="f", batch=batch)
            UploadRequest.objects.filter(pk=row.pk).update(created_at=days_ago(age))

    assert tidy_up().upload_keys == 1
    with enter_association(sloneczna):
        assert UploadRequest.objects.get().key == "new"
        assert ImportBatch.objects.exists()


def test_workers_tidy_up_once_a_day() -> None:
    cache.delete("tidied-up")
    try:
        assert [tidy_daily() is not None for _ in range(2)] == [True, False]
    finally:
        cache.delete("tidied-up")


def test_command_says_how_much_went(sloneczna: AssociationRef) -> None:
    job = enqueue_job(association=sloneczna, kind=JobKind.READ_BATCH, batch_id=1)
    Job.objects.filter(pk=job.pk).update(state="done", finished_at=days_ago(31))
    out = StringIO()

    call_command("tidy_up", "--json", stdout=out)

    assert json.loads(out.getvalue()) == {
        "jobs": 1,
        "sessions": 0,
        "upload_keys": 0,
        "unread_files": 0,
        "mails": 0,
        "sign_ins": 0,
        "staged_rows": 0,
    }


@pytest.mark.parametrize(
    ("state", "age", "stays"),
    [
        ("failed", 8, False),
        ("cancelled", 8, False),
        ("cancelled", 6, True),
        ("published", 800, True),
        ("blocked", 800, True),
    ],
)
def test_files_that_were_never_read_go_after_a_week(
    sloneczna: AssociationRef, settings: Any, tmp_path: Path, state: str, age: int, stays: bool
) -> None:
    settings.FILES_DIR = tmp_path
    with enter_association(sloneczna):
        batch = create_batch(actor=SYSTEM, files=[an_upload()])
        ImportBatch.objects.filter(pk=batch.pk).update(state=state, created_at=days_ago(age))
        path = path_of(batch.files.get())
        assert path.is_file()

    assert tidy_up().unread_files == int(not stays)

    with enter_association(sloneczna):
        assert path.is_file() == stays
        assert bool(batch.files.get().stored_as) == stays


@pytest.mark.parametrize(("state", "stays"), [("published", False), ("undone", False), ("ready", True)])
def test_rows_that_a_dead_worker_left_in_staging_go(
    sloneczna: AssociationRef, settings: Any, tmp_path: Path, state: str, stays: bool
) -> None:
    settings.FILES_DIR = tmp_path
    with enter_association(sloneczna):
        batch = create_batch(actor=SYSTEM, files=[an_upload()])
        ImportBatch.objects.filter(pk=batch.pk).update(state=state)
        StagedGroup.objects.create(
            batch_id=batch.pk, dataset="postings", premises_code="1", month=dt.date(2026, 1, 1), part_code="201-1",
            digest=b"", row_count=1, first_sum=0, second_sum=0, outcome="new",
        )  # fmt: skip

    assert tidy_up().staged_rows == int(not stays)

    with enter_association(sloneczna):
        assert StagedGroup.objects.exists() == stays


@pytest.mark.parametrize(
    ("is_committed", "age", "stays"), [(False, 8, False), (False, 6, True), (True, 8, True)]
)
def test_files_of_a_package_that_was_never_committed_go_after_a_week(
    sloneczna: AssociationRef, settings: Any, tmp_path: Path, is_committed: bool, age: int, stays: bool
) -> None:
    settings.FILES_DIR = tmp_path
    with enter_association(sloneczna):
        batch = create_batch(actor=SYSTEM, files=[an_upload()])
        path = path_of(batch.files.get())
        if not is_committed:
            # As when the server ends between writing the file and the commit.
            batch.files.all().delete()
            batch.delete()
        moment = days_ago(age).timestamp()
        os.utime(path.parent, (moment, moment))

    assert tidy_up().unread_files == int(not stays)

    assert path.is_file() == stays


@pytest.mark.parametrize(("state", "stays"), [("failed", False), ("cancelled", False), ("ready", True)])
def test_a_rejected_package_keeps_no_file_that_was_never_read(
    sloneczna: AssociationRef, settings: Any, tmp_path: Path, state: str, stays: bool
) -> None:
    settings.FILES_DIR = tmp_path
    with enter_association(sloneczna):
        batch = create_batch(actor=SYSTEM, files=[an_upload()])
        ImportBatch.objects.filter(pk=batch.pk).update(state=state)
        path = path_of(batch.files.get())

        reject_batch(actor=SYSTEM, batch=batch)

        assert path.is_file() == stays
