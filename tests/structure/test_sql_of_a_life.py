"""Every statement that an association's life sends, from its first table to its backup, keeps to the rules (sql_rules).

Recorded where psycopg sends them: all threads, both roles, COPY and DDL included. What a page reads must come from the
association's own tables, inside its one snapshot (rule 7).
"""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from associations.audit.actors import SYSTEM
from associations.imports.closed_years import close_year, reopen_year
from associations.imports.models import BatchState
from saas.keeping.late_acts import count_settled_acts
from saas.keeping.restoring import Source, restore_beside
from saas.tenancy.provisioning import NewAssociation, create_association
from saas.tenancy.switching import enter_association
from tests.cast import Role
from tests.conftest import find_ref
from tests.isolation.asking import HOSTS, ask, values_here
from tests.isolation.routes import Route, list_routes
from tests.isolation.table import TABLE, Outcome
from tests.saas.keeping.conftest import backup, folder
from tests.saas.management.conftest import Run, run
from tests.saas.management.test_migrate_associations import go_back
from tests.samples_database import Samples
from tests.structure.sql_rules import Facts, offences, plain
from tests.workers.importing.conftest import OPERATOR, SAMPLES, Importer, lipowa_imports, sloneczna_imports
from tests.workers.importing.test_meaning import FEBRUARY, JANUARY, books, postings
from tests.workers.statements import as_file, operation, statement

__all__ = ["backup", "books", "folder", "lipowa_imports", "run", "sloneczna_imports"]

FILES = ("lokale.csv", "osoby.csv", "konta.csv", "salda.csv", "rozliczenia.csv", "odczyty-2026.csv",
         "naliczenia-2026.csv", "ksiegowania-2026-204-1.csv")  # fmt: skip
GROUPED = ("imports_stagedgroup", "premises_stagedtitle")


@dataclass(frozen=True, slots=True)
class Sent:
    """One statement as it was sent; whether inside a page's snapshot; by whom."""

    text: str
    is_in_snapshot: bool
    sender: tuple[int, str]


@dataclass(slots=True)
class Record:
    """What was sent while it was kept."""

    sent: list[Sent] = field(default_factory=list)

    def texts(self) -> list[str]:
        return sorted({one.text for one in self.sent})

    def note(self, cursor: Any, query: Any) -> None:
        text = query if isinstance(query, str) else query.as_string(cursor)
        is_in_snapshot = cursor.connection.isolation_level == psycopg.IsolationLevel.REPEATABLE_READ
        sender = threading.get_ident(), cursor.connection.info.user
        self.sent.append(Sent(text, is_in_snapshot, sender))


@contextmanager
def recorded(patch: pytest.MonkeyPatch) -> Iterator[Record]:
    """Write down every statement of this process."""
    record = Record()

    def noting(send: Any) -> Any:
        def send_and_note(cursor: Any, query: Any, *args: Any, **kwargs: Any) -> Any:
            record.note(cursor, query)
            return send(cursor, query, *args, **kwargs)

        return send_and_note

    with patch.context() as patched:
        for name in ("execute", "executemany", "copy", "stream"):
            patched.setattr(psycopg.Cursor, name, noting(getattr(psycopg.Cursor, name)))
        yield record


def known_facts() -> Facts:
    """Functions that are not immutable in any form, the associations of this database, their columns of time."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE nspname = 'pg_catalog' AND provolatile <> 'i' AND prokind = 'f'"
        )
        unsteady = {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'a\\_%%'", [])
        schemas = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "SELECT DISTINCT attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'"
            " WHERE c.relnamespace = ANY (%s::regnamespace[])"
            " AND a.atttypid = ANY ('{date,time,timestamp,timestamptz}'::regtype[])",
            [schemas],
        )
        return Facts(unsteady, schemas, {row[0] for row in cursor.fetchall()})


def wrong_ones(record: Record) -> list[tuple[list[str], str]]:
    facts = known_facts()
    return [(broken, plain(text)[:300]) for text in record.texts() if (broken := offences(text, facts))]


def joined_before_analyze(record: Record) -> list[str]:
    """Rule 3: statements that join a table of groups which was written and not ANALYZEd yet."""
    wrong, fresh = [], set()
    for one in record.sent:
        sql = plain(one.text)
        for table in GROUPED:
            key = (*one.sender, table)
            if re.match(rf"ANALYZE {table}\b", sql):
                fresh.discard(key)
            elif key in fresh and re.search(rf"\bJOIN {table}\b", sql):
                wrong.append(sql[:300])
            if re.search(rf"\bINSERT INTO {table}\b", sql):
                fresh.add(key)
    return wrong


def test_provisioning_and_migrating(
    committed_db: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three associations behind, by the SQL collected once; one whose tables differ, by Django's own path."""
    settings.CITUS = True
    with recorded(monkeypatch) as record:
        for number in (1, 2):
            new = NewAssociation(name="WM Nowa", slug=f"nowa-{number}", kind="community")
            create_association(new, actor=SYSTEM)
        for slug in ("nowa-1", "nowa-2", "lipowa", "sloneczna"):
            go_back(find_ref(slug))
        with connections["owner"].cursor() as cursor:
            cursor.execute("ALTER TABLE a_lipowa.premises_person ADD COLUMN stranger text")
        out = StringIO()
        call_command("migrate_associations", json=True, jobs=1, stdout=out)

    assert set(json.loads(out.getvalue()).values()) == {"migrated"}
    assert len([one for one in record.texts() if one.startswith("CREATE TABLE")]) > 50
    assert len([one for one in record.sent if "SET UNLOGGED" in one.text]) >= 4
    assert wrong_ones(record) == []


