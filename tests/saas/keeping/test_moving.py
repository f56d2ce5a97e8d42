"""Moving to another installation: another database and other files, reached by its own manage.py alone."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError
from psycopg import sql

from associations.profile.models import AssociationProfile
from saas.jobs.actions import enqueue_job
from saas.jobs.models import Job, JobKind
from saas.keeping import moving
from saas.keeping.contents import Checksum
from saas.keeping.errors import KeepingError
from saas.keeping.moving import move_path, read_move
from saas.local import addresses
from saas.tenancy.switching import AssociationRef, enter_association
from tests.cast import Role
from tests.databases import RUN, TEMPLATE, admin_connection, drop_database, recreate_database
from tests.saas.keeping.restored import CHANGED_BY_RESTORING, Checksums, differing
from tests.saas.management.conftest import Run
from tests.samples_database import Samples
from workers.running import run_one_job

ROOT = Path(__file__).parents[3]
# Each process of the tests has an installation of its own to move to.
ELSEWHERE = f"test_kartoteka_elsewhere_{RUN}_{os.environ.get('PYTEST_XDIST_WORKER', 'master')}"


@pytest.fixture
def there(samples_db: Samples, tmp_path: Path) -> Iterator[str]:
    """The command of an installation without the community."""
    recreate_database(ELSEWHERE, template=TEMPLATE)

    def url(role_url: str) -> str:
        name = psycopg.conninfo.conninfo_to_dict(role_url)["dbname"]
        return role_url.replace(f"/{name}?", f"/{ELSEWHERE}?")

    env = {
        "DATABASE_URL": url(addresses.database_url()),
        "DATABASE_OWNER_URL": url(addresses.owner_database_url()),
        "REDIS_URL": addresses.redis_url(),
        "KARTOTEKA_SECRET_KEY": "another-one-" + "y" * 40,
        "KARTOTEKA_DATA": str(tmp_path / "elsewhere"),
        "KARTOTEKA_HOST": "new.example",
    }
    command = [
        "env",
        *(f"{name}={value}" for name, value in env.items()),
        sys.executable,
        str(ROOT / "manage.py"),
    ]
    # Its database is a copy: the roles of its associations are still those of the other one.
    assert set(ask(command, "migrate_associations", "--json").values()) == {"role made"}
    ask(command, "suspend_association", "lipowa", "--json")
    ask(command, "erase_association", "lipowa", "--confirm", "lipowa", "--json")
    yield shlex.join(command)
    drop_database(ELSEWHERE)
    with admin_connection() as admin:
        for (role,) in admin.execute(
            "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)", [f"{ELSEWHERE}."]
        ).fetchall():
            admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def ask(command: list[str], *words: str) -> Any:
    done = subprocess.run([*command, *words], capture_output=True, check=False, env=dict(os.environ))
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def state_of(association: AssociationRef) -> str:
    with enter_association(association):
        return str(AssociationProfile.objects.get().state)


def state_there(there: str) -> list[str]:
    return [
        one["state"]
        for one in ask(shlex.split(there), "list_associations", "--json")
        if one["slug"] == "lipowa"
    ]


def tables_there(there: str) -> dict[str, Checksum]:
    """Rows and checksum of each table there, read from a backup made there."""
    made = ask(shlex.split(there), "backup_association", "lipowa", "--json")["tables"]
    return {name: Checksum(*table) for name, table in made.items()}


def test_a_moved_association_is_whole_there_and_archived_here(
    run: Run, samples_db: Samples, folder: Path, there: str, tmp_path: Path, checksums: Checksums
) -> None:
    before = checksums(samples_db.lipowa)

    said = json.loads(run("move_association", "lipowa", "--there", there, "--json"))

    assert (said["step"], said["own_hosts"]) == ("archived", [])
    assert (state_of(samples_db.lipowa), state_there(there)) == ("archived", ["active"])
    assert before["ledger_posting"].rows > 0
    assert differing(before, tables_there(there)) <= CHANGED_BY_RESTORING
    here = sorted(path.name for path in (Path(settings.FILES_DIR) / "a_lipowa" / "imports").rglob("*"))
    assert sorted(path.name for path in (tmp_path / "elsewhere/files/a_lipowa/imports").rglob("*")) == here
    assert not move_path("lipowa").exists()
    assert state_of(samples_db.sloneczna) == "active"


@pytest.mark.parametrize("step", ["_rehearse", "_close", "_carry", "_switch", "_archive"])
def test_a_move_cut_short_behind_any_step_is_taken_up_again(
    run: Run, samples_db: Samples, folder: Path, there: str, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    former = getattr(moving, step)

    def die(*words: Any) -> Any:
        former(*words)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(moving, step, die)
        with pytest.raises(KeyboardInterrupt):
            run("move_association", "lipowa", "--there", there)
    assert read_move("lipowa") is not None

    run("move_association", "lipowa")

    assert (state_of(samples_db.lipowa), state_there(there)) == ("archived", ["active"])


def test_during_the_last_copy_owners_read_and_nobody_writes(
    run: Run, samples_db: Samples, folder: Path, there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked between the end of the last copy and the opening there."""
    owner = samples_db[Role.OTHER_OWNER].browser()
    former = moving._carry
    answers: list[Any] = []

    def carry(*words: Any) -> Any:
        enqueue_job(association=samples_db.lipowa, kind=JobKind.SEND_MAIL)
        answers.extend((owner.get("/start/", follow=True), owner.post("/konto/jezyk/", {"language": "en"})))
        answers.append(run_one_job())
        return former(*words)

    monkeypatch.setattr(moving, "_carry", carry)
    run("move_association", "lipowa", "--there", there)

    read, written, is_run = answers
    assert (read.status_code, written.status_code, is_run) == (200, 503, True)
    assert "Teraz można tylko czytać" in written.content.decode()
    assert (state_of(samples_db.lipowa), state_there(there)) == ("archived", ["active"])
    assert list(Job.objects.filter(kind=JobKind.SEND_MAIL).values_list("state", "attempts")) == [
        ("cancelled", 0)
    ]


def test_another_side_that_cannot_be_reached_closes_no_doors(
    run: Run, samples_db: Samples, folder: Path
) -> None:
    with pytest.raises(CommandError, match="cannot be run"):
        run("move_association", "lipowa", "--there", "/nowhere/manage.py")

    assert state_of(samples_db.lipowa) == "active"


def test_a_cancelled_move_opens_the_doors_again(
    run: Run, samples_db: Samples, folder: Path, there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*words: Any) -> Any:
        raise KeepingError("there", "The disk is full there.")

    with monkeypatch.context() as patch:
        patch.setattr(moving, "_carry", refuse)
        with pytest.raises(CommandError, match="The disk is full there"):
            run("move_association", "lipowa", "--there", there)
    assert state_of(samples_db.lipowa) == "read_only"
    with pytest.raises(CommandError, match="move_association lipowa --cancel comes first"):
        run("suspend_association", "lipowa")

    assert "cancelled after the step closed" in run("move_association", "lipowa", "--cancel")

    assert (state_of(samples_db.lipowa), state_there(there)) == ("active", ["suspended"])
    with pytest.raises(CommandError, match="No move of lipowa was begun"):
        run("move_association", "lipowa", "--cancel")


def test_jobs_that_wait_are_cancelled_and_a_move_needs_a_place(
    run: Run, samples_db: Samples, folder: Path
) -> None:
    enqueue_job(association=samples_db.lipowa, kind=JobKind.SEND_MAIL)

    with pytest.raises(CommandError, match="Name the other installation"):
        run("move_association", "lipowa")

    assert state_of(samples_db.lipowa) == "active"
