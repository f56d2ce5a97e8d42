"""Restoring: equal rows and pages, other associations untouched, all or nothing."""

import datetime as dt
import hashlib
import json
import re
import resource
import shutil
import tarfile
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError
from django.db import connections
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import Client
from django.utils import timezone

from associations.audit.actors import SYSTEM
from associations.imports.models import BatchState, ImportBatch
from associations.notifications.models import MessageState, OutboxMessage
from associations.owners.models import OwnerAccount, OwnerSession
from associations.premises.models import Premises
from associations.profile.models import AssociationProfile, Fund
from saas.jobs.actions import enqueue_job
from saas.jobs.leases import claim_job
from saas.jobs.models import Job, JobKind, JobState
from saas.keeping import holding, restoring
from saas.keeping.contents import Checksum
from saas.keeping.errors import KeepingError
from saas.keeping.folders import settle_folders
from saas.keeping.models import Restoration
from saas.keeping.restoring import Source, restore_beside, restore_in_place
from saas.local import addresses
from saas.tenancy.catalog import catalog_facts
from saas.tenancy.models import Association
from saas.tenancy.switching import AssociationRef, enter_association
from tests.cast import PASSWORD, Role, sign_in
from tests.conftest import find_ref
from tests.saas.keeping.test_backups import rewrite
from tests.saas.management.conftest import Run
from tests.samples_database import Samples

Checksums = Callable[[AssociationRef], dict[str, Checksum]]
OWN_PAGES = ("kartoteka", "oplaty", "ksiegowosc", "media", "dane", "przelew")
# Tokens of forms differ from one answer to the next.
PASSING = re.compile(r'value="[A-Za-z0-9]{64}"')
# Notices that nobody prints any more are said to have failed.
CHANGED_BY_RESTORING = {
    "charges_noticerun",
    "profile_associationprofile",
    "audit_auditentry",
    "owners_ownersession",
}


