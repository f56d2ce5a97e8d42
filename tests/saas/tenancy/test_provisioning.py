"""An association comes whole or not at all."""

from threading import Thread
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, connections

from associations.audit.actors import SYSTEM
from associations.profile.models import AssociationProfile, Fund
from saas.tenancy.errors import ProvisioningError
from saas.tenancy.models import Association, Domain
from saas.tenancy.provisioning import NewAssociation, create_association
from saas.tenancy.roles import association_role
from saas.tenancy.switching import enter_association
from tests.databases import admin_connection
from tests.worker_process import wait_until

pytestmark = pytest.mark.usefixtures("committed_db")


def schemas() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'a\\_%%' ORDER BY 1", [])
        return {row[0] for row in cursor.fetchall()}


def test_new_association_has_its_schema_host_profile_and_two_funds() -> None:
    new = NewAssociation(
        name="WM Parkowa 5", slug="parkowa-5", kind="community", domains=("parkowa.example",), due_day=15
    )

    association = create_association(new, actor=SYSTEM)

    assert association.schema_name == "a_parkowa_5"
    assert set(
        Domain.objects.filter(tenant_id=association.id).values_list("domain", flat=True).order_by()
    ) == {
        "parkowa-5.localhost",
        "parkowa.example",
    }
    with enter_association(association):
        assert AssociationProfile.objects.get(id=1).due_day == 15
        assert list(Fund.objects.values_list("code", flat=True)) == ["main", "repair"]


@pytest.mark.parametrize(
    ("slug", "domains", "code"),
    [
        ("sloneczna", (), "slug_taken"),
        ("inna", ("lipowa.localhost",), "domain_taken"),
        ("inna", ("localhost",), "domain_taken"),
        ("www", (), "reserved_slug"),
        ("api", (), "reserved_slug"),
        ("Wielka Litera", (), "bad_slug"),
        ("-x", (), "bad_slug"),
        ("a" * 50, (), "bad_slug"),
    ],
)
def test_what_is_taken_is_refused_and_nothing_is_left(slug: str, domains: tuple[str, ...], code: str) -> None:
    before = schemas()

    with pytest.raises(ProvisioningError) as refused:
        create_association(
            NewAssociation(name="X", slug=slug, kind="community", domains=domains), actor=SYSTEM
        )

    assert refused.value.code == code
    assert schemas() == before
    assert Association.objects.count() == 2


def test_slugs_that_make_one_schema_do_not_share_it() -> None:
    create_association(NewAssociation(name="A", slug="a-1", kind="community"), actor=SYSTEM)
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE SCHEMA a_b_1")

    with pytest.raises(ProvisioningError) as refused:
        create_association(NewAssociation(name="B", slug="b-1", kind="community"), actor=SYSTEM)

    assert refused.value.code == "schema_exists"
    assert not Association.objects.filter(slug="b-1").exists()


def test_failure_in_the_middle_leaves_nothing_behind() -> None:
    before = schemas()

    with pytest.raises(Exception, match="profile_kind"):
        create_association(NewAssociation(name="X", slug="zla", kind="no-such-kind"), actor=SYSTEM)

    assert schemas() == before
    assert not Association.objects.filter(slug="zla").exists()
    assert not Domain.objects.filter(domain="zla.localhost").exists()


class FailsAt:
    """Lets a number of the owner's statements through and ends the next one as a full disk would."""

    def __init__(self, number: int) -> None:
        self.left = number

    def __call__(self, execute: Any, *arguments: Any) -> Any:
        self.left -= 1
        if self.left < 0:
            raise OperationalError("could not extend file: No space left on device")
        return execute(*arguments)