def test_importing_publishing_and_undoing(
    sloneczna_imports: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [SAMPLES / "spoldzielnia" / name for name in FILES]
    with recorded(monkeypatch) as record:
        published = sloneczna_imports.publish(sloneczna_imports.upload(*files))
        again = sloneczna_imports.upload(SAMPLES / "spoldzielnia" / "ksiegowania-2026-204-1.csv")
        addition = sloneczna_imports.declare(again, is_addition=True, adds_again=True)
        later = sloneczna_imports.publish(
            sloneczna_imports.upload(SAMPLES / "spoldzielnia" / "odczyty-2025.csv")
        )
        later = sloneczna_imports.undo(later)
        undone = sloneczna_imports.undo(published)

    assert (addition.state, later.state, undone.state) == (
        BatchState.READY,
        BatchState.UNDONE,
        BatchState.UNDONE,
    )
    assert len([one for one in record.texts() if "INSERT INTO" in one and "SELECT" in one]) > 30
    assert wrong_ones(record) == []
    assert joined_before_analyze(record) == []


def test_bank_statements_closed_years_and_leaving_premises_out(
    books: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = "1;201-1;01.03.2026;NAL 03/2026;Naliczenie;1,00;0"
    wrong = "2;201-1;31.02.2026;NAL 02/2026;Naliczenie;50,00;0"
    with recorded(monkeypatch) as record:
        paid = books.publish(books.upload(as_file(statement(operation("120.00")))))
        partly = books.upload(postings(*JANUARY, *FEBRUARY, later, wrong))
        partly = books.publish(partly, without_premises_with_errors=True)
        with enter_association(books.association):
            close_year(actor=OPERATOR, year=2026)
        closed = books.upload(postings(*JANUARY, later.replace("1,00;", "2,00;")))
        with enter_association(books.association):
            reopen_year(actor=OPERATOR, year=2026, reason="Korekta po lustracji")
        paid_undone = books.undo(paid)

    assert (partly.state, closed.state) == (BatchState.PUBLISHED, BatchState.BLOCKED)
    assert paid_undone.state == BatchState.UNDONE
    assert [one for one in record.texts() if "INSERT INTO payments_payment" in plain(one)]
    assert wrong_ones(record) == []
    assert joined_before_analyze(record) == []


def test_backing_up_restoring_archiving_and_erasing(
    run: Run, samples_db: Samples, backup: dict[str, Any], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a move asks, copies beside and in place, a new slug, the archive and the end; with the setting of Citus on."""
    settings.CITUS = True
    with recorded(monkeypatch) as record:
        count_settled_acts(samples_db.lipowa)
        run("backup_association", "lipowa")
        run("restore_association", backup["path"], "--slug", "proba")
        run("restore_association", backup["path"], "--in-place", "lipowa")
        run("rename_association", "lipowa", "--slug", "lipowa-12")
        run("archive_association", "lipowa-12")
        run("erase_association", "lipowa-12", "--confirm", "lipowa-12")

    sent = [one.text for one in record.sent]
    assert len([one for one in sent if one.startswith("COPY") and "TO STDOUT" in one]) > 20
    assert len([one for one in sent if one.startswith("COPY") and "FROM STDIN" in one]) > 40
    assert len([one for one in sent if one.startswith("LOCK TABLE") and one.endswith("IN SHARE MODE")]) > 50
    assert len([one for one in sent if one.startswith("DROP SCHEMA")]) == 2
    # A restored schema is placed on a node as a new one is, also the one that takes the living one's place.
    made = [number for number, one in enumerate(sent) if one.startswith("CREATE SCHEMA")]
    assert [sent[number - 1] for number in made] == ["SET LOCAL citus.enable_schema_based_sharding TO on"] * 2
    assert wrong_ones(record) == []


def test_restoring_the_backup_of_an_older_release(
    run: Run, samples_db: Samples, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its tables are built as they were, filled, and then migrated in the same transaction."""
    with enter_association(samples_db.lipowa, using="owner"):
        MigrationExecutor(connections["owner"]).migrate([("charges", "0005_notice_runs")])
    path = Path(json.loads(run("backup_association", "lipowa", "--json"))["path"])
    with recorded(monkeypatch) as record:
        restore_beside(Source(path=path), slug="proba", actor=SYSTEM)

    assert [one for one in record.texts() if one.startswith("ALTER TABLE")]
    assert wrong_ones(record) == []


def owner_and_manager_routes(door: str) -> tuple[Role, list[Route]]:
    role = Role.OWNER if door == "association" else Role.MANAGER
    return role, [route for route in list_routes(door) if TABLE[door][route.pattern].get[role] is Outcome.OK]


@pytest.mark.parametrize("door", ["association", "apex"])
def test_reading(samples: Samples, door: str, monkeypatch: pytest.MonkeyPatch) -> None:
    values = values_here(samples)
    role, routes = owner_and_manager_routes(door)
    with recorded(monkeypatch) as record:
        for route in routes:
            assert ask(samples[role], route, values).is_outcome(Outcome.OK)

    assert len(routes) > 20
    assert wrong_ones(record) == []


def test_pages_read_their_figures_from_the_association_alone(
    samples_db: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule 7: nothing of public inside the snapshot of a page."""
    shared = public_tables()
    values = values_here(samples_db)
    role, routes = owner_and_manager_routes("association")
    browser = samples_db[role].browser(HOSTS["association"])
    with recorded(monkeypatch) as record:
        for route in routes:
            answer: Any = browser.get(route.address(values))
            assert answer.status_code == HTTPStatus.OK
            answer.close()

    inside = [one.text for one in record.sent if one.is_in_snapshot]
    assert len(inside) > 100
    assert [text for text in inside if shared & set(re.findall(r"\w+", text))] == []


def public_tables() -> set[str]:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {row[0] for row in cursor.fetchall()}
