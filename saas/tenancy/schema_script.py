"""The statements that make an association's schema: a file beside this module, written by a command, kept by a test."""

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4

from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from saas.tenancy.schema_building import Key, build_tables, full_plan, tenant_labels
from saas.tenancy.switching import AssociationRef, enter_association, enter_public

FILE = Path(__file__).with_name("schema_script.json")
ROWS = ("INSERT", "UPDATE", "DELETE", "WITH")
BECOMES_UNLOGGED = re.compile(r'ALTER TABLE "?(\w+)"? SET UNLOGGED')


@dataclass(frozen=True, slots=True)
class SchemaScript:
    """Statements without the schema's name: enter the association, whose empty schema exists, and send each.

    `tables` is all that stands in the catalog, `rows` what a new association begins with, and `migrations` those
    of the associations' apps that both come from, in order.
    """

    tables: tuple[str, ...]
    rows: tuple[str, ...]
    migrations: tuple[Key, ...]


@cache
def schema_script() -> SchemaScript:
    """The script of this release."""
    document = json.loads(FILE.read_text(encoding="utf-8"))
    return SchemaScript(
        tables=tuple(document["tables"]),
        rows=tuple(document["rows"]),
        migrations=tuple((app, name) for app, name in document["migrations"]),
    )


def compose_script(*, using: str) -> SchemaScript:
    """The script as the migrations of this checkout give it, tried out in a schema that is rolled back."""
    scratch = AssociationRef(id=UUID(int=0), slug="", schema_name=f"scratch_{uuid4().hex[:12]}")
    with enter_public(using=using), transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {scratch.schema_name}")
        with enter_association(scratch, using=using):
            executor = MigrationExecutor(connections[using])
            keys = [(migration.app_label, migration.name) for migration, _ in full_plan(executor)]
            statements = _unlogged_at_once(build_tables(executor, set(keys), using=using))
            labels = tenant_labels()
        transaction.set_rollback(True, using=using)
    return SchemaScript(
        tables=tuple(one for one in statements if not one.lstrip().upper().startswith(ROWS)),
        rows=tuple(one for one in statements if one.lstrip().upper().startswith(ROWS)),
        migrations=tuple(key for key in keys if key[0] in labels),
    )


def _unlogged_at_once(statements: Sequence[str]) -> list[str]:
    """A table that becomes unlogged is created so: the change would make its files and those of its indexes again."""
    found = {one: match[1] for one in statements if (match := BECOMES_UNLOGGED.fullmatch(one.strip()))}
    beginnings = tuple(f'CREATE TABLE "{table}" ' for table in found.values())
    return [
        one.replace("CREATE TABLE", "CREATE UNLOGGED TABLE", 1) if one.startswith(beginnings) else one
        for one in statements
        if one not in found
    ]


def write_script(script: SchemaScript) -> None:
    """Replace the file: one statement a line, so that a change of tables is read in its diff."""
    document = {"migrations": script.migrations, "tables": script.tables, "rows": script.rows}
    lines = [
        f"{json.dumps(name)}: [\n" + ",\n".join(json.dumps(one, ensure_ascii=False) for one in rows) + "\n]"
        for name, rows in document.items()
    ]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def fill_schema(*, using: str) -> bool:
    """Fill the schema entered, which must be empty, and note the migrations; whether nothing is left to migrate.

    A checkout whose file is older or newer than its migrations leaves to Django what the file does not know, or
    all of it. One statement at a time: the form that Citus takes.
    """
    script, graph, labels = schema_script(), MigrationLoader(None).graph, tenant_labels()
    known = {key for key in graph.nodes if key[0] in labels}
    if not known.issuperset(script.migrations):
        return False
    _send(script, using=using)
    # Migrations of shared apps are noted in every schema, and change nothing there.
    shared = sorted(key for key in graph.nodes if key[0] not in labels)
    record_migrations([*script.migrations, *shared], using=using)
    return known == set(script.migrations)


def _send(script: SchemaScript, *, using: str) -> None:
    """One statement after the other, without waiting for the answer to each; the first that fails raises."""
    connection = connections[using]
    with connection.cursor() as cursor, connection.wrap_database_errors, connection.connection.pipeline():
        for statement in (*script.tables, *script.rows):
            cursor.execute(statement)


def record_migrations(keys: Sequence[Key], *, using: str) -> None:
    """Note the migrations as applied, in one statement."""
    if keys:
        places = ", ".join(["(%s, %s, now())"] * len(keys))
        with connections[using].cursor() as cursor:
            cursor.execute(
                f"INSERT INTO django_migrations (app, name, applied) VALUES {places}",
                [text for key in keys for text in key],
            )


def unknown_migrations(applied: Collection[Key]) -> list[Key]:
    """Which of the migrations this release does not have: a newer one recorded them. Asks no database."""
    return sorted(set(applied) - set(MigrationLoader(None).disk_migrations or {}))
