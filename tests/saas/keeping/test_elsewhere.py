"""A backup is restored by an installation on another server; and neither way needs more memory for more rows."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections

from saas.local import addresses
from saas.local.servers import forget_servers, start_servers
from tests.saas.keeping.restored import CHANGED_BY_RESTORING
from tests.samples_database import Samples
from tests.worker_process import CHECKOUT, program_environment

MEBIBYTE = 1 << 20
# Runs a command and says on its last line what it had at most, in kB (Linux; ru_maxrss counts what the parent had, too).
WATCHED = (
    "import runpy, sys; sys.argv[0] = 'manage.py'\n"
    "try: runpy.run_path('manage.py', run_name='__main__')\n"
    "finally: print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of an installation with a PostgreSQL and a Valkey of its own, its shared tables made."""
    name = f"other-{os.getpid()}"
    start_servers(name)
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "saas.settings",
        "DATABASE_URL": addresses.database_url(name),
        "DATABASE_OWNER_URL": addresses.owner_database_url(name),
        "REDIS_URL": addresses.redis_url(name),
        "KARTOTEKA_SECRET_KEY": "another-one-" + "z" * 40,
        "KARTOTEKA_DATA": str(tmp_path / "elsewhere"),
        "KARTOTEKA_HOST": "new.example",
    }
    try:
        manage(environment, "migrate_public")
        yield environment
    finally:
        forget_servers(name)


def manage(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
    return done.stdout


def test_a_backup_is_restored_on_another_server(backup: dict[str, Any], elsewhere: dict[str, str]) -> None:
    said = json.loads(
        manage(elsewhere, "restore_association", backup["path"], "--slug", "lipowa", "--open", "--json")
    )
    again = json.loads(
        manage(elsewhere, "backup_association", "lipowa", "--to", backup["path"] + ".2", "--json")
    )

    assert (said["state"], said["tables"]) == ("active", backup["tables"])
    differing = {name for name, table in backup["tables"].items() if again["tables"][name] != table}
    assert differing <= CHANGED_BY_RESTORING
    assert (again["files"], backup["files"] > 0) == (backup["files"], True)
    (listed,) = json.loads(manage(elsewhere, "list_associations", "--json"))
    assert (listed["slug"], listed["state"]) == ("lipowa", "active")
    assert "lipowa: ok" in manage(elsewhere, "migrate_associations", "--check")


def test_backing_up_and_restoring_need_no_more_memory_for_more_rows_and_larger_files(
    samples_db: Samples, folder: Path
) -> None:
    few = highest_memory("backup_association", "lipowa", "--to", str(folder.parent / "few"))
    few_back = highest_memory("restore_association", str(folder.parent / "few"), "--slug", "maly")
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO a_lipowa.audit_auditentry (at, actor_kind, actor_name, action, target, details)"
            " SELECT now(), 'system', 'system', 'x', md5(n::text), jsonb_build_object('t', repeat(md5(n::text), 8))"
            " FROM generate_series(1, 200000) n"
        )
    large = Path(settings.FILES_DIR) / "a_lipowa" / "imports" / "wielki.csv"
    large.write_bytes(os.urandom(MEBIBYTE) * 96)

    many = highest_memory("backup_association", "lipowa", "--to", str(folder.parent / "many"))
    many_back = highest_memory("restore_association", str(folder.parent / "many"), "--slug", "duzy")

    # 70 MB of rows and 96 MB of a file.
    assert (folder.parent / "many").stat().st_size > 96 * MEBIBYTE
    assert many - few < 24 * MEBIBYTE
    assert many_back - few_back < 24 * MEBIBYTE


def highest_memory(*words: str) -> int:
    """Bytes that the command's process had at most."""
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, *words],
        cwd=CHECKOUT, env=program_environment(), capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return int(done.stdout.splitlines()[-1]) * 1024
