"""Slices: the rows of a file of one month and part, all premises together, compared whole with what stands.

A yearly ledger that comes every month repeats eleven months. Grouping all of it anew by premises, with a digest each,
takes longer than reading it; the sum of its rows' fingerprints says at once that a month and part are as they were.

A slice that is the same is one row of imports_stagedgroup: premises '' and outcome `same`. Groups of single premises
are made of the other slices alone.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from associations.imports.editions import EditionSpec
from associations.imports.models import Problem, Severity, StagedGroup

WHOLE_SLICE = ""
"""The premises code of a group that is a slice."""


@dataclass(frozen=True, slots=True)
class Slice:
    """A month of a part in the file: its rows, both sums, openings, and whether just that stands."""

    month: dt.date
    part: str
    rows: int
    first_sum: Decimal
    second_sum: Decimal
    openings: int
    is_same: bool


def keep_same_slices(spec: EditionSpec, batch_id: int, found: list[Slice]) -> list[tuple[dt.date, str]]:
    """Note the slices of the batch that stand just so; the others, (month, part), are to be grouped.

    None is noted where the batch has errors: their premises may be left out, which is decided by premises.
    """
    has_errors = Problem.objects.filter(batch_id=batch_id, severity=Severity.ERROR).exists()
    StagedGroup.objects.bulk_create(
        StagedGroup(
            batch_id=batch_id,
            dataset=spec.dataset,
            premises_code=WHOLE_SLICE,
            month=one.month,
            part_code=one.part,
            digest=b"",
            row_count=one.rows,
            first_sum=one.first_sum,
            second_sum=one.second_sum,
            opening_count=one.openings,
            outcome="same",
        )
        for one in found
        if one.is_same and not has_errors
    )
    return [(one.month, one.part) for one in found if has_errors or not one.is_same]


def has_standing(spec: EditionSpec) -> bool:
    """Whether anything of the dataset stands that a file could repeat."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT EXISTS (SELECT 1 FROM {spec.edition_table} WHERE closed_by_id IS NULL AND row_count > 0)"
        )
        return bool(cursor.fetchone()[0])


def count_premises(spec: EditionSpec, batch_id: int) -> int:
    """How many premises the batch's rows are of: its groups do not tell."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM"
            f" (SELECT DISTINCT premises_code FROM {spec.staged_table} WHERE batch_id = %s) named",
            [batch_id],
        )
        return int(cursor.fetchone()[0])


def compare_slices(spec: EditionSpec, batch_id: int) -> list[Slice]:
    """The slices of the batch's rows beside what stands.

    Editions from before there were fingerprints have none: then nothing is said to be the same.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH brought AS MATERIALIZED (
                SELECT {spec.month_sql} AS month, s.{spec.staged_part} AS part_code, count(*) AS row_count,
                       sum({spec.first_sum}) AS first_sum, sum({spec.second_sum}) AS second_sum,
                       sum({spec.opening_count}) AS opening_count,
                       sum({spec.fingerprint_of(spec.digest_line)}) AS fingerprint
                FROM {spec.staged_table} s WHERE s.batch_id = %(batch)s GROUP BY 1, 2
            ), standing AS MATERIALIZED (
                SELECT e.month, t.{spec.part_key} AS part_code, sum(e.row_count) AS row_count,
                       CASE WHEN bool_and(e.fingerprint IS NOT NULL) THEN sum(e.fingerprint) END AS fingerprint
                FROM {spec.edition_table} e JOIN {spec.part_table} t ON t.id = e.part_id
                WHERE e.closed_by_id IS NULL AND e.row_count > 0 GROUP BY 1, 2
            )
            SELECT b.month, b.part_code, b.row_count, b.first_sum, b.second_sum, b.opening_count,
                   coalesce(b.row_count = s.row_count AND b.fingerprint = s.fingerprint, false) AS is_same
            FROM brought b LEFT JOIN standing s ON s.month = b.month AND s.part_code = b.part_code
            ORDER BY b.month, b.part_code
            """,
            {"batch": batch_id},
        )
        return [Slice(*row) for row in cursor.fetchall()]
