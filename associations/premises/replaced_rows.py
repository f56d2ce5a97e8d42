"""Published rows of the days of a new person, under whose code they came in as the former one's.

Rows are never edited: whoever bore the code when they were published keeps them, and sees them. A file that says
afterwards that the code was another person's by then must not leave that person's figures with the former one.
"""

from associations.imports.checks import Check
from associations.imports.editions import EditionSpec


def rows_of_new_bearer(spec: EditionSpec) -> Check:
    """A new person under a known code whose days already hold rows that name the code; an error of the people file."""
    copied = ", ".join(f"{value} AS {name}" for name, value in spec.copied.items())
    return Check(
        code="rows_of_new_bearer",
        dataset="people",
        column="Od",
        needs_groups=True,
        sql=f"""
            WITH given AS MATERIALIZED (
                SELECT n.premises_code, l.id AS premises_id, n.person_code, p.id AS person_id, p.name AS former_name,
                       min(coalesce(n.starts_on, '-infinity'::date)) AS starts_on,
                       min(n.file_no) AS file_no, min(n.sheet) AS sheet, min(n.line_no) AS line_no
                FROM premises_stagedtitle n
                JOIN premises_person p ON p.code = n.person_code AND p.name <> n.name
                JOIN premises_premises l ON l.code = n.premises_code
                WHERE n.batch_id = %(batch)s AND n.file_no > 0 AND n.person_id IS NULL
                GROUP BY 1, 2, 3, 4, 5
            ), standing AS MATERIALIZED (
                SELECT g.premises_code, g.person_id, s.batch_id, {spec.day_sql} AS day
                FROM given g
                JOIN {spec.edition_table} e ON e.premises_id = g.premises_id AND e.closed_by_id IS NULL
                JOIN {spec.row_table} r
                  ON r.premises_id = e.premises_id AND r.month = e.month AND r.{spec.row_part} = e.part_id
                 AND r.batch_id = e.batch_id AND r.payer_id = g.person_id
                JOIN {spec.part_table} t ON t.id = e.part_id
                CROSS JOIN LATERAL (SELECT r.batch_id, {copied}) s
                -- What the batch brings anew finds its bearer by its day (imports.payers).
                WHERE {spec.day_sql} >= g.starts_on
                  AND NOT EXISTS (SELECT 1 FROM imports_stagedgroup n
                                  WHERE n.batch_id = %(batch)s AND n.dataset = '{spec.dataset}' AND n.outcome <> 'same'
                                    AND n.premises_code = g.premises_code AND n.month = e.month
                                    AND n.part_code = t.{spec.part_key})
            ), found AS MATERIALIZED (
                SELECT premises_code, person_id, min(day) AS first_day,
                       string_agg(DISTINCT batch_id::text, ', ') AS batches
                FROM standing GROUP BY 1, 2
            )
            SELECT g.file_no, g.sheet, g.line_no, to_char(f.first_day, 'DD.MM.YYYY') AS value, g.premises_code,
                   'Opublikowane zapisy lokalu ' || g.premises_code || ' z kodem ' || g.person_code || ' od '
                   || to_char(f.first_day, 'DD.MM.YYYY') || ' (paczki: ' || f.batches || ') należą do osoby „'
                   || g.former_name || '”, a według tego pliku są już nowej osoby. Cofnij te paczki i wgraj je jeszcze'
                   || ' raz po zmianie osoby albo podaj późniejszy dzień, od którego lokal ma nowa osoba.' AS reason
            FROM found f JOIN given g ON g.premises_code = f.premises_code AND g.person_id = f.person_id
        """,
    )
