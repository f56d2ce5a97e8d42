"""Renaming, archiving and erasing an association."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError
from django.db import connections
from django.test import Client

from associations.profile.models import AssociationProfile
from saas.jobs.actions import enqueue_job
from saas.jobs.leases import claim_job
from saas.jobs.models import Job, JobKind, JobState
from saas.keeping.contents import Checksum
from saas.keeping.models import Backup, ErasureCertificate
from saas.staff.models import Grant, PlatformAudit
from saas.tenancy.hosts import forget_hosts
from saas.tenancy.models import Association, Domain
from saas.tenancy.switching import AssociationRef, enter_association
from tests.conftest import find_ref
from tests.saas.management.conftest import Run
from tests.samples_database import Samples

Checksums = Callable[[AssociationRef], dict[str, Checksum]]


def status_at(host: str) -> int:
    forget_hosts()
    return Client(headers={"host": host}).get("/logowanie/").status_code


def test_a_renamed_association_answers_under_both_hosts(run: Run, samples_db: Samples) -> None:
    said = run("rename_association", "lipowa", "--slug", "lipowa-12", "--name", "Wspólnota Lipowa 12 i 14")

    assert said.startswith("lipowa: now lipowa-12 (Wspólnota Lipowa 12 i 14), at lipowa-12.localhost\n")
    assert (status_at("lipowa-12.localhost"), status_at("lipowa.localhost")) == (200, 200)
    ref = find_ref("lipowa-12")
    assert (ref.id, ref.schema_name) == (samples_db.lipowa.id, "a_lipowa")
    assert Domain.objects.get(tenant_id=ref.id, is_primary=True).domain == "lipowa-12.localhost"
    with enter_association(ref):
        assert AssociationProfile.objects.get().name == "Wspólnota Lipowa 12 i 14"


def test_a_renamed_association_can_leave_its_former_host_and_go_back(run: Run, samples_db: Samples) -> None:
    run("rename_association", "lipowa", "--slug", "lipowa-12", "--drop-old-host")
    assert (status_at("lipowa-12.localhost"), status_at("lipowa.localhost")) == (200, 404)

    run("rename_association", "lipowa-12", "--slug", "lipowa")

    assert (status_at("lipowa-12.localhost"), status_at("lipowa.localhost")) == (200, 200)
    assert Domain.objects.get(tenant_id=samples_db.lipowa.id, is_primary=True).domain == "lipowa.localhost"


@pytest.mark.parametrize(("words", "reason"), [
    (("--slug", "sloneczna"), "The slug sloneczna is taken"),
    (("--slug", "zajeta"), "The host zajeta.localhost is taken"),
    (("--slug", "Lipowa!"), "is not a slug"),
    ((), "Give --name or --slug"),
])  # fmt: skip
def test_a_name_that_cannot_be_is_refused(
    run: Run, samples_db: Samples, words: tuple[str, ...], reason: str
) -> None:
    Domain(domain="zajeta.localhost", tenant_id=samples_db.sloneczna.id, is_primary=False).save_base()

    with pytest.raises(CommandError, match=reason):
        run("rename_association", "lipowa", *words)

    assert find_ref("lipowa") == samples_db.lipowa


def test_an_archived_association_is_read_by_nobody_and_worked_on_by_nobody(
    run: Run, samples_db: Samples, checksums: Checksums
) -> None:
    job = enqueue_job(association=samples_db.lipowa, kind=JobKind.SEND_MAIL).pk
    rows = checksums(samples_db.lipowa)["premises_premises"]
    assert status_at("lipowa.localhost") == 200

    assert run("archive_association", "lipowa") == "lipowa: archived\n"

    assert status_at("lipowa.localhost") == 503
    assert Job.objects.get(pk=job).state == JobState.CANCELLED
    assert checksums(samples_db.lipowa)["premises_premises"] == rows
    assert run("archive_association", "lipowa") == "lipowa: archived already\n"
    with pytest.raises(CommandError, match="is archived"):
        run("suspend_association", "lipowa", "--resume")
    assert run("archive_association", "lipowa", "--undo") == "lipowa: suspended\n"
    assert status_at("lipowa.localhost") == 503
    run("suspend_association", "lipowa", "--resume")
    assert status_at("lipowa.localhost") == 200


def test_archiving_is_refused_while_a_job_runs(run: Run, samples_db: Samples) -> None:
    enqueue_job(association=samples_db.lipowa, kind=JobKind.SEND_MAIL)
    assert claim_job() is not None

    with pytest.raises(CommandError, match="A job of the association runs"):
        run("archive_association", "lipowa")

    with enter_association(samples_db.lipowa):
        assert AssociationProfile.objects.get().state == "active"


def test_erasing_leaves_a_certificate_and_nothing_else(
    run: Run, samples_db: Samples, backup: dict[str, Any], checksums: Checksums
) -> None:
    before, others = checksums(samples_db.lipowa), checksums(samples_db.sloneczna)
    other_files = sorted(path for path in Path(settings.FILES_DIR, "a_sloneczna").rglob("*"))
    own_files = [path for path in Path(settings.FILES_DIR, "a_lipowa").rglob("*") if path.is_file()]
    sizes = sum(path.stat().st_size for path in own_files)
    grants = Grant.objects.filter(association_id=samples_db.lipowa.id).count()
    assert min(grants, len(own_files)) > 0
    run("suspend_association", "lipowa")

    said = json.loads(run("erase_association", "lipowa", "--confirm", "lipowa", "--json"))

    counted = {name: table.rows for name, table in before.items() if name != "audit_auditentry"}
    assert {name: said["tables"][name] for name in counted} == counted
    assert said["tables"]["audit_auditentry"] == before["audit_auditentry"].rows + 1
    assert (said["files"], said["file_bytes"]) == (len(own_files), sizes)
    assert (said["domains"], said["shared_rows"]["grants"]) == (["lipowa.localhost"], grants)
    assert (said["last_backup_sha256"], said["backups_kept"]) == (backup["sha256"], [backup["path"]])
    row = ErasureCertificate.objects.get()
    assert (str(row.id), row.by_name, row.tables) == (said["certificate"], "operator", said["tables"])
    assert PlatformAudit.objects.filter(action="association.erased", target="lipowa").count() == 1
    assert not Association.objects.filter(slug="lipowa").exists()
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = 'a_lipowa'")
        assert cursor.fetchone() == (0,)
    assert sorted(path.name for path in Path(settings.FILES_DIR).iterdir()) == ["a_sloneczna"]
    assert status_at("lipowa.localhost") == 404
    assert checksums(samples_db.sloneczna) == others
    assert sorted(path for path in Path(settings.FILES_DIR, "a_sloneczna").rglob("*")) == other_files
    assert status_at("sloneczna.localhost") == 200


def test_an_erased_association_comes_back_from_its_backup(
    run: Run, samples_db: Samples, backup: dict[str, Any]
) -> None:
    run("archive_association", "lipowa")
    run("erase_association", "lipowa", "--confirm", "lipowa")

    said = json.loads(run("restore_association", backup["path"], "--slug", "lipowa", "--open", "--json"))

    assert said["id"] == str(samples_db.lipowa.id)
    assert status_at("lipowa.localhost") == 200


def test_the_slug_is_asked_for(run: Run, samples_db: Samples, monkeypatch: pytest.MonkeyPatch) -> None:
    run("suspend_association", "lipowa")
    monkeypatch.setattr("sys.stdin", io.StringIO("lipova\n"))
    with pytest.raises(CommandError, match="The slug differs: nothing was erased"):
        run("erase_association", "lipowa")
    assert find_ref("lipowa") == samples_db.lipowa

    monkeypatch.setattr("sys.stdin", io.StringIO("lipowa\n"))

    assert "was erased at" in run("erase_association", "lipowa")


def test_an_active_association_is_not_erased(run: Run, samples_db: Samples) -> None:
    with pytest.raises(CommandError, match="suspend or archive it first"):
        run("erase_association", "lipowa", "--confirm", "lipowa")

    assert status_at("lipowa.localhost") == 200


def test_backups_are_erased_when_asked_also_afterwards(
    run: Run, samples_db: Samples, backup: dict[str, Any]
) -> None:
    run("suspend_association", "lipowa")
    run("erase_association", "lipowa", "--confirm", "lipowa")
    assert Path(backup["path"]).exists()

    said = json.loads(run("erase_association", "lipowa", "--with-backups", "--json"))

    assert (said["backups_kept"], said["backups_deleted"]) == ([], [backup["path"]])
    assert not Path(backup["path"]).exists()
    assert Backup.objects.get().removed_at is not None