@pytest.mark.parametrize("number", [0, 3, 8, 12, 60, 140, 200, 216, 220])
def test_failure_at_any_statement_leaves_nothing_behind_and_a_second_run_completes(number: int) -> None:
    before, new = schemas(), NewAssociation(name="X", slug="pelny-dysk", kind="community")

    with connections["owner"].execute_wrapper(FailsAt(number)), pytest.raises(OperationalError):
        create_association(new, actor=SYSTEM)

    assert schemas() == before
    assert not Association.objects.filter(slug="pelny-dysk").exists()
    assert not Domain.objects.filter(domain__startswith="pelny-dysk").exists()
    with enter_association(create_association(new, actor=SYSTEM)):
        assert AssociationProfile.objects.get(id=1).name == "X"


def test_statement_that_the_server_refuses_leaves_nothing_behind_and_a_second_run_completes() -> None:
    """The statements go out without waiting for each answer; the one refused is in the middle of them."""
    before, new = schemas(), NewAssociation(name="X", slug="odmowa", kind="community")
    with admin_connection(str(connections["owner"].settings_dict["NAME"])) as admin:
        admin.execute(
            "CREATE FUNCTION public.refuse() RETURNS event_trigger LANGUAGE plpgsql AS"
            " $$ DECLARE made record; BEGIN FOR made IN SELECT object_identity AS name"
            " FROM pg_event_trigger_ddl_commands() LOOP IF made.name LIKE '%.ledger_posting' THEN"
            " RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = 'no space'; END IF; END LOOP; END $$"
        )
        admin.execute(
            "CREATE EVENT TRIGGER refusing ON ddl_command_end WHEN TAG IN ('CREATE TABLE')"
            " EXECUTE FUNCTION public.refuse()"
        )

        with pytest.raises(OperationalError, match="no space") as refused:
            create_association(new, actor=SYSTEM)

        admin.execute("DROP EVENT TRIGGER refusing")
        role = association_role("a_odmowa")
        assert admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone() is None
    assert isinstance(refused.value.__cause__, psycopg.errors.DiskFull)
    assert schemas() == before
    assert not Association.objects.filter(slug="odmowa").exists()
    # The same session goes on.
    with enter_association(create_association(new, actor=SYSTEM)):
        assert AssociationProfile.objects.get(id=1).name == "X"


def test_connection_lost_in_the_middle_leaves_nothing_behind_and_a_second_run_completes() -> None:
    before, new = schemas(), NewAssociation(name="X", slug="zerwana", kind="community")

    def break_off(execute: Any, sql: Any, *arguments: Any) -> Any:
        if "profile_fund" in str(sql):
            pid = connections["owner"].connection.info.backend_pid
            with admin_connection() as admin:
                admin.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        return execute(sql, *arguments)

    with connections["owner"].execute_wrapper(break_off), pytest.raises(OperationalError):
        create_association(new, actor=SYSTEM)
    connections["owner"].close()

    assert schemas() == before
    assert not Association.objects.filter(slug="zerwana").exists()
    with enter_association(create_association(new, actor=SYSTEM)):
        assert AssociationProfile.objects.get(id=1).name == "X"


def test_second_operator_waits_for_the_first_and_is_told() -> None:
    """The first one's rows are not committed yet when the second looks whether the slug is free."""
    schemas_before = schemas()
    with (
        admin_connection(str(connections["owner"].settings_dict["NAME"])) as first,
        admin_connection() as watch,
    ):
        first.autocommit = False
        first.execute(
            "INSERT INTO public.tenancy_association (id, slug, schema_name, created_at)"
            " VALUES (gen_random_uuid(), 'wspolna', 'a_wspolna', now())"
        )

        def commit_when_waited_for() -> None:
            wait_until(lambda: waits_for_a_lock(watch))
            first.commit()

        ending = Thread(target=commit_when_waited_for)
        ending.start()

        with pytest.raises(ProvisioningError) as refused:
            create_association(NewAssociation(name="X", slug="wspolna", kind="community"), actor=SYSTEM)
        ending.join()

    assert refused.value.code == "taken_meanwhile"
    assert Association.objects.filter(slug="wspolna").count() == 1
    assert schemas() == schemas_before


def waits_for_a_lock(watch: psycopg.Connection[Any]) -> bool:
    return bool(watch.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone())
