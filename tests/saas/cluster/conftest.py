"""A stand-in for Citus in the test's own database (stand_in.sql): what the program asks of Citus, and tells it."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from tests.databases import admin_connection
from tests.saas.management.conftest import run

__all__ = ["run"]
STAND_IN = Path(__file__).with_name("stand_in.sql")
STATE = """
SELECT c.relname, c.relpersistence, c.relreplident FROM pg_class c
 WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r' AND c.relname LIKE '%%staged%%' ORDER BY 1
"""
Asked = list[tuple[Any, ...]]


class StandIn:
    """The cluster: a coordinator, two workers, and the associations that were placed."""

    def ask(self, statement: str, *parameters: Any) -> Asked:
        """As a superuser, in the test's database."""
        with admin_connection(str(connections["owner"].settings_dict["NAME"])) as admin:
            answer = admin.execute(statement, parameters)
            return answer.fetchall() if answer.description else []

    def place(self, schema: str, group: int, number: int) -> None:
        """The schema is distributed and lies on the node of this group."""
        self.ask("INSERT INTO pg_dist_schema VALUES (%s::regnamespace, %s)", schema, number)
        self.ask("INSERT INTO stand_in_lies VALUES (%s, %s)", number, group)

    def switch(self, name: str, value: str) -> None:
        """Let it be `broken` for a schema, `silent` at a node, take `seconds`, be `moving` a schema …"""
        self.ask("INSERT INTO stand_in_switches VALUES (%s, %s)", name, value)

    def plan(self, schema: str, group: int) -> None:
        """Citus would move the schema to the node of this group."""
        self.ask("INSERT INTO stand_in_plan VALUES (%s, %s)", schema, group)

    @property
    def moved(self) -> Asked:
        """Schema, node and mode of each move that was done, in order."""
        return self.ask("SELECT schema, target, mode FROM stand_in_moved ORDER BY id")

    def staging(self, schema: str) -> Asked:
        """Name, persistence and replica identity of the schema's staging tables."""
        return self.ask(STATE, schema)


@pytest.fixture
def cluster(committed_db: None, settings: Any) -> StandIn:
    """KARTOTEKA_CITUS=1 and the stand-in, with `sloneczna` on the first worker and `lipowa` not distributed."""
    settings.CITUS = True
    name = str(connections["owner"].settings_dict["NAME"])
    with admin_connection(name) as admin:
        admin.execute(STAND_IN.read_text(encoding="utf-8"))
        # An extension without files: what the program looks up, and nothing that would run.
        admin.execute("SET allow_system_table_mods = on")
        admin.execute(
            "INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)"
            " SELECT 999999, 'citus', 10, oid, false, '14.0-1' FROM pg_namespace WHERE nspname = 'citus'"
        )
    stand_in = StandIn()
    stand_in.place("a_sloneczna", 1, 1)
    return stand_in
