"""A request that passed the gate before a move closed it, and writes later: copied as well, or told."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError
from django.db import connections

from associations.audit.actors import SYSTEM
from associations.audit.models import AuditEntry
from associations.audit.queries import READING_ACTS
from associations.profile.models import AssociationProfile
from saas.keeping import holding, moving
from saas.keeping.moving import move_path
from saas.keeping.renaming import change_name
from saas.tenancy.locking import lock_association
from saas.tenancy.switching import enter_association
from tests.cast import Role
from tests.databases import admin_connection
from tests.isolation.asking import HOSTS, values_here
from tests.saas.keeping.test_moving import ELSEWHERE, state_of, state_there, there
from tests.saas.management.conftest import Run
from tests.samples_database import Samples
from tests.structure.test_sql_of_a_life import owner_and_manager_routes
from tests.worker_process import wait_until

__all__ = ["there"]
LATE = "Zapisana później"
RENAME = f"UPDATE a_lipowa.profile_fund SET name = '{LATE}'"
WAITING = """
SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database
 WHERE d.datname = current_database() AND l.locktype = 'relation' AND NOT l.granted AND l.mode = 'ShareLock'
"""


@pytest.fixture
def visitor(samples_db: Samples) -> Iterator[psycopg.Connection[Any]]:
    """A session of its own whose transaction has written and is not over."""
    with admin_connection(str(connections["owner"].settings_dict["NAME"])) as session:
        session.autocommit = False
        session.execute(RENAME)
        yield session
        session.rollback()


def name_there(table: str = "profile_associationprofile") -> str:
    with admin_connection(ELSEWHERE) as admin:
        row = admin.execute(f"SELECT name FROM a_lipowa.{table} LIMIT 1").fetchone()
    assert row is not None
    return str(row[0])


def write_after(step: str, samples: Samples, patch: pytest.MonkeyPatch) -> list[str]:
    """Somebody renames the association once, right behind the first run of the step; how often the step ran."""
    former = getattr(moving, step)
    ran: list[str] = []

    def step_and_write(*words: Any) -> Any:
        move = former(*words)
        if not ran:
            change_name(samples.lipowa, name=LATE, actor=SYSTEM)
        ran.append(step)
        return move

    patch.setattr(moving, step, step_and_write)
    return ran


def test_a_transaction_that_writes_when_the_doors_close_is_waited_for_and_moves_along(
    run: Run, samples_db: Samples, folder: Path, there: str, visitor: psycopg.Connection[Any]
) -> None:
    def commit_when_waited_for() -> None:
        with admin_connection(str(connections["owner"].settings_dict["NAME"])) as watch:
            wait_until(lambda: watch.execute(WAITING).fetchone(), seconds=60)
        visitor.commit()

    thread = threading.Thread(target=commit_when_waited_for)
    thread.start()
    run("move_association", "lipowa", "--there", there)
    thread.join()

    assert name_there("profile_fund") == LATE
    assert (state_of(samples_db.lipowa), state_there(there)) == ("archived", ["active"])


@pytest.mark.parametrize(
    ("table", "state"), [("profile_fund", "read_only"), ("profile_associationprofile", "active")]
)
def test_a_transaction_that_does_not_end_is_told_of_and_the_next_run_goes_on(
    run: Run,
    samples_db: Samples,
    folder: Path,
    there: str,
    visitor: psycopg.Connection[Any],
    monkeypatch: pytest.MonkeyPatch,
    table: str,
    state: str,
) -> None:
    visitor.execute(f"UPDATE a_lipowa.{table} SET name = '{LATE}'")
    monkeypatch.setattr(holding, "LOCK_TIMEOUT", "200ms")
    with pytest.raises(CommandError, match=rf"still writes \({table}\): run the command again"):
        run("move_association", "lipowa", "--there", there)
    assert state_of(samples_db.lipowa) == state
    visitor.commit()

    run("move_association", "lipowa")

    assert name_there(table) == LATE
    assert state_of(samples_db.lipowa) == "archived"


def test_what_is_written_after_the_last_copy_is_copied_once_more(
    run: Run, samples_db: Samples, folder: Path, there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = write_after("_carry", samples_db, monkeypatch)

    said = run("move_association", "lipowa", "--there", there)

    assert said.split()[:6] == ["rehearsed", "closed", "carried", "closed", "carried", "switched"]
    assert len(copies) == 2
    assert name_there() == LATE
    assert (state_of(samples_db.lipowa), state_there(there)) == ("archived", ["active"])


def test_what_is_written_after_the_opening_there_is_told_and_nothing_is_archived(
    run: Run, samples_db: Samples, folder: Path, there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_after("_switch", samples_db, monkeypatch)

    for words in (("--there", there), ()):
        with pytest.raises(
            CommandError, match=r"1 acts were written here .* association.renamed: nothing was"
        ):
            run("move_association", "lipowa", *words)
        assert (state_of(samples_db.lipowa), state_there(there)) == ("read_only", ["active"])

    run("archive_association", "lipowa")
    run("move_association", "lipowa")
    assert not move_path("lipowa").exists()
    assert (state_of(samples_db.lipowa), state_there(there)) == ("archived", ["active"])


def test_what_owners_may_write_there_already_is_never_copied_over(
    run: Run, samples_db: Samples, folder: Path, there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run died between opening the doors there and writing it down; here somebody wrote late."""
    former = moving._switch

    def die(*words: Any) -> Any:
        former(*words)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(moving, "_switch", die)
        with pytest.raises(KeyboardInterrupt):
            run("move_association", "lipowa", "--there", there)
    change_name(samples_db.lipowa, name=LATE, actor=SYSTEM)
    with admin_connection(ELSEWHERE) as admin:
        admin.execute("UPDATE a_lipowa.profile_associationprofile SET name = 'Zapisana tam'")

    with pytest.raises(CommandError, match="1 acts were written here"):
        run("move_association", "lipowa")

    assert name_there() == "Zapisana tam"
    assert state_of(samples_db.lipowa) == "read_only"


