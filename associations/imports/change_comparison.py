"""SQL for changes.py: old and new rows of premises, months and parts in which rows stood and stand, side by side."""

from typing import TYPE_CHECKING

from associations.imports.change_sql import TELLING_KIND, Source, groups, new_rows, published_rows

if TYPE_CHECKING:
    from associations.imports.changes import ChangeSpec


def is_found(spec: "ChangeSpec", search: str) -> str:
    """Whether row `s` of group `g` is searched for: by premises, by its own texts, by a person of the premises."""
    if not search:
        return "true"
    payer = " OR s.payer_code IN (SELECT code FROM people)" if spec.editions.has_payer else ""
    return f"""(strpos(lower(g.premises_code), %(search)s) > 0 OR strpos(lower({spec.searched}), %(search)s) > 0
        OR g.premises_code IN (SELECT premises_code FROM people){payer})"""


PEOPLE = """people AS MATERIALIZED (
    SELECT o.code, l.code AS premises_code FROM premises_person o
    LEFT JOIN premises_title t ON t.person_id = o.id AND t.is_current
    LEFT JOIN premises_premises l ON l.id = t.premises_id
    WHERE %(search)s <> '' AND (strpos(lower(o.name), %(search)s) > 0 OR strpos(lower(o.code), %(search)s) > 0)
)"""


def field_values(spec: "ChangeSpec") -> str:
    """The fields of a row `s`, named f0, f1 and so on."""
    return ", ".join(f"{field.sql} AS f{number}" for number, field in enumerate(spec.fields))


def compare_sql(spec: "ChangeSpec", source: Source, search: str) -> str:
    """Counts of all kinds, and a stretch of the kind asked for."""
    names = [f"f{number}" for number in range(len(spec.fields))]
    values = ", ".join(
        [*(f"o.{name} AS old_{name}" for name in names), *(f"n.{name} AS new_{name}" for name in names)]
    )

    # Groups and lines are told apart by numbers: sorting and joining a month's texts takes three times as long.
    def numbered(rows: str) -> str:
        return f"""
            SELECT g.place AS in_group, {spec.identity} AS identity, {spec.order} AS tie,
                   hashtextextended({spec.editions.digest_line}, 0) AS line, {is_found(spec, search)} AS is_found,
                   s.file_no, s.line_no, {field_values(spec)}
            FROM groups g {rows}"""

    def left(own: str, other: str) -> str:
        return f"""
            SELECT a.*, row_number() OVER (PARTITION BY in_group, identity ORDER BY tie, file_no, line_no) AS place
            FROM {own} a WHERE NOT EXISTS (
                SELECT 1 FROM {other} b WHERE b.in_group = a.in_group AND b.line = a.line AND b.nth = a.nth)"""

    nth = "row_number() OVER (PARTITION BY in_group, line ORDER BY file_no, line_no) AS nth"
    return f"""
        WITH {PEOPLE}, groups AS MATERIALIZED (
            SELECT q.*, row_number() OVER (ORDER BY premises_code, month, part_code) AS place
            FROM ({groups(spec.editions, source, "changed")}) q),
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
        ), chosen AS MATERIALIZED (
            SELECT coalesce(%(asked)s::text, {TELLING_KIND}) AS kind
            FROM (SELECT changed, gone + %(whole_gone)s::bigint AS gone FROM counts) q
        ), page AS MATERIALIZED (
            SELECT * FROM pairs WHERE kind = (SELECT kind FROM chosen) ORDER BY in_group, identity, place
            LIMIT %(limit)s OFFSET %(offset)s
        )
        SELECT (SELECT kind FROM chosen), c.news, c.changed, c.gone,
               g.premises_code, g.month, g.part_code, p.has_old, p.has_new,
               {", ".join(f"p.{side}_{name}" for side in ("old", "new") for name in names)}
        FROM counts c LEFT JOIN page p ON true LEFT JOIN groups g ON g.place = p.in_group
        ORDER BY p.in_group, p.identity, p.place
    """
