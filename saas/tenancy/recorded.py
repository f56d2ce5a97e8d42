"""Which migrations the schemas of all associations have recorded, asked of as many as the server has locks for."""

from collections.abc import Sequence

from django.conf import settings
from django.db import DatabaseError, connections
from psycopg import sql

from saas.tenancy.switching import AssociationRef, enter_public

# A statement locks each table that it reads and its key until it ends. It may take half of the locks that the server has:
# 3 200 of PostgreSQL's own settings (1 600 associations), 25 600 where max_locks_per_transaction is 256.
LOCKS_EACH = 2
HISTORIES = """
    SELECT n.nspname, current_setting('max_locks_per_transaction')::int
        * (current_setting('max_connections')::int + current_setting('max_prepared_transactions')::int)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relname = 'django_migrations' AND c.relkind IN ('r', 'p')
"""
ONE = """SELECT {name}, md5(string_agg(app || '.' || name, ',' ORDER BY app COLLATE "C", name COLLATE "C"))
    FROM {schema}.django_migrations"""


def recorded_digests(refs: Sequence[AssociationRef], *, using: str) -> dict[str, str]:
    """Schema → digest of its recorded migrations; a schema without them, or that does not answer, is missing."""
    with enter_public(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute(HISTORIES)
            locks = dict(cursor.fetchall())
        schemas = [ref.schema_name for ref in refs if ref.schema_name in locks]
        # On Citus associations lie on different nodes, and a statement names one of them alone.
        at_once = 1 if settings.CITUS else min(locks.values(), default=0) // 2 // LOCKS_EACH or 1
        digests: dict[str, str] = {}
        for first in range(0, len(schemas), at_once):
            digests |= _ask(schemas[first : first + at_once], using=using)
    return digests


def recorded_digest(schema_name: str, *, using: str) -> str:
    """The same of one schema. Raises DatabaseError where it does not answer."""
    one = sql.SQL(ONE).format(name=sql.Literal(schema_name), schema=sql.Identifier(schema_name))
    with connections[using].cursor() as cursor:
        cursor.execute(one)
        row = cursor.fetchone()
    return str(row[1]) if row else ""


def _ask(schemas: Sequence[str], *, using: str) -> dict[str, str]:
    parts = (sql.SQL(ONE).format(name=sql.Literal(one), schema=sql.Identifier(one)) for one in schemas)
    try:
        with connections[using].cursor() as cursor:
            cursor.execute(sql.SQL(" UNION ALL ").join(parts))
            return {name: str(digest) for name, digest in cursor.fetchall()}
    except DatabaseError:
        if len(schemas) == 1 or not connections[using].is_usable():
            return {}
        # One of them is erased or moved at this moment: the others still answer.
        middle = len(schemas) // 2
        return {**_ask(schemas[:middle], using=using), **_ask(schemas[middle:], using=using)}
