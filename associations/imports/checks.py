"""Checks in SQL over staged rows: every problem of a batch at once, each with row, column, value and reason."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Count

from associations.imports.editions import run
from associations.imports.models import ImportTable, Problem, Severity
from associations.imports.steps import Tell, keep_quiet
from associations.imports.suggestions import suggest_codes

MAX_PROBLEMS_PER_CHECK = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One rule. `sql` selects file_no, sheet, line_no, value, reason, premises_code of the offending staged rows.

    It takes %(batch)s. The reason is a Polish sentence made in SQL, where the values are. An error without a
    premises code always blocks. `known` selects the values that may have been meant, for suggestions.

    `needs_groups`: the rule looks at what the books would be after the batch, which its groups say; it is then run
    when the staged rows have been grouped.
    """

    code: str
    dataset: str
    column: str
    sql: str
    severity: str = Severity.ERROR
    known: str = ""
    needs_groups: bool = False
    # The rule compares rows of several tables: there is nothing to ask where the dataset comes from one.
    compares_tables: bool = False
    # The rule compares rows with copies of standing ones, which only an addition carries along.
    of_additions: bool = False
    # A cheaper question: where it says no, the rule finds nothing.
    worth: str = ""


def run_checks(checks: tuple[Check, ...], batch_id: int, tell: Tell = keep_quiet) -> None:
    """Forget what earlier checks found and list what is wrong now, without the rules that need groups."""
    Problem.objects.filter(batch_id=batch_id, is_from_reading=False).delete()
    _run([check for check in checks if not check.needs_groups], batch_id, tell)


def run_group_checks(
    checks: tuple[Check, ...], batch_id: int, tell: Tell = keep_quiet, *, adds: bool
) -> None:
    """List what is wrong with the books as the grouped batch would leave them; after run_checks and grouping.

    `adds`: the batch is an addition.
    """
    _run([check for check in checks if check.needs_groups and adds >= check.of_additions], batch_id, tell)


def _run(checks: list[Check], batch_id: int, tell: Tell) -> None:
    tables = ImportTable.objects.filter(batch_id=batch_id).order_by()
    several = {row["dataset"] for row in tables.values("dataset").annotate(n=Count("id")).filter(n__gt=1)}
    for number, check in enumerate(checks):
        tell(number, len(checks))
        if (check.compares_tables and check.dataset not in several) or not _finds_any(check, batch_id):
            continue
        listed = run(
            f"""
            WITH found AS MATERIALIZED ({check.sql}), rows AS MATERIALIZED (
                SELECT %(batch)s::bigint AS batch_id, %(severity)s::text AS severity, %(code)s::text AS code,
                       %(dataset)s::text AS dataset, f.file_no AS file_number, coalesce(i.file_name, '') AS file_name,
                       coalesce(i.sheet, '') AS sheet, coalesce(f.sheet, '') AS table_key, f.line_no AS row,
                       %(column)s::text AS "column", left(coalesce(f.value, ''), 200) AS value,
                       f.reason, ''::text AS suggestion, coalesce(f.premises_code, '') AS premises_code
                FROM found f LEFT JOIN imports_importtable i
                  ON i.batch_id = %(batch)s::bigint AND i.file_number = f.file_no AND i.key = f.sheet
                -- File 0: copies of standing rows, which an addition carries along.
                WHERE f.file_no IS DISTINCT FROM 0
                ORDER BY f.file_no, f.sheet, f.line_no LIMIT {MAX_PROBLEMS_PER_CHECK}
            )
            INSERT INTO imports_problem (batch_id, severity, is_from_reading, code, dataset, file_number, file_name,
                                         sheet, table_key, row, "column", value, reason, suggestion, premises_code)
            SELECT batch_id, severity, false, code, dataset, file_number, file_name, sheet, table_key, row, "column",
                   value, reason, suggestion, premises_code
            FROM rows ORDER BY file_number, sheet, row
            """,
            {
                "batch": batch_id,
                "severity": str(check.severity),
                "code": check.code,
                "dataset": check.dataset,
                "column": check.column,
            },
        )
        if listed and check.known:
            _suggest(check, batch_id)
        if listed >= MAX_PROBLEMS_PER_CHECK:
            _say_more(check, batch_id)


def _finds_any(check: Check, batch_id: int) -> bool:
    """Most rules find nothing in most files. Asked by itself, that takes the server two processors and half the time.

    Counted, not EXISTS: a plan made for the first row would go from row to row where there is none.
    """
    with connection.cursor() as cursor:
        if check.worth:
            cursor.execute(check.worth, {"batch": batch_id})
            if not cursor.fetchone()[0]:
                return False
        cursor.execute(f"SELECT count(*) > 0 FROM ({check.sql}) found", {"batch": batch_id})
        return bool(cursor.fetchone()[0])


def _suggest(check: Check, batch_id: int) -> None:
    """Beside each value that was not found stands the known one that was probably meant, if one clearly was."""
    found = Problem.objects.filter(
        batch_id=batch_id, is_from_reading=False, code=check.code, dataset=check.dataset, column=check.column
    )
    with connection.cursor() as cursor:
        cursor.execute(check.known, {"batch": batch_id})
        known = [row[0] for row in cursor.fetchall()]
    meant = suggest_codes(found.order_by().values_list("value", flat=True).distinct(), known)
    if meant:
        run(
            """
            UPDATE imports_problem p SET suggestion = m.meant
            FROM unnest(%(values)s::text[], %(meant)s::text[]) AS m (value, meant)
            WHERE p.batch_id = %(batch)s AND NOT p.is_from_reading AND p.code = %(code)s AND p.dataset = %(dataset)s
              AND p."column" = %(column)s AND p.value = m.value
            """,
            {
                "batch": batch_id,
                "values": list(meant),
                "meant": list(meant.values()),
                "code": check.code,
                "dataset": check.dataset,
                "column": check.column,
            },
        )


