"""A failed SET search_path raises: in autocommit, in atomic blocks, at every statement."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from associations.premises.models import Person, Premises
from associations.profile.models import AssociationProfile
from saas.tenancy.switching import AssociationRef, enter_association

pytestmark = pytest.mark.usefixtures("committed_db")


class SearchPathFails:
    """Lets `SET search_path` fail as the server would refuse it."""

    def __call__(
        self, execute: Callable[..., Any], statement: str, params: Any, many: bool, context: Any
    ) -> Any:
        if "search_path" in statement:
            statement = "SET no_such_setting.at_all = no_such_value, , "
        return execute(statement, params, many, context)


STATEMENTS: dict[str, Callable[[], object]] = {
    "select": lambda: list(Premises.objects.order_by("pk")),
    "get": lambda: AssociationProfile.objects.get(id=1),
    "exists": Person.objects.exists,
    "count": Person.objects.count,
    "insert": lambda: Person.objects.create(code="1", name="A", sort_key="a"),
    "bulk insert": lambda: Person.objects.bulk_create([Person(code="2", name="B", sort_key="b")]),
    "update": lambda: Premises.objects.update(number="1"),
    "delete": lambda: Person.objects.all().delete(),
    "raw": lambda: list(Person.objects.raw("SELECT * FROM premises_person")),
    "iterator": lambda: list(Person.objects.order_by("pk").iterator()),
    "cursor": lambda: connection.cursor().execute("SELECT 1"),
}


@pytest.mark.parametrize("name", STATEMENTS)
@pytest.mark.parametrize("is_atomic", [False, True], ids=["autocommit", "atomic"])
def test_failed_switch_raises_instead_of_reading_the_former_association(
    name: str, is_atomic: bool, sloneczna: AssociationRef, lipowa: AssociationRef
) -> None:
    with enter_association(sloneczna):
        assert AssociationProfile.objects.get(id=1).kind == "cooperative"
    with enter_association(lipowa), connection.execute_wrapper(SearchPathFails()):
        if is_atomic:
            with pytest.raises(DatabaseError), transaction.atomic():
                STATEMENTS[name]()
        else:
            with pytest.raises(DatabaseError):
                STATEMENTS[name]()


def test_switch_inside_a_rolled_back_block_is_not_believed_afterwards(
    sloneczna: AssociationRef, lipowa: AssociationRef
) -> None:
    with enter_association(sloneczna):
        AssociationProfile.objects.get(id=1)
    with enter_association(lipowa):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            AssociationProfile.objects.get(id=1)
            raise ZeroDivisionError
        assert AssociationProfile.objects.get(id=1).kind == "community"


def test_switch_inside_a_commit_that_was_a_rollback_is_not_believed_afterwards(
    sloneczna: AssociationRef, lipowa: AssociationRef
) -> None:
    """Somebody swallowed an error inside the transaction: its COMMIT takes everything back without a word."""
    with enter_association(sloneczna):
        AssociationProfile.objects.get(id=1)
    with enter_association(lipowa):
        with transaction.atomic(), suppress(DatabaseError):
            connection.cursor().execute("SELECT * FROM no_such_table")
        assert AssociationProfile.objects.get(id=1).kind == "community"


def test_broken_transaction_keeps_its_own_error(sloneczna: AssociationRef) -> None:
    with (
        enter_association(sloneczna),
        pytest.raises(DatabaseError, match="no_such_table"),
        transaction.atomic(),
    ):
        connection.cursor().execute("SELECT * FROM no_such_table")


def session() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_session_that_has_entered_its_fill_of_associations_is_closed_outside_them(
    sloneczna: AssociationRef, lipowa: AssociationRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connection.settings_dict, "MAX_ASSOCIATIONS", 2)
    connection.close()
    first = session()
    for _ in range(3):
        with enter_association(sloneczna):
            assert session() == first
    assert session() == first

    with enter_association(sloneczna), enter_association(lipowa):
        assert session() == first
    second = session()

    assert second != first
    with transaction.atomic():
        for one in (sloneczna, lipowa):
            with enter_association(one):
                assert session() == second
        assert session() == second
    with enter_association(lipowa):
        assert session() == second
        assert AssociationProfile.objects.get(id=1).kind == "community"
    assert session() != second


def test_search_path_of_an_association_leaves_public_out(sloneczna: AssociationRef) -> None:
    with enter_association(sloneczna), connection.cursor() as cursor:
        cursor.execute("SHOW search_path")

        assert cursor.fetchone() == (sloneczna.schema_name,)


def test_shared_table_is_out_of_reach_inside_an_association(sloneczna: AssociationRef) -> None:
    from saas.staff.models import StaffUser

    assert StaffUser.objects.count() == 0
    with enter_association(sloneczna), pytest.raises(DatabaseError, match="staff_staffuser"):
        StaffUser.objects.count()


def test_no_table_stands_in_public_and_in_an_association(sloneczna: AssociationRef) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " INTERSECT SELECT tablename FROM pg_tables WHERE schemaname = %s",
            [sloneczna.schema_name],
        )

        assert cursor.fetchall() == [("django_migrations",)]


def test_no_foreign_key_leaves_its_schema(sloneczna: AssociationRef) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint c JOIN pg_class r ON r.oid = c.confrelid"
            " WHERE c.contype = 'f' AND c.connamespace <> r.relnamespace"
        )

        assert cursor.fetchall() == []


def test_runtime_role_has_no_ddl(sloneczna: AssociationRef) -> None:
    for statement in (
        "CREATE TABLE intruder (id int)",
        "DROP TABLE premises_premises",
        "ALTER TABLE premises_premises ADD COLUMN intruder int",
        "TRUNCATE premises_premises",
        "CREATE SCHEMA intruder",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('a', 'b', now())",
    ):
        with (
            enter_association(sloneczna),
            pytest.raises(DatabaseError, match=r"permission denied|must be owner"),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
