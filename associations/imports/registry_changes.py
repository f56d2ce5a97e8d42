"""What a batch changes in registries (premises, people, titles, accounts …), with old and new values. Writes nothing.

Before publication the staged rows are compared with the registry, after it the changes that were kept are read.
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from associations.imports.change_sql import KINDS, TELLING_KIND, Kind, Source
from associations.imports.changes import Asked, Field
from associations.imports.registries import RegistrySpec


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryView:
    """A registry as a manager compares it. SQL texts of fields, heading and search are over a row as jsonb, `j.v`.

    `waiting_new` lists what is new before publication where `specs` cannot: rows whose premises or person come with
    the same batch. It takes %(batch)s and gives one jsonb `v` a row.
    """

    registry: str
    label: str
    specs: tuple[RegistrySpec, ...]
    heading: str
    searched: str
    fields: tuple[Field, ...]
    waiting_new: str | None = None


@dataclass(frozen=True, slots=True)
class RegistryRow:
    """An entry: `old` None where it is new; values in the order of the fields. An ended one has both."""

    heading: str
    old: tuple[Any, ...] | None
    new: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class RegistryChanges:
    """One page of one kind, and how many entries there are of each."""

    kind: Kind
    counts: dict[Kind, int]
    rows: tuple[RegistryRow, ...]


def read_registry_changes(view: RegistryView, source: Source, asked: Asked) -> RegistryChanges:
    """Entries of one kind that the search finds, by their own order. One query."""
    width = len(view.fields)
    with connection.cursor() as cursor:
        cursor.execute(
            _page_sql(view, source),
            {
                "batch": source.batch_id,
                "publication": source.publication_id,
                "registry": view.registry,
                "kind": asked.kind,
                "search": asked.search.lower(),
                "limit": asked.limit,
                "offset": asked.offset,
            },
        )
        found = cursor.fetchall()
    kind: Kind = found[0][0]
    counts: dict[Kind, int] = dict(zip(KINDS, found[0][1:4], strict=True))
    rows = (
        RegistryRow(heading, tuple(values[:width]) if has_old else None, tuple(values[width:]))
        for _kind, _new, _changed, _gone, heading, has_old, *values in found
        if heading is not None
    )
    return RegistryChanges(kind, counts, tuple(rows))


def has_registry_changes(view: RegistryView, source: Source) -> bool:
    """Whether any entry is new, changed or ended."""
    statement = _published() if source.publication_id else _waiting(view)
    params = {"batch": source.batch_id, "publication": source.publication_id, "registry": view.registry}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS ({statement})", params)
        return bool(cursor.fetchone()[0])


def _page_sql(view: RegistryView, source: Source) -> str:
    names = [f"f{number}" for number in range(len(view.fields))]
    values = ", ".join(f"{field.sql} AS {name}" for name, field in zip(names, view.fields, strict=True))
    return f"""
        WITH changes AS MATERIALIZED ({_published() if source.publication_id else _waiting(view)}),
        told AS MATERIALIZED (
            SELECT c.object_id, c.before, c.after, {view.heading} AS heading,
                   coalesce(j.v ->> 'sort_key', {view.heading}) AS place,
                   CASE WHEN c.before IS NULL OR (c.before ->> 'is_current' = 'false' AND c.after ->> 'is_current' = 'true')
                        THEN 'new'
                        WHEN c.after ->> 'is_current' = 'false'
                          OR (c.before ->> 'ends_on' IS NULL AND c.after ->> 'ends_on' IS NOT NULL) THEN 'gone'
                        ELSE 'changed' END AS kind
            FROM changes c CROSS JOIN LATERAL (SELECT c.after AS v) j
            WHERE %(search)s = '' OR strpos(lower({view.searched}), %(search)s) > 0
        ), counts AS MATERIALIZED (
            SELECT count(*) FILTER (WHERE kind = 'new') AS news, count(*) FILTER (WHERE kind = 'changed') AS changed,
                   count(*) FILTER (WHERE kind = 'gone') AS gone FROM told
        ), page AS MATERIALIZED (
            SELECT * FROM told WHERE kind = coalesce(%(kind)s::text, (SELECT {TELLING_KIND} FROM counts))
            ORDER BY place, heading, object_id LIMIT %(limit)s OFFSET %(offset)s
        )
        SELECT coalesce(%(kind)s::text, {TELLING_KIND}), c.news, c.changed, c.gone, p.heading, p.before IS NOT NULL,
               {", ".join(f"{side}.{name}" for side in ("o", "n") for name in names)}
        FROM counts c LEFT JOIN page p ON true
        LEFT JOIN LATERAL (SELECT {values} FROM (SELECT p.before AS v) j) o ON true
        LEFT JOIN LATERAL (SELECT {values} FROM (SELECT p.after AS v) j) n ON true
        ORDER BY p.place, p.heading, p.object_id
    """


def _published() -> str:
    return """SELECT object_id, before, after FROM imports_registrychange
              WHERE publication_id = %(publication)s AND registry = %(registry)s"""


def _waiting(view: RegistryView) -> str:
    texts = [_waiting_of(spec, with_new=view.waiting_new is None) for spec in view.specs]
    if view.waiting_new:
        texts.append(
            f"SELECT NULL::bigint AS object_id, NULL::jsonb AS before, w.v AS after FROM ({view.waiting_new}) w"
        )
    return " UNION ALL ".join(f"({text})" for text in texts)


def _waiting_of(spec: RegistrySpec, *, with_new: bool) -> str:
    outcome = (
        f"t.id IS NULL OR {spec.differs('t', 's')}"
        if with_new
        else f"t.id IS NOT NULL AND {spec.differs('t', 's')}"
    )
    return f"""
        SELECT t.id AS object_id, CASE WHEN t.id IS NOT NULL THEN {spec.as_json("t")} END AS before,
               {spec.as_json("s")} AS after
        FROM ({spec.source}) s LEFT JOIN {spec.table} t ON {spec.same_key("t", "s")} WHERE {outcome}"""
