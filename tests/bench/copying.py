"""The measure of publishing: a plain COPY of the same rows into the same table, with its indexes and foreign keys."""

from pathlib import Path
from typing import Any

from django.db import connections
from psycopg import sql

from saas.tenancy.provisioning import OWNER
from saas.tenancy.switching import AssociationRef, enter_association
from tests.bench.measuring import Effort, measured
from tests.bench.surroundings import Surroundings

TWIN = sql.Identifier("bench_twin")
CHUNK = 1 << 20


def copy_rows(
    around: Surroundings, association: AssociationRef, table: str, batch_id: int
) -> tuple[int, Effort]:
    """How many rows of the batch stand in the table, and what a plain COPY of them takes."""
    file = around.generated / "copied"
    with enter_association(association, using=OWNER), connections[OWNER].cursor() as cursor:
        columns = _columns(cursor, table)
        rows = _unload(cursor, file, table, columns, batch_id)
        _make_twin(cursor, table)
        try:
            with measured(around) as effort, file.open("rb") as source:
                _load(cursor, source, columns)
        finally:
            cursor.execute(sql.SQL("DROP TABLE {}").format(TWIN))
    file.unlink()
    return rows, effort


def _columns(cursor: Any, table: str) -> sql.Composed:
    """All but the key, which the twin gives anew as the table itself does."""
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped"
        " AND attidentity = '' ORDER BY attnum",
        [table],
    )
    return sql.SQL(", ").join(sql.Identifier(name) for (name,) in cursor.fetchall())


def _unload(cursor: Any, file: Path, table: str, columns: sql.Composed, batch_id: int) -> int:
    rows = sql.SQL("COPY (SELECT {} FROM {} WHERE batch_id = {} ORDER BY id) TO STDOUT").format(
        columns, sql.Identifier(table), sql.Literal(batch_id)
    )
    with file.open("wb") as target, cursor.copy(rows) as copy:
        for piece in copy:
            target.write(piece)
    return int(cursor.rowcount)


def _make_twin(cursor: Any, table: str) -> None:
    source = sql.Identifier(table)
    cursor.execute(sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(TWIN, source))
    cursor.execute(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = to_regclass(%s) AND contype = 'f'",
        [table],
    )
    for (definition,) in cursor.fetchall():
        cursor.execute(sql.SQL("ALTER TABLE {} ADD {}").format(TWIN, sql.SQL(definition)))


def _load(cursor: Any, source: Any, columns: sql.Composed) -> None:
    with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(TWIN, columns)) as copy:
        while piece := source.read(CHUNK):
            copy.write(piece)
