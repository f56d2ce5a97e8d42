"""What a batch changes in figures, row by row: new, changed (old beside new) and gone; before and after publication.

Before it staged rows are compared with those that stand, after it the rows of the editions that the publication opened
with those that it closed: also when it was undone or other batches came later. Rows that are equal pair off, however
often; of the rest those with the same identity are one row that changed. Writes nothing.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from django.db import connection

from associations.imports.change_sql import KINDS, Kind, Source, groups, new_rows, published_rows
from associations.imports.editions import EditionSpec

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

    counts: dict[Kind, int]
    rows: tuple[ChangedRow, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows: their kind, a text to search for (empty for all), and a stretch."""

    kind: Kind
    search: str = ""
    offset: int = 0
    limit: int = 50


def read_changes(spec: ChangeSpec, source: Source, asked: Asked) -> Changes:
    """Rows of one kind in the order of premises, months and parts; two or three queries.

    Rows of premises, months and parts where something stood before come first, wholly new (or wholly gone) ones
    behind them: of those only the rows of the page are read.
    """
    counts, rows = _compared(spec, source, asked)
    whole: dict[Kind, int] = {
        kind: _count_whole(spec, source, kind, asked.search) for kind in KINDS if kind != "changed"
    }
    missing = asked.limit - len(rows)
    if missing and whole.get(asked.kind):
        offset = max(0, asked.offset - counts[asked.kind])
        rows += _whole(spec, source, asked, offset, missing)
    return Changes({kind: counts[kind] + whole.get(kind, 0) for kind in KINDS}, tuple(rows))


def count_changes(spec: ChangeSpec, source: Source) -> dict[Kind, int]:
    """How many rows are new, changed and gone. Three queries."""
    counts, _rows = _compared(spec, source, Asked("new", limit=0))
    return {
        "new": counts["new"] + _count_whole(spec, source, "new", ""),
        "changed": counts["changed"],
        "gone": counts["gone"] + _count_whole(spec, source, "gone", ""),
    }


