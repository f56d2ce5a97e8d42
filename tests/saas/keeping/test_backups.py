"""Backing up and verifying: one whole file of one moment, or none."""

import datetime as dt
import gzip
import io
import json
import re
import resource
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError
from django.db import connection, connections, transaction

from associations.profile.models import AssociationProfile
from saas.keeping.backing_up import back_up
from saas.keeping.catalog import SchemaCatalog, read_checksums
from saas.keeping.contents import Checksum
from saas.keeping.errors import DamagedBackupError, KeepingError
from saas.keeping.models import Backup
from saas.keeping.verifying import verify_backup
from saas.local import addresses
from saas.tenancy.locking import lock_association
from saas.tenancy.switching import AssociationRef, enter_association
from tests.saas.management.conftest import Run
from tests.samples_database import Samples


def test_a_backup_holds_every_row_and_file_and_is_written_down(
    run: Run,
    samples_db: Samples,
    backup: dict[str, Any],
    checksums: Callable[[AssociationRef], dict[str, Checksum]],
) -> None:
    said = json.loads(run("verify_backup", backup["path"], "--json"))

    live = checksums(samples_db.lipowa)
    assert {name: Checksum(*table) for name, table in said["tables"].items()} == live
    tenant_tables = {
        model._meta.db_table
        for app in settings.TENANT_APPS
        for model in apps.get_app_config(app.rpartition(".")[2]).get_models(include_auto_created=True)
    }
    with enter_association(samples_db.lipowa), connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relpersistence = 'u' AND relkind = 'r'")
        unlogged = {row[0] for row in cursor.fetchall()}
    assert live.keys() == (tenant_tables - unlogged) | {"django_migrations"}
    assert live["premises_premises"].rows > 0
    files = [
        path for path in (Path(settings.FILES_DIR) / "a_lipowa" / "imports").rglob("*") if path.is_file()
    ]
    assert said["files"] == backup["files"] == len(files) > 0
    assert said["file_bytes"] == sum(path.stat().st_size for path in files)
    row = Backup.objects.get()
    assert (row.slug, row.path, row.sha256) == ("lipowa", backup["path"], backup["sha256"])
    assert row.row_count == said["rows"] == sum(table.rows for table in live.values())


def test_letters_with_starter_passwords_are_left_out(samples_db: Samples, folder: Path) -> None:
    letters = Path(settings.FILES_DIR) / "a_lipowa" / "letters"
    letters.mkdir()
    (letters / "x.letters").write_bytes(b"secret")

    written = back_up(samples_db.lipowa, folder / "b.tar.gz")

    with tarfile.open(written.path) as tar:
        names = tar.getnames()
    assert [name for name in names if name.startswith("files/imports/")] != []
    assert [name for name in names if "letters" in name] == []


def test_a_sealed_backup_is_opened_by_its_key_alone(
    run: Run, samples_db: Samples, folder: Path, keys: tuple[str, str], tmp_path: Path
) -> None:
    key, public = keys
    run("create_backup_key", str(tmp_path / "other.key"))
    path = json.loads(run("backup_association", "lipowa", "--recipient", public, "--json"))["path"]

    assert path.endswith(".tar.gz.age")
    assert run("verify_backup", path, "--key", key).startswith("whole: lipowa (Wspólnota")
    with pytest.raises(CommandError, match="sealed: name the file of its key"):
        run("verify_backup", path)
    with pytest.raises(CommandError, match="another key"):
        run("verify_backup", path, "--key", str(tmp_path / "other.key"))
    assert (tmp_path / "other.key").stat().st_mode & 0o777 == 0o600


