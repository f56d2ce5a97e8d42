"""A schema made by the script equals one made by migrations, in all that the catalog tells."""

from collections.abc import Iterator

import pytest
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor

from saas.tenancy.catalog import catalog_facts, fingerprint
from saas.tenancy.granting import grant_runtime
from saas.tenancy.roles import association_role
from saas.tenancy.schema_script import compose_script, fill_schema, schema_script
from saas.tenancy.switching import PUBLIC, AssociationRef, enter_association, enter_public

pytestmark = pytest.mark.usefixtures("committed_db")

RIGHTS = """
    SELECT c.relname, pg_get_userbyid(c.relowner),
           replace(c.relacl::text, %s, 'role of the association'), c.reloptions::text FROM pg_class c
    WHERE c.relnamespace = %s::regnamespace AND c.relkind IN ('r', 'S', 'i') ORDER BY c.relname
"""


@pytest.fixture
def two_schemas() -> Iterator[tuple[str, str]]:
    """One made by the script and one by Django's migrations; both are rolled back."""
    names = ("a_by_script", "a_by_migrations")
    with enter_public(using="owner"), transaction.atomic(using="owner"):
        for name in names:
            with connections["owner"].cursor() as cursor:
                cursor.execute(f"CREATE SCHEMA {name}")
            with enter_association(AssociationRef(PUBLIC.id, "", name), using="owner"):
                if name == "a_by_script":
                    assert fill_schema(using="owner")
                else:
                    executor = MigrationExecutor(connections["owner"])
                    executor.migrate(executor.loader.graph.leaf_nodes())
            grant_runtime(name, using="owner")
        yield names
        transaction.set_rollback(True, using="owner")


def rows(statement: str, *parameters: str) -> list[tuple[object, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def test_both_ways_give_one_catalog_and_equal_rows(two_schemas: tuple[str, str]) -> None:
    by_script, by_migrations = (catalog_facts(name, using="owner") for name in two_schemas)

    assert {kind for kind, _, _ in by_script} == {"relation", "column", "constraint", "index", "sequence"}
    assert len(by_script) > 1000
    assert by_script == by_migrations
    assert fingerprint(two_schemas[0], using="owner") == fingerprint(two_schemas[1], using="owner")
    by_script_rights, by_migrations_rights = (rows(RIGHTS, association_role(one), one) for one in two_schemas)
    assert by_script_rights == by_migrations_rights
    # What is recorded, and what a new association begins with.
    for table, columns in (
        ("django_migrations", "app, name"),
        ("profile_fund", "code, kind, name, position"),
    ):
        from_script, from_migrations = (
            rows(f"SELECT {columns} FROM {name}.{table} ORDER BY 1, 2") for name in two_schemas
        )
        assert from_script
        assert from_script == from_migrations
    tables = [str(relation) for kind, relation, fact in catalog_facts(two_schemas[0], using="owner")
              if kind == "relation" and fact.startswith("r ")]  # fmt: skip
    counts = [[rows(f"SELECT count(*) FROM {name}.{table}") for table in tables] for name in two_schemas]

    assert counts[0] == counts[1]


def test_the_file_is_what_the_migrations_give() -> None:
    assert compose_script(using="owner") == schema_script(), "run make schema-script and commit the file"


def test_fingerprint_tells_any_difference_of_the_catalog(sloneczna: AssociationRef) -> None:
    schema = sloneczna.schema_name
    first = fingerprint(schema, using="owner")
    seen = {first}
    for change in (
        "ALTER TABLE {}.premises_person ADD COLUMN nickname text",
        "ALTER TABLE {}.premises_person ALTER COLUMN nickname SET NOT NULL",
        "ALTER TABLE {}.premises_person ALTER COLUMN nickname SET DEFAULT 'x'",
        "CREATE INDEX extra ON {}.premises_person (nickname)",
        "ALTER TABLE {}.premises_person ADD CONSTRAINT short CHECK (length(nickname) < 9) NOT VALID",
        "ALTER TABLE {}.premises_person VALIDATE CONSTRAINT short",
        "ALTER TABLE {}.payments_stagedpayment SET LOGGED",
        "CREATE TABLE {}.stranger (id int)",
        "DROP INDEX {}.extra",
    ):
        rows_before = len(seen)
        with connections["owner"].cursor() as cursor:
            cursor.execute(change.format(schema))
        seen.add(fingerprint(schema, using="owner"))
        assert len(seen) == rows_before + 1, change
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"ALTER TABLE {schema}.premises_person DROP COLUMN nickname")
        cursor.execute(f"DROP TABLE {schema}.stranger")
        cursor.execute(f"ALTER TABLE {schema}.payments_stagedpayment SET UNLOGGED")
    # Numbers of dropped columns and the order of creation count for nothing.
    assert fingerprint(schema, using="owner") == first


def test_list_of_tables_is_the_schemas_own(sloneczna: AssociationRef) -> None:
    with enter_association(sloneczna):
        inside = set(connections["default"].introspection.table_names())
    with enter_public():
        outside = set(connections["default"].introspection.table_names())

    assert {"django_migrations", "premises_premises"} <= inside
    assert {"django_migrations", "tenancy_association"} <= outside
    assert inside & outside == {"django_migrations"}


def test_no_table_becomes_unlogged_afterwards() -> None:
    """That reads the references of all associations: a third of a second per table at three thousand of them."""
    unlogged = [one for one in schema_script().tables if "UNLOGGED" in one]

    assert len(unlogged) > 10
    assert all(one.startswith("CREATE UNLOGGED TABLE") for one in unlogged)
