"""Restoring what cannot be restored, or cut short: nothing half-made, and a second run completes."""

import hashlib
import json
import resource
import shutil
import tarfile
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError
from django.db import connections
from django.utils import timezone

from associations.audit.actors import SYSTEM
from saas.keeping import restoring
from saas.keeping.errors import KeepingError
from saas.keeping.folders import settle_folders
from saas.keeping.models import Restoration
from saas.keeping.restoring import Source, restore_in_place
from saas.tenancy.models import Association
from tests.databases import admin_connection
from tests.saas.keeping.restored import (
    CHANGED_BY_RESTORING,
    Checksums,
    differing,
    files_of,
    hidden_folders,
    lose_the_server,
    schemas,
)
from tests.saas.keeping.test_backups import rewrite
from tests.saas.management.conftest import Run
from tests.samples_database import Samples


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

    for words in (("restore_association", str(newer), "--slug", "proba"), ("verify_backup", str(newer))):
        with pytest.raises(CommandError, match=r"newer release .it has .*0099_from_the_future"):
            run(*words)
    assert not Association.objects.filter(slug="proba").exists()


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


def test_tables_that_differ_from_the_manifest_are_refused(
    run: Run, samples_db: Samples, backup: dict[str, Any], tmp_path: Path
) -> None:
    """Whole by every sum over the file; what the tables hold after the COPY is another thing, and is read."""
    false = tmp_path / "false"

    def change(name: str, data: bytes) -> bytes:
        if name != "manifest.json":
            return data
        said = json.loads(data)
        said["tables"]["ledger_posting"][1] = str(int(said["tables"]["ledger_posting"][1]) + 1)
        return json.dumps(said).encode()

    rewrite(backup["path"], false, change)
    run("verify_backup", str(false))
    before = schemas()

    with pytest.raises(CommandError, match="Restored tables differ from the backup: ledger_posting"):
        run("restore_association", str(false), "--slug", "proba")

    assert schemas() == before
    assert not Association.objects.filter(slug="proba").exists()


def test_a_row_that_the_database_loses_on_the_way_is_noticed(
    run: Run, samples_db: Samples, backup: dict[str, Any]
) -> None:
    """An operator's own trigger on new tables swallows a row of each COPY."""
    with admin_connection(str(connections["owner"].settings_dict["NAME"])) as admin:
        admin.execute(
            "CREATE FUNCTION public.lose_one() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN IF NEW.id % 7 = 0 THEN RETURN NULL; END IF; RETURN NEW; END $$"
        )
        admin.execute(
            "CREATE FUNCTION public.on_tables() RETURNS event_trigger LANGUAGE plpgsql AS"
            " $$ DECLARE made record; BEGIN FOR made IN SELECT objid::regclass AS name"
            " FROM pg_event_trigger_ddl_commands() WHERE object_identity LIKE '%.ledger_posting' LOOP"
            " EXECUTE format('CREATE TRIGGER lose BEFORE INSERT ON %s FOR EACH ROW"
            " EXECUTE FUNCTION public.lose_one()', made.name); END LOOP; END $$"
        )
        admin.execute("GRANT EXECUTE ON FUNCTION public.lose_one() TO PUBLIC")
        admin.execute(
            "CREATE EVENT TRIGGER losing ON ddl_command_end WHEN TAG IN ('CREATE TABLE')"
            " EXECUTE FUNCTION public.on_tables()"
        )
    before = schemas()

    with pytest.raises(CommandError, match="Restored tables differ from the backup: ledger_posting"):
        run("restore_association", backup["path"], "--slug", "proba")

    assert schemas() == before


def test_a_table_or_column_by_hand_is_not_lost_silently(run: Run, samples_db: Samples, folder: Path) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE a_lipowa.premises_premises ADD COLUMN uwagi text")
        cursor.execute("CREATE TABLE a_lipowa.zestawienie (n int)")
    path = json.loads(run("backup_association", "lipowa", "--json"))["path"]
    before = schemas()

    with pytest.raises(CommandError, match=r"These tables differ from .*: premises_premises, zestawienie\."):
        run("restore_association", path, "--slug", "proba")

    assert schemas() == before