def test_altered_and_cut_backups_are_refused(backup: dict[str, Any], tmp_path: Path) -> None:
    whole = Path(backup["path"]).read_bytes()
    bad = tmp_path / "bad"

    # Every bit of the byte: between two blocks of gzip there are bits that mean nothing.
    for place in range(20, len(whole), max(1, len(whole) // 60)):
        bad.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        with pytest.raises(DamagedBackupError):
            verify_backup(bad)
    for length in (0, 5, 1000, len(whole) // 2, len(whole) - 1):
        bad.write_bytes(whole[:length])
        with pytest.raises(DamagedBackupError):
            verify_backup(bad)
    bad.write_bytes(whole + b"more")
    with pytest.raises(DamagedBackupError):
        verify_backup(bad)


def rewrite(source: str, target: Path, change: Callable[[str, bytes], bytes | None]) -> None:
    """A copy of an open backup in which members were changed or dropped, with valid gzip and tar around them."""
    with (
        tarfile.open(source) as old,
        gzip.open(target, "wb") as packed,
        tarfile.open(fileobj=packed, mode="w|") as new,
    ):
        for info in old:
            content = old.extractfile(info)
            data = change(info.name, content.read() if content else b"")
            if data is not None:
                info.size = len(data)
                new.addfile(info, io.BytesIO(data))


@pytest.mark.parametrize("what", ["a row altered", "a member dropped", "no manifest", "another file"])
def test_a_backup_that_was_packed_anew_is_refused(backup: dict[str, Any], tmp_path: Path, what: str) -> None:
    bad = tmp_path / "bad"

    def change(name: str, data: bytes) -> bytes | None:
        if name == "tables/premises_premises/000000":
            return {"a row altered": data.replace(b"\t1\t", b"\t2\t", 1) + b"", "a member dropped": None}.get(
                what, data
            )
        if name == "manifest.json" and what == "no manifest":
            return None
        return b"x" if what == "another file" and name.startswith("files/") else data

    rewrite(backup["path"], bad, lambda name, data: data)
    assert verify_backup(bad).head.slug == "lipowa"
    rewrite(backup["path"], bad, change)

    with pytest.raises(DamagedBackupError):
        verify_backup(bad)


def test_a_backup_of_a_newer_format_is_refused_as_such(backup: dict[str, Any], tmp_path: Path) -> None:
    newer = tmp_path / "newer"
    rewrite(
        backup["path"],
        newer,
        lambda name, data: data.replace(b'"format": 1', b'"format": 2') if name == "head.json" else data,
    )

    with pytest.raises(KeepingError, match="install a newer release"):
        verify_backup(newer)


def test_a_backup_shows_one_moment(
    samples_db: Samples, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = read_checksums

    def read_and_let_others_write(*words: Any, **options: Any) -> dict[str, Checksum]:
        found = read(*words, **options)
        with enter_association(samples_db.lipowa):
            AssociationProfile.objects.update(name="Później")
        return found

    monkeypatch.setattr("saas.keeping.backing_up.read_checksums", read_and_let_others_write)

    written = back_up(samples_db.lipowa, folder / "b.tar.gz")

    with tarfile.open(written.path) as tar:
        row = tar.extractfile("tables/profile_associationprofile/000000")
        assert row is not None
        assert "Później" not in row.read().decode()
    with enter_association(samples_db.lipowa):
        assert AssociationProfile.objects.get().name == "Później"


def test_a_full_disk_leaves_no_file(run: Run, samples_db: Samples, folder: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with pytest.raises(CommandError, match="The backup was not written: File too large"):
            run("backup_association", "lipowa")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert [path for path in folder.rglob("*") if path.is_file()] == []
    assert not Backup.objects.exists()


def test_a_server_restarted_in_the_middle_leaves_no_file_and_a_second_run_completes(
    samples_db: Samples, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = read_checksums

    def lose_the_server(*words: Any, **options: Any) -> dict[str, Checksum]:
        pid = connections["owner"].connection.info.backend_pid
        with psycopg.connect(addresses.admin_database_url(), autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        return read(*words, **options)

    with monkeypatch.context() as patch:
        patch.setattr("saas.keeping.backing_up.read_checksums", lose_the_server)
        with pytest.raises(KeepingError, match="database was lost"):
            back_up(samples_db.lipowa, folder / "b.tar.gz")
    assert list(folder.iterdir()) == []

    assert verify_backup(back_up(samples_db.lipowa, folder / "b.tar.gz").path).head.slug == "lipowa"


def test_two_operators_at_once_are_told_or_wait(samples_db: Samples, folder: Path) -> None:
    # The runtime role's session is another one than the owner's.
    with lock_association(samples_db.lipowa.id, using="default"):
        with pytest.raises(KeepingError, match="Another operator"):
            back_up(samples_db.lipowa, folder / "b.tar.gz")
        assert back_up(samples_db.sloneczna, folder / "s.tar.gz").rows > 0

    assert back_up(samples_db.lipowa, folder / "b.tar.gz", wait_seconds=5).rows > 0


def test_an_existing_file_is_never_written_over(run: Run, backup: dict[str, Any]) -> None:
    before = Path(backup["path"]).read_bytes()

    with pytest.raises(CommandError, match="exists already"):
        run("backup_association", "lipowa", "--to", backup["path"])

    assert Path(backup["path"]).read_bytes() == before


def test_the_runtime_role_can_back_up_too(
    samples_db: Samples, folder: Path, checksums: Callable[[AssociationRef], dict[str, Checksum]]
) -> None:
    written = back_up(samples_db.sloneczna, folder / "b.tar.gz", using="default")

    assert written.tables == checksums(samples_db.sloneczna)
    assert verify_backup(written.path).rows == written.rows


def plain(ddl: str) -> str:
    """Without casts and brackets: PostgreSQL writes them anew each time that it reads a condition."""
    return re.sub(r"::(character varying|text|smallint)(\[\])?|[()]", "", ddl)


def test_the_ddl_in_a_backup_makes_the_same_tables(samples_db: Samples, folder: Path) -> None:
    ref = samples_db.lipowa
    copy = AssociationRef(id=ref.id, slug=ref.slug, schema_name="a_copy_of_ddl")
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        with enter_association(ref, using="owner"):
            before = SchemaCatalog(ref.schema_name, using="owner")
            ddl, tables = before.ddl(), before.tables()
        cursor.execute("CREATE SCHEMA a_copy_of_ddl")
        with enter_association(copy, using="owner"), connections["owner"].cursor() as inside:
            inside.execute(ddl)
            after = SchemaCatalog("a_copy_of_ddl", using="owner")
            assert plain(after.ddl()) == plain(ddl)
            assert after.tables() == tables
            assert len(after.sequences()) > 10
        transaction.set_rollback(True, using="owner")


def test_the_moment_of_a_backup_is_in_its_name_and_head(backup: dict[str, Any]) -> None:
    made_at = dt.datetime.fromisoformat(backup["made_at"])

    assert verify_backup(Path(backup["path"])).head.made_at == backup["made_at"]
    assert abs(dt.datetime.now(dt.UTC) - made_at) < dt.timedelta(minutes=5)
    assert Path(backup["path"]).name.startswith(f"lipowa-{made_at:%Y%m%dT}")
