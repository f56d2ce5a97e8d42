"""What the runtime role may do in an association's schema."""

from collections.abc import Iterable

from django.db import connections
from psycopg import sql

from saas.tenancy.catalog import SEQUENCES, TABLES, relation_names

# Relations are named one by one: GRANT … ON ALL TABLES reads the catalog of all associations for each.
ON_SCHEMA = "GRANT USAGE ON SCHEMA {schema} TO {role}"
# MAINTAIN lets it ANALYZE what it loads (PostgreSQL 17+).
ON_TABLES = "GRANT SELECT, INSERT, UPDATE, DELETE, MAINTAIN ON {relations} TO {role}"
ON_HISTORY = "REVOKE INSERT, UPDATE, DELETE ON {schema}.django_migrations FROM {role}"
ON_SEQUENCES = "GRANT USAGE, SELECT ON SEQUENCE {relations} TO {role}"


def grant_runtime(schema_name: str, *, using: str) -> None:
    """Give the runtime role rows without DDL in the schema; `using` names the owner role's connection.

    Whatever made or changed tables calls this before it commits: a new table without grants cannot be read.
    """
    tables = relation_names(schema_name, TABLES, using=using)
    sequences = relation_names(schema_name, SEQUENCES, using=using)
    for statement, relations in (
        (ON_SCHEMA, [schema_name]),
        (ON_TABLES, tables),
        (ON_HISTORY, tables),
        (ON_SEQUENCES, sequences),
    ):
        if relations:
            _grant(statement, schema_name, relations, using=using)


def _grant(statement: str, schema_name: str, relations: Iterable[str], *, using: str) -> None:
    role = connections["default"].settings_dict["USER"]
    named = sql.SQL(", ").join(sql.Identifier(schema_name, name) for name in relations)
    with connections[using].cursor() as cursor:
        cursor.execute(
            sql.SQL(statement).format(
                schema=sql.Identifier(schema_name), role=sql.Identifier(role), relations=named
            )
        )
