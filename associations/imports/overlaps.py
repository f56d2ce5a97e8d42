"""Exports that overlap: the same row in two files of one package."""

from associations.imports.checks import Check
from associations.imports.editions import EditionSpec


def row_in_two_files(spec: EditionSpec) -> Check:
    """The same row stands in two tables of the package: exports that overlap would count it twice.

    Equal rows of one table are legal (two equal payments on one day). Only months that come from more than one
    table are compared, so that a package of separate months costs one pass.
    """
    part = f"s.{spec.staged_part}"
    return Check(
        code="row_in_two_files",
        dataset=spec.dataset,
        column="",
        compares_tables=True,
        sql=f"""
            WITH shared AS MATERIALIZED (
                SELECT s.premises_code, {spec.month_sql} AS month, {part} AS part_code
                FROM {spec.staged_table} s WHERE s.batch_id = %(batch)s
                GROUP BY 1, 2, 3 HAVING min(s.file_no || '/' || s.sheet) <> max(s.file_no || '/' || s.sheet)
            ), lines AS MATERIALIZED (
                SELECT s.file_no, s.sheet, s.line_no, s.premises_code, first_value(s.file_no) OVER w AS first_file,
                       first_value(s.sheet) OVER w AS first_sheet, first_value(s.line_no) OVER w AS first_line
                FROM {spec.staged_table} s JOIN shared h
                  ON h.premises_code = s.premises_code AND h.month = {spec.month_sql} AND h.part_code = {part}
                WHERE s.batch_id = %(batch)s
                WINDOW w AS (PARTITION BY s.premises_code, {spec.month_sql}, {part}, md5({spec.digest_line})
                             ORDER BY s.file_no, s.sheet, s.line_no)
            )
            SELECT l.file_no, l.sheet, l.line_no, '' AS value, l.premises_code,
                   'Ten sam wiersz jest też w pliku „' || coalesce(t.file_name, '') || '”, wiersz ' || l.first_line
                   || '. Zostaw go tylko w jednym pliku paczki.' AS reason
            FROM lines l LEFT JOIN imports_importtable t
              ON t.batch_id = %(batch)s AND t.file_number = l.first_file AND t.key = l.first_sheet
            WHERE (l.file_no, l.sheet) <> (l.first_file, l.first_sheet)
        """,
    )
