"""Control of what stands: counts, sums and disagreements of the open editions, over the whole association.

What concerns one dataset is asked in its own app (control.py of premises, charges, ledger, meters). Disagreements
never change a figure: owners see what was supplied.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection

from associations.imports.editions import EditionSpec

# More of one kind are counted, not listed.
LISTED_PER_KIND = 1_000


@dataclass(frozen=True, slots=True)
class Control:
    """One dataset: rows that stand, their sums in zł, and what disagrees (keys and figures, never names)."""

    rows: Mapping[str, int] = field(default_factory=dict)
    sums: Mapping[str, Decimal] = field(default_factory=dict)
    disagreements: tuple[dict[str, Any], ...] = ()


def select_rows(statement: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """The rows of a statement by column name."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def standing_rows(spec: EditionSpec) -> str:
    """FROM and WHERE of the published rows `r` that an open edition `e` says to stand."""
    return f"""
        FROM {spec.row_table} r
        JOIN {spec.edition_table} e
          ON e.premises_id = r.premises_id AND e.month = r.month AND e.part_id = r.{spec.row_part}
         AND e.batch_id = r.batch_id
        WHERE e.closed_by_id IS NULL
    """


def find_broken_editions(spec: EditionSpec) -> tuple[dict[str, Any], ...]:
    """Open editions whose rows are not those that were published, and editions whose keys lead nowhere.

    None in a sound database: tests of kills and of restored backups ask for it.
    """
    return (*_find_lost_keys(spec), *_find_other_rows(spec))


def _find_lost_keys(spec: EditionSpec) -> tuple[dict[str, Any], ...]:
    """Editions of premises, parts, batches or publications that do not exist: no constraint guards these keys."""
    keys = {
        "premises_id": "premises_premises",
        "part_id": spec.part_table,
        "batch_id": "imports_importbatch",
        "opened_by_id": "imports_publication",
        "closed_by_id": "imports_publication",
    }
    lost = " OR ".join(
        f"(e.{key} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {table} x WHERE x.id = e.{key}))"
        for key, table in keys.items()
    )
    return tuple(
        select_rows(
            "SELECT 'edition_leads_nowhere' AS kind, %(dataset)s::text AS dataset, e.id AS edition, e.month"
            f" FROM {spec.edition_table} e WHERE {lost} ORDER BY e.id LIMIT {LISTED_PER_KIND}",
            {"dataset": spec.dataset},
        )
    )


def _find_other_rows(spec: EditionSpec) -> tuple[dict[str, Any], ...]:
    """Open editions with fewer or more rows than were published, or with other sums."""
    # The sums are written for staged rows `s`; published rows have the same columns.
    return tuple(
        select_rows(
            f"""
            SELECT 'edition_and_rows' AS kind, %(dataset)s::text AS dataset, p.code AS premises, e.month,
                   e.row_count AS expected, coalesce(r.row_count, 0) AS found
            FROM {spec.edition_table} e
            JOIN premises_premises p ON p.id = e.premises_id
            LEFT JOIN (
                SELECT s.premises_id, s.month, s.{spec.row_part} AS part_id, s.batch_id, count(*) AS row_count,
                       sum({spec.first_sum}) AS first_sum, sum({spec.second_sum}) AS second_sum
                FROM {spec.row_table} s GROUP BY s.premises_id, s.month, s.{spec.row_part}, s.batch_id
            ) r ON r.premises_id = e.premises_id AND r.month = e.month AND r.part_id = e.part_id
               AND r.batch_id = e.batch_id
            WHERE e.closed_by_id IS NULL
              AND (coalesce(r.row_count, 0) <> e.row_count OR coalesce(r.first_sum, 0) <> e.first_sum
                   OR coalesce(r.second_sum, 0) <> e.second_sum)
            ORDER BY p.code, e.month LIMIT {LISTED_PER_KIND}
            """,
            {"dataset": spec.dataset},
        )
    )
