"""The database server crashes in the middle of a command: a sentence, nothing half-made, and a second run completes.

Each command is held at a lock when it has done all but its last steps; then the server goes as by a power cut. Where
the whole machine goes, the command goes with it and tidies nothing up.
"""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.installation import Install, Installation, complaint_of, install
from tests.saas.keeping.conftest import backup, folder
from tests.saas.keeping.restored import CHANGED_BY_RESTORING, differing
from tests.saas.management.conftest import run

__all__ = ["backup", "folder", "install", "run"]
# CREATE ROLE waits for it: the association's tables are all made by then.
ROLES = "TABLE pg_authid IN SHARE MODE"
LOST = re.compile(r"The database (was lost meanwhile|refused it|does not answer|did not take it)")
CREATING = ("create_association", "--slug", "nowa", "--name", "WM Nowa 1", "--kind", "community")
alone_or_with_the_command = pytest.mark.parametrize("is_whole_machine", [False, True])


def crash_in_the_middle(
    here: Installation,
    lock: str,
    *words: str,
    held_by: Installation | None = None,
    is_whole_machine: bool = False,
) -> str:
    """Crash the server of `held_by` (`here`) while the command waits for a lock there; what the command complained of.

    The server is started again; a command that went with it complains of nothing.
    """
    server = held_by or here
    with server.blocked_by(lock):
        process = here.begin(*words)
        server.wait_for_a_waiting_session()
        if is_whole_machine:
            process.kill()
        server.crash()
    if is_whole_machine:
        process.communicate(timeout=10)
        server.start_again()
        return ""
    complaint = complaint_of(process)
    server.start_again()
    return complaint


@alone_or_with_the_command
def test_provisioning(install: Install, is_whole_machine: bool) -> None:
    here = install()

    complaint = crash_in_the_middle(here, ROLES, *CREATING, is_whole_machine=is_whole_machine)

    assert is_whole_machine or LOST.match(complaint)
    assert here.leftovers() == set()
    assert json.loads(here.manage("list_associations", "--json")) == []
    here.manage(*CREATING)
    assert here.leftovers() == {"a_nowa", "kartoteka.a_nowa"}
    assert "nowa: ok" in here.manage("migrate_associations", "--check")


@pytest.fixture
def behind(install: Install) -> Installation:
    """An installation with three associations, none of which has the last migration of payments."""
    here = install()
    for slug in ("a", "b", "c"):
        here.manage("create_association", "--slug", slug, "--name", f"WM {slug}", "--kind", "community")
        here.go_back(slug)
    return here


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_migrating_waits_for_the_server_and_goes_on(behind: Installation, jobs: str) -> None:
    with behind.blocked_by("TABLE a_b.payments_stagedpayment IN ACCESS SHARE MODE"):
        process = behind.begin("migrate_associations", "--json", "--jobs", jobs, "--lock-timeout", "60")
        behind.wait_for_a_waiting_session()
        behind.crash()
        behind.start_again()
    said, complaint = process.communicate(timeout=60)

    assert (process.returncode, json.loads(said)) == (0, dict.fromkeys("abc", "migrated")), complaint
    assert behind.migrate() == dict.fromkeys("abc", "ok")


def test_migrating_on_a_machine_that_went_is_taken_up_where_it_stood(behind: Installation) -> None:
    with behind.blocked_by("TABLE a_b.payments_stagedpayment IN ACCESS SHARE MODE"):
        process = behind.begin("migrate_associations", "--jobs", "1", "--lock-timeout", "60")
        behind.wait_for_a_waiting_session()
        process.kill()
        behind.crash()
    process.communicate(timeout=10)
    behind.start_again()

    assert behind.migrate() == {"a": "ok", "b": "migrated", "c": "migrated"}


@alone_or_with_the_command
def test_restoring_beside(install: Install, backup: dict[str, Any], is_whole_machine: bool) -> None:
    here = install()
    restoring = ("restore_association", backup["path"], "--slug", "lipowa")

    complaint = crash_in_the_middle(here, ROLES, *restoring, is_whole_machine=is_whole_machine)

    assert is_whole_machine or LOST.match(complaint)
    assert json.loads(here.manage("list_associations", "--json")) == []
    assert json.loads(here.manage(*restoring, "--json"))["tables"] == backup["tables"]
    assert here.leftovers() == {"a_lipowa", "kartoteka.a_lipowa"}
    assert differing(backup["tables"], here.tables("lipowa")) <= CHANGED_BY_RESTORING


@alone_or_with_the_command
def test_restoring_in_place(install: Install, backup: dict[str, Any], is_whole_machine: bool) -> None:
    here = install()
    here.manage("restore_association", backup["path"], "--slug", "lipowa", "--open")
    with here.connect() as admin:
        admin.execute("UPDATE a_lipowa.profile_associationprofile SET name = 'Zmieniona'")
    before, files = here.tables("lipowa"), sorted(here.data.rglob("*"))
    restoring = ("restore_association", backup["path"], "--in-place", "lipowa")

    complaint = crash_in_the_middle(
        here,
        "TABLE a_lipowa.ledger_posting IN ACCESS SHARE MODE",
        *restoring,
        is_whole_machine=is_whole_machine,
    )

    assert is_whole_machine or LOST.match(complaint)
    assert differing(before, here.tables("lipowa")) == set()
    if not is_whole_machine:
        assert sorted(here.data.rglob("*")) == files
    here.manage(*restoring)
    assert here.leftovers() == {"a_lipowa", "kartoteka.a_lipowa"}
    assert differing(backup["tables"], here.tables("lipowa")) <= CHANGED_BY_RESTORING


def test_moving_when_the_machine_here_goes(install: Install, backup: dict[str, Any]) -> None:
    """While the last writer is waited for: nobody writes any more."""
    here, there = install("old.example"), install("new.example")
    here.manage("restore_association", backup["path"], "--slug", "lipowa", "--open")
    before = here.tables("lipowa")
    moving = ("move_association", "lipowa", "--there", shlex.join(there.command))

    crash_in_the_middle(
        here, "TABLE a_lipowa.ledger_posting IN ROW EXCLUSIVE MODE", *moving, is_whole_machine=True
    )

    assert (here.states(), there.states()) == ({"lipowa": "read_only"}, {"lipowa": "suspended"})
    here.manage("move_association", "lipowa")
    assert (here.states(), there.states()) == ({"lipowa": "archived"}, {"lipowa": "active"})
    assert differing(before, there.tables("lipowa")) <= CHANGED_BY_RESTORING


def test_moving_when_the_server_there_goes(install: Install, backup: dict[str, Any]) -> None:
    here, there = install("old.example"), install("new.example")
    here.manage("restore_association", backup["path"], "--slug", "lipowa", "--open")
    before = here.tables("lipowa")
    moving = ("move_association", "lipowa", "--there", shlex.join(there.command))

    complaint = crash_in_the_middle(here, ROLES, *moving, held_by=there)

    assert complaint.startswith("The other installation refused restore_association: ")
    assert (here.states(), there.leftovers()) == ({"lipowa": "active"}, set())
    assert list(Path(here.data).rglob("*.received*")) == []
    here.manage("move_association", "lipowa")
    assert (here.states(), there.states()) == ({"lipowa": "archived"}, {"lipowa": "active"})
    assert differing(before, there.tables("lipowa")) <= CHANGED_BY_RESTORING
