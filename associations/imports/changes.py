"""What a batch changes in figures, row by row: new, changed (old beside new) and gone; before and after publication.

Before it staged rows are compared with those that stand, after it the rows of the editions that the publication opened
with those that it closed: also when it was undone or other batches came later. Rows that are equal pair off, however
often; of the rest those with the same identity are one row that changed. Writes nothing.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from django.db import connection

from associations.imports.change_comparison import PEOPLE, compare_sql, field_values, is_found
from associations.imports.change_sql import KINDS, Kind, Source, groups, new_rows, own_key, published_rows
from associations.imports.editions import EditionSpec
from associations.imports.memory import sorting_in_memory
from associations.imports.reopening import count_opened

_COUNTS: dict[Kind, str] = {"new": "new_count", "gone": "old_count"}
WHOLE_KINDS = tuple(_COUNTS)
FieldKind = Literal["text", "day", "money", "quantity", "rate", "title"]


@dataclass(frozen=True, slots=True)
class Field:
    """A value of a row that a manager compares: its label, how it is written, SQL over the staged row `s`.

    `is_aside`: stands beside the premises while it does not change, a column of its own would be too much.
    """

    label: str
    kind: FieldKind
    sql: str
    is_aside: bool = False


@dataclass(frozen=True, slots=True)
class ChangeSpec:
    """How rows of a dataset are told apart and shown. SQL texts are over the staged row `s`.

    `identity` says which old and new row are the same one (with an ordinal, ordered by `order`); `searched` is a text.
    """

    editions: EditionSpec
    identity: str
    order: str
    searched: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row: `old` None where nothing stood, `new` None where it goes; values in the order of the fields."""

    premises_code: str
    month: dt.date
    part_code: str
    old: tuple[Any, ...] | None
    new: tuple[Any, ...] | None


