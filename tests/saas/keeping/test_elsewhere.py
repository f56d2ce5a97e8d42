"""A backup is restored by an installation on another server; and neither way needs more memory for more rows."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections

from tests.installation import Install, install
from tests.saas.keeping.restored import CHANGED_BY_RESTORING, differing
from tests.samples_database import Samples
from tests.worker_process import CHECKOUT, program_environment

__all__ = ["install"]
MEBIBYTE = 1 << 20
# Runs a command and says on its last line what it had at most, in kB (Linux; ru_maxrss counts what the parent had, too).
WATCHED = (
    "import runpy, sys; sys.argv[0] = 'manage.py'\n"
    "try: runpy.run_path('manage.py', run_name='__main__')\n"
    "finally: print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
)


def test_a_backup_is_restored_on_another_server(backup: dict[str, Any], install: Install) -> None:
    elsewhere = install()

    said = json.loads(
        elsewhere.manage("restore_association", backup["path"], "--slug", "lipowa", "--open", "--json")
    )
    again = json.loads(
        elsewhere.manage("backup_association", "lipowa", "--to", backup["path"] + ".2", "--json")
    )

    assert (said["state"], said["tables"]) == ("active", backup["tables"])
    assert differing(backup["tables"], again["tables"]) <= CHANGED_BY_RESTORING
    assert (again["files"], backup["files"] > 0) == (backup["files"], True)
    assert elsewhere.states() == {"lipowa": "active"}
    assert "lipowa: ok" in elsewhere.manage("migrate_associations", "--check")


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
