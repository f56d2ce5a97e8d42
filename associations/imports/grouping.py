"""Grouping: what a batch would open, by premises, month and part, each group with its digest; and what would vanish.

The statements keep to DESIGN.md, "SQL that runs alike", as those of imports.editions.
"""

from typing import Any, NamedTuple

from django.db import connection

from associations.imports.editions import EditionSpec, run

DIGEST_VERSION = "v1"
EMPTY_DIGEST_SQL = f"sha256(convert_to('{DIGEST_VERSION}', 'UTF8'))"


class Portion(NamedTuple):
    """Some of the premises: number `number` of `of` portions, a power of two."""

    number: int
    of: int


WHOLE_FILE = Portion(0, 1)


def group_rows(
    spec: EditionSpec,
    batch_id: int,
    slices: list[tuple[Any, str]] | None = None,
    portion: Portion = WHOLE_FILE,
) -> None:
    """Group the batch's staged rows by premises, month and part, and say what each group would change.

    `slices`: only the rows of these months and parts. `portion`: only those of these premises.
    """
    params: dict[str, Any] = {"batch": batch_id, "dataset": spec.dataset}
    conditions = ["s.batch_id = %(batch)s"]
    if portion.of > 1:
        params |= {"portion": portion.number, "mask": portion.of - 1}
        conditions.append("(hashtextextended(s.premises_code, 0) & %(mask)s) = %(portion)s")
    if slices is not None:
        months = [month for month, _ in slices]
        params |= {"months": months, "parts": [part for _, part in slices], "first": min(months)}
        params["last"] = max(months)
        # Days are compared first: the month of a row costs ten times as much, and most rows are of others.
        conditions.append(f"{spec.day_sql} >= %(first)s AND {spec.day_sql} < %(last)s::date + 31")
        conditions.append(
            f"({spec.month_sql}, s.{spec.staged_part}) IN (SELECT * FROM unnest(%(months)s::date[], %(parts)s::text[]))"
        )
    run(_group_sql(spec, " AND ".join(conditions)), params)


def find_vanishing(spec: EditionSpec, batch_id: int) -> bool:
    """Add what stands inside the scope of the batch's groups and is not among them; whether anything may be added.

    Mostly everything that stands in its period is: whether it is may be asked with two processors, and cheaply.
    """
    params: dict[str, Any] = {"batch": batch_id, "dataset": spec.dataset}
    with connection.cursor() as cursor:
        cursor.execute(f"{_scope_sql(spec)} SELECT count(*) FROM missing", params)
        if not cursor.fetchone()[0]:
            return False
    run(_gone_sql(spec), params)
    return True


def _group_sql(spec: EditionSpec, condition: str) -> str:
    return f"""
        WITH rows AS MATERIALIZED (
            SELECT %(batch)s::bigint AS batch_id, %(dataset)s::text AS dataset, g.premises_code, g.month, g.part_code,
                   g.digest, g.row_count, g.first_sum, g.second_sum, g.opening_count, g.fingerprint,
                   CASE WHEN e.id IS NULL OR e.row_count = 0 THEN 'new'
                        WHEN e.digest = g.digest THEN 'same' ELSE 'changed' END AS outcome
            FROM (
                SELECT premises_code, month, part_code,
                       sha256(convert_to('{DIGEST_VERSION}' || string_agg(line, chr(10) ORDER BY line),
                              'UTF8')) AS digest,
                       count(*) AS row_count, sum(first_sum) AS first_sum, sum(second_sum) AS second_sum,
                       sum(opening_count) AS opening_count, sum({spec.fingerprint_of("line")}) AS fingerprint
                FROM (
                    SELECT s.premises_code, {spec.month_sql} AS month, s.{spec.staged_part} AS part_code,
                           ({spec.digest_line}) COLLATE "C" AS line, {spec.first_sum} AS first_sum,
                           {spec.second_sum} AS second_sum, {spec.opening_count} AS opening_count
                    -- OFFSET 0: or the server would make each line twice, to sort by it and to put it together.
                    FROM {spec.staged_table} s WHERE {condition} OFFSET 0
                ) lines GROUP BY premises_code, month, part_code
            ) g
            LEFT JOIN premises_premises p ON p.code = g.premises_code
            LEFT JOIN {spec.part_table} t ON t.{spec.part_key} = g.part_code
            LEFT JOIN {spec.edition_table} e
              ON e.premises_id = p.id AND e.part_id = t.id AND e.month = g.month AND e.closed_by_id IS NULL
        )
        INSERT INTO imports_stagedgroup
            (batch_id, dataset, premises_code, month, part_code, digest, row_count, first_sum, second_sum,
             opening_count, fingerprint, outcome)
        SELECT batch_id, dataset, premises_code, month, part_code, digest, row_count, first_sum, second_sum,
               opening_count, fingerprint, outcome
        FROM rows ORDER BY premises_code, month, part_code
    """


