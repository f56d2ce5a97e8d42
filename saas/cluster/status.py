"""How the cluster is, as one value: what `manage.py cluster_status` prints, and what must be set right."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from saas.cluster.citus import (
    COORDINATOR_GROUP,
    Node,
    Placement,
    Rebalance,
    SchemaMove,
    citus_version,
    read_moves,
    read_nodes,
    read_placements,
    read_propagation,
    read_rebalance,
    read_settings,
    read_shared_tables,
)
from saas.cluster.staging import schemas_being_prepared
from saas.tenancy.listing import all_refs
from saas.tenancy.switching import enter_public

OWNER = "owner"
PRELOADED, WAL, PREPARED, SESSIONS, PROPAGATED = (
    "shared_preload_libraries",
    "wal_level",
    "max_prepared_transactions",
    "max_connections",
    "citus.propagate_set_commands",
)


@dataclass(frozen=True, slots=True)
class Setting:
    """A required setting of one node; `value` is None where the node does not show it, and `is_right` then, too."""

    node: str
    name: str
    wanted: str
    value: str | None
    is_right: bool | None


@dataclass(frozen=True, slots=True)
class ClusterStatus:
    """The cluster at one moment. Sizes are bytes; associations go by their slugs.

    `undistributed`: their schemas lie on the coordinator. `unsettled`: their staging tables are as an online move
    that was cut short left them. `spread_shared_tables` should be none: shared tables stay on the coordinator.
    """

    version: str
    nodes: tuple[Node, ...]
    settings: tuple[Setting, ...]
    placements: tuple[Placement, ...]
    associations: int
    undistributed: tuple[str, ...]
    unsettled: tuple[str, ...]
    shared_tables: int
    spread_shared_tables: tuple[str, ...]
    rebalance: Rebalance | None
    moves: tuple[SchemaMove, ...]
    problems: tuple[str, ...]


def read_cluster_status() -> ClusterStatus | None:
    """Ask everything now, as the owner role; None where this database has no Citus. Raises DatabaseError."""
    with enter_public(using=OWNER):
        version = citus_version()
        if version is None:
            return None
        nodes, placements, shared = read_nodes(), read_placements(), read_shared_tables()
        refs, required = all_refs(), tuple(_required())
        placed = {one.schema for one in placements}
        unsettled = schemas_being_prepared([ref.schema_name for ref in refs])
        undistributed = tuple(ref.slug for ref in refs if ref.schema_name not in placed)
        spread = tuple(name for name, is_spread in shared if is_spread)
        return ClusterStatus(
            version=version,
            nodes=nodes,
            settings=required,
            placements=placements,
            associations=len(refs),
            undistributed=undistributed,
            unsettled=tuple(ref.slug for ref in refs if ref.schema_name in unsettled),
            shared_tables=len(shared),
            spread_shared_tables=spread,
            rebalance=read_rebalance(),
            moves=read_moves(),
            problems=tuple(_problems(nodes, required, undistributed, spread)),
        )


def _required() -> Iterator[Setting]:
    told = read_settings((PRELOADED, WAL, PREPARED, SESSIONS))
    for node, answer in told.items():
        shown = answer or {}
        libraries = shown.get(PRELOADED)
        has_citus = (
            None if libraries is None else "citus" in [one.strip(' "') for one in libraries.split(",")]
        )
        yield Setting(node, PRELOADED, "citus among them", libraries, has_citus)
        yield _exactly(node, WAL, "logical", shown.get(WAL))
        prepared, sessions = shown.get(PREPARED), shown.get(SESSIONS)
        is_enough = int(prepared) >= int(sessions) if prepared and sessions else None
        yield Setting(node, PREPARED, f"at least max_connections ({sessions})", prepared, is_enough)
    yield _exactly("coordinator", PROPAGATED, "local", read_propagation())


def _exactly(node: str, name: str, wanted: str, value: str | None) -> Setting:
    return Setting(node, name, wanted, value, None if value is None else value == wanted)


def _problems(
    nodes: tuple[Node, ...],
    required: tuple[Setting, ...],
    undistributed: tuple[str, ...],
    spread: tuple[str, ...],
) -> Iterator[str]:
    if not settings.CITUS:
        yield "KARTOTEKA_CITUS is off: new associations are made on the coordinator"
    if not any(node.takes_schemas and node.is_active and node.group != COORDINATOR_GROUP for node in nodes):
        yield "no active worker node takes schemas"
    for node in nodes:
        if not node.is_active:
            yield f"{node.address} is not active"
    for one in required:
        if one.is_right is False:
            yield f"{one.node}: {one.name} is {one.value}, and must be {one.wanted}"
    if undistributed:
        yield f"not distributed: {', '.join(undistributed)}"
    if spread:
        yield f"shared tables that are not on the coordinator alone: {', '.join(spread)}"
