"""`cluster_status`: nodes, settings, where schemas lie and what must be set right; the stand-in answers for Citus."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from tests.saas.cluster.conftest import StandIn
from tests.saas.management.conftest import Run


def told(run: Run) -> dict[str, Any]:
    return dict(json.loads(run("cluster_status", "--json")))


def test_without_citus_it_is_said_in_one_sentence(committed_db: None, run: Run, settings: Any) -> None:
    with pytest.raises(
        CommandError, match=r"^This database has no Citus: every association lies on this server\.$"
    ):
        run("cluster_status")
    assert told(run) == {"citus": None, "is_wanted": False}

    settings.CITUS = True

    with pytest.raises(CommandError, match="KARTOTEKA_CITUS is set all the same"):
        run("cluster_status")
    assert told(run) == {"citus": None, "is_wanted": True}


def test_nodes_and_where_each_schema_lies(cluster: StandIn, run: Run) -> None:
    cluster.place("a_lipowa", 2, 2)

    said = told(run)["citus"]

    assert said["version"] == "14.0-1"
    assert [(one["name"], one["role"], one["takes_schemas"]) for one in said["nodes"]] == [
        ("coordinator.example", "primary", False),
        ("first.example", "primary", True),
        ("second.example", "primary", True),
        ("second-standby.example", "secondary", True),
    ]
    size = cluster.ask("SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r'"
                       " AND relnamespace = 'a_lipowa'::regnamespace")[0][0]  # fmt: skip
    # A standby of the same group does not count a schema twice.
    assert [(one["schema"], one["node"]) for one in said["placements"]] == [
        ("a_lipowa", "second.example:5433"),
        ("a_sloneczna", "first.example:5432"),
    ]
    assert said["placements"][0]["size"] == size
    assert (said["associations"], said["undistributed"], said["unsettled"]) == (2, [], [])
    assert (said["rebalance"], said["moves"], said["spread_shared_tables"]) == (None, [], [])
    assert said["shared_tables"] > 20


def test_what_must_be_set_right_is_named(cluster: StandIn, run: Run) -> None:
    cluster.ask("UPDATE pg_dist_node SET isactive = false WHERE nodeid = 3")
    cluster.ask("INSERT INTO pg_dist_partition VALUES ('jobs_job', 'n', NULL, 5, 't')")
    name = connections["owner"].settings_dict["NAME"]
    cluster.ask(f"ALTER DATABASE \"{name}\" SET citus.propagate_set_commands = 'none'")
    connections["owner"].close()

    problems = told(run)["citus"]["problems"]

    sessions = cluster.ask("SHOW max_connections")[0][0]
    prepared = f"max_prepared_transactions is 0, and must be at least max_connections ({sessions})"
    assert problems == [
        "second.example:5433 is not active",
        "coordinator: wal_level is replica, and must be logical",
        f"coordinator: {prepared}",
        "first.example:5432: wal_level is replica, and must be logical",
        f"first.example:5432: {prepared}",
        "coordinator: citus.propagate_set_commands is none, and must be local",
        "not distributed: lipowa",
        "shared tables that are not on the coordinator alone: jobs_job",
    ]
    with pytest.raises(CommandError, match=r"To be set right: second\.example:5433 is not active; "):
        run("cluster_status")


def test_a_setting_that_the_role_may_not_see_and_a_silent_node_are_no_lie(cluster: StandIn, run: Run) -> None:
    cluster.switch("silent", "second.example")

    settings = {(one["node"], one["name"]): one["is_right"] for one in told(run)["citus"]["settings"]}

    assert settings["coordinator", "shared_preload_libraries"] is None
    assert settings["first.example:5432", "wal_level"] is False
    assert settings["second.example:5433", "wal_level"] is None


def test_an_operator_reads_it_in_lines_with_moves_under_way(cluster: StandIn, run: Run) -> None:
    cluster.switch("rebalance", "running")
    cluster.switch("moving", "a_sloneczna")
    out = StringIO()

    with pytest.raises(CommandError, match="not distributed: lipowa"):
        call_command("cluster_status", stdout=out)

    lines = out.getvalue()
    assert "node           first.example:5432 worker, primary: 1 schemas, " in lines
    assert "associations   2, 1 of them not distributed" in lines
    assert "rebalance      job 7: running, Rebalance all colocation groups" in lines
    assert "moving         a_sloneczna from first.example:5432 to second.example:5433" in lines
    assert "schema         a_sloneczna on first.example:5432, " in lines
    assert "setting        coordinator wal_level: replica, must be logical" in lines
    assert "shared_preload_libraries: not shown to this role" in lines


def test_a_cluster_that_does_not_answer_is_told_in_one_sentence(cluster: StandIn, run: Run) -> None:
    """A node that is down, or a Citus of another age."""
    cluster.ask("DROP FUNCTION get_rebalance_progress()")
    cluster.ask("DROP FUNCTION get_rebalance_table_shards_plan")

    with pytest.raises(CommandError, match="The cluster does not answer: UndefinedFunction: "):
        run("cluster_status", "--json")
    with pytest.raises(CommandError, match="Citus has no plan: UndefinedFunction: "):
        run("rebalance_associations")