@dataclass(frozen=True, slots=True)
class Changes:
    """One page of one kind, and how many rows there are of each (those that the search finds)."""

    kind: Kind
    counts: dict[Kind, int]
    rows: tuple[ChangedRow, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows: their kind (None: the one that tells most), a text to search for (empty for all), and a stretch."""

    kind: Kind | None
    search: str = ""
    offset: int = 0
    limit: int = 50


def read_changes(spec: ChangeSpec, source: Source, asked: Asked) -> Changes:
    """Rows of one kind in the order of premises, months and parts; three or four queries.

    Rows of premises, months and parts where something stood before come first, wholly new (or wholly gone) ones
    behind them: of those only the rows of the page are read.
    """
    with sorting_in_memory():
        whole: dict[Kind, int] = {
            kind: _count_whole(spec, source, kind, asked.search) for kind in WHOLE_KINDS
        }
        found = _compared(spec, source, asked, whole)
        rows, missing = list(found.rows), asked.limit - len(found.rows)
        if missing and whole.get(found.kind):
            offset = max(0, asked.offset - found.counts[found.kind])
            rows += _whole(spec, source, replace(asked, kind=found.kind, offset=offset, limit=missing))
    return Changes(found.kind, {kind: found.counts[kind] + whole.get(kind, 0) for kind in KINDS}, tuple(rows))


def count_changes(spec: ChangeSpec, source: Source) -> dict[Kind, int]:
    """How many rows are new, changed and gone. Three queries."""
    whole: dict[Kind, int] = {kind: _count_whole(spec, source, kind, "") for kind in WHOLE_KINDS}
    counts = _compared(spec, source, Asked("new", limit=0), whole).counts
    return {kind: counts[kind] + whole.get(kind, 0) for kind in KINDS}


def changed_datasets(specs: Iterable[EditionSpec], source: Source) -> set[str]:
    """Datasets in which anything is new, changed or gone: one query before publication, one each after it."""
    if source.publication_id is not None:
        return {spec.dataset for spec in specs if count_opened(spec, source.publication_id).editions}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT dataset FROM imports_stagedgroup WHERE batch_id = %s AND outcome <> 'same'",
            [source.batch_id],
        )
        return {row[0] for row in cursor.fetchall()}


def _params(spec: EditionSpec, source: Source, kind: Kind, search: str = "") -> dict[str, Any]:
    return {
        "batch": source.batch_id,
        "publication": source.publication_id,
        "dataset": spec.dataset,
        "kind": kind,
        "search": search.lower(),
    }


def _compared(spec: ChangeSpec, source: Source, asked: Asked, whole: Mapping[Kind, int]) -> Changes:
    """Rows of groups in which rows stood and stand; `whole` tells how many rows of other groups come and go."""
    params = _params(spec.editions, source, "changed", asked.search)
    with connection.cursor() as cursor:
        cursor.execute(
            compare_sql(spec, source, asked.search),
            {
                **params,
                "asked": asked.kind,
                "offset": asked.offset,
                "limit": asked.limit,
                "whole_gone": whole.get("gone", 0),
            },
        )
        found = cursor.fetchall()
    kind: Kind = found[0][0]
    counts: dict[Kind, int] = dict(zip(KINDS, found[0][1:4], strict=True))
    width = len(spec.fields)
    rows = (
        ChangedRow(
            premises,
            month,
            part,
            old=tuple(values[:width]) if has_old else None,
            new=tuple(values[width:]) if has_new else None,
        )
        for _kind, _new, _changed, _gone, premises, month, part, has_old, has_new, *values in found
        if premises is not None
    )
    return Changes(kind, counts, tuple(rows))


def _rows_of_kind(spec: ChangeSpec, source: Source, kind: Kind) -> str:
    return published_rows(spec.editions, "old_batch") if kind == "gone" else new_rows(spec.editions, source)


def _count_whole(spec: ChangeSpec, source: Source, kind: Kind, search: str) -> int:
    """Rows of groups that are wholly new, or wholly gone."""
    own = groups(spec.editions, source, kind, with_old=kind == "gone")
    statement = f"SELECT coalesce(sum(g.{_COUNTS[kind]}), 0) FROM ({own}) g"
    if search:
        statement = f"""
            WITH {PEOPLE}, groups AS MATERIALIZED ({own})
            SELECT count(*) FROM groups g {_rows_of_kind(spec, source, kind)} WHERE {is_found(spec, search)}"""
    with connection.cursor() as cursor:
        cursor.execute(statement, _params(spec.editions, source, kind, search))
        return int(cursor.fetchone()[0])


def _near(spec: ChangeSpec, source: Source, kind: Kind) -> str:
    """Common table expressions ending in `groups`: of the premises around the stretch alone, counted by premises.

    Placing every group by itself takes many times as long: there are some dozens of them in each premises.
    """
    own, key = groups(spec.editions, source, kind, with_old=kind == "gone"), own_key(source)
    code, join = "c.own", ""
    if source.publication_id:
        code, join = "p.code", "JOIN premises_premises p ON p.id = c.own"
    return f"""counted AS MATERIALIZED (
            SELECT g.{key} AS own, coalesce(sum(g.{_COUNTS[kind]}), 0) AS own_rows FROM ({own}) g GROUP BY g.{key}
        ), placed AS MATERIALIZED (
            SELECT c.own, c.own_rows,
                   sum(c.own_rows) OVER (ORDER BY {code} ROWS UNBOUNDED PRECEDING) - c.own_rows AS before
            FROM counted c {join}
        ), near AS MATERIALIZED (
            SELECT own, before FROM placed
            WHERE before < %(offset)s + %(limit)s AND before + own_rows > %(offset)s
        ), groups AS MATERIALIZED (
            SELECT g.*, (SELECT min(before) FROM near) AS skipped FROM ({own}) g
            WHERE g.{key} = ANY (ARRAY(SELECT own FROM near)))"""


def _search_new(spec: ChangeSpec, source: Source, asked: Asked) -> tuple[int, list[ChangedRow]]:
    """How many rows of wholly new groups the search finds, and a stretch of them."""
    names = ", ".join(f"f{number}" for number in range(len(spec.fields)))
    own = groups(spec.editions, source, "new", with_old=False)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH {PEOPLE}, groups AS MATERIALIZED ({own}), found AS MATERIALIZED (
                SELECT g.premises_code, g.month, g.part_code, s.file_no, s.line_no, {field_values(spec)}
                FROM groups g {new_rows(spec.editions, source)} WHERE {is_found(spec, asked.search)}
            ), page AS MATERIALIZED (
                SELECT * FROM found ORDER BY premises_code, month, part_code, file_no, line_no
                LIMIT %(limit)s OFFSET %(offset)s
            )
            SELECT (SELECT count(*) FROM found), premises_code, month, part_code, {names}
            FROM (SELECT 1) one LEFT JOIN page ON true
            ORDER BY premises_code, month, part_code, file_no, line_no
            """,
            {
                **_params(spec.editions, source, "new", asked.search),
                "offset": asked.offset,
                "limit": asked.limit,
            },
        )
        found = cursor.fetchall()
    rows = [
        ChangedRow(premises, month, part, old=None, new=tuple(values))
        for _count, premises, month, part, *values in found
        if premises is not None
    ]
    return int(found[0][0]), rows


def _whole(spec: ChangeSpec, source: Source, asked: Asked) -> list[ChangedRow]:
    """A stretch of the rows of wholly new, or wholly gone, groups; without a search only the page's premises are read."""
    kind: Kind = asked.kind or "new"
    tables = _near(spec, source, kind)
    if asked.search:
        own = groups(spec.editions, source, kind, with_old=kind == "gone")
        tables = f"groups AS MATERIALIZED (SELECT g.*, 0 AS skipped FROM ({own}) g)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH {PEOPLE}, {tables}
            SELECT g.premises_code, g.month, g.part_code, {field_values(spec)}
            FROM groups g {_rows_of_kind(spec, source, kind)} WHERE {is_found(spec, asked.search)}
            ORDER BY g.premises_code, g.month, g.part_code, s.file_no, s.line_no
            LIMIT %(limit)s OFFSET %(offset)s - (SELECT coalesce(min(skipped), 0) FROM groups)
            """,
            {
                **_params(spec.editions, source, kind, asked.search),
                "offset": asked.offset,
                "limit": asked.limit,
            },
        )
        found = cursor.fetchall()
    return [
        ChangedRow(
            premises,
            month,
            part,
            old=tuple(values) if kind == "gone" else None,
            new=None if kind == "gone" else tuple(values),
        )
        for premises, month, part, *values in found
    ]
