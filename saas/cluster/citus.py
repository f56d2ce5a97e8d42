"""What Citus tells of its cluster: nodes, where schemas lie, moves under way. Reads only; as the owner role by itself.

Names and signatures as Citus 12 to 14 have them (src/backend/distributed/sql of its source). Its tables, views and
functions are found by the search path: they stand in pg_catalog, some in public.
"""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connections

OWNER = "owner"
COORDINATOR_GROUP = 0
"""Citus gives the coordinator this group of nodes."""
NODES = """
SELECT nodeid, groupid, nodename, nodeport, noderole::text, isactive, shouldhaveshards, metadatasynced
  FROM pg_dist_node ORDER BY groupid, nodeid
"""
# A standby has its primary's group and would count every table once more.
PLACEMENTS = """
SELECT n.nspname, p.nodename, p.nodeport, coalesce(p.size, 0)::bigint
  FROM pg_dist_schema s
  JOIN pg_namespace n ON n.oid = s.schemaid
  LEFT JOIN (SELECT c.colocation_id, c.nodename, c.nodeport, sum(c.shard_size) AS size
               FROM citus_shards c
               JOIN pg_dist_node d ON d.nodename = c.nodename AND d.nodeport = c.nodeport
              WHERE d.noderole::text = 'primary'
              GROUP BY c.colocation_id, c.nodename, c.nodeport) p ON p.colocation_id = s.colocationid
 ORDER BY n.nspname COLLATE "C", p.nodename, p.nodeport
"""
# One text for each node: Citus sends it as it stands.
STORED = """
SELECT json_object_agg(nspname, size)
  FROM (SELECT n.nspname, sum(c.relpages::bigint) * current_setting('block_size')::int AS size
          FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid
         GROUP BY n.nspname) AS stored
"""
# What citus_tables calls local: on the coordinator alone, and merely known to Citus.
SHARED = """
SELECT c.relname, EXISTS (SELECT 1 FROM pg_dist_partition p
                           WHERE p.logicalrelid = c.oid
                             AND (p.partkey IS NOT NULL OR p.repmodel = 't' OR p.colocationid <> 0))
  FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
   AND pg_get_userbyid(c.relowner) = current_user
 ORDER BY c.relname
"""
REBALANCE = "SELECT job_id, state::text, description, started_at, finished_at FROM citus_rebalance_status()"
PROGRESS = """
SELECT n.nspname, p.sourcename, p.sourceport, p.targetname, p.targetport
  FROM get_rebalance_progress() p
  JOIN pg_class c ON c.oid = p.table_name
  JOIN pg_namespace n ON n.oid = c.relnamespace
 GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
"""
PLAN = """
SELECT n.nspname, p.sourcename, p.sourceport, p.targetname, p.targetport, sum(p.shard_size)::bigint
  FROM get_rebalance_table_shards_plan() p
  JOIN pg_class c ON c.oid = p.table_name
  JOIN pg_namespace n ON n.oid = c.relnamespace
 GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
"""


@dataclass(frozen=True, slots=True)
class Node:
    """One server of the cluster; `takes_schemas`: Citus places schemas on it."""

    id: int
    group: int
    name: str
    port: int
    role: str
    is_active: bool
    takes_schemas: bool
    has_metadata: bool

    @property
    def address(self) -> str:
        """As commands name it."""
        return f"{self.name}:{self.port}"


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a distributed schema lies; no node for one without tables."""

    schema: str
    node: str | None
    size: int


@dataclass(frozen=True, slots=True)
class SchemaMove:
    """A schema on its way, or that is to go, from one node to another."""

    schema: str
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Rebalance:
    """The youngest rebalance that Citus itself runs or ran in the background (citus_rebalance_start)."""

    job_id: int
    state: str
    description: str
    started_at: dt.datetime | None
    finished_at: dt.datetime | None


def said_by(error: DatabaseError) -> str:
    """What Citus or PostgreSQL said, in one line: it names tables and nodes, and no rows."""
    return f"{type(error.__cause__ or error).__name__}: {str(error).splitlines()[0]}"


def citus_version(*, using: str = OWNER) -> str | None:
    """The extension's version in this database; None where there is none."""
    rows = _rows("SELECT extversion FROM pg_extension WHERE extname = 'citus'", using=using)
    return str(rows[0][0]) if rows else None


