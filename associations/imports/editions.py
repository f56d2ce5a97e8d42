"""Editions: which batch's rows stand for a premises, a month and a part. Published rows are never edited.

A dataset describes its tables in an EditionSpec; the statements here serve all of them. They keep to the rules of
DESIGN.md, "SQL that runs alike": computed inserts come from a materialised CTE, one statement writes once, what a
publication groups is kept in a table of its own.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from associations.imports.payers import FORMER_BEARERS, bearer_sql, has_former_bearers
from associations.imports.steps import AFTER_EDITIONS, WHOLE, Tell, keep_quiet


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionSpec:
    """The tables of one dataset and how its staged rows become published ones. SQL texts are constants."""

    dataset: str
    label: str
    staged_table: str
    row_table: str
    edition_table: str
    # The part (account, fund, medium): its table, its key column, the staged column, the column of the rows.
    part_table: str
    part_key: str
    staged_part: str
    row_part: str
    # First day of the month of a staged row `s`, and the day on which it counts for its payer.
    month_sql: str
    day_sql: str
    # Published column → expression over the staged row `s`.
    columns: dict[str, str]
    # What owners see of a row, beside premises, month and part: made by text_field and its like below.
    digest_fields: tuple[str, ...]
    first_sum: str
    second_sum: str = "0"
    opening_count: str = "0"
    has_payer: bool = True
    # Further joins that the published columns need.
    joins: str = ""
    extra_edition_columns: tuple[str, ...] = ()
    # Additions: staged column → expression over the published row `r` that it came from, beside premises, part and
    # payer; the joins that these need; and a mark of the copy, which the expressions over `s` find as its sheet.
    copied: dict[str, str] = field(default_factory=dict)
    copied_joins: str = ""
    copied_sheet: str = "''"
    # Large files that come again and again: months and parts are compared whole at first (imports.slices). The day of
    # their rows lies in the month.
    is_sliced: bool = False
    # (label, column of the group) of the control totals that the preview shows.
    totals: tuple[tuple[str, str, str], ...] = ()
    # Part, its name and its fund, of %(parts)s; accounts may come with the %(batch)s itself. Empty: parts are names.
    part_names: str = ""

    @property
    def digest_line(self) -> str:
        """One row as text: every field with its length before it, so that no two rows read alike."""
        return " || ".join(self.digest_fields)

    @staticmethod
    def fingerprint_of(line: str) -> str:
        """A number for a row of a premises: sums of them are compared (imports.slices), whatever the order."""
        return f"hashtextextended({line}, hashtextextended(premises_code, 0))"


def text_field(text: str) -> str:
    """A text (or a number cast to one) as a line of a digest holds it: `length:text`, null and '' alike."""
    return f"coalesce(length({text}) || ':' || {text}, '0:')"


def day_field(day: str) -> str:
    """A date as a line of a digest holds it: ISO dates of four-digit years have ten characters."""
    return f"coalesce('10:' || {day}, '0:')"


def flag_field(flag: str) -> str:
    """A truth value that is never null, as a line of a digest holds it."""
    return f"CASE WHEN {flag} THEN '4:true' ELSE '5:false' END"


def run(statement: str, params: dict[str, Any]) -> int:
    """Execute one statement on the association's connection; the number of rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return int(cursor.rowcount)


def publish_groups(
    spec: EditionSpec, *, batch_id: int, publication_id: int, left_out: list[str], tell: Tell = keep_quiet
) -> int:
    """Close and open editions for what is new, changed or gone, and insert only their rows; rows inserted.

    Premises named in `left_out` keep their standing editions. Run inside the publication's transaction.
    """
    params = {
        "batch": batch_id,
        "dataset": spec.dataset,
        "publication": publication_id,
        "left_out": left_out,
    }
    run(
        f"""
        UPDATE {spec.edition_table} e SET closed_by_id = %(publication)s
        FROM imports_stagedgroup g, premises_premises p, {spec.part_table} t
        WHERE g.batch_id = %(batch)s AND g.dataset = %(dataset)s AND g.outcome <> 'same'
          AND NOT (g.premises_code = ANY(%(left_out)s))
          AND p.code = g.premises_code AND t.{spec.part_key} = g.part_code
          AND e.premises_id = p.id AND e.part_id = t.id AND e.month = g.month AND e.closed_by_id IS NULL
        """,
        params,
    )
    run(_open_sql(spec), params)
    tell(AFTER_EDITIONS, WHOLE)
    return run(_rows_sql(spec, all_of_them=not _keeps_some(params)), params)


