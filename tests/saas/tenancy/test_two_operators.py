"""Two processes that migrate one association at once: one works, the other waits or is told."""

import json
import subprocess
import sys
from typing import Any

import pytest
from django.db import connections

from saas.tenancy.switching import AssociationRef
from tests.databases import admin_connection
from tests.saas.management.test_migrate_associations import go_back, is_migrated
from tests.worker_process import CHECKOUT, program_environment, wait_until

pytestmark = pytest.mark.usefixtures("committed_db")
WAITING = """
SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
 WHERE d.datname = current_database() AND l.locktype = 'relation' AND NOT l.granted
"""


class Operator:
    """`manage.py migrate_associations sloneczna` in a process of its own."""

    def __init__(self, *, patience: float) -> None:
        words = (
            "migrate_associations",
            "sloneczna",
            "--json",
            "--jobs",
            "1",
            "--lock-timeout",
            str(patience),
        )
        self._process = subprocess.Popen(
            [sys.executable, "manage.py", *words],
            cwd=CHECKOUT,
            env=program_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @property
    def is_running(self) -> bool:
        return self._process.poll() is None

    def outcome(self) -> tuple[int, str]:
        """Exit code and what became of the association."""
        out, complaint = self._process.communicate(timeout=60)
        assert out, complaint
        return self._process.returncode, json.loads(out)["sloneczna"]


def test_one_migrates_and_the_other_waits_or_is_told(sloneczna: AssociationRef) -> None:
    go_back(sloneczna)
    with admin_connection(str(connections["owner"].settings_dict["NAME"])) as visitor:

        def ask(statement: str) -> Any:
            with admin_connection(str(connections["owner"].settings_dict["NAME"])) as watch:
                return watch.execute(statement).fetchone()

        visitor.autocommit = False
        visitor.execute("SELECT * FROM a_sloneczna.payments_stagedpayment")
        first = Operator(patience=50)
        wait_until(
            lambda: ask(WAITING) == (1,), seconds=40
        )  # it holds the association, and waits for the table

        impatient = Operator(patience=0.2)
        assert impatient.outcome() == (1, "failed: busy")

        patient = Operator(patience=50)
        wait_until(lambda: len(sessions_that_try(ask)) > 0, seconds=40)
        assert first.is_running
        assert patient.is_running
        visitor.rollback()

    assert first.outcome() == (0, "migrated")
    assert patient.outcome() == (0, "ok")
    assert is_migrated(sloneczna)


def sessions_that_try(ask: Any) -> list[int]:
    """Sessions whose last statement asked for an association that somebody else holds."""
    row = ask(
        "SELECT array_agg(pid) FROM pg_stat_activity WHERE datname = current_database()"
        " AND starts_with(query, 'SELECT pg_try_advisory_lock') AND state = 'idle'"
    )
    return list(row[0] or [])
