"""Which migrations the schemas of all associations have recorded, asked of all of them in one statement."""

from collections.abc import Sequence

from django.db import DatabaseError, connections
from psycopg import sql

from saas.tenancy.switching import AssociationRef, enter_public

# A statement locks the tables that it reads, and their keys, until it ends: of 100 connections with PostgreSQL's own
# settings, 6 400 locks are all there are.
AT_ONCE = 500
HISTORIES = """
    SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relname = 'django_migrations' AND c.relkind IN ('r', 'p')
"""
ONE = """SELECT {name}, md5(string_agg(app || '.' || name, ',' ORDER BY app COLLATE "C", name COLLATE "C"))
    FROM {schema}.django_migrations"""


def recorded_digests(refs: Sequence[AssociationRef], *, using: str) -> dict[str, str]:
    """Schema → digest of its recorded migrations; a schema without them, or that does not answer, is missing."""
    with enter_public(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute(HISTORIES)
            there = {name for (name,) in cursor.fetchall()}
        schemas = [ref.schema_name for ref in refs if ref.schema_name in there]
        digests: dict[str, str] = {}
        for first in range(0, len(schemas), AT_ONCE):
            digests |= _ask(schemas[first : first + AT_ONCE], using=using)
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