def _keeps_some(params: dict[str, Any]) -> bool:
    """Whether the file holds rows of groups that are to stand as they do; the first file of a period holds none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM imports_stagedgroup g WHERE g.batch_id = %(batch)s"
            " AND g.dataset = %(dataset)s AND (g.outcome = 'same' OR g.premises_code = ANY(%(left_out)s)))",
            params,
        )
        return bool(cursor.fetchone()[0])


def _open_sql(spec: EditionSpec) -> str:
    extra = "".join(f", {column}" for column in spec.extra_edition_columns)
    return f"""
        WITH rows AS MATERIALIZED (
            SELECT p.id AS premises_id, g.month, t.id AS part_id, g.batch_id, g.digest, g.row_count, g.first_sum,
                   g.second_sum, g.fingerprint, %(publication)s::bigint AS opened_by_id{extra}
            FROM imports_stagedgroup g
            JOIN premises_premises p ON p.code = g.premises_code
            JOIN {spec.part_table} t ON t.{spec.part_key} = g.part_code
            WHERE g.batch_id = %(batch)s AND g.dataset = %(dataset)s AND g.outcome <> 'same'
              AND NOT (g.premises_code = ANY(%(left_out)s))
        )
        INSERT INTO {spec.edition_table}
            (premises_id, month, part_id, batch_id, digest, row_count, first_sum, second_sum, fingerprint,
             opened_by_id{extra})
        SELECT premises_id, month, part_id, batch_id, digest, row_count, first_sum, second_sum, fingerprint,
               opened_by_id{extra}
        FROM rows ORDER BY premises_id, month, part_id
    """


def _rows_sql(spec: EditionSpec, *, all_of_them: bool) -> str:
    """Copy the staged rows, all or those of the groups that are new or changed."""
    names = list(spec.columns)
    # Days are compared before months, which cost more. OFFSET 0: first the few months that differ, then their premises.
    changed = """FROM imports_stagedgroup WHERE batch_id = %(batch)s AND dataset = %(dataset)s
                       AND outcome IN ('new', 'changed')"""
    days = f"""AND {spec.day_sql} >= (SELECT min(month) {changed})
                   AND {spec.day_sql} < (SELECT max(month) + 31 {changed})"""
    sliced = f"""(
                SELECT * FROM {spec.staged_table} s WHERE s.batch_id = %(batch)s {days if spec.is_sliced else ""}
                   AND ({spec.month_sql}, s.{spec.staged_part}) IN (SELECT DISTINCT month, part_code {changed})
                OFFSET 0
            )"""
    groups = f"""
            JOIN imports_stagedgroup g
              ON g.batch_id = s.batch_id AND g.dataset = %(dataset)s AND g.premises_code = s.premises_code
             AND g.month = {spec.month_sql} AND g.part_code = s.{spec.staged_part}
             AND g.outcome IN ('new', 'changed') AND NOT (g.premises_code = ANY(%(left_out)s))
    """
    payer_column, payer_value, payer_join, former = ("", "", "", "")
    if spec.has_payer:
        payer_column, payer_value = ", payer_id", ", payer.id AS payer_id"
        payer_join = "LEFT JOIN premises_person payer ON payer.code = s.payer_code"
        if has_former_bearers():
            payer_value, former = f", {bearer_sql(spec.day_sql)} AS payer_id", FORMER_BEARERS
    return f"""
        WITH {former} rows AS MATERIALIZED (
            SELECT p.id AS premises_id, t.id AS {spec.row_part}, s.batch_id, {spec.month_sql} AS month, s.file_no,
                   s.line_no{payer_value},
                   {", ".join(f"{value} AS {name}" for name, value in spec.columns.items())}
            FROM {spec.staged_table if all_of_them else sliced} s {"" if all_of_them else groups}
            JOIN premises_premises p ON p.code = s.premises_code
            JOIN {spec.part_table} t ON t.{spec.part_key} = s.{spec.staged_part}
            {payer_join} {spec.joins}
            WHERE s.batch_id = %(batch)s
        )
        INSERT INTO {spec.row_table}
            (premises_id, {spec.row_part}, batch_id, month, file_no, line_no{payer_column}, {", ".join(names)})
        SELECT premises_id, {spec.row_part}, batch_id, month, file_no, line_no{payer_column}, {", ".join(names)}
        FROM rows ORDER BY premises_id, month, {spec.row_part}, file_no, line_no
    """
