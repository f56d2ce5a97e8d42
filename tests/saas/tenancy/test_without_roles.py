"""KARTOTEKA_ROLES=0: the search path alone separates associations, and everything goes on as with roles."""

import json
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction

from associations.imports.models import BatchState, ImportBatch
from associations.premises.models import Person
from associations.profile.models import AssociationProfile
from saas.tenancy.backend.base import WrongAssociationError
from saas.tenancy.granting import unchanging_tables
from saas.tenancy.roles import runtime_role
from saas.tenancy.switching import AssociationRef, enter_association, enter_public
from tests.cast import Member, Role, refs
from tests.conftest import find_ref
from tests.databases import borrowed_database
from tests.html_pages import Grid, read_html, read_tables
from tests.isolation.asking import HOSTS, ask, values_here
from tests.isolation.routes import list_routes
from tests.isolation.table import TABLE
from tests.saas.keeping.conftest import checksums, folder
from tests.saas.keeping.restored import CHANGED_BY_RESTORING, Checksums, differing
from tests.saas.management.conftest import Run, run
from tests.saas.tenancy.conftest import roles_turned
from tests.saas.tenancy.test_backend import STATEMENTS, SearchPathFails
from tests.saas.tenancy.test_migrating import later
from tests.saas.tenancy.test_roles import Answers, inside, where
from tests.samples_database import SAMPLE_OF, Samples, SampleSet, sample_files
from tests.workers.importing.conftest import Importer
from tests.workers.importing.test_samples import standing_figures

__all__ = ["checksums", "folder", "later", "run"]

ASKING = (Role.ANONYMOUS, Role.OWNER, Role.OTHER_OWNER, Role.MANAGER, Role.MANAGER_ELSEWHERE)
OWNERS = (Role.OWNER, Role.OTHER_OWNER)
OWN_PAGES = ("kartoteka", "oplaty", "ksiegowosc", "media", "dane", "przelew")


def figures(associations: tuple[AssociationRef, ...]) -> list[dict[str, list[tuple[Any, ...]]]]:
    found = []
    for association in associations:
        with enter_association(association):
            found.append(standing_figures())
    return found


def own_tables(member: Member) -> dict[str, list[Grid]]:
    """What an owner reads on the pages of figures."""
    browser = member.browser()
    pages = {}
    for page in OWN_PAGES:
        response = browser.get(f"/lokal/{member.holding_id}/{page}/", follow=True)
        assert response.status_code == 200, page
        pages[page] = read_tables(read_html(response.content.decode()))
    assert any(grid.rows for grid in pages["kartoteka"])
    return pages


def test_no_association_has_a_role_there(roleless: Samples) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT pg_get_userbyid(one.grantee) FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN aclexplode(c.relacl) one"
            " WHERE n.nspname LIKE 'a\\_%' AND one.grantee <> c.relowner"
        )
        assert cursor.fetchall() == [(runtime_role(),)]
    for association in (roleless.sloneczna, roleless.lipowa):
        with enter_association(association):
            assert where() == (runtime_role(), association.schema_name)
    assert where() == (runtime_role(), "public")


def test_figures_and_pages_are_those_of_an_installation_with_roles(
    roleless: Samples, samples_copy: str, sample_set: SampleSet
) -> None:
    without = figures(refs()), *(own_tables(roleless[role]) for role in OWNERS)
    with roles_turned(on=True), borrowed_database(samples_copy):
        with_roles = figures(refs()), *(own_tables(sample_set.cast[role]) for role in OWNERS)

    assert without == with_roles
    # Two owners whose premises and persons have the same keys in two associations.
    assert without[1] != without[2]


