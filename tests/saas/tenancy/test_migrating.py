"""Associations are brought to a later release's tables while they work, in parallel, whatever befalls some of them."""

import json
from contextlib import suppress
from io import StringIO
from threading import Event, Thread
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.db.migrations.operations import RunPython
from django.test import Client

from associations.audit.actors import SYSTEM
from associations.profile.models import AssociationProfile
from saas.tenancy import recorded
from saas.tenancy.catalog import catalog_facts
from saas.tenancy.listing import all_refs
from saas.tenancy.migrating import migrate_association, plan_migrations
from saas.tenancy.provisioning import NewAssociation, create_association
from saas.tenancy.switching import AssociationRef, enter_association
from tests.databases import admin_connection
from tests.saas.tenancy.later_release.later_0001_expands import Migration

pytestmark = pytest.mark.usefixtures("committed_db")
LATER = "tests.saas.tenancy.later_release"


@pytest.fixture
def later(settings: Any) -> None:
    """The release that has one more migration."""
    settings.MIGRATION_MODULES = {"profile": LATER}


@pytest.fixture
def five(sloneczna: AssociationRef) -> list[AssociationRef]:
    for number in range(3):
        create_association(NewAssociation(name="X", slug=f"osiedle-{number}", kind="community"), actor=SYSTEM)
    return all_refs()


def migrate(*args: str, **options: Any) -> dict[str, str]:
    """What the command says; that it ends with an error is told by the outcome."""
    out = StringIO()
    with suppress(CommandError):
        call_command("migrate_associations", *args, json=True, stdout=out, **options)
    return dict(json.loads(out.getvalue()))


def check() -> set[str]:
    return set(migrate(check=True).values())


def ask(association: AssociationRef, statement: str) -> list[tuple[Any, ...]]:
    """As the runtime role."""
    with enter_association(association), connections["default"].cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


@pytest.mark.parametrize("jobs", [1, 3])
def test_collected_sql_gives_what_django_gives(five: list[AssociationRef], later: None, jobs: int) -> None:
    by_django = five.pop()
    migrate_association(by_django)

    outcome = migrate(jobs=jobs)

    assert outcome == {ref.slug: "migrated" for ref in five} | {by_django.slug: "ok"}
    expected = catalog_facts(by_django.schema_name, using="owner")
    assert [fact for _, relation, fact in expected if relation == "profile_slogan"]
    for ref in five:
        assert catalog_facts(ref.schema_name, using="owner") == expected
        assert ask(ref, "SELECT motto, text FROM profile_associationprofile, profile_slogan") == [
            ("brak", "100% swoje")
        ]
        assert ask(ref, "SELECT count(*) FROM django_migrations WHERE name LIKE 'later%'") == [(1,)]
    assert check() == {"ok"}


def test_plan_prints_the_sql_and_changes_nothing(five: list[AssociationRef], later: None) -> None:
    out = StringIO()
    call_command("migrate_associations", plan=True, stdout=out)

    assert "-- 5 associations, by this SQL" in out.getvalue()
    assert "ADD COLUMN \"motto\" varchar(50) DEFAULT 'brak' NOT NULL;" in out.getvalue()
    assert check() == {"behind"}


@pytest.mark.parametrize(
    ("attribute", "value", "reason"),
    [
        ("atomic", False, "is not atomic"),
        ("operations", [*Migration.operations, RunPython(RunPython.noop)], "has RunPython"),
    ],
)
def test_what_cannot_be_collected_takes_djangos_path(
    five: list[AssociationRef],
    later: None,
    monkeypatch: pytest.MonkeyPatch,
    attribute: str,
    value: object,
    reason: str,
) -> None:
    monkeypatch.setattr(Migration, attribute, value)

    assert reason in plan_migrations(five).groups[0].pending.reason
    assert set(migrate(jobs=2).values()) == {"migrated"}
    assert ask(five[0], "SELECT text FROM profile_slogan") == [("100% swoje",)]