def has_changes(spec: EditionSpec, source: Source) -> bool:
    """Whether anything of the dataset is new, changed or gone."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS ({groups(spec, source)})", _params(spec, source, KINDS))
        return bool(cursor.fetchone()[0])


def _params(spec: EditionSpec, source: Source, kinds: tuple[Kind, ...], search: str = "") -> dict[str, Any]:
    return {
        "batch": source.batch_id,
        "publication": source.publication_id,
        "dataset": spec.dataset,
        "kinds": list(kinds),
        "search": search.lower(),
    }


def _found(spec: ChangeSpec, search: str) -> str:
    """Whether row `s` of group `g` is searched for: by premises, by its own texts, by a person of the premises."""
    if not search:
        return "true"
    payer = " OR s.payer_code IN (SELECT code FROM people)" if spec.editions.has_payer else ""
    return f"""(strpos(lower(g.premises_code), %(search)s) > 0 OR strpos(lower({spec.searched}), %(search)s) > 0
        OR g.premises_code IN (SELECT premises_code FROM people){payer})"""


_PEOPLE = """people AS MATERIALIZED (
    SELECT o.code, l.code AS premises_code FROM premises_person o
    LEFT JOIN premises_title t ON t.person_id = o.id AND t.is_current
    LEFT JOIN premises_premises l ON l.id = t.premises_id
    WHERE %(search)s <> '' AND (strpos(lower(o.name), %(search)s) > 0 OR strpos(lower(o.code), %(search)s) > 0)
)"""


def _values(spec: ChangeSpec) -> str:
    return ", ".join(f"{field.sql} AS f{number}" for number, field in enumerate(spec.fields))


def _compared(spec: ChangeSpec, source: Source, asked: Asked) -> tuple[dict[Kind, int], list[ChangedRow]]:
    """Rows of groups in which rows stood and stand."""
    params = _params(spec.editions, source, ("changed",), asked.search)
    with connection.cursor() as cursor:
        cursor.execute(
            _compare_sql(spec, source, asked.search),
            {**params, "kind": asked.kind, "offset": asked.offset, "limit": asked.limit},
        )
        found = cursor.fetchall()
    counts: dict[Kind, int] = dict(zip(KINDS, found[0][:3], strict=True))
    width = len(spec.fields)
    rows = [
        ChangedRow(
            premises,
            month,
            part,
            old=tuple(values[:width]) if has_old else None,
            new=tuple(values[width:]) if has_new else None,
        )
        for _new, _changed, _gone, premises, month, part, has_old, has_new, *values in found
        if premises is not None
    ]
    return counts, rows


def _compare_sql(spec: ChangeSpec, source: Source, search: str) -> str:
    names = [f"f{number}" for number in range(len(spec.fields))]
    values = ", ".join(
        [*(f"o.{name} AS old_{name}" for name in names), *(f"n.{name} AS new_{name}" for name in names)]
    )

    # Groups and lines are told apart by numbers: sorting and joining a month's texts takes three times as long.
    def numbered(rows: str) -> str:
        return f"""
            SELECT g.place AS in_group, {spec.identity} AS identity, {spec.order} AS tie,
                   hashtextextended({spec.editions.digest_line}, 0) AS line, {_found(spec, search)} AS is_found,
                   s.file_no, s.line_no, {_values(spec)}
            FROM groups g {rows}"""

    def left(own: str, other: str) -> str:
        return f"""
            SELECT a.*, row_number() OVER (PARTITION BY in_group, identity ORDER BY tie, file_no, line_no) AS place
            FROM {own} a WHERE NOT EXISTS (
                SELECT 1 FROM {other} b WHERE b.in_group = a.in_group AND b.line = a.line AND b.nth = a.nth)"""

    nth = "row_number() OVER (PARTITION BY in_group, line ORDER BY file_no, line_no) AS nth"
    return f"""
        WITH {_PEOPLE}, groups AS MATERIALIZED (
            SELECT q.*, row_number() OVER (ORDER BY premises_code, month, part_code) AS place
            FROM ({groups(spec.editions, source)}) q),
        olds AS MATERIALIZED (SELECT q.*, {nth} FROM ({numbered(published_rows(spec.editions, "old_batch"))}) q),
        news AS MATERIALIZED (SELECT q.*, {nth} FROM ({numbered(new_rows(spec.editions, source))}) q),
        old_left AS MATERIALIZED ({left("olds", "news")}), new_left AS MATERIALIZED ({left("news", "olds")}),
        pairs AS MATERIALIZED (
            SELECT coalesce(n.in_group, o.in_group) AS in_group, coalesce(n.identity, o.identity) AS identity,
                   coalesce(n.place, o.place) AS place, o.place IS NOT NULL AS has_old, n.place IS NOT NULL AS has_new,
                   CASE WHEN o.place IS NULL THEN 'new' WHEN n.place IS NULL THEN 'gone' ELSE 'changed' END AS kind,
                   {values}
            FROM new_left n FULL JOIN old_left o
              ON o.in_group = n.in_group AND o.identity = n.identity AND o.place = n.place
            WHERE coalesce(n.is_found, false) OR coalesce(o.is_found, false)
        ), counts AS MATERIALIZED (
            SELECT count(*) FILTER (WHERE kind = 'new') AS news, count(*) FILTER (WHERE kind = 'changed') AS changed,
                   count(*) FILTER (WHERE kind = 'gone') AS gone FROM pairs
        ), page AS MATERIALIZED (
            SELECT * FROM pairs WHERE kind = %(kind)s ORDER BY in_group, identity, place
            LIMIT %(limit)s OFFSET %(offset)s
        )
        SELECT c.news, c.changed, c.gone, g.premises_code, g.month, g.part_code, p.has_old, p.has_new,
               {", ".join(f"p.{side}_{name}" for side in ("old", "new") for name in names)}
        FROM counts c LEFT JOIN page p ON true LEFT JOIN groups g ON g.place = p.in_group
        ORDER BY p.in_group, p.identity, p.place
    """


def _rows_of_kind(spec: ChangeSpec, source: Source, kind: Kind) -> str:
    return published_rows(spec.editions, "old_batch") if kind == "gone" else new_rows(spec.editions, source)


def _count_whole(spec: ChangeSpec, source: Source, kind: Kind, search: str) -> int:
    """Rows of groups that are wholly new, or wholly gone."""
    count = "old_count" if kind == "gone" else "new_count"
    own = groups(spec.editions, source, with_old=kind == "gone")
    statement = f"SELECT coalesce(sum(g.{count}), 0) FROM ({own}) g"
    if search:
        statement = f"""
            WITH {_PEOPLE}, groups AS MATERIALIZED ({own})
            SELECT count(*) FROM groups g {_rows_of_kind(spec, source, kind)} WHERE {_found(spec, search)}"""
    with connection.cursor() as cursor:
        cursor.execute(statement, _params(spec.editions, source, (kind,), search))
        return int(cursor.fetchone()[0])


def _whole(spec: ChangeSpec, source: Source, asked: Asked, offset: int, limit: int) -> list[ChangedRow]:
    """A stretch of the rows of wholly new, or wholly gone, groups; without a search only the page's groups are read."""
    count = "old_count" if asked.kind == "gone" else "new_count"
    key = "premises_code, month, part_code"
    stretch = """
        SELECT *, min(before) OVER () AS skipped FROM placed
        WHERE before < %(offset)s + %(limit)s AND before + group_rows > %(offset)s"""
    if asked.search:
        stretch = "SELECT *, 0 AS skipped FROM placed"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH {_PEOPLE}, placed AS MATERIALIZED (
                SELECT g.*, g.{count} AS group_rows,
                       sum(g.{count}) OVER (ORDER BY {key} ROWS UNBOUNDED PRECEDING) - g.{count} AS before
                FROM ({groups(spec.editions, source, with_old=asked.kind == "gone")}) g
            ), groups AS MATERIALIZED ({stretch})
            SELECT g.premises_code, g.month, g.part_code, {_values(spec)}
            FROM groups g {_rows_of_kind(spec, source, asked.kind)} WHERE {_found(spec, asked.search)}
            ORDER BY g.premises_code, g.month, g.part_code, s.file_no, s.line_no
            LIMIT %(limit)s OFFSET %(offset)s - (SELECT coalesce(min(skipped), 0) FROM groups)
            """,
            {
                **_params(spec.editions, source, (asked.kind,), asked.search),
                "offset": offset,
                "limit": limit,
            },
        )
        found = cursor.fetchall()
    return [
        ChangedRow(
            premises,
            month,
            part,
            old=tuple(values) if asked.kind == "gone" else None,
            new=None if asked.kind == "gone" else tuple(values),
        )
        for premises, month, part, *values in found
    ]
