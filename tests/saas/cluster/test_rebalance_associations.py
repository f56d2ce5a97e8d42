"""`rebalance_associations`: by Citus's plan or to a node, one after the other, with staging made ready and put back.

A stand-in answers for Citus: what is tried is what the program asks and in which order, and the tables' own state.
"""

import json
import subprocess
import sys
from contextlib import suppress
from io import StringIO
from threading import Event, Thread, Timer
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.test.utils import CaptureQueriesContext

from saas.cluster.staging import prepare_staging, staging_tables
from saas.jobs.actions import enqueue_job
from saas.jobs.leases import claim_job
from saas.jobs.models import JobKind
from saas.keeping.backing_up import back_up
from saas.keeping.catalog import SchemaCatalog
from saas.tenancy.locking import lock_association
from saas.tenancy.switching import AssociationRef
from tests.databases import admin_connection
from tests.saas.cluster.conftest import StandIn
from tests.saas.management.conftest import Run
from tests.structure.sql_rules import offences
from tests.worker_process import CHECKOUT, program_environment, wait_until

SECOND = "second.example:5433"


def rebalance(*words: str) -> dict[str, str]:
    """What the command says of each; that it ends with an error is told by the outcome."""
    out = StringIO()
    with suppress(CommandError):
        call_command("rebalance_associations", *words, "--json", stdout=out)
    return dict(json.loads(out.getvalue()))


def test_staging_tables_are_the_unlogged_ones(cluster: StandIn) -> None:
    found = cluster.ask(
        "SELECT relname FROM pg_class WHERE relnamespace = 'a_sloneczna'::regnamespace AND relkind = 'r'"
        " AND relpersistence = 'u'"
    )

    assert staging_tables() == {name for (name,) in found}
    assert len(staging_tables()) > 10


def test_without_citus_and_with_half_a_wish_it_is_refused(committed_db: None, run: Run) -> None:
    with pytest.raises(CommandError, match="no Citus: there are no nodes"):
        run("rebalance_associations")
    with pytest.raises(CommandError, match="SLUG and --to go together"):
        run("rebalance_associations", "sloneczna")


def test_one_association_goes_to_a_node_while_writes_wait(
    cluster: StandIn, sloneczna: AssociationRef
) -> None:
    before = cluster.staging("a_sloneczna")
    with CaptureQueriesContext(connections["owner"]) as captured:
        assert rebalance("sloneczna", "--to", SECOND) == {"sloneczna": "moved"}

    assert cluster.moved == [("a_sloneczna", SECOND, "block_writes")]
    assert [one["sql"] for one in captured if one["sql"].startswith("ALTER")] == []
    assert cluster.staging("a_sloneczna") == before
    assert rebalance("sloneczna", "--to", SECOND) == {"sloneczna": "there"}


def test_online_staging_is_logged_before_and_unlogged_after(cluster: StandIn) -> None:
    """The stand-in refuses an online move as Citus does: with an unlogged table or one without a key."""
    before = cluster.staging("a_sloneczna")
    with CaptureQueriesContext(connections["owner"]) as captured:
        assert rebalance("sloneczna", "--to", SECOND, "--online") == {"sloneczna": "moved"}

    assert cluster.moved == [("a_sloneczna", SECOND, "auto")]
    sent = [one["sql"] for one in captured]
    assert [one for one in sent if offences(one)] == []
    moved = next(number for number, one in enumerate(sent) if "citus_schema_move" in one)
    prepared, settled = (
        [one.split(maxsplit=3)[2:] for one in part if one.startswith("ALTER TABLE")]
        for part in (sent[:moved], sent[moved:])
    )
    tables = [f'"a_sloneczna"."{name}"' for name in sorted(staging_tables())]
    assert sorted(table for table, change in prepared if change == "SET LOGGED") == tables
    assert sorted(table for table, change in settled if change == "SET UNLOGGED") == tables
    assert {table for table, change in prepared if change == "REPLICA IDENTITY FULL"} == {
        table for table, change in settled if change == "REPLICA IDENTITY DEFAULT"
    }
    assert cluster.staging("a_sloneczna") == before


@pytest.mark.parametrize("words", [(), ("--online",)], ids=["blocking", "online"])
def test_a_failed_move_names_the_reason_and_leaves_staging_as_it_was(
    cluster: StandIn, words: tuple[str, ...]
) -> None:
    before = cluster.staging("a_sloneczna")
    cluster.switch("broken", "a_sloneczna")

    outcome = rebalance("sloneczna", "--to", SECOND, *words)

    assert outcome == {"sloneczna": f"failed: RaiseException: connection to the remote node {SECOND} failed"}
    assert cluster.staging("a_sloneczna") == before
    assert cluster.moved == []