def _say_more(check: Check, batch_id: int) -> None:
    """Premises behind the last listed problem are not known: without a premises this one blocks them all."""
    Problem.objects.create(
        batch_id=batch_id,
        severity=check.severity,
        is_from_reading=False,
        code="more_problems",
        dataset=check.dataset,
        column=check.column,
        reason=f"Takich problemów jest więcej, niż pokazujemy: najwyżej {MAX_PROBLEMS_PER_CHECK}.",
    )


KNOWN_PREMISES = """
    SELECT code FROM premises_premises WHERE is_current
    UNION SELECT premises_code FROM premises_stagedpremises WHERE batch_id = %(batch)s
"""
# Codes that somebody gave up for another person hold a mark that nobody can write.
KNOWN_PEOPLE = """
    SELECT code FROM premises_person WHERE is_current AND former_code = ''
    UNION SELECT person_code FROM premises_stagedperson WHERE batch_id = %(batch)s
"""


def unknown_premises(dataset: str, table: str) -> Check:
    """The premises stands neither in the registry nor in this batch's premises file."""
    return Check(
        code="unknown_premises",
        dataset=dataset,
        column="Kod lokalu",
        known=KNOWN_PREMISES,
        sql=f"""
            SELECT s.file_no, s.sheet, s.line_no, s.premises_code AS value, '' AS premises_code,
                   'Nie ma lokalu o kodzie ' || s.premises_code || '. Wgraj najpierw plik lokali albo popraw kod.'
                   AS reason
            FROM {table} s
            WHERE s.batch_id = %(batch)s AND s.premises_code IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM premises_premises p WHERE p.code = s.premises_code AND p.is_current)
              AND NOT EXISTS (SELECT 1 FROM premises_stagedpremises n
                              WHERE n.batch_id = s.batch_id AND n.premises_code = s.premises_code)
        """,
    )


def unknown_payer(dataset: str, table: str) -> Check:
    """The payer stands neither among people nor in this batch's people file."""
    return Check(
        code="unknown_payer",
        dataset=dataset,
        column="Kod osoby",
        known=KNOWN_PEOPLE,
        sql=f"""
            SELECT s.file_no, s.sheet, s.line_no, s.payer_code AS value, s.premises_code,
                   'Nie ma osoby o kodzie ' || s.payer_code || '. Wgraj najpierw plik osób albo popraw kod.' AS reason
            FROM {table} s
            WHERE s.batch_id = %(batch)s AND s.payer_code IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM premises_person p WHERE p.code = s.payer_code AND p.is_current)
              AND NOT EXISTS (SELECT 1 FROM premises_stagedperson n
                              WHERE n.batch_id = s.batch_id AND n.person_code = s.payer_code)
        """,
    )


def payer_checks(dataset: str, table: str) -> tuple[Check, Check]:
    """The payer is known, and has or had a title to the premises."""
    without_title = Check(
        code="payer_without_title",
        dataset=dataset,
        column="Kod osoby",
        sql=f"""
            SELECT s.file_no, s.sheet, s.line_no, s.payer_code AS value, s.premises_code,
                   'Osoba ' || s.payer_code || ' nie ma i nie miała tytułu do lokalu ' || s.premises_code || '.'
                   AS reason
            -- OFFSET 0: nearly every payer has a title, so that little is left for the other questions.
            FROM (
                SELECT s.batch_id, s.file_no, s.sheet, s.line_no, s.payer_code, s.premises_code FROM {table} s
                WHERE s.batch_id = %(batch)s AND s.payer_code IS NOT NULL
                  AND NOT EXISTS (SELECT 1 FROM premises_title t JOIN premises_person p ON p.id = t.person_id
                                  JOIN premises_premises l ON l.id = t.premises_id
                                  WHERE p.code = s.payer_code AND l.code = s.premises_code AND t.is_current) OFFSET 0
            ) s
            -- An unknown premises is one mistake and one error.
            WHERE (EXISTS (SELECT 1 FROM premises_premises l WHERE l.code = s.premises_code AND l.is_current)
                   OR EXISTS (SELECT 1 FROM premises_stagedpremises n
                              WHERE n.batch_id = s.batch_id AND n.premises_code = s.premises_code))
              AND (EXISTS (SELECT 1 FROM premises_person p WHERE p.code = s.payer_code AND p.is_current)
                   OR EXISTS (SELECT 1 FROM premises_stagedperson n
                              WHERE n.batch_id = s.batch_id AND n.person_code = s.payer_code))
              -- Who bore the code before it was another person's (editions.FORMER_BEARERS).
              AND NOT EXISTS (SELECT 1 FROM premises_title t JOIN premises_person p ON p.id = t.person_id
                              JOIN premises_premises l ON l.id = t.premises_id
                              WHERE p.former_code = s.payer_code AND l.code = s.premises_code AND t.is_current)
              AND NOT EXISTS (SELECT 1 FROM premises_stagedperson n WHERE n.batch_id = s.batch_id
                              AND n.person_code = s.payer_code AND n.premises_code = s.premises_code)
        """,
    )
    return unknown_payer(dataset, table), without_title
