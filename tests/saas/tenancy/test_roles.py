"""One role per association: named tables of others are denied, and role and path never come apart."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from associations.imports.models import ImportFile
from associations.premises.models import Person
from associations.profile.models import AssociationProfile
from saas.tenancy.backend.base import WrongAssociationError
from saas.tenancy.roles import LONGEST_NAME, association_role, role_name, runtime_role
from saas.tenancy.switching import AssociationRef, enter_association, enter_public
from tests.databases import admin_connection
from tests.saas.tenancy.test_backend import STATEMENTS

pytestmark = pytest.mark.usefixtures("with_roles")


def where() -> tuple[str, str]:
    """The role and the schema that the server believes to serve."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_schema()")
        role, schema = cursor.fetchone()
    return str(role), str(schema)


def inside(association: AssociationRef) -> tuple[str, str]:
    return association_role(association.schema_name), association.schema_name


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_inside_an_association_is_its_role_and_outside_the_runtime_role(
    sloneczna: AssociationRef, lipowa: AssociationRef
) -> None:
    assert where() == (runtime_role(), "public")
    with enter_association(sloneczna):
        assert where() == inside(sloneczna)
        with enter_association(lipowa):
            assert where() == inside(lipowa)
        with enter_public():
            assert where() == (runtime_role(), "public")
        assert where() == inside(sloneczna)
    assert where() == (runtime_role(), "public")


def test_entering_costs_one_statement(
    sloneczna: AssociationRef, django_assert_num_queries: Callable[[int], Any]
) -> None:
    with django_assert_num_queries(2), enter_association(sloneczna):
        AssociationProfile.objects.get(id=1)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT count(*) FROM {other}.premises_premises",
        "SELECT count(*) FROM {other}.audit_auditentry",
        "INSERT INTO {other}.premises_person (code, name, sort_key) VALUES ('1', 'A', 'a')",
        "UPDATE {other}.profile_associationprofile SET name = 'X'",
        "DELETE FROM {other}.imports_problem",
        "ANALYZE {other}.premises_premises",
        "SELECT count(*) FROM public.staff_staffuser",
        "SELECT count(*) FROM public.jobs_job",
        "UPDATE public.jobs_job SET state = 'done'",
        "INSERT INTO public.tenancy_domain (domain, is_primary) VALUES ('x', true)",
        "DELETE FROM public.staff_platformaudit",
        "CREATE TABLE intruder (id int)",
    ],
)
def test_what_is_named_outside_the_association_is_denied(
    statement: str, sloneczna: AssociationRef, lipowa: AssociationRef
) -> None:
    named = statement.format(other=lipowa.schema_name)
    with enter_association(sloneczna), pytest.raises(DatabaseError) as denied:
        run(named)

    assert isinstance(denied.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_runtime_role_itself_reads_no_association(sloneczna: AssociationRef) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'S') AND n.nspname LIKE 'a\\_%%' AND CASE c.relkind"
            " WHEN 'r' THEN has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, MAINTAIN')"
            " ELSE has_sequence_privilege(c.oid, 'USAGE, SELECT, UPDATE') END ORDER BY 1",
            [],
        )
        assert cursor.fetchall() == []
    with pytest.raises(DatabaseError, match="permission denied for schema"):
        run(f"SELECT count(*) FROM {sloneczna.schema_name}.premises_premises")


def test_runtime_role_and_association_roles_own_nothing(sloneczna: AssociationRef) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname IN (%s, %s)",
            [runtime_role(), association_role(sloneczna.schema_name)],
        )
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "SELECT rolcanlogin, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname = %s",
            [association_role(sloneczna.schema_name)],
        )
        assert cursor.fetchone() == (False, False, False, False, False)


@contextmanager
def without_membership(association: AssociationRef) -> Iterator[None]:
    """The runtime role may not take the association's role for a while."""
    role, runtime = association_role(association.schema_name), runtime_role()
    with admin_connection() as admin:
        admin.execute(f'REVOKE "{role}" FROM "{runtime}" GRANTED BY kartoteka_owner')
    try:
        yield
    finally:
        with admin_connection() as admin:
            admin.execute(
                f'GRANT "{role}" TO "{runtime}" WITH INHERIT FALSE, SET TRUE GRANTED BY kartoteka_owner'
            )


def test_refused_role_raises_instead_of_reading_the_former_association(
    sloneczna: AssociationRef, lipowa: AssociationRef
) -> None:
    with enter_association(sloneczna):
        assert AssociationProfile.objects.get(id=1).kind == "cooperative"
    with without_membership(lipowa), enter_association(lipowa):
        for ask in STATEMENTS.values():
            with pytest.raises(DatabaseError) as refused:
                ask()
            assert "migrate_associations" in "".join(refused.value.__notes__)

    with enter_association(lipowa):
        assert where() == inside(lipowa)


