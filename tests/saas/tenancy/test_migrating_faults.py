"""Migrating when the server, the disk, a process or another operator comes between: others go on, the next run ends it."""

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connections

from saas.tenancy.switching import AssociationRef
from tests.databases import admin_connection
from tests.saas.tenancy.test_migrating import ask, check, five, later, migrate

__all__ = ["five", "later"]
pytestmark = pytest.mark.usefixtures("committed_db")


def test_connection_lost_in_the_middle_is_made_anew(five: list[AssociationRef], later: None) -> None:
    lost: list[int] = []

    def break_off(execute: Any, sql: Any, *arguments: Any) -> Any:
        if not lost and "profile_motto" in str(sql) and "scratch" not in connections["owner"].schema_name:  # type: ignore[attr-defined]
            lost.append(connections["owner"].connection.info.backend_pid)
            with admin_connection() as admin:
                admin.execute("SELECT pg_terminate_backend(%s, 5000)", lost)
        return execute(sql, *arguments)

    with connections["owner"].execute_wrapper(break_off):
        outcome = migrate(jobs=1)

    assert lost
    assert set(outcome.values()) == {"migrated"}
    assert check() == {"ok"}


def test_server_that_stays_away_fails_what_is_left_and_the_next_run_completes(
    five: list[AssociationRef], later: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("saas.tenancy.migrating.RECONNECT_SECONDS", 0.1)
    port = connections["owner"].settings_dict["PORT"]

    def go_away(execute: Any, sql: Any, *arguments: Any) -> Any:
        if "profile_motto" in str(sql) and connections["owner"].schema_name == five[1].schema_name:  # type: ignore[attr-defined]
            connections["owner"].settings_dict["PORT"] = "1"
            connections["owner"].connection.close()
        return execute(sql, *arguments)

    with connections["owner"].execute_wrapper(go_away):
        outcome = migrate(jobs=1)
    connections["owner"].settings_dict["PORT"] = port
    connections["owner"].close()

    assert outcome[five[0].slug] == "migrated"
    assert {state for slug, state in outcome.items() if slug != five[0].slug} == {"failed: OperationalError"}
    assert set(migrate().values()) == {"ok", "migrated"}
    assert check() == {"ok"}


def test_full_disk_fails_the_association_alone_and_the_next_run_completes(
    five: list[AssociationRef], later: None
) -> None:
    def run_full(execute: Any, sql: Any, *arguments: Any) -> Any:
        if "profile_motto" in str(sql) and connections["owner"].schema_name == five[1].schema_name:  # type: ignore[attr-defined]
            raise OperationalError("could not extend file: No space left on device")
        return execute(sql, *arguments)

    with connections["owner"].execute_wrapper(run_full):
        outcome = migrate(jobs=1)

    assert outcome.pop(five[1].slug) == "failed: OperationalError"
    assert set(outcome.values()) == {"migrated"}
    with pytest.raises(Exception, match="motto"):
        ask(five[1], "SELECT motto FROM profile_associationprofile")
    assert migrate(five[1].slug, jobs=1) == {five[1].slug: "migrated"}


@pytest.fixture
def dies_in(five: list[AssociationRef]) -> Iterator[AssociationRef]:
    """A process that comes to this association is killed in the middle of it."""
    victim, parent = five[3], os.getpid()

    def die(execute: Any, sql: Any, *arguments: Any) -> Any:
        is_there = connections["owner"].schema_name == victim.schema_name  # type: ignore[attr-defined]
        if "profile_motto" in str(sql) and is_there and os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, *arguments)

    with connections["owner"].execute_wrapper(die):
        yield victim


def test_killed_process_leaves_its_association_as_it_was_and_the_others_go_on(
    dies_in: AssociationRef, later: None
) -> None:
    outcome = migrate(jobs=2)

    assert outcome.pop(dies_in.slug) == "failed: its process ended with -9"
    assert set(outcome.values()) == {"migrated"}
    with pytest.raises(Exception, match="motto"):
        ask(dies_in, "SELECT motto FROM profile_associationprofile")
    assert migrate(dies_in.slug, jobs=1) == {dies_in.slug: "migrated"}


def test_association_that_another_operator_holds_is_told(later: None, sloneczna: AssociationRef) -> None:
    from saas.tenancy.locking import _number_of

    with admin_connection(str(connections["owner"].settings_dict["NAME"])) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [_number_of(sloneczna.id)])
        outcome = migrate(jobs=1, lock_timeout=0.1)

    assert outcome == {"lipowa": "migrated", "sloneczna": "failed: busy"}
