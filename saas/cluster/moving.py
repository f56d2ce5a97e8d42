"""Moving associations between the nodes of a cluster: planned by Citus, one after the other, each held meanwhile.

Citus moves; this module says which and when, and sees to the staging tables around an online move. Not inside: moving
an association to another installation (saas.keeping.moving).
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import DatabaseError

from saas.cluster.citus import (
    Node,
    citus_version,
    move_schema,
    plan_by_size,
    read_nodes,
    read_placements,
    said_by,
)
from saas.cluster.staging import prepare_staging, schemas_being_prepared, settle_staging
from saas.jobs.models import Job, JobState
from saas.tenancy.listing import all_refs
from saas.tenancy.locking import AssociationBusyError, lock_association
from saas.tenancy.switching import AssociationRef, enter_public

OWNER = "owner"
PAUSE_SECONDS = 0.2
SETTLING_TRIES = 3
MOVED, THERE, SETTLED, FAILED, BUSY = "moved", "there", "settled", "failed", "busy"


class ClusterError(Exception):
    """Nothing can be moved this way; the text says why."""


@dataclass(frozen=True, slots=True)
class AssociationMove:
    """An association that is to go to another node (`name:port`); `source` is None where it has no tables yet."""

    association: AssociationRef
    source: str | None
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How to move: writes go on or wait; seconds to wait for a job or another operator, and for a table in use."""

    is_online: bool
    wait_seconds: float = 0.0
    lock_seconds: float = 3.0


def plan_all() -> tuple[AssociationMove, ...]:
    """What Citus would move by its own strategy, as far as it is associations. Raises ClusterError without Citus."""
    with enter_public(using=OWNER):
        _need_citus()
        refs = {ref.schema_name: ref for ref in all_refs()}
        planned = plan_by_size()
    return tuple(
        AssociationMove(refs[one.schema], one.source, one.target) for one in planned if one.schema in refs
    )


def plan_one(association: AssociationRef, target: str) -> AssociationMove:
    """The association to the node `name:port`. Raises ClusterError: unknown node, schema that is not distributed."""
    with enter_public(using=OWNER):
        _need_citus()
        node = _node_at(target)
        placed = {one.schema: one.node for one in read_placements()}
    if association.schema_name not in placed:
        raise ClusterError(
            f"{association.slug} is not distributed: run SELECT citus_schema_distribute("
            f"'{association.schema_name}') on the coordinator first."
        )
    return AssociationMove(association, placed[association.schema_name], node.address)


def unsettled_associations() -> tuple[AssociationRef, ...]:
    """Those whose staging tables are as an online move needs them: it runs, or its command was killed."""
    with enter_public(using=OWNER):
        refs = all_refs()
        found = schemas_being_prepared([ref.schema_name for ref in refs])
    return tuple(ref for ref in refs if ref.schema_name in found)


def settle(association: AssociationRef, manner: Manner) -> str:
    """Put staging tables back that a killed command left; `settled`, `busy: …` or `failed: …`."""
    try:
        with (
            enter_public(using=OWNER),
            lock_association(association.id, using=OWNER, wait_seconds=manner.wait_seconds),
        ):
            settle_staging(association.schema_name, lock_seconds=manner.lock_seconds)
    except AssociationBusyError:
        return f"{BUSY}: another operator works on it"
    except DatabaseError as error:
        return f"{FAILED}: {said_by(error)}"
    return SETTLED


def carry_out(move: AssociationMove, manner: Manner) -> str:
    """Move one association, held meanwhile, and say what became of it: `moved`, `there`, `busy: …` or `failed: …`.

    A job that runs is waited for, then told; one that begins during the move waits for its tables (or, online,
    for the last moment of the move). Whatever fails, the association answers from the node that it was on.
    """
    if move.source == move.target:
        return THERE
    ref = move.association
    try:
        with (
            enter_public(using=OWNER),
            lock_association(ref.id, using=OWNER, wait_seconds=manner.wait_seconds),
        ):
            if _works_on(ref, manner.wait_seconds):
                return f"{BUSY}: a job runs"
            return _move_online(move, manner) if manner.is_online else _move(move, "block_writes")
    except AssociationBusyError:
        return f"{BUSY}: another operator works on it"
    except DatabaseError as error:
        return f"{FAILED}: {said_by(error)}"


def _move_online(move: AssociationMove, manner: Manner) -> str:
    schema = move.association.schema_name
    try:
        prepare_staging(schema, lock_seconds=manner.lock_seconds)
        outcome = _move(move, "auto")
    except DatabaseError as error:
        outcome = f"{FAILED}: {said_by(error)}"
    finally:
        # Also where somebody interrupts the command; one that is killed leaves it to the next run.
        is_settled = _settle_patiently(schema, manner.lock_seconds)
    return outcome if is_settled else f"{FAILED}: {outcome}, staging tables stay logged until the next run"


def _move(move: AssociationMove, mode: str) -> str:
    name, _, port = move.target.rpartition(":")
    move_schema(move.association.schema_name, name, int(port), mode=mode)
    return MOVED


def _settle_patiently(schema: str, lock_seconds: float) -> bool:
    for _ in range(SETTLING_TRIES):
        try:
            settle_staging(schema, lock_seconds=lock_seconds)
        except DatabaseError:
            continue
        return True
    return False


def _works_on(association: AssociationRef, wait_seconds: float) -> bool:
    """Whether a job of the association still runs after so long."""
    deadline = time.monotonic() + wait_seconds
    running = Job.objects.using(OWNER).filter(association_id=association.id, state=JobState.RUNNING)
    while running.all().exists():
        if time.monotonic() >= deadline:
            return True
        time.sleep(PAUSE_SECONDS)
    return False


def _need_citus() -> None:
    if citus_version() is None:
        raise ClusterError("This database has no Citus: there are no nodes to move associations between.")


def _node_at(target: str) -> Node:
    nodes: Sequence[Node] = [one for one in read_nodes() if one.role == "primary"]
    for node in nodes:
        if node.address == target:
            if not (node.is_active and node.takes_schemas):
                raise ClusterError(f"{target} takes no schemas: see cluster_status.")
            return node
    raise ClusterError(f"There is no node {target}; there are {', '.join(one.address for one in nodes)}.")
