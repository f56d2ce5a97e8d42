"""Statements of importing, publishing and undoing keep to the forms that run alike on one server and on Citus.

docs/architecture.md names them: computed inserts come from a materialised CTE, ordered and by plain columns; one
statement writes once; no temporary tables, MERGE, set_config or deferred-constraint tricks.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from associations.imports.models import BatchState
from tests.workers.importing.conftest import SAMPLES, Importer, sloneczna_imports

__all__ = ["sloneczna_imports"]

WRITES = re.compile(r"\b(INSERT\s+INTO|UPDATE|DELETE\s+FROM)\b", re.IGNORECASE)
FORBIDDEN = re.compile(
    r"\b(MERGE\s+INTO|TEMP(ORARY)?\s+TABLE|set_config|SET\s+CONSTRAINTS|TRUNCATE)\b", re.IGNORECASE
)


def plain(statement: str) -> str:
    """Without texts in quotes and with single blanks."""
    return " ".join(re.sub(r"'(?:[^']|'')*'", "''", statement).split())


def offence(statement: str) -> str | None:
    """Which rule a statement breaks, if any."""
    sql = plain(statement)
    if FORBIDDEN.search(sql):
        return "forbidden form"
    is_row_lock = re.search(r"FOR (NO KEY )?UPDATE", sql)
    if not is_row_lock and len(WRITES.findall(sql)) > 1:
        return "writes twice"
    insert = re.search(r"INSERT INTO \S+ \([^)]*\) (SELECT .*)$", sql)
    if insert is None or insert[1].startswith("SELECT * FROM UNNEST("):
        return None  # the second is Django's form of bulk_create: parameters, no tables
    if not sql.startswith("WITH ") or re.search(r"\bAS \((?=SELECT)", sql.split(insert.group(0))[0]):
        return "computes outside a materialised CTE"
    selected = re.match(
        r"SELECT ([\w\", ]+|[\w\", ]*false[\w\", ]*) FROM rows ORDER BY [\w\", ]+( RETURNING id)?$", insert[1]
    )
    return None if selected else "selects more than plain columns in order"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("INSERT INTO t (a) SELECT a FROM s", "computes outside a materialised CTE"),
        ("WITH rows AS MATERIALIZED (SELECT 1 AS a) INSERT INTO t (a) SELECT a + 1 FROM rows ORDER BY a",
         "selects more than plain columns in order"),
        ("WITH rows AS MATERIALIZED (SELECT 1 AS a) INSERT INTO t (a) SELECT a FROM rows",
         "selects more than plain columns in order"),
        ("WITH gone AS (DELETE FROM t RETURNING a) INSERT INTO u (a) VALUES (1)", "writes twice"),
        ("CREATE TEMPORARY TABLE x (a int)", "forbidden form"),
        ("WITH rows AS MATERIALIZED (SELECT 1 AS a) INSERT INTO t (a) SELECT a FROM rows ORDER BY a", None),
        ("UPDATE t SET a = 'DELETE FROM u'", None),
    ],
)  # fmt: skip
def test_offences_are_noticed(statement: str, expected: str | None) -> None:
    assert offence(statement) == expected


def test_every_statement_of_an_import_keeps_to_the_rules(sloneczna_imports: Importer) -> None:
    statements: set[str] = set()

    def note(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        statements.add(sql if isinstance(sql, str) else sql.as_string(context["connection"].connection))
        return execute(sql, params, many, context)

    files = [SAMPLES / "spoldzielnia" / name for name in ("lokale.csv", "osoby.csv", "konta.csv", "salda.csv",
             "rozliczenia.csv", "odczyty-2026.csv", "naliczenia-2026.csv", "ksiegowania-2026-204-1.csv")]  # fmt: skip
    with connection.execute_wrapper(note):
        published = sloneczna_imports.publish(sloneczna_imports.upload(*files))
        undone = sloneczna_imports.undo(published)

    assert undone.state == BatchState.UNDONE
    inserts = [sql for sql in statements if "INSERT INTO" in sql and "SELECT" in sql]
    assert len(inserts) > 30
    assert [(offence(sql), plain(sql)[:200]) for sql in sorted(statements) if offence(sql)] == []
