"""Who may do what with an association's tables: rows without DDL; published rows and the audit log never changed.

The rights belong to the association's role (saas.tenancy.roles), or to the runtime role where roles are off. The
owner role alone can change or delete what was published: retention and erasure run as it.
"""

from collections.abc import Collection

from django.db import connections
from psycopg import sql

from associations.catalogue import EDITIONS
from saas.tenancy.catalog import SEQUENCES, TABLES, relation_names
from saas.tenancy.roles import ensure_role, has_roles, runtime_role

AUDIT_TABLE = "audit_auditentry"
# Relations are named one by one: GRANT … ON ALL TABLES reads the catalog of all associations for each.
ON_SCHEMA = "GRANT USAGE ON SCHEMA {schema} TO {role}"
# MAINTAIN lets the program ANALYZE what it loads (PostgreSQL 17+).
ON_TABLES = "GRANT SELECT, INSERT, UPDATE, DELETE, MAINTAIN ON {relations} TO {role}"
ON_HISTORY = "REVOKE INSERT, UPDATE, DELETE ON {schema}.django_migrations FROM {role}"
ON_PUBLISHED = "REVOKE UPDATE, DELETE ON {relations} FROM {role}"
ON_SEQUENCES = "GRANT USAGE, SELECT ON SEQUENCE {relations} TO {role}"
NOT_ON_TABLES = "REVOKE ALL ON {relations} FROM {role}"
NOT_ON_SEQUENCES = "REVOKE ALL ON SEQUENCE {relations} FROM {role}"
NOT_ON_SCHEMA = "REVOKE ALL ON SCHEMA {schema} FROM {role}"


def unchanging_tables() -> frozenset[str]:
    """What is only ever added to in an association: published figures and the audit log."""
    return frozenset({*(spec.row_table for spec in EDITIONS), AUDIT_TABLE})


def grant_runtime(schema_name: str, *, using: str) -> None:
    """Give the running program rows of the schema, through the association's role where roles are on.

    Whatever made or changed tables calls this before it commits: a new table without grants cannot be read. `using`
    names the owner role's connection. What the runtime role itself may do is left as it is where roles are on: the
    previous release may still be serving. Raises RolesError.
    """
    role = ensure_role(schema_name, using=using) if has_roles() else runtime_role()
    tables = relation_names(schema_name, TABLES, using=using)
    _run(ON_SCHEMA, schema_name, [schema_name], role, using=using)
    _grant(schema_name, tables, relation_names(schema_name, SEQUENCES, using=using), role, using=using)
    _run(ON_HISTORY, schema_name, tables, role, using=using)


def grant_runtime_on(schema_name: str, made: Collection[str], *, using: str) -> None:
    """As grant_runtime, of the tables and sequences named alone: all others have their rights already."""
    role = ensure_role(schema_name, using=using) if has_roles() else runtime_role()
    tables = [name for name in relation_names(schema_name, TABLES, using=using) if name in made]
    sequences = [name for name in relation_names(schema_name, SEQUENCES, using=using) if name in made]
    _grant(schema_name, tables, sequences, role, using=using)


def take_back_runtime(schema_name: str, *, using: str) -> None:
    """Leave the runtime role itself without any rights in the schema: every process enters by role by now."""
    for statement, relations in (
        (NOT_ON_TABLES, relation_names(schema_name, TABLES, using=using)),
        (NOT_ON_SEQUENCES, relation_names(schema_name, SEQUENCES, using=using)),
        (NOT_ON_SCHEMA, [schema_name]),
    ):
        _run(statement, schema_name, relations, runtime_role(), using=using)


def protect_public(*, using: str) -> None:
    """Let the running program add to the platform's audit and never change it."""
    _run(ON_PUBLISHED, "public", ["staff_platformaudit"], runtime_role(), using=using)


def _grant(
    schema_name: str, tables: Collection[str], sequences: Collection[str], role: str, *, using: str
) -> None:
    published = [name for name in tables if name in unchanging_tables()]
    for statement, relations in ((ON_TABLES, tables), (ON_PUBLISHED, published), (ON_SEQUENCES, sequences)):
        _run(statement, schema_name, relations, role, using=using)


def _run(statement: str, schema_name: str, relations: Collection[str], role: str, *, using: str) -> None:
    if not relations:
        return
    named = sql.SQL(", ").join(sql.Identifier(schema_name, name) for name in relations)
    with connections[using].cursor() as cursor:
        cursor.execute(
            sql.SQL(statement).format(
                schema=sql.Identifier(schema_name), role=sql.Identifier(role), relations=named
            )
        )
