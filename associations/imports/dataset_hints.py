"""Checks of a dataset as a whole: what was misread or uploaded to the wrong place shows in all of its rows at once.

Each lists one problem without a row, under the first table of the dataset. They ask first what costs little, and in
an ordinary file look no further.
"""

from associations.imports.checks import Check
from associations.imports.models import Severity

LEAST_ROWS = 20
"""In fewer rows, whole amounts may well be chance."""
LEAST_MEDIAN = 1_000
"""Of amounts in grosze: half of them at least are 10 zł or more."""
LEAST_BALANCES = 5
LEAST_CODES = 5


def _first_table(dataset: str, condition: str = "true") -> str:
    """SQL: file and key of the first table of the dataset that was read (and fulfils the condition on `t`)."""
    return f"""
        SELECT t.file_number AS file_no, t.key AS sheet FROM imports_importtable t
        WHERE t.batch_id = %(batch)s AND t.dataset = '{dataset}'
          AND coalesce(t.options ->> 'is_left_out', '') <> 'true' AND {condition}
        ORDER BY t.file_number, t.sheet, t.id LIMIT 1
    """


def _listed(code: str, dataset: str) -> str:
    """SQL: how many problems of this kind an earlier check has listed."""
    return f"""(SELECT count(*) FROM imports_problem p WHERE p.batch_id = %(batch)s AND NOT p.is_from_reading
                AND p.code = '{code}' AND p.dataset = '{dataset}')"""


def amounts_in_grosze(dataset: str, table: str, *columns: str) -> Check:
    """Every amount is whole, and half of those that are not zero are 1 000 or more: grosze read as złote, perhaps.

    Tables that were read as grosze are not asked. `columns` are the amounts of the staged rows, in złote.
    """
    of_rows = f"FROM {table} s JOIN tables t ON t.file_number = s.file_no AND t.key = s.sheet WHERE s.batch_id = %(batch)s"
    is_broken = " OR ".join(f"s.{column} <> trunc(s.{column})" for column in columns)
    largest = f"greatest({', '.join(f'abs(s.{column})' for column in columns)})"
    in_zlote = "coalesce(t.options ->> 'is_in_grosze', '') <> 'true'"
    return Check(
        code="amounts_in_grosze",
        dataset=dataset,
        column="Kwota",
        severity=Severity.WARNING,
        sql=f"""
            WITH tables AS MATERIALIZED (
                SELECT t.file_number, t.key FROM imports_importtable t
                WHERE t.batch_id = %(batch)s AND t.dataset = '{dataset}' AND {in_zlote}
            ), counted AS MATERIALIZED (
                SELECT count(*) AS rows, count(*) FILTER (WHERE {largest} >= {LEAST_MEDIAN}) AS large,
                       count(*) FILTER (WHERE {largest} > 0) AS stated
                {of_rows} AND NOT EXISTS (SELECT 1 {of_rows} AND ({is_broken}))
            )
            SELECT f.file_no, f.sheet, NULL::int AS line_no, '' AS value, '' AS premises_code,
                   'Wszystkie kwoty w pliku są całkowite. Jeżeli program podaje je w groszach, zaznacz to w'
                   || ' „Popraw wczytanie”.' AS reason
            FROM counted c CROSS JOIN ({_first_table(dataset, in_zlote)}) f
            WHERE c.rows >= {LEAST_ROWS} AND c.large > 0 AND 2 * c.large >= c.stated
        """,
    )


def reversed_balances(dataset: str, differing: str) -> Check:
    """Of the balances that differ from the books, four in five at least are the same figures with the other sign.

    `differing` is the SQL of the check balance_differs with `supplied`, `interest` and `booked`; asked only where
    that check, which runs before, has found as many. A table whose sign was reversed already is not asked.
    """
    return Check(
        code="reversed_balances",
        dataset=dataset,
        column="Saldo",
        severity=Severity.WARNING,
        needs_groups=True,
        sql=f"""
            WITH compared AS MATERIALIZED (
                SELECT count(*) AS differing,
                       count(*) FILTER (WHERE -d.booked IN (d.supplied, d.supplied + d.interest)) AS reversed
                FROM ({differing}) d
                WHERE {_listed("balance_differs", dataset)} >= {LEAST_BALANCES}
            )
            SELECT f.file_no, f.sheet, NULL::int AS line_no, '' AS value, '' AS premises_code,
                   'Salda w pliku mają znak odwrotny niż w księgach (' || c.reversed || ' z ' || c.differing
                   || '). Jeżeli w programie plus oznacza niedopłatę, zaznacz to w „Popraw wczytanie”.' AS reason
            FROM compared c CROSS JOIN ({_first_table(dataset)}) f
            WHERE c.differing >= {LEAST_BALANCES} AND 5 * c.reversed >= 4 * c.differing
              AND NOT EXISTS (SELECT 1 FROM imports_importtable t
                              WHERE t.batch_id = %(batch)s AND t.dataset = '{dataset}'
                                AND t.options ->> 'is_sign_reversed' = 'true')
        """,
    )


def no_known_premises(dataset: str, table: str) -> Check:
    """Not one of the premises named is known, though the association has premises: another association's file.

    Asked only where unknown_premises, which runs before, has listed as many rows.
    """
    return Check(
        code="no_known_premises",
        dataset=dataset,
        column="Kod lokalu",
        sql=f"""
            WITH codes AS MATERIALIZED (
                SELECT DISTINCT s.premises_code FROM {table} s
                WHERE s.batch_id = %(batch)s AND s.file_no <> 0 AND s.premises_code IS NOT NULL
                  AND {_listed("unknown_premises", dataset)} >= {LEAST_CODES}
            ), counted AS MATERIALIZED (SELECT count(*) AS codes FROM codes
            )
            SELECT f.file_no, f.sheet, NULL::int AS line_no, '' AS value, '' AS premises_code,
                   'Żaden z lokali tego pliku nie jest znany (' || c.codes || ' kodów). Sprawdź, czy to plik tej'
                   || ' wspólnoty albo spółdzielni; nowe lokale dodaje plik lokali.' AS reason
            FROM counted c CROSS JOIN ({_first_table(dataset)}) f
            WHERE c.codes >= {LEAST_CODES} AND EXISTS (SELECT 1 FROM premises_premises p WHERE p.is_current)
              AND NOT EXISTS (SELECT 1 FROM codes k JOIN premises_premises p ON p.code = k.premises_code
                              WHERE p.is_current)
              AND NOT EXISTS (SELECT 1 FROM codes k JOIN premises_stagedpremises n
                              ON n.premises_code = k.premises_code WHERE n.batch_id = %(batch)s)
        """,
    )
