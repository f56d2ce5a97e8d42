"""What the runtime role may do in an association's schema."""

from typing import Any

from django.db import connections
from psycopg import sql

STATEMENTS = (
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    # MAINTAIN lets it ANALYZE what it loads (PostgreSQL 17+).
    "GRANT SELECT, INSERT, UPDATE, DELETE, MAINTAIN ON ALL TABLES IN SCHEMA {schema} TO {role}",
    "REVOKE INSERT, UPDATE, DELETE ON {schema}.django_migrations FROM {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
)


def grant_runtime(schema_name: str, *, using: str) -> None:
    """Give the runtime role rows without DDL in the schema; `using` names the owner role's connection.

    Whatever made or changed tables calls this before it commits: a new table without grants cannot be read.
    """
    names: dict[str, Any] = {
        "schema": sql.Identifier(schema_name),
        "role": sql.Identifier(connections["default"].settings_dict["USER"]),
    }
    with connections[using].cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(sql.SQL(statement).format(**names))
