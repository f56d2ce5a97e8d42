"""Tables from Django's own schema editor, noting each statement that it sends.

A set of recorded migrations is built from the models as they stood after them, and not by replaying history: a
table comes by one statement however often it was changed. What migrations say in SQL of their own follows.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps as installed
from django.conf import settings
from django.db import connections
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import RunPython, RunSQL, SeparateDatabaseAndState
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder

from saas.tenancy.errors import ProvisioningError

Key = tuple[str, str]


class NotingEditor(DatabaseSchemaEditor):
    """Django's editor, which keeps the final text of every statement in `sent`."""

    def __init__(self, connection: Any) -> None:
        super().__init__(connection, atomic=True)
        self.sent: list[str] = []

    def execute(self, sql: Any, params: Any = ()) -> None:
        """Send, and keep the text."""
        text = str(sql) if params is None else self.connection.ops.compose_sql(str(sql), params)
        super().execute(text, None)
        self.sent.append(text)


def tenant_labels() -> set[str]:
    """Labels of the apps whose tables stand in an association's schema."""
    return {config.label for config in installed.get_app_configs() if config.name in settings.TENANT_APPS}


def build_tables(executor: MigrationExecutor, keys: set[Key], *, using: str) -> list[str]:
    """Make, in the empty schema entered, the tables as they stand after the migrations of these keys.

    Returns the statements. Raises ProvisioningError where a migration changes tables in a way that neither its
    models nor its SQL tell.
    """
    graph = executor.loader.graph
    applied = [migration for migration, _ in full_plan(executor) if _key(migration) in keys]
    state = executor.loader.project_state([key for key in graph.nodes if key in keys])
    labels = tenant_labels()
    with NotingEditor(connections[using]) as editor:
        editor.create_model(MigrationRecorder.Migration)
        for model in state.apps.get_models():
            meta = model._meta  # noqa: SLF001 - the documented API of models
            if meta.app_label in labels and meta.managed:
                editor.create_model(model)
    # Indexes and references come at the end of the editor: SQL of migrations expects them.
    with NotingEditor(connections[using]) as own:
        for migration in applied:
            if migration.app_label in labels:
                for operation in _own_sql(migration):
                    operation.database_forwards(migration.app_label, own, state, state)
    return [*editor.sent, *own.sent]


def full_plan(executor: MigrationExecutor) -> list[tuple[Migration, bool]]:
    """All migrations of the program in Django's order."""
    return list(executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True))


def _key(migration: Migration) -> Key:
    return migration.app_label, migration.name


def _own_sql(migration: Migration) -> Iterator[RunSQL]:
    for operation in _unfolded(migration):
        if isinstance(operation, (RunSQL, RunPython)) and operation.elidable:
            continue  # its author says that it only changed rows of before
        if isinstance(operation, RunSQL):
            yield operation
        elif isinstance(operation, RunPython):
            raise _unbuildable(migration, "runs Python and is not marked elidable")


def _unfolded(migration: Migration) -> Iterator[Operation]:
    for operation in migration.operations:
        if not isinstance(operation, SeparateDatabaseAndState):
            yield operation
            continue
        for inner in operation.database_operations:
            if not isinstance(inner, (RunSQL, RunPython)):
                raise _unbuildable(migration, "changes the database apart from its models")
            yield inner


def _unbuildable(migration: Migration, why: str) -> ProvisioningError:
    return ProvisioningError("unbuildable", f"{migration.app_label}.{migration.name} {why}.")