def test_a_move_that_a_former_release_began_is_copied_again_before_the_doors_open(
    run: Run, samples_db: Samples, folder: Path, there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its file does not say how many acts the log had."""
    former = moving._carry

    def die(*words: Any) -> Any:
        moving._write(former(*words))
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(moving, "_carry", die)
        with pytest.raises(KeyboardInterrupt):
            run("move_association", "lipowa", "--there", there)
    said = json.loads(move_path("lipowa").read_text())
    assert said.pop("acts") > 0
    move_path("lipowa").write_text(json.dumps(said))
    change_name(samples_db.lipowa, name=LATE, actor=SYSTEM)

    run("move_association", "lipowa")

    assert name_there() == LATE
    assert state_of(samples_db.lipowa) == "archived"


def test_of_two_operators_who_move_at_once_one_is_told(run: Run, samples_db: Samples, folder: Path) -> None:
    # The runtime role's session is another one than the owner's.
    with lock_association(samples_db.lipowa.id, using="default"):
        for words in (("--there", "/nowhere"), ("--cancel",)):
            with pytest.raises(CommandError, match="Another operator"):
                run("move_association", "lipowa", *words)

    assert not move_path("lipowa").exists()
    assert state_of(samples_db.lipowa) == "active"


@pytest.mark.parametrize("door", ["association", "apex"])
def test_pages_that_only_show_write_no_act_but_that_somebody_looked(samples_db: Samples, door: str) -> None:
    """Else reading on during a move would look like a late change."""
    values = values_here(samples_db)
    role, routes = owner_and_manager_routes(door)
    browser = samples_db[role].browser(HOSTS[door])
    with enter_association(samples_db.sloneczna):
        AssociationProfile.objects.update(state="read_only")
        before = set(AuditEntry.objects.values_list("pk", flat=True))

    for route in routes:
        answer: Any = browser.get(route.address(values))
        answer.close()

    with enter_association(samples_db.sloneczna):
        written = set(AuditEntry.objects.exclude(pk__in=before).values_list("action", flat=True))
    expected = {"association": {"data_copy.made"}, "apex": {"holding.previewed", "import.file_downloaded"}}
    assert written == expected[door] <= READING_ACTS


def test_looking_after_the_last_copy_makes_no_other_one(
    run: Run, samples_db: Samples, folder: Path, there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    former, owner = moving._carry, samples_db[Role.OTHER_OWNER].browser()
    looked: list[int] = []

    def carry_and_look(*words: Any) -> Any:
        move = former(*words)
        answer: Any = owner.get("/konto/kopia-danych/")
        looked.append(answer.status_code)
        answer.close()
        return move

    monkeypatch.setattr(moving, "_carry", carry_and_look)
    run("move_association", "lipowa", "--there", there)

    assert looked == [200]
    with enter_association(samples_db.lipowa):
        assert AuditEntry.objects.filter(action="data_copy.made").exists()