def read_nodes() -> tuple[Node, ...]:
    """Every node that the coordinator knows, itself first where it is among them."""
    return tuple(Node(*row) for row in _rows(NODES))


def read_placements() -> tuple[Placement, ...]:
    """Every distributed schema with its node and bytes; asks all nodes for sizes."""
    return tuple(
        Placement(schema, f"{name}:{port}" if name else None, size)
        for schema, name, port, size in _rows(PLACEMENTS)
    )


def read_stored(*, using: str = OWNER) -> dict[str, int]:
    """Schema → bytes at the node where it lies, as of its last VACUUM or ANALYZE; silent nodes' are missing.

    Each node is asked for its catalog, which opens no file. Elsewhere a schema holds empty shells of its tables.
    """
    catalogs = [_rows(STORED, using=using)[0][0]]
    if citus_version(using=using):
        asked = "SELECT success, result FROM run_command_on_workers(%s, true)"
        answers = _rows(asked, [STORED], using)
        catalogs += [json.loads(result) for is_answered, result in answers if is_answered and result]
    stored: dict[str, int] = {}
    for told in catalogs:
        for schema, size in told.items():
            stored[schema] = max(size, stored.get(schema, 0))
    return stored


def read_shared_tables() -> tuple[tuple[str, bool], ...]:
    """The program's tables in public, and whether Citus was told to spread them over nodes."""
    return tuple((str(name), bool(is_spread)) for name, is_spread in _rows(SHARED))


def read_rebalance() -> Rebalance | None:
    """The youngest background rebalance; None where there was none."""
    rows = _rows(REBALANCE)
    return Rebalance(*rows[0]) if rows else None


def read_moves() -> tuple[SchemaMove, ...]:
    """Moves under way at this moment, whoever began them."""
    return tuple(_move(*row) for row in _rows(PROGRESS))


def plan_by_size() -> tuple[SchemaMove, ...]:
    """What Citus would move to even the nodes out, by its own strategy; all tables of a schema are one move."""
    return tuple(_move(*row[:5]) for row in _rows(PLAN))


def read_settings(names: Sequence[str]) -> dict[str, dict[str, str] | None]:
    """Node → the settings that it shows this role; None for a node that does not answer. `coordinator` is this server."""
    listed = ", ".join(f"'{name}'" for name in names)
    # One text for each node: Citus sends it as it stands.
    asked = f"SELECT json_object_agg(name, setting) FROM pg_settings WHERE name IN ({listed})"
    told: dict[str, dict[str, str] | None] = {"coordinator": _rows(asked)[0][0]}
    for name, port, is_answered, result in _rows(
        "SELECT nodename, nodeport, success, result FROM run_command_on_workers(%s, true)", [asked]
    ):
        told[f"{name}:{port}"] = json.loads(result) if is_answered and result else None
    return told


def read_propagation() -> str | None:
    """Which SET commands of this session reach the nodes (citus.propagate_set_commands)."""
    rows = _rows("SELECT current_setting('citus.propagate_set_commands', true)")
    return rows[0][0] or None


def move_schema(schema_name: str, name: str, port: int, *, mode: str) -> None:
    """Have Citus move the schema; returns when it is there.

    `mode`: `block_writes` (writes wait), or `auto` (online, by logical replication; needs keys or replica identities
    and logged tables). Raises DatabaseError as Citus puts it. Outside of transactions, as the schema's owner.
    """
    _run(
        "SELECT citus_schema_move(%s::regnamespace, %s, %s, %s::citus.shard_transfer_mode)",
        [schema_name, name, port, mode],
    )


def _move(schema: str, source: str, source_port: int, target: str, target_port: int) -> SchemaMove:
    return SchemaMove(schema, f"{source}:{source_port}", f"{target}:{target_port}")


def _rows(statement: str, parameters: list[Any] | None = None, using: str = OWNER) -> list[tuple[Any, ...]]:
    with connections[using].cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def _run(statement: str, parameters: list[Any]) -> None:
    with connections[OWNER].cursor() as cursor:
        cursor.execute(statement, parameters)