def test_all_go_by_the_plan_of_citus_past_one_that_fails(cluster: StandIn, run: Run) -> None:
    cluster.place("a_lipowa", 1, 2)
    cluster.plan("a_lipowa", 2)
    cluster.plan("a_sloneczna", 2)
    move = f"first.example:5432 → {SECOND}"
    assert rebalance("--plan") == {"lipowa": move, "sloneczna": move}
    assert cluster.moved == []
    cluster.switch("broken", "a_lipowa")

    with pytest.raises(CommandError, match="Not every association"):
        run("rebalance_associations")

    assert cluster.moved == [("a_sloneczna", SECOND, "block_writes")]
    cluster.ask("DELETE FROM stand_in_switches")
    assert rebalance("--online") == {"lipowa": "moved"}
    assert run("rebalance_associations").strip() == "Nothing to move: Citus finds the nodes even."


def test_what_cannot_be_is_refused(cluster: StandIn, run: Run) -> None:
    for slug, node, reason in (
        ("sloneczna", "third.example:5432", "There is no node third.example:5432; there are coordinator"),
        ("sloneczna", "second-standby.example:5433", "There is no node second-standby"),
        ("sloneczna", "coordinator.example:5432", "takes no schemas"),
        ("lipowa", SECOND, "lipowa is not distributed: run SELECT citus_schema_distribute"),
        ("nieznana", SECOND, "There is no association nieznana"),
    ):
        with pytest.raises(CommandError, match=reason):
            run("rebalance_associations", slug, "--to", node)
    assert cluster.moved == []


def test_a_running_job_is_waited_for_or_told(cluster: StandIn, sloneczna: AssociationRef) -> None:
    enqueue_job(association=sloneczna, kind=JobKind.SEND_MAIL)
    assert claim_job() is not None

    assert rebalance("sloneczna", "--to", SECOND) == {"sloneczna": "busy: a job runs"}

    end = Timer(0.5, cluster.ask, ["UPDATE jobs_job SET state = 'done'"])
    end.start()
    assert rebalance("sloneczna", "--to", SECOND, "--wait", "20") == {"sloneczna": "moved"}
    end.join()


def test_another_operator_is_told_and_waited_for(cluster: StandIn, sloneczna: AssociationRef) -> None:
    holds, ends = Event(), Event()

    def hold() -> None:
        with lock_association(sloneczna.id):
            holds.set()
            ends.wait(20)
        connections.close_all()

    other = Thread(target=hold)
    other.start()
    holds.wait(20)

    assert rebalance("sloneczna", "--to", SECOND) == {"sloneczna": "busy: another operator works on it"}

    Timer(0.5, ends.set).start()
    assert rebalance("sloneczna", "--to", SECOND, "--wait", "20") == {"sloneczna": "moved"}
    other.join()


def test_a_table_in_use_is_not_waited_for_for_ever(cluster: StandIn) -> None:
    before = cluster.staging("a_sloneczna")
    with admin_connection(str(connections["owner"].settings_dict["NAME"])) as reader:
        reader.autocommit = False
        reader.execute("SELECT * FROM a_sloneczna.ledger_stagedposting")

        outcome = rebalance("sloneczna", "--to", SECOND, "--online", "--lock-timeout", "0.1")

    assert outcome["sloneczna"].startswith("failed: LockNotAvailable: ")
    assert cluster.staging("a_sloneczna") == before
    assert cluster.moved == []


def test_a_killed_command_is_completed_by_the_next_one(cluster: StandIn, sloneczna: AssociationRef) -> None:
    before = cluster.staging("a_sloneczna")
    cluster.switch("seconds", "4")
    command = subprocess.Popen(
        [sys.executable, "manage.py", "rebalance_associations", "sloneczna", "--to", SECOND, "--online"],
        cwd=CHECKOUT,
        env=program_environment(KARTOTEKA_CITUS="1"),
    )
    moves = (
        "SELECT 1 FROM pg_stat_activity"
        " WHERE starts_with(query, 'SELECT citus_schema_move') AND state = 'active' AND datname = current_database()"
    )
    try:
        wait_until(lambda: cluster.ask(moves))
    finally:
        command.kill()
        command.wait()
    assert {persistence for _, persistence, _ in cluster.staging("a_sloneczna")} == {"p"}

    # The server goes on with the statement of a client that is gone, and holds the association meanwhile.
    told = rebalance("sloneczna", "--to", SECOND, "--online")
    assert told["sloneczna"].startswith("busy: another operator works on it")
    wait_until(lambda: not cluster.ask(moves))
    assert json.loads(cluster_status())["citus"]["unsettled"] == ["sloneczna"]

    assert rebalance("sloneczna", "--to", SECOND, "--online", "--wait", "10") == {"sloneczna": "there"}
    assert cluster.staging("a_sloneczna") == before
    assert cluster.moved == [("a_sloneczna", SECOND, "auto")]


def cluster_status() -> str:
    out = StringIO()
    call_command("cluster_status", "--json", stdout=out)
    return out.getvalue()


def test_a_backup_taken_meanwhile_still_leaves_staging_out(
    cluster: StandIn, sloneczna: AssociationRef, tmp_path: Any
) -> None:
    """As between a killed command and the next one."""
    before = SchemaCatalog("a_sloneczna", using="owner").tables()
    prepare_staging("a_sloneczna", lock_seconds=3)

    assert SchemaCatalog("a_sloneczna", using="owner").tables() == before
    assert set(back_up(sloneczna, tmp_path / "one.tar.gz").tables).isdisjoint(staging_tables())