def _scope_sql(spec: EditionSpec) -> str:
    """What stands in the period and the parts of the file and is in none of its groups, of whatever premises."""
    return f"""
        WITH own AS MATERIALIZED (
            SELECT premises_code, month, part_code FROM imports_stagedgroup
            WHERE batch_id = %(batch)s AND dataset = %(dataset)s
        ), span AS MATERIALIZED (
            SELECT min(month) AS first_month, max(month) AS last_month FROM own
        ), whole AS MATERIALIZED (
            -- Without premises: a whole month of a part that stands just so (imports.slices).
            SELECT o.month, t.id AS part_id FROM own o JOIN {spec.part_table} t ON t.{spec.part_key} = o.part_code
            WHERE o.premises_code = ''
        ), missing AS MATERIALIZED (
            SELECT p.code AS premises_code, e.month, t.{spec.part_key} AS part_code
            FROM (
                SELECT e.premises_id, e.month, e.part_id FROM {spec.edition_table} e
                JOIN span ON e.month BETWEEN span.first_month AND span.last_month
                WHERE e.closed_by_id IS NULL AND e.row_count > 0
                  AND NOT EXISTS (SELECT 1 FROM whole w WHERE w.month = e.month AND w.part_id = e.part_id) OFFSET 0
            ) e
            JOIN premises_premises p ON p.id = e.premises_id
            JOIN {spec.part_table} t ON t.id = e.part_id
            WHERE t.{spec.part_key} IN (SELECT part_code FROM own)
              AND NOT EXISTS (SELECT 1 FROM own o WHERE o.premises_code = p.code AND o.month = e.month
                              AND o.part_code = t.{spec.part_key})
        )"""


def _gone_sql(spec: EditionSpec) -> str:
    """What stands inside the scope (premises × parts × period of the file) and is not in the file."""
    return f"""{_scope_sql(spec)}, named AS MATERIALIZED (
            SELECT DISTINCT premises_code FROM {spec.staged_table} WHERE batch_id = %(batch)s
        ), rows AS MATERIALIZED (
            SELECT %(batch)s::bigint AS batch_id, %(dataset)s::text AS dataset, m.premises_code, m.month, m.part_code,
                   {EMPTY_DIGEST_SQL} AS digest, 0 AS row_count, 0::numeric AS first_sum, 0::numeric AS second_sum,
                   0 AS opening_count, 'gone'::text AS outcome
            FROM missing m WHERE m.premises_code IN (SELECT premises_code FROM named)
        )
        INSERT INTO imports_stagedgroup
            (batch_id, dataset, premises_code, month, part_code, digest, row_count, first_sum, second_sum,
             opening_count, outcome)
        SELECT batch_id, dataset, premises_code, month, part_code, digest, row_count, first_sum, second_sum,
               opening_count, outcome
        FROM rows ORDER BY premises_code, month, part_code
    """
