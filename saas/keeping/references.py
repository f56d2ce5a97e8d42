"""Foreign keys taken out of a schema while its tables are filled, and put back as they were.

A deferred key leaves its checks to the end of the transaction, and until then no migration may alter the table.
SET CONSTRAINTS would do on one server and reaches no node of a Citus cluster; DDL, one statement each, reaches all.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections
from psycopg import sql

OWNER = "owner"
REFERENCES = """
SELECT t.relname, k.conname, pg_get_constraintdef(k.oid)
  FROM pg_namespace n
  JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = n.oid
                  AND d.classid = 'pg_class'::regclass
  JOIN pg_class t ON t.oid = d.objid
  JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'f'
 WHERE n.nspname = %s AND t.relkind IN ('r', 'p')
 ORDER BY t.relname COLLATE "C", k.conname COLLATE "C"
"""


@contextmanager
def references_aside(schema_name: str) -> Iterator[None]:
    """Drop every foreign key of the schema, and add each again on leaving: all rows are checked then, at once.

    In the caller's transaction on the owner's connection, which points at the schema. Raises IntegrityError on
    leaving where a row refers to none.
    """
    with connections[OWNER].cursor() as cursor:
        cursor.execute(REFERENCES, [schema_name])
        found = cursor.fetchall()
        for table, name, _ in found:
            cursor.execute(
                sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(
                    sql.Identifier(schema_name, table), sql.Identifier(name)
                )
            )
    yield
    with connections[OWNER].cursor() as cursor:
        for table, name, definition in found:
            cursor.execute(
                sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(
                    sql.Identifier(schema_name, table), sql.Identifier(name), sql.SQL(definition)
                )
            )
