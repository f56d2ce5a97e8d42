"""What an association's role may do, and what nobody may who runs the program."""

import json
from io import StringIO
from threading import Thread
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connections, transaction
from django.test.utils import CaptureQueriesContext
from psycopg import sql

from associations.audit.actors import SYSTEM
from associations.profile.models import AssociationProfile
from saas.tenancy.granting import grant_runtime, unchanging_tables
from saas.tenancy.models import Association
from saas.tenancy.provisioning import NewAssociation, create_association
from saas.tenancy.roles import association_role, drop_role, ensure_role, runtime_role
from saas.tenancy.switching import AssociationRef, enter_association
from tests.databases import admin_connection
from tests.saas.tenancy.test_provisioning import waits_for_a_lock
from tests.saas.tenancy.test_roles import inside, run, where
from tests.worker_process import wait_until

pytestmark = pytest.mark.usefixtures("with_roles")


@pytest.mark.parametrize("table", sorted(unchanging_tables()))
@pytest.mark.parametrize("has_role", [True, False], ids=["role", "no role"])
def test_published_rows_and_the_audit_log_are_only_added_to(
    table: str, has_role: bool, lipowa: AssociationRef
) -> None:
    connections["default"].settings_dict["ASSOCIATION_ROLES"] = has_role
    with transaction.atomic(using="owner"):
        grant_runtime(lipowa.schema_name, using="owner")

    with enter_association(lipowa):
        run(f"SELECT count(*) FROM {table}")
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            with pytest.raises(DatabaseError, match="permission denied for table"):
                run(statement)
    assert may(f"{lipowa.schema_name}.{table}", "INSERT", lipowa, has_role=has_role)


def may(table: str, right: str, association: AssociationRef, *, has_role: bool) -> bool:
    role = association_role(association.schema_name) if has_role else runtime_role()
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, %s, %s)", [role, table, right])
        return bool(cursor.fetchone()[0])


def test_platform_audit_is_only_added_to() -> None:
    for statement in ("UPDATE staff_platformaudit SET id = id", "DELETE FROM staff_platformaudit"):
        with pytest.raises(DatabaseError, match="permission denied for table"):
            run(statement)