def schemas() -> set[str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_'")
        return {str(row[0]) for row in cursor.fetchall()}


def files_of(schema: str) -> dict[str, bytes]:
    root = Path(settings.FILES_DIR) / schema
    return {
        str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()
    }


def hidden_folders() -> list[str]:
    return [path.name for path in Path(settings.FILES_DIR).iterdir() if path.name.startswith(".")]


def differing(before: dict[str, Checksum], after: dict[str, Checksum]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def test_a_copy_beside_has_equal_rows_and_files_and_changes_nothing_else(
    run: Run, samples_db: Samples, backup: dict[str, Any], checksums: Checksums
) -> None:
    before = checksums(samples_db.lipowa), checksums(samples_db.sloneczna)

    said = json.loads(run("restore_association", backup["path"], "--slug", "proba", "--json"))

    copy = find_ref("proba")
    assert said["tables"] == backup["tables"]
    assert differing(before[0], checksums(copy)) <= CHANGED_BY_RESTORING
    assert (said["state"], said["id"]) == ("suspended", str(copy.id))
    assert copy.id != samples_db.lipowa.id
    assert (checksums(samples_db.lipowa), checksums(samples_db.sloneczna)) == before
    imports = {name for name in files_of("a_lipowa") if name.startswith("imports/")}
    assert files_of("a_proba") == {name: files_of("a_lipowa")[name] for name in imports}
    assert hidden_folders() == []


def test_numbers_go_on_where_they_stood(samples_db: Samples, backup: dict[str, Any]) -> None:
    copy = restore_beside(Source(path=Path(backup["path"])), slug="proba", actor=SYSTEM).association

    with enter_association(samples_db.lipowa):
        here = ImportBatch.objects.create(created_by_name="biuro").pk
    with enter_association(copy):
        there = ImportBatch.objects.create(created_by_name="biuro").pk
    assert here == there


def test_an_owner_reads_the_same_pages_after_restoring(samples_db: Samples, backup: dict[str, Any]) -> None:
    owner = samples_db[Role.OTHER_OWNER]

    def read_pages() -> list[str]:
        client = Client(headers={"host": owner.host})
        client.cookies[settings.SESSION_COOKIE_NAME] = sign_in(
            owner.host, login=owner.login, password=PASSWORD
        )
        pages = [client.get(f"/lokal/{owner.holding_id}/{page}/", follow=True) for page in OWN_PAGES]
        assert {answer.status_code for answer in pages} == {200}
        return [PASSING.sub("", answer.content.decode()) for answer in pages]

    before = read_pages()
    assert "zł" in "".join(before)
    with enter_association(samples_db.lipowa):
        Fund.objects.update(name="Zmieniony")
        Premises.objects.update(code=Concat(Value("X"), "code"))
    assert read_pages() != before
    restore_in_place(Source(path=Path(backup["path"])), association=samples_db.lipowa, actor=SYSTEM)

    assert read_pages() == before


def test_a_copy_carries_no_sessions_no_waiting_mails_and_no_work_under_way(
    run: Run, samples_db: Samples, folder: Path
) -> None:
    now = timezone.now()
    with enter_association(samples_db.lipowa):
        account = OwnerAccount.objects.order_by("id").first()
        assert account is not None
        OwnerSession.objects.create(
            session_key="x" * 32, session_data="", expire_date=now + dt.timedelta(days=1)
        )
        sessions = OwnerSession.objects.count()
        OutboxMessage.objects.create(account=account, kind="new_data", about="publication:1", due_at=now)
        batch = ImportBatch.objects.create(created_by_name="biuro", state=BatchState.READING).pk
    path = json.loads(run("backup_association", "lipowa", "--json"))["path"]

    said = json.loads(run("restore_association", path, "--slug", "proba", "--json"))

    assert (said["sessions_ended"], said["mails_withdrawn"], said["imports_interrupted"]) == (sessions, 1, 1)
    with enter_association(find_ref("proba")):
        assert not OwnerSession.objects.exists()
        assert OutboxMessage.objects.get().state == MessageState.WITHDRAWN
        assert ImportBatch.objects.get(pk=batch).state == BatchState.FAILED
    with enter_association(samples_db.lipowa):
        assert OwnerSession.objects.count() == sessions
        assert OutboxMessage.objects.get().state == MessageState.WAITING


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


@pytest.mark.parametrize(("words", "reason"), [
    (("--slug", "sloneczna"), "is taken"),
    (("--slug", "Zła nazwa"), "is not a slug"),
])  # fmt: skip
def test_a_slug_that_cannot_be_is_refused(
    run: Run, samples_db: Samples, backup: dict[str, Any], words: tuple[str, ...], reason: str
) -> None:
    before = schemas()

    with pytest.raises(CommandError, match=reason):
        run("restore_association", backup["path"], *words)

    assert schemas() == before


def test_a_backup_of_a_newer_release_is_refused(
    run: Run, samples_db: Samples, backup: dict[str, Any], tmp_path: Path
) -> None:
    newer = tmp_path / "newer"

    def change(name: str, data: bytes) -> bytes:
        if name == "head.json":
            return data.replace(b'"0001_initial"', b'"0099_from_the_future"', 1)
        if name == "manifest.json":
            said = json.loads(data)
            head = changed_head
            said["members"][0][1:] = [len(head), hashlib.sha256(head).hexdigest()]
            return json.dumps(said).encode()
        return data

    with tarfile.open(backup["path"]) as tar:
        member = tar.extractfile("head.json")
        assert member is not None
        changed_head = change("head.json", member.read())
    rewrite(backup["path"], newer, change)

    with pytest.raises(CommandError, match=r"newer release .it has .*0099_from_the_future"):
        run("restore_association", str(newer), "--slug", "proba")
    assert not Association.objects.filter(slug="proba").exists()


def test_a_backup_of_an_older_release_is_restored_and_migrated(
    samples_db: Samples, folder: Path, checksums: Checksums
) -> None:
    """The community as it stood before the last migration of its face was known."""
    from django.db.migrations.executor import MigrationExecutor

    from saas.keeping.backing_up import back_up

    before = checksums(samples_db.lipowa)
    with enter_association(samples_db.lipowa, using="owner"):
        MigrationExecutor(connections["owner"]).migrate([("charges", "0005_notice_runs")])
    old = back_up(samples_db.lipowa, folder / "old.tar.gz")
    with enter_association(samples_db.lipowa, using="owner"):
        executor = MigrationExecutor(connections["owner"])
        executor.migrate(executor.loader.graph.leaf_nodes())

    copy = restore_beside(Source(path=old.path), slug="proba", actor=SYSTEM).association

    assert differing(before, checksums(copy)) <= CHANGED_BY_RESTORING | {"django_migrations"}
    assert catalog_facts(copy.schema_name, using="owner") == catalog_facts("a_sloneczna", using="owner")


def lose_the_server() -> None:
    pid = connections["owner"].connection.info.backend_pid
    with psycopg.connect(addresses.admin_database_url(), autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


@pytest.mark.parametrize("moment", ["_settle", "hold_tables", "end_jobs", "_record"])
def test_a_server_restarted_in_the_middle_changes_nothing_and_a_second_run_completes(
    samples_db: Samples,
    backup: dict[str, Any],
    checksums: Checksums,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
) -> None:
    source, before, files = (
        Source(path=Path(backup["path"])),
        checksums(samples_db.lipowa),
        files_of("a_lipowa"),
    )
    former = getattr(restoring, moment)

    def die(*words: Any, **options: Any) -> Any:
        lose_the_server()
        return former(*words, **options)

    with monkeypatch.context() as patch:
        patch.setattr(restoring, moment, die)
        with pytest.raises(KeepingError, match="nothing was changed"):
            restore_in_place(source, association=samples_db.lipowa, actor=SYSTEM)
    assert checksums(samples_db.lipowa) == before
    assert files_of("a_lipowa") == files
    assert [name for name in schemas() if name.startswith("restoring")] == []

    restore_in_place(source, association=samples_db.lipowa, actor=SYSTEM)

    assert differing(before, checksums(samples_db.lipowa)) <= CHANGED_BY_RESTORING
    assert hidden_folders() == []


@pytest.mark.parametrize("is_committed", [False, True])
def test_a_process_killed_at_the_exchange_is_settled_by_the_next_run(
    samples_db: Samples, backup: dict[str, Any], monkeypatch: pytest.MonkeyPatch, is_committed: bool
) -> None:
    source, schema, token = Source(path=Path(backup["path"])), "a_lipowa", uuid.uuid4()
    files, root = files_of(schema), Path(settings.FILES_DIR)
    # What the exchange leaves when the process dies behind it, before or after the commit.
    (root / f".former.{token.hex}.{schema}").mkdir()
    (root / schema).rename(root / f".former.{token.hex}.{schema}" / "files")
    shutil.copytree(root / f".former.{token.hex}.{schema}" / "files", root / schema)
    (root / schema / "imports" / "new").write_bytes(b"restored")
    if is_committed:
        Restoration.objects.using("owner").create(
            id=token, association_id=samples_db.lipowa.id, slug="lipowa", made_at=timezone.now(), is_in_place=True,
            by_name="x",
        )  # fmt: skip

    settle_folders(schema)

    expected = {**files, "imports/new": b"restored"} if is_committed else files
    assert files_of(schema) == expected
    assert hidden_folders() == []
    restore_in_place(source, association=samples_db.lipowa, actor=SYSTEM)
    assert "imports/new" not in files_of(schema)


def test_a_full_disk_leaves_nothing(run: Run, samples_db: Samples, backup: dict[str, Any]) -> None:
    before, largest = schemas(), max(len(data) for data in files_of("a_lipowa").values())
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest // 2, hard))
    try:
        with pytest.raises(CommandError, match=r"File too large.: nothing was changed"):
            run("restore_association", backup["path"], "--slug", "proba")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert schemas() == before
    assert not Association.objects.filter(slug="proba").exists()
    run("restore_association", backup["path"], "--slug", "proba")
    assert hidden_folders() == []


def test_an_altered_backup_touches_nothing(run: Run, samples_db: Samples, backup: dict[str, Any]) -> None:
    data = bytearray(Path(backup["path"]).read_bytes())
    data[len(data) // 2] ^= 0xFF
    Path(backup["path"]).write_bytes(data)
    before = schemas()

    with pytest.raises(CommandError, match="The backup cannot be used"):
        run("restore_association", backup["path"], "--slug", "proba")

    assert schemas() == before


def test_a_sealed_backup_is_restored_with_its_key(
    run: Run, samples_db: Samples, folder: Path, keys: tuple[str, str]
) -> None:
    key, public = keys
    path = json.loads(run("backup_association", "lipowa", "--recipient", public, "--json"))["path"]

    with pytest.raises(CommandError, match="sealed"):
        run("restore_association", path, "--slug", "proba")
    said = json.loads(run("restore_association", path, "--slug", "proba", "--key", key, "--open", "--json"))

    assert said["state"] == "active"
