"""The database server's own disk is full in the middle of a command: a sentence, nothing half-made, and once there is
room a second run completes.

The server's tables lie on a small file system of their own, which is filled up; the machine's disk is not.
"""

import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from tests.installation import Install, Installation, install
from tests.saas.keeping.conftest import folder
from tests.saas.keeping.restored import CHANGED_BY_RESTORING, differing
from tests.saas.management.conftest import Run, run
from tests.samples_database import Samples

__all__ = ["folder", "install", "run"]
MEBIBYTE = 1 << 20
CREATING = ("create_association", "--slug", "nowa", "--name", "WM Nowa 1", "--kind", "community")


class SmallDisk:
    """The folder of an installation's tables, on a file system of 128 MiB."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    @contextmanager
    def full_but_for(self, free: int) -> Iterator[None]:
        """Leave so many bytes until the block ends."""
        there = os.statvfs(self.folder)
        with self._ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, there.f_bavail * there.f_frsize - free)
        try:
            yield
        finally:
            self._ballast.unlink()


@contextmanager
def small_disk(here: Installation) -> Iterator[SmallDisk]:
    """Move the tables of the installation, which is started anew, to a small disk."""
    tables, kept = here.instance.cluster / "base", here.instance.cluster / "base.kept"
    here.crash()
    tables.rename(kept)
    tables.mkdir(mode=0o700)
    given = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=128m,mode=700", "tmpfs", str(tables)],
        capture_output=True,
        check=False,
    )
    if given.returncode:
        pytest.skip("a file system can be mounted by root alone, and not in every container")
    try:
        subprocess.run(["cp", "-a", f"{kept}/.", str(tables)], check=True)
        shutil.rmtree(kept)
        here.start_again()
        yield SmallDisk(tables)
    finally:
        here.crash()
        subprocess.run(["umount", str(tables)], check=True)


@pytest.fixture
def here(install: Install) -> Installation:
    return install("old.example")


@pytest.fixture
def disk(here: Installation) -> Iterator[SmallDisk]:
    with small_disk(here) as made:
        yield made


@pytest.fixture
def large(run: Run, samples_db: Samples, folder: Path) -> dict[str, Any]:
    """A backup of the community with 20 MB in one table."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO a_lipowa.audit_auditentry (at, actor_kind, actor_name, action, target, details)"
            " SELECT now(), 'system', 'system', 'x', md5(n::text), jsonb_build_object('t', repeat(md5(n::text), 8))"
            " FROM generate_series(1, 60000) n"
        )
    return dict(json.loads(run("backup_association", "lipowa", "--json")))


@pytest.mark.parametrize("free", [0, MEBIBYTE])
def test_provisioning(here: Installation, disk: SmallDisk, free: int) -> None:
    with disk.full_but_for(free):
        complaint = here.complain(*CREATING)

    assert complaint == "The database refused it (DiskFull): see to it and run the command again."
    assert here.leftovers() == set()
    here.manage(*CREATING)
    assert here.states() == {"nowa": "active"}


def test_migrating(here: Installation, disk: SmallDisk) -> None:
    here.manage(*CREATING)
    here.go_back("nowa")

    with disk.full_but_for(0):
        process = here.begin("migrate_associations", "--json")
        said, _ = process.communicate(timeout=60)

    assert (process.returncode, json.loads(said)) == (1, {"nowa": "failed: DiskFull"})
    assert here.migrate() == {"nowa": "migrated"}


def test_restoring(here: Installation, disk: SmallDisk, large: dict[str, Any]) -> None:
    restoring = ("restore_association", large["path"], "--slug", "lipowa")

    with disk.full_but_for(8 * MEBIBYTE):
        complaint = here.complain(*restoring)

    assert complaint == "The database did not take it (DiskFull): nothing was changed."
    assert here.leftovers() == set()
    assert json.loads(here.manage(*restoring, "--json"))["tables"] == large["tables"]
    before = here.tables("lipowa")
    with disk.full_but_for(8 * MEBIBYTE):
        again = here.complain("restore_association", large["path"], "--in-place", "lipowa")
    assert again == complaint
    assert differing(before, here.tables("lipowa")) == set()


def test_moving_to_a_full_disk(
    here: Installation, disk: SmallDisk, install: Install, large: dict[str, Any]
) -> None:
    source = install("new.example")
    source.manage("restore_association", large["path"], "--slug", "lipowa", "--open")
    before = source.tables("lipowa")

    with disk.full_but_for(8 * MEBIBYTE):
        complaint = source.complain("move_association", "lipowa", "--there", shlex.join(here.command))

    assert complaint.startswith("The other installation refused restore_association: ")
    assert "The database did not take it (DiskFull): nothing was changed." in complaint
    assert (source.states(), here.leftovers()) == ({"lipowa": "active"}, set())
    source.manage("move_association", "lipowa")
    assert (source.states(), here.states()) == ({"lipowa": "archived"}, {"lipowa": "active"})
    assert differing(before, here.tables("lipowa")) <= CHANGED_BY_RESTORING
