"""Staging tables around an online move: logged and with a replica identity before it, as they were made afterwards.

Logical replication carries no unlogged table and no UPDATE or DELETE of one without a key; staging is both. What the
tables should be is known from the models, so that whoever comes next can settle what a killed command left.
"""

from collections.abc import Collection, Sequence

from django.apps import apps
from django.db import connections, transaction
from psycopg import sql

from associations.imports.models import StagedGroup, StagedRow

OWNER = "owner"
FOUND = """
SELECT c.relname, c.relpersistence = 'u', c.relreplident = 'f',
       EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = %s AND c.relname = ANY(%s) AND c.relkind = 'r'
 ORDER BY c.relname
"""
UNSETTLED = """
SELECT DISTINCT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relname = ANY(%s) AND c.relkind = 'r' AND (c.relpersistence <> 'u' OR c.relreplident = 'f')
   AND n.nspname = ANY(%s)
"""


def staging_tables() -> frozenset[str]:
    """Tables whose rows a batch brings and no owner sees: unlogged, but for the time of an online move."""
    models = (model for model in apps.get_models() if issubclass(model, StagedRow | StagedGroup))
    return frozenset(model._meta.db_table for model in models)  # noqa: SLF001 - Django's way to a table's name


def schemas_being_prepared(schemas: Sequence[str]) -> frozenset[str]:
    """Which of the schemas have staging tables as only a move needs them: one runs, or was cut short."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute(UNSETTLED, [sorted(staging_tables()), list(schemas)])
        return frozenset(str(name) for (name,) in cursor.fetchall())


def prepare_staging(schema_name: str, *, lock_seconds: float) -> None:
    """Make the schema's staging tables such that logical replication carries them; in one transaction.

    Raises OperationalError where a table is in use for longer than `lock_seconds`.
    """
    statements = []
    for table, is_unlogged, is_full, has_key in _tables(schema_name):
        if is_unlogged:
            statements.append((table, "SET LOGGED"))
        if not has_key and not is_full:
            statements.append((table, "REPLICA IDENTITY FULL"))
    _alter(schema_name, statements, lock_seconds)


def settle_staging(schema_name: str, *, lock_seconds: float) -> None:
    """Make the schema's staging tables what their migrations made them; nothing where they are. Raises as above."""
    statements = []
    for table, is_unlogged, is_full, _ in _tables(schema_name):
        if is_full:
            statements.append((table, "REPLICA IDENTITY DEFAULT"))
        if not is_unlogged:
            statements.append((table, "SET UNLOGGED"))
    _alter(schema_name, statements, lock_seconds)


def _tables(schema_name: str) -> list[tuple[str, bool, bool, bool]]:
    with connections[OWNER].cursor() as cursor:
        cursor.execute(FOUND, [schema_name, sorted(staging_tables())])
        return list(cursor.fetchall())


def _alter(schema_name: str, statements: Collection[tuple[str, str]], lock_seconds: float) -> None:
    if not statements:
        return
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = {round(lock_seconds * 1000)}")
        for table, change in statements:
            named = sql.Identifier(schema_name, table)
            cursor.execute(sql.SQL("ALTER TABLE {} {}").format(named, sql.SQL(change)))
