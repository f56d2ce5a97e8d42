"""Restoring in place: rows and files put back, doors as they are, and who is waited for."""

from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError
from django.db import connections
from django.db.models import Value
from django.db.models.functions import Concat

from associations.audit.actors import SYSTEM
from associations.imports.models import ImportBatch
from associations.premises.models import Premises
from associations.profile.models import AssociationProfile
from saas.jobs.actions import enqueue_job
from saas.jobs.leases import claim_job
from saas.jobs.models import Job, JobKind, JobState
from saas.keeping import holding
from saas.keeping.restoring import Source, restore_in_place
from saas.local import addresses
from saas.tenancy.locking import lock_association
from saas.tenancy.switching import enter_association
from tests.saas.keeping.restored import (
    CHANGED_BY_RESTORING,
    Checksums,
    differing,
    files_of,
    hidden_folders,
    schemas,
)
from tests.saas.management.conftest import Run
from tests.samples_database import Samples


def test_in_place_puts_rows_and_files_back_and_keeps_the_doors_as_they_are(
    run: Run, samples_db: Samples, backup: dict[str, Any], checksums: Checksums
) -> None:
    before, files, others = (
        checksums(samples_db.lipowa),
        files_of("a_lipowa"),
        checksums(samples_db.sloneczna),
    )
    with enter_association(samples_db.lipowa):
        Premises.objects.update(code=Concat(Value("X"), "code"))
    lost = next(iter(files))
    (Path(settings.FILES_DIR) / "a_lipowa" / lost).unlink()
    run("suspend_association", "lipowa")
    job = enqueue_job(association=samples_db.lipowa, kind=JobKind.SEND_MAIL).pk
    assert "premises_premises" in differing(before, checksums(samples_db.lipowa))

    said = run("restore_association", backup["path"], "--in-place", "lipowa")

    assert said.startswith("lipowa: restored as of ")
    assert differing(before, checksums(samples_db.lipowa)) <= CHANGED_BY_RESTORING
    assert lost in files_of("a_lipowa")
    with enter_association(samples_db.lipowa):
        assert AssociationProfile.objects.get().state == "suspended"
    assert Job.objects.get(pk=job).state == JobState.CANCELLED
    assert checksums(samples_db.sloneczna) == others
    assert [name for name in schemas() if name.startswith("restoring")] == []
    assert hidden_folders() == []


def test_the_runtime_role_works_in_restored_tables(samples_db: Samples, backup: dict[str, Any]) -> None:
    restore_in_place(Source(path=Path(backup["path"])), association=samples_db.lipowa, actor=SYSTEM)

    with enter_association(samples_db.lipowa):
        ImportBatch.objects.create(created_by_name="biuro").delete()


def test_in_place_refuses_another_associations_backup(
    run: Run, samples_db: Samples, backup: dict[str, Any]
) -> None:
    with pytest.raises(CommandError, match="of another association"):
        run("restore_association", backup["path"], "--in-place", "sloneczna")


def test_in_place_is_refused_while_a_job_runs(
    run: Run, samples_db: Samples, backup: dict[str, Any], checksums: Checksums
) -> None:
    before = checksums(samples_db.lipowa)
    enqueue_job(association=samples_db.lipowa, kind=JobKind.SEND_MAIL)
    assert claim_job() is not None

    with pytest.raises(CommandError, match="A job of the association runs"):
        run("restore_association", backup["path"], "--in-place", "lipowa")

    assert checksums(samples_db.lipowa) == before
    assert hidden_folders() == []


def test_in_place_waits_for_nobody_for_ever(
    run: Run, samples_db: Samples, backup: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holding, "LOCK_TIMEOUT", "200ms")
    with psycopg.connect(
        addresses.admin_database_url(), dbname=connections["owner"].settings_dict["NAME"]
    ) as other:
        other.execute("SELECT count(*) FROM a_lipowa.premises_premises")

        with pytest.raises(CommandError, match="in use: nothing was changed"):
            run("restore_association", backup["path"], "--in-place", "lipowa")

    run("restore_association", backup["path"], "--in-place", "lipowa")


@pytest.mark.parametrize("words", [
    ("restore_association", "{path}", "--in-place", "lipowa"), ("archive_association", "lipowa"),
    ("rename_association", "lipowa", "--slug", "lipowa-12"), ("erase_association", "lipowa", "--confirm", "lipowa"),
])  # fmt: skip
def test_of_two_operators_at_once_one_is_told(
    run: Run, samples_db: Samples, backup: dict[str, Any], checksums: Checksums, words: tuple[str, ...]
) -> None:
    run("suspend_association", "lipowa")
    before = checksums(samples_db.lipowa)

    # The runtime role's session is another one than the owner's.
    with (
        lock_association(samples_db.lipowa.id, using="default"),
        pytest.raises(CommandError, match="Another operator is working on this association"),
    ):
        run(*(word.format(path=backup["path"]) for word in words))

    assert checksums(samples_db.lipowa) == before
    run(*(word.format(path=backup["path"]) for word in words))