class Answers:
    """Lets the server do something else than it was asked for, without an error."""

    def __init__(self, statement: str) -> None:
        self.statement = statement

    def __call__(
        self, execute: Callable[..., Any], statement: str, params: Any, many: bool, context: Any
    ) -> Any:
        if "search_path" in statement:
            return execute(self.statement, params, many, context)
        return execute(statement, params, many, context)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT set_config('role', 'none', false), set_config('search_path', %s, false) WHERE %s <> ''",
        "SELECT set_config('role', %s, false), 'public' WHERE %s <> ''",
        "SELECT %s, %s WHERE false",
    ],
)
def test_another_answer_than_asked_for_raises(
    statement: str, sloneczna: AssociationRef, lipowa: AssociationRef
) -> None:
    with enter_association(sloneczna):
        AssociationProfile.objects.get(id=1)
    with enter_association(lipowa), connection.execute_wrapper(Answers(statement)):
        for ask in STATEMENTS.values():
            with pytest.raises(WrongAssociationError):
                ask()


def test_role_and_path_are_right_after_a_rolled_back_transaction(
    sloneczna: AssociationRef, lipowa: AssociationRef
) -> None:
    for ask in STATEMENTS.values():
        with enter_association(sloneczna):
            AssociationProfile.objects.get(id=1)
        with enter_association(lipowa):
            with suppress(ZeroDivisionError), transaction.atomic():
                assert where() == inside(lipowa)
                raise ZeroDivisionError
            ask()
            assert where() == inside(lipowa)


def test_role_and_path_are_right_after_a_rolled_back_savepoint(
    sloneczna: AssociationRef, lipowa: AssociationRef
) -> None:
    for ask in STATEMENTS.values():
        with transaction.atomic():
            with enter_association(sloneczna):
                assert where() == inside(sloneczna)
            with enter_association(lipowa):
                with suppress(ZeroDivisionError), transaction.atomic():
                    assert where() == inside(lipowa)
                    raise ZeroDivisionError
                ask()
                assert where() == inside(lipowa)
            assert where() == (runtime_role(), "public")


def test_role_and_path_are_right_after_a_commit_that_was_a_rollback(
    sloneczna: AssociationRef, lipowa: AssociationRef
) -> None:
    """Somebody swallowed an error inside the transaction: its COMMIT takes everything back without a word."""
    for ask in STATEMENTS.values():
        with enter_association(sloneczna):
            AssociationProfile.objects.get(id=1)
        with enter_association(lipowa):
            with transaction.atomic():
                assert where() == inside(lipowa)
                with suppress(DatabaseError):
                    run("SELECT * FROM no_such_table")
            ask()
            assert where() == inside(lipowa)


def test_role_and_path_are_right_after_a_commit_that_failed(
    sloneczna: AssociationRef, lipowa: AssociationRef
) -> None:
    with enter_association(sloneczna):
        AssociationProfile.objects.get(id=1)
    with enter_association(lipowa):
        with pytest.raises(IntegrityError), transaction.atomic():
            ImportFile.objects.create(batch_id=987654, number=1, name="x.csv", size=1)
            assert where() == inside(lipowa)
        assert where() == inside(lipowa)


def test_leaving_in_a_transaction_that_is_rolled_back_leaves_all_the_same(sloneczna: AssociationRef) -> None:
    with suppress(ZeroDivisionError), enter_association(sloneczna), transaction.atomic():
        AssociationProfile.objects.get(id=1)
        with enter_public():
            assert where() == (runtime_role(), "public")
        raise ZeroDivisionError
    assert where() == (runtime_role(), "public")


def test_new_connection_enters_anew(sloneczna: AssociationRef) -> None:
    with enter_association(sloneczna):
        AssociationProfile.objects.get(id=1)
        connection.close()
        assert where() == inside(sloneczna)


def test_lost_connection_is_noticed_and_the_next_one_enters_anew(sloneczna: AssociationRef) -> None:
    with enter_association(sloneczna):
        AssociationProfile.objects.get(id=1)
        with admin_connection() as admin:
            admin.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
        lost: Any = connection
        lost.health_check_done = False
        lost.close_if_health_check_failed()
        assert where() == inside(sloneczna)
        assert Person.objects.count() == 0


@pytest.mark.parametrize(
    ("database", "schema", "expected"),
    [
        ("kartoteka", "a_lipowa", "kartoteka.a_lipowa"),
        ("k.b", "a_c", "k.b.a_c"),
        ("x" * 40, "a_" + "y" * 20, "x" * 40 + ".a_" + "y" * 20),
    ],
)
def test_role_is_named_after_database_and_schema(database: str, schema: str, expected: str) -> None:
    assert role_name(database, schema) == expected


def test_long_names_are_hashed_and_stay_apart() -> None:
    long = {role_name(database, "a_" + "s" * 49) for database in ("ż" * 31, "ż" * 30, "d" * 63, "d" * 62)}

    assert len(long) == 4
    assert all(len(name.encode()) <= LONGEST_NAME for name in long)
