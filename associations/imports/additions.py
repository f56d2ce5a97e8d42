"""Dopisanie: a batch whose rows are added to what stands. Nothing vanishes; rows that stand stay beside the new ones.

An edition points to one batch, so the new one of a premises, month and part holds the standing rows, too: they are
copied into staging under file number 0 before the batch is grouped. Digests, counts, publishing and undo then need
not know of additions. Copies are no rows of the file: they are not counted, not checked and never listed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from associations.imports.checks import Check
from associations.imports.editions import EditionSpec, run
from associations.imports.models import ImportBatch, Severity

COPIED_FILE = 0
"""The file number of copies of standing rows; files of a batch are counted from 1."""


@dataclass(frozen=True, slots=True)
class CopiedFigures:
    """Standing rows that an addition carries along, and their control sums: to be taken off those of the file."""

    rows: int
    first_sum: Decimal
    second_sum: Decimal


NO_COPIES = CopiedFigures(0, Decimal(0), Decimal(0))


def is_addition(batch_id: int) -> bool:
    """Whether the manager declared the batch an addition."""
    return ImportBatch.objects.filter(pk=batch_id, declarations__is_addition=True).exists()


def forget_copies(spec: EditionSpec, batch_id: int) -> None:
    """Take earlier copies out of the staging: the file's rows alone are checked, and what stands may have changed."""
    run(
        f"DELETE FROM {spec.staged_table} WHERE batch_id = %(batch)s AND file_no = {COPIED_FILE}",
        {"batch": batch_id},
    )


def copy_standing_rows(spec: EditionSpec, batch_id: int) -> int:
    """Stage what stands in the premises, months and parts that the file adds to; rows copied. After forget_copies."""
    names = list(spec.copied)
    payer_column, payer_value, payer_join = "", "", ""
    if spec.has_payer:
        payer_column, payer_value = ", payer_code", ", payer.code AS payer_code"
        payer_join = "LEFT JOIN premises_person payer ON payer.id = r.payer_id"
    columns = f"premises_code, {spec.staged_part}{payer_column}, {', '.join(names)}"
    return run(
        f"""
        WITH touched AS MATERIALIZED (
            SELECT DISTINCT s.premises_code, {spec.month_sql} AS month, s.{spec.staged_part} AS part_code
            FROM {spec.staged_table} s WHERE s.batch_id = %(batch)s AND s.file_no <> {COPIED_FILE}
        ), rows AS MATERIALIZED (
            SELECT %(batch)s::bigint AS batch_id, {COPIED_FILE} AS file_no, {spec.copied_sheet} AS sheet, r.line_no,
                   g.premises_code, g.part_code AS {spec.staged_part}{payer_value},
                   {", ".join(f"{value} AS {name}" for name, value in spec.copied.items())}
            FROM touched g
            JOIN premises_premises p ON p.code = g.premises_code
            JOIN {spec.part_table} t ON t.{spec.part_key} = g.part_code
            JOIN {spec.edition_table} e
              ON e.premises_id = p.id AND e.month = g.month AND e.part_id = t.id AND e.closed_by_id IS NULL
            JOIN {spec.row_table} r
              ON r.premises_id = e.premises_id AND r.month = e.month AND r.{spec.row_part} = e.part_id
             AND r.batch_id = e.batch_id
            {payer_join} {spec.copied_joins}
        )
        INSERT INTO {spec.staged_table} (batch_id, file_no, sheet, line_no, {columns})
        SELECT batch_id, file_no, sheet, line_no, {columns} FROM rows ORDER BY premises_code, line_no
        """,
        {"batch": batch_id},
    )


def copied_figures(spec: EditionSpec, batch_id: int, *, but_of: Sequence[str] = ()) -> CopiedFigures:
    """How many standing rows the batch carries along, with their control sums; zeros for what is no addition.

    `but_of`: codes of premises that are left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), coalesce(sum({spec.first_sum}), 0), coalesce(sum({spec.second_sum}), 0)"
            f" FROM {spec.staged_table} s WHERE s.batch_id = %s AND s.file_no = {COPIED_FILE}"
            " AND NOT s.premises_code = ANY(%s)",
            [batch_id, list(but_of)],
        )
        return CopiedFigures(*cursor.fetchone())


def same_row_stands(spec: EditionSpec) -> Check:
    """An added row that equals a standing one: legal (two equal payments), and often the same file sent twice."""
    group = f"s.premises_code, {spec.month_sql}, s.{spec.staged_part}"
    return Check(
        code="same_row_stands",
        dataset=spec.dataset,
        column="",
        severity=Severity.WARNING,
        needs_groups=True,
        of_additions=True,
        sql=f"""
            WITH lines AS MATERIALIZED (
                SELECT s.file_no, s.sheet, s.line_no, s.premises_code,
                       min(s.file_no) OVER (PARTITION BY {group}, md5({spec.digest_line})) AS first_file
                FROM {spec.staged_table} s WHERE s.batch_id = %(batch)s
                  AND EXISTS (SELECT 1 FROM {spec.staged_table} c
                              WHERE c.batch_id = %(batch)s AND c.file_no = {COPIED_FILE})
            )
            SELECT l.file_no, l.sheet, l.line_no, '' AS value, l.premises_code,
                   'Taki sam zapis już jest. Jeżeli to nie druga taka sama operacja, usuń ten wiersz z pliku:'
                   || ' inaczej policzy się dwa razy.' AS reason
            FROM lines l WHERE l.file_no <> {COPIED_FILE} AND l.first_file = {COPIED_FILE}
        """,
    )