def test_schema_that_differs_takes_djangos_path(five: list[AssociationRef], later: None) -> None:
    with enter_association(five[0], using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE premises_person ADD COLUMN stranger text")
    seen: list[str] = []

    def note(execute: Any, sql: Any, *arguments: Any) -> Any:
        seen.append(str(sql))
        return execute(sql, *arguments)

    with connections["owner"].execute_wrapper(note):
        assert migrate(five[0].slug, jobs=1) == {five[0].slug: "migrated"}

    # Django's path reads the recorded migrations anew after the drift was seen.
    assert [one for one in seen if "stranger" in one] == []
    assert sum(one.startswith('SELECT "django_migrations"') for one in seen) > 4
    assert check() == {"ok", "behind"}


def test_new_association_of_a_checkout_whose_script_is_behind_is_at_its_state(later: None) -> None:
    created = create_association(NewAssociation(name="X", slug="nowa", kind="community"), actor=SYSTEM)

    assert ask(created, "SELECT motto FROM profile_associationprofile") == [("brak",)]
    assert migrate("nowa") == {"nowa": "ok"}


def test_table_in_use_fails_alone_and_the_next_run_finishes(five: list[AssociationRef], later: None) -> None:
    with admin_connection(str(connections["owner"].settings_dict["NAME"])) as reader:
        reader.autocommit = False
        reader.execute(f"SELECT * FROM {five[2].schema_name}.profile_associationprofile")

        first = migrate(jobs=2, lock_timeout=0.2)

    assert first.pop(five[2].slug) == "failed: LockNotAvailable"
    assert set(first.values()) == {"migrated"}
    assert migrate(jobs=2)[five[2].slug] == "migrated"
    assert check() == {"ok"}


def test_old_code_serves_while_and_after_its_schema_is_migrated(
    later: None, sloneczna: AssociationRef, lipowa: AssociationRef, settings: Any
) -> None:
    statuses: list[int] = []
    begun, is_over = Event(), Event()

    def visit() -> None:
        client = Client(HTTP_HOST="sloneczna.localhost")
        while not is_over.is_set():
            statuses.append(client.get("/logowanie/").status_code)
            begun.set()
        connections.close_all()

    visitor = Thread(target=visit)
    visitor.start()
    begun.wait(20)
    try:
        outcome = migrate(jobs=1)
        served_before = len(statuses)
        while len(statuses) < served_before + 3:
            begun.wait(0.05)
    finally:
        is_over.set()
        visitor.join()

    assert outcome == {"lipowa": "migrated", "sloneczna": "migrated"}
    assert set(statuses) == {200}
    with enter_association(sloneczna):
        # The present code knows no motto: it reads, changes and inserts rows all the same.
        profile = AssociationProfile.objects.get(id=1)
        profile.due_day = 17
        profile.save()
        profile.delete()
        AssociationProfile.objects.create(id=1, name="X", kind="community")
    assert ask(sloneczna, "SELECT motto FROM profile_associationprofile") == [("brak",)]


def histories_asked() -> list[str]:
    """The statements in which a check, which finds nothing to do, reads what schemas have recorded."""
    asked: list[str] = []

    def note(execute: Any, sql: Any, *arguments: Any) -> Any:
        text = sql if isinstance(sql, str) else sql.as_string(None)
        if "FROM" in text and "django_migrations" in text and "pg_class" not in text:
            asked.append(text)
        return execute(sql, *arguments)

    with connections["owner"].execute_wrapper(note):
        assert check() == {"ok"}
    return asked


def test_check_asks_all_schemas_in_one_statement(five: list[AssociationRef]) -> None:
    asked = histories_asked()

    # The others are of one schema: what Django would do to all that have recorded the same.
    assert len(asked) == 3
    assert all(ref.schema_name in asked[0] for ref in five)
    assert not any(ref.schema_name in one for ref in five for one in asked[1:])


def test_check_takes_no_more_than_half_of_the_locks_for_a_statement(
    five: list[AssociationRef], monkeypatch: pytest.MonkeyPatch
) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('max_locks_per_transaction')::int * (current_setting('max_connections')::int"
            " + current_setting('max_prepared_transactions')::int)"
        )
        (locks,) = cursor.fetchone()
    # As on a server whose half of the locks would do for two associations.
    monkeypatch.setattr(recorded, "LOCKS_EACH", locks // 2 // 2)

    asked = histories_asked()

    named = [sum(f'"{ref.schema_name}"' in one for ref in five) for one in asked]
    assert named[:3] == [2, 2, 1]
    assert sum(named) == len(five)


def test_on_citus_no_statement_names_two_associations(five: list[AssociationRef], settings: Any) -> None:
    settings.CITUS = True

    asked = histories_asked()

    named = [sum(f'"{ref.schema_name}"' in one for ref in five) for one in asked]
    assert max(named) == 1
    assert sum(named) == len(five)


def test_schema_without_recorded_migrations_is_named(sloneczna: AssociationRef) -> None:
    with enter_association(sloneczna, using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE django_migrations RENAME TO elsewhere")

    assert migrate() == {"lipowa": "ok", "sloneczna": "failed: no recorded migrations"}