def test_role_uses_every_sequence_and_analyzes_every_table(lipowa: AssociationRef) -> None:
    """What the program loads is ANALYZEd by it; rule 8 of the SQL that runs alike on one server and on Citus."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT c.relkind, count(*) FILTER (WHERE CASE c.relkind"
            " WHEN 'S' THEN has_sequence_privilege(%s, c.oid, 'USAGE')"
            " ELSE has_table_privilege(%s, c.oid, 'MAINTAIN') END), count(*)"
            " FROM pg_class c WHERE c.relnamespace = %s::regnamespace AND c.relkind IN ('r', 'S') GROUP BY 1",
            [association_role(lipowa.schema_name)] * 2 + [lipowa.schema_name],
        )
        kinds = cursor.fetchall()
    assert len(kinds) == 2
    assert all(may_use == there > 30 for _, may_use, there in kinds)


def test_new_association_has_its_role_and_the_runtime_role_no_rights_of_its_own() -> None:
    new = NewAssociation(name="WM Nowa 7", slug="nowa-7", kind="community")
    association = create_association(new, actor=SYSTEM)

    with enter_association(association):
        assert where() == inside(association)
        assert AssociationProfile.objects.get(id=1).kind == "community"
    assert not may(f"{association.schema_name}.premises_premises", "SELECT", association, has_role=False)


def test_role_goes_with_its_schema_unless_another_database_refers_to_it(lipowa: AssociationRef) -> None:
    association = AssociationRef(id=lipowa.id, slug="", schema_name="a_gone_soon")
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("CREATE SCHEMA a_gone_soon")
        ensure_role("a_gone_soon", using="owner")
        cursor.execute(f'GRANT USAGE ON SCHEMA a_gone_soon TO "{association_role(association.schema_name)}"')
        assert not drop_role("a_gone_soon", using="owner")
        cursor.execute("DROP SCHEMA a_gone_soon")
        assert drop_role("a_gone_soon", using="owner")
        assert drop_role("a_gone_soon", using="owner")


def test_two_copies_of_a_database_may_grant_the_same_role_at_once() -> None:
    """They share the prefix of their roles, which belong to the whole server."""
    role, runtime = sql.Identifier(association_role("a_shared")), sql.Identifier(runtime_role())
    owner = connections["owner"].settings_dict
    with (
        admin_connection(str(owner["NAME"])) as other,
        admin_connection() as watch,
    ):
        other.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(str(owner["USER"]))))
        other.execute(sql.SQL("CREATE ROLE {}").format(role))
        other.autocommit = False
        other.execute(sql.SQL("GRANT {} TO {} WITH INHERIT FALSE, SET TRUE").format(role, runtime))

        def commit_when_waited_for() -> None:
            wait_until(lambda: waits_for_a_lock(watch))
            other.commit()

        ending = Thread(target=commit_when_waited_for)
        ending.start()
        with transaction.atomic(using="owner"):
            ensure_role("a_shared", using="owner")
        ending.join()
    assert drop_role("a_shared", using="owner")


@pytest.mark.parametrize(
    "loss",
    [
        "REVOKE USAGE ON SCHEMA {schema} FROM {role}",
        "REVOKE {role} FROM {runtime}",
    ],
)
def test_migrating_makes_the_roles_that_an_installation_lacks(loss: str, lipowa: AssociationRef) -> None:
    names = {
        "schema": sql.Identifier(lipowa.schema_name),
        "role": sql.Identifier(association_role(lipowa.schema_name)),
        "runtime": sql.Identifier(runtime_role()),
    }
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql.SQL(loss).format(**names))

    checked, migrated = StringIO(), StringIO()
    with pytest.raises(CommandError, match="Not every association"):
        call_command("migrate_associations", check=True, json=True, stdout=checked)
    call_command("migrate_associations", json=True, stdout=migrated)

    assert json.loads(checked.getvalue()) == {"lipowa": "no role", "sloneczna": "ok"}
    assert json.loads(migrated.getvalue()) == {"lipowa": "role made", "sloneczna": "ok"}
    call_command("migrate_associations", check=True, stdout=StringIO())
    with enter_association(lipowa):
        assert AssociationProfile.objects.get(id=1).kind == "community"


def test_where_the_role_cannot_be_made_nothing_is() -> None:
    """Its name is somebody else's, as on a server that forbids the owner role to make roles."""
    role = association_role("a_obca")
    with admin_connection() as admin:
        admin.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
        try:
            with pytest.raises(CommandError, match="give it CREATEROLE, or set KARTOTEKA_ROLES=0"):
                call_command("create_association", slug="obca", name="WM Obca 1", kind="community")
        finally:
            admin.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))
    assert not Association.objects.filter(slug="obca").exists()
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = 'a_obca'")
        assert cursor.fetchone() == (0,)


def test_rights_are_not_taken_back_where_roles_are_off() -> None:
    connections["default"].settings_dict["ASSOCIATION_ROLES"] = False

    with pytest.raises(CommandError, match="KARTOTEKA_ROLES is off"):
        call_command("establish_roles", take_back=True)


def test_roles_can_be_turned_off_again(lipowa: AssociationRef) -> None:
    connections["default"].settings_dict["ASSOCIATION_ROLES"] = False
    call_command("establish_roles", "lipowa", stdout=StringIO())

    with enter_association(lipowa):
        assert where() == (runtime_role(), lipowa.schema_name)
        assert AssociationProfile.objects.get(id=1).kind == "community"


def test_on_citus_a_schema_is_placed_before_it_is_made_and_its_role_may_sign_in(settings: Any) -> None:
    """Citus itself is not here: what is sent to it, in which order, and the kind of role."""
    settings.CITUS = True
    with CaptureQueriesContext(connections["owner"]) as captured:
        association = create_association(
            NewAssociation(name="WM Daleka 9", slug="daleka-9", kind="community"), actor=SYSTEM
        )

    sent = [one["sql"] for one in captured]
    placing = sent.index("SET LOCAL citus.enable_schema_based_sharding TO on")
    assert sent[placing + 1] == 'CREATE SCHEMA "a_daleka_9"'
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT rolcanlogin FROM pg_roles WHERE rolname = %s", [association_role(association.schema_name)]
        )
        assert cursor.fetchone() == (True,)