@pytest.mark.parametrize("door", HOSTS)
def test_every_address_answers_everybody_as_with_roles(roleless: Samples, door: str) -> None:
    """Owners, managers, strangers, and people of the other association whose keys are the same."""
    values = values_here(roleless)
    wrong = []
    for route in list_routes(door):
        for role in ASKING:
            answer, outcome = ask(roleless[role], route, values), TABLE[door][route.pattern].get[role]
            if not answer.is_outcome(outcome):
                wrong.append(f"{role} /{route.pattern}: {answer}, not {outcome}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("is_atomic", [False, True], ids=["autocommit", "atomic"])
@pytest.mark.parametrize("name", STATEMENTS)
def test_failed_switch_raises_instead_of_reading_the_former_association(
    name: str, is_atomic: bool, roleless: Samples
) -> None:
    with enter_association(roleless.sloneczna):
        assert AssociationProfile.objects.get(id=1).kind == "cooperative"
    with enter_association(roleless.lipowa), connection.execute_wrapper(SearchPathFails()):
        if is_atomic:
            with pytest.raises(DatabaseError), transaction.atomic():
                STATEMENTS[name]()
        else:
            with pytest.raises(DatabaseError):
                STATEMENTS[name]()


def test_another_answer_than_asked_for_raises(roleless: Samples) -> None:
    with enter_association(roleless.sloneczna):
        before = Person.objects.count()
    said_wrongly = Answers("SELECT set_config('search_path', 'a_sloneczna', false) WHERE %s <> ''")
    with enter_association(roleless.lipowa), connection.execute_wrapper(said_wrongly):
        for ask_for in STATEMENTS.values():
            with pytest.raises(WrongAssociationError):
                ask_for()
    with enter_association(roleless.sloneczna):
        assert Person.objects.count() == before


def test_the_path_is_right_after_a_rolled_back_transaction(roleless: Samples) -> None:
    here = (runtime_role(), roleless.lipowa.schema_name)
    with enter_association(roleless.sloneczna):
        AssociationProfile.objects.get(id=1)
    with enter_association(roleless.lipowa):
        with suppress(ZeroDivisionError), transaction.atomic():
            assert where() == here
            raise ZeroDivisionError
        assert where() == here
        with enter_public():
            assert where() == (runtime_role(), "public")


@pytest.mark.parametrize("table", sorted(unchanging_tables()))
def test_published_rows_and_the_audit_log_are_only_added_to(table: str, roleless: Samples) -> None:
    with enter_association(roleless.sloneczna):
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            with (
                pytest.raises(DatabaseError, match="permission denied for table"),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)


def test_a_package_is_undone_and_published_again(roleless: Samples) -> None:
    importer = Importer(roleless.lipowa)
    before = figures((roleless.sloneczna, roleless.lipowa))
    with enter_association(roleless.lipowa):
        batch = ImportBatch.objects.get(state=BatchState.PUBLISHED)

    assert importer.undo(batch).state == BatchState.UNDONE
    emptied = figures((roleless.sloneczna, roleless.lipowa))
    again = importer.publish(importer.upload(*sample_files(SAMPLE_OF["lipowa"])))

    assert again.state == BatchState.PUBLISHED
    assert (emptied[0], emptied[1]["postings"]) == (before[0], [])
    assert figures((roleless.sloneczna, roleless.lipowa)) == before


def test_associations_are_migrated(roleless: Samples, later: None, run: Run) -> None:
    before = own_tables(roleless[Role.OWNER])
    with pytest.raises(CommandError, match="Not every association"):
        run("migrate_associations", "--check")

    assert json.loads(run("migrate_associations", "--json")) == {
        "lipowa": "migrated",
        "sloneczna": "migrated",
    }

    run("migrate_associations", "--check")
    for association in (roleless.sloneczna, roleless.lipowa):
        with enter_association(association), connection.cursor() as cursor:
            cursor.execute("SELECT text FROM profile_slogan")
            assert cursor.fetchall() == [("100% swoje",)]
    assert own_tables(roleless[Role.OWNER]) == before


def test_an_association_is_backed_up_restored_beside_and_erased(
    roleless: Samples, run: Run, folder: Path, checksums: Checksums
) -> None:
    before = checksums(roleless.sloneczna), checksums(roleless.lipowa)
    backup = json.loads(run("backup_association", "lipowa", "--json"))
    run("verify_backup", backup["path"])

    run("restore_association", backup["path"], "--slug", "proba", "--open")

    copy = find_ref("proba")
    assert differing(before[1], checksums(copy)) <= CHANGED_BY_RESTORING
    assert figures((copy,)) == figures((roleless.lipowa,))
    run("archive_association", "proba")
    run("erase_association", "proba", "--confirm", "proba")
    assert (checksums(roleless.sloneczna), checksums(roleless.lipowa)) == before


def test_roles_are_turned_on_and_off_again_as_operations_say(roleless: Samples, run: Run) -> None:
    before = figures((roleless.sloneczna, roleless.lipowa))
    with roles_turned(on=True):
        lacking, made = StringIO(), StringIO()
        with pytest.raises(CommandError, match="Not every association"):
            call_command("migrate_associations", check=True, json=True, stdout=lacking)
        call_command("migrate_associations", json=True, stdout=made)
        assert set(json.loads(lacking.getvalue()).values()) == {"no role"}
        assert set(json.loads(made.getvalue()).values()) == {"role made"}
        assert figures((roleless.sloneczna, roleless.lipowa)) == before
        with enter_association(roleless.lipowa):
            assert where() == inside(roleless.lipowa)

    # Processes that still run without roles go on until the rights are taken back; then they read nothing.
    assert figures((roleless.sloneczna, roleless.lipowa)) == before
    with roles_turned(on=True):
        run("establish_roles", "--take-back")
        assert figures((roleless.sloneczna, roleless.lipowa)) == before
    with pytest.raises(DatabaseError, match="does not exist"):
        figures((roleless.lipowa,))

    connection.close()
    run("establish_roles")
    assert figures((roleless.sloneczna, roleless.lipowa)) == before
