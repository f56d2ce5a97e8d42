"""What is to be done to associations whose recorded migrations are alike: SQL collected once, or Django's own path."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import DatabaseError, connections, transaction
from django.db.migrations import Migration
from django.db.migrations import operations as ops
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation

from saas.tenancy.catalog import SEQUENCES, TABLES, fingerprint, relation_names
from saas.tenancy.errors import ProvisioningError
from saas.tenancy.schema_building import Key, NotingEditor, build_tables, tenant_labels
from saas.tenancy.schema_script import record_migrations
from saas.tenancy.switching import AssociationRef, enter_association, enter_public

# What these send depends on models and names alone. Anything else may look at rows.
COLLECTABLE = (
    *(ops.CreateModel, ops.DeleteModel, ops.RenameModel, ops.AlterModelTable, ops.AlterModelTableComment),
    *(ops.AlterModelOptions, ops.AlterModelManagers, ops.AlterUniqueTogether, ops.AlterIndexTogether),
    *(ops.AlterOrderWithRespectTo, ops.AddField, ops.AlterField, ops.RemoveField, ops.RenameField),
    *(ops.AddIndex, ops.RemoveIndex, ops.RenameIndex, ops.AddConstraint, ops.RemoveConstraint, ops.RunSQL),
)


@dataclass(frozen=True, slots=True)
class Pending:
    """Migrations that a group of associations lacks, in order.

    Where `reason` is empty, `statements` bring a schema whose catalog has the fingerprint `before` to the program's
    state, and rights must be granted on `made`, the tables and sequences that were not there. Else only Django's path
    will do.
    """

    migrations: tuple[Key, ...]
    statements: tuple[str, ...] = ()
    before: str = ""
    made: tuple[str, ...] = ()
    reason: str = ""


def collect_pending(sample: AssociationRef, *, using: str) -> Pending:
    """What an association recorded as `sample` is lacks: worked out in a schema that is rolled back.

    The sample is only asked which migrations it has recorded. Raises DatabaseError where it does not answer.
    """
    with enter_association(sample, using=using):
        executor = MigrationExecutor(connections[using])
        executor.loader.check_consistent_history(connections[using])
        plan = [migration for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
        recorded = set(executor.loader.applied_migrations)
    lacking = tuple((migration.app_label, migration.name) for migration in plan)
    reason = next((why for migration in plan if (why := why_not(migration))), "")
    if reason or not plan:
        return Pending(lacking, reason=reason)
    try:
        return _collected(recorded, using=using)
    except (DatabaseError, ProvisioningError) as error:
        return Pending(lacking, reason=f"the state before cannot be built: {error}".strip())


def why_not(migration: Migration) -> str:
    """Why the SQL of the migration cannot be collected once for all, or an empty text."""
    name = f"{migration.app_label}.{migration.name}"
    if migration.app_label not in tenant_labels():
        return ""  # noted in every schema, changes nothing there
    if not migration.atomic:
        return f"{name} is not atomic"
    if migration.replaces:
        return f"{name} replaces others"
    for operation in _flat(migration.operations):
        if type(operation) not in COLLECTABLE:
            return f"{name} has {type(operation).__name__}"
        field = getattr(operation, "field", None)
        # One value would be collected for all associations: a secret or an identifier must not be.
        if field is not None and field.has_default() and _computes(field.default):
            return f"{name} computes a default"
    return ""


def _computes(default: Any) -> bool:
    return callable(default) and default not in {dict, list, str}


def _flat(operations: Iterable[Operation]) -> Iterable[Operation]:
    for operation in operations:
        if isinstance(operation, ops.SeparateDatabaseAndState):
            yield from _flat(operation.database_operations)
        else:
            yield operation


def _collected(recorded: set[Key], *, using: str) -> Pending:
    scratch = AssociationRef(id=UUID(int=0), slug="", schema_name=f"scratch_{uuid4().hex[:12]}")
    with enter_public(using=using), transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {scratch.schema_name}")
        with enter_association(scratch, using=using):
            pending = _try_out(scratch.schema_name, recorded, using=using)
        transaction.set_rollback(True, using=using)
    return pending


def _try_out(schema_name: str, recorded: set[Key], *, using: str) -> Pending:
    build_tables(MigrationExecutor(connections[using]), recorded, using=using)
    record_migrations(sorted(recorded), using=using)
    before, relations = fingerprint(schema_name, using=using), _relations(schema_name, using=using)
    executor = MigrationExecutor(connections[using])
    graph = executor.loader.graph
    state = executor.loader.project_state([key for key in graph.nodes if key in recorded])
    statements: list[str] = []
    keys = []
    for migration, _ in executor.migration_plan(graph.leaf_nodes()):
        with NotingEditor(connections[using]) as editor:
            state = migration.apply(state, editor)
        statements += editor.sent
        keys.append((migration.app_label, migration.name))
    return Pending(
        migrations=tuple(keys),
        statements=tuple(statements),
        before=before,
        made=tuple(sorted(_relations(schema_name, using=using) - relations)),
    )


def _relations(schema_name: str, *, using: str) -> set[str]:
    return set(relation_names(schema_name, (*TABLES, *SEQUENCES), using=using))
