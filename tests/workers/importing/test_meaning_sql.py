"""The statements of additions, replaced people and ended titles run alike on one server and on Citus."""

from collections.abc import Callable
from typing import Any

from django.db import connection

from associations.imports.models import BatchState
from tests.structure.sql_rules import offences, plain
from tests.workers.importing.conftest import Importer
from tests.workers.importing.test_meaning import JANUARY, books, postings
from tests.workers.importing.test_meaning_titles import people

__all__ = ["books"]


def test_every_statement_of_declared_meanings_keeps_to_the_rules(books: Importer) -> None:
    statements: set[str] = set()

    def note(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        statements.add(sql if isinstance(sql, str) else sql.as_string(context["connection"].connection))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        added = books.declare(books.upload(postings(JANUARY[1])), is_addition=True)
        books.publish(added)
        batch = books.upload(people("A;Wilk Ewa;1;własność;;", "X;Lis Adam;2;własność;;"))
        batch = books.declare(
            batch,
            people={"A": "other"},
            as_of="2026-11-22",
            closes_undated_titles=True,
            ends_missing_titles=True,
        )
        undone = books.undo(books.publish(batch))

    assert undone.state == BatchState.UNDONE
    assert any("premises_stagedtitle" in sql for sql in statements)
    assert any("touched AS MATERIALIZED" in sql for sql in statements)
    assert [(offences(sql), plain(sql)[:200]) for sql in sorted(statements) if offences(sql)] == []
