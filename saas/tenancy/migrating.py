"""Bringing associations to the program's state of tables: what each lacks, and doing it to one. As the owner role."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import DatabaseError, OperationalError, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from saas.tenancy.catalog import fingerprint
from saas.tenancy.granting import grant_runtime, grant_runtime_on
from saas.tenancy.locking import AssociationBusyError, lock_association
from saas.tenancy.pending import Pending, collect_pending
from saas.tenancy.provisioning import OWNER
from saas.tenancy.recorded import recorded_digest, recorded_digests
from saas.tenancy.roles import RolesError
from saas.tenancy.schema_script import record_migrations
from saas.tenancy.switching import AssociationRef, enter_association

OK, MIGRATED, BEHIND, FAILED = "ok", "migrated", "behind", "failed"
NO_ROLE, ROLE_MADE = "no role", "role made"
RECONNECT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Group:
    """Associations that have recorded the same migrations, and what they lack."""

    refs: tuple[AssociationRef, ...]
    digest: str
    pending: Pending


@dataclass(frozen=True, slots=True)
class MigrationPlan:
    """Where all associations stand: groups that lack something, those that lack nothing, and those that do not answer."""

    groups: tuple[Group, ...]
    current: tuple[AssociationRef, ...]
    silent: tuple[AssociationRef, ...]


def plan_migrations(refs: Sequence[AssociationRef]) -> MigrationPlan:
    """One statement over all schemas, and for each state that it finds the SQL that is lacking, collected once."""
    digests = recorded_digests(refs, using=OWNER)
    alike: dict[str, list[AssociationRef]] = {}
    for ref in refs:
        alike.setdefault(digests.get(ref.schema_name, ""), []).append(ref)
    silent = alike.pop("", [])
    groups, current = [], []
    for digest, members in alike.items():
        try:
            pending = collect_pending(members[0], using=OWNER)
        except DatabaseError as error:
            pending = Pending((), reason=f"{members[0].slug} does not tell its migrations: {name_of(error)}")
        if pending.migrations or pending.reason:
            groups.append(Group(tuple(members), digest, pending))
        else:
            current += members
    return MigrationPlan(tuple(groups), tuple(current), tuple(silent))


def migrate_one(ref: AssociationRef, group: Group, *, lock_seconds: float) -> str:
    """Migrate the association in a transaction of its own and say what became of it.

    `migrated`, `ok` (somebody else did it), or `failed: ` and the error's name. A server that was restarted is
    waited for, and the association tried once more.
    """
    try:
        connections[OWNER].ensure_connection()
        session = connections[OWNER].connection
        try:
            return _migrate_locked(ref, group, lock_seconds)
        except OperationalError:
            if connections[OWNER].connection is session and connections[OWNER].is_usable():
                raise  # the statement failed, and not the session
            _reconnect()
            return _migrate_locked(ref, group, lock_seconds)
    except AssociationBusyError:
        return f"{FAILED}: busy"
    except RolesError as error:
        return f"{FAILED}: {error}"
    except Exception as error:  # noqa: BLE001 - the others go on, whatever a migration raises
        return f"{FAILED}: {name_of(error)}"


def give_role(ref: AssociationRef, *, lock_seconds: float) -> str:
    """Make the association's role and give it its rights: `role made`, or `failed: ` and why."""
    try:
        with lock_association(ref.id, using=OWNER, wait_seconds=lock_seconds), limited(lock_seconds):
            grant_runtime(ref.schema_name, using=OWNER)
    except AssociationBusyError:
        return f"{FAILED}: busy"
    except RolesError as error:
        return f"{FAILED}: {error}"
    except DatabaseError as error:
        return f"{FAILED}: {name_of(error)}"
    return ROLE_MADE


def name_of(error: BaseException) -> str:
    """The error's class: the database's own where it has one. Its text may quote rows and is not told."""
    return type(error.__cause__ or error).__name__


def migrate_association(ref: AssociationRef, *, lock_seconds: float = 3.0) -> None:
    """Django's own path. One transaction, or one a migration where any of them asks for none at all.

    The runtime role gets its rights with each. A migration that is not atomic waits for locks as long as it takes.
    """
    with enter_association(ref, using=OWNER):
        executor = MigrationExecutor(connections[OWNER])
        executor.loader.check_consistent_history(connections[OWNER])
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if all(migration.atomic for migration, _ in plan):
            with limited(lock_seconds):
                executor.migrate(None, plan=plan)
                grant_runtime(ref.schema_name, using=OWNER)
            return
        state = None
        for step in plan:
            if step[0].atomic:
                with limited(lock_seconds):
                    state = executor.migrate(None, plan=[step], state=state)
                    grant_runtime(ref.schema_name, using=OWNER)
            else:
                state = executor.migrate(None, plan=[step], state=state)
                grant_runtime(ref.schema_name, using=OWNER)


@contextmanager
def limited(lock_seconds: float) -> Iterator[None]:
    """One transaction that gives up where a table is not free in time: requests queue behind who waits for it."""
    with transaction.atomic(using=OWNER):
        with connections[OWNER].cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = {round(lock_seconds * 1000)}")
        yield


def _migrate_locked(ref: AssociationRef, group: Group, lock_seconds: float) -> str:
    with lock_association(ref.id, using=OWNER, wait_seconds=lock_seconds):
        if not group.pending.reason and _apply_collected(ref, group, lock_seconds):
            return MIGRATED
        with enter_association(ref, using=OWNER):
            executor = MigrationExecutor(connections[OWNER])
            is_behind = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if is_behind:
            migrate_association(ref, lock_seconds=lock_seconds)
    return MIGRATED if is_behind else OK


def _apply_collected(ref: AssociationRef, group: Group, lock_seconds: float) -> bool:
    """Whether the schema was as expected, and now is at the program's state."""
    pending = group.pending
    with enter_association(ref, using=OWNER), limited(lock_seconds):
        # The state may have changed since it was asked of all.
        is_as_expected = (
            recorded_digest(ref.schema_name, using=OWNER) == group.digest
            and fingerprint(ref.schema_name, using=OWNER) == pending.before
        )
        if is_as_expected:
            with connections[OWNER].cursor() as cursor:
                for statement in pending.statements:
                    cursor.execute(statement)
            record_migrations(pending.migrations, using=OWNER)
            if pending.made:
                grant_runtime_on(ref.schema_name, pending.made, using=OWNER)
    return is_as_expected


def _reconnect() -> None:
    """Wait for the server; raises OperationalError where it stays away."""
    deadline = time.monotonic() + RECONNECT_SECONDS
    connections[OWNER].close()
    while True:
        try:
            connections[OWNER].ensure_connection()
        except OperationalError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.5)
        else:
            return
