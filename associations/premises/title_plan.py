"""What a people file means for titles (tytuły): which it lists, from which day, and which standing ones it ends.

Made in SQL at every check and kept in StagedTitle, so that preview and publication do the same. The rules:

- A dated row is the title of that day. An undated row is the person's standing title to the premises, where there
  is one; with none, it is `first_seen`: it starts on the as-of date of the file, unless nobody had a title to the
  premises yet, and then nothing says that it ever began.
- What the file has no column for (kind, end, share) stays as it stands.
- `succeeded`: an undated, open title of somebody whom the file no longer lists ends the day before a first-seen one.
- `replaced`: titles of a person whose code the manager says to be another person's now end the day before the new
  one's begins, and on the day before the as-of date where the new one has none.
- `missing`: titles that the file leaves out of premises that it names, where the manager says that they end.

A title that would end before its first day never took effect and is no longer current.
"""

from associations.imports.editions import run
from associations.imports.told_columns import TABLE_OF_ROW, told_or_kept

AS_OF_SQL = "coalesce((b.declarations ->> 'as_of')::date, (b.created_at AT TIME ZONE 'Europe/Warsaw')::date)"
"""As-of date of a batch `b`: as declared, else the day of its upload."""

_COLUMNS = """batch_id, file_no, sheet, line_no, premises_code, person_code, name, person_id, title_id, kind,
             starts_on, ends_on, share_numerator, share_denominator, is_joint, is_start_assumed, is_current, origin"""

_BATCH = f"""
        batch AS MATERIALIZED (
            SELECT {AS_OF_SQL} AS as_of, coalesce(b.declarations -> 'people', '{{}}'::jsonb) AS people,
                   coalesce((b.declarations ->> 'ends_missing_titles')::boolean, false) AS ends_missing
            FROM imports_importbatch b WHERE b.id = %(batch)s
        )"""

_LISTED = f"""
        WITH {_BATCH}, listed AS MATERIALIZED (
            SELECT s.*, c.mapping, l.id AS premises_id, b.as_of, p.id AS known_id,
                   p.name <> s.name AND b.people ->> s.person_code = 'other' IS TRUE AS is_other
            FROM premises_stagedperson s CROSS JOIN batch b
            {TABLE_OF_ROW}
            LEFT JOIN premises_premises l ON l.code = s.premises_code
            LEFT JOIN premises_person p ON p.code = s.person_code
            WHERE s.batch_id = %(batch)s
        ), matched AS MATERIALIZED (
            SELECT DISTINCT ON (f.id) f.*, t.id AS title_id, t.starts_on AS known_start,
                   t.is_start_assumed AS known_assumed, t.kind AS known_kind, t.ends_on AS known_end,
                   t.share_numerator AS known_numerator, t.share_denominator AS known_denominator,
                   t.is_joint AS known_joint
            FROM listed f LEFT JOIN premises_title t
              ON t.premises_id = f.premises_id AND t.person_id = f.known_id AND t.is_current AND NOT f.is_other
             AND CASE WHEN f.starts_on IS NOT NULL THEN t.starts_on = f.starts_on
                      ELSE (t.ends_on IS NULL OR t.ends_on >= f.as_of OR t.ends_on IS NOT DISTINCT FROM f.ends_on)
                           AND NOT EXISTS (SELECT 1 FROM premises_stagedperson d
                                           WHERE d.batch_id = f.batch_id AND d.person_code = f.person_code
                                             AND d.premises_code = f.premises_code AND d.starts_on = t.starts_on) END
            ORDER BY f.id, t.ends_on IS NOT DISTINCT FROM f.ends_on DESC, t.starts_on DESC NULLS FIRST
        ), settled AS MATERIALIZED (
            SELECT m.*, m.title_id IS NULL AND m.starts_on IS NULL AND (m.ends_on IS NULL OR m.ends_on >= m.as_of)
                        AND EXISTS (SELECT 1 FROM premises_title o
                                    WHERE o.premises_id = m.premises_id AND o.is_current) AS is_first_seen
            FROM matched m
        ), rows AS MATERIALIZED (
            SELECT s.batch_id, s.file_no, s.sheet, s.line_no, s.premises_code, s.person_code, s.name,
                   CASE WHEN NOT s.is_other THEN s.known_id END AS person_id, s.title_id,
                   coalesce({told_or_kept("title_kind", "s.title_kind", "s.known_kind")}, 'none') AS kind,
                   CASE WHEN s.is_first_seen THEN s.as_of ELSE coalesce(s.starts_on, s.known_start) END AS starts_on,
                   {told_or_kept("ends_on", "s.ends_on", "s.known_end")} AS ends_on,
                   coalesce({told_or_kept("share", "s.share_numerator", "s.known_numerator")}, 1) AS share_numerator,
                   coalesce({told_or_kept("share", "s.share_denominator", "s.known_denominator")}, 1)
                   AS share_denominator,
                   coalesce({told_or_kept("is_joint", "s.is_joint", "s.known_joint")}, false) AS is_joint,
                   s.is_first_seen OR (s.starts_on IS NULL AND coalesce(s.known_assumed, false)) AS is_start_assumed,
                   true AS is_current, CASE WHEN s.is_first_seen THEN 'first_seen' ELSE 'listed' END AS origin
            FROM settled s CROSS JOIN LATERAL (SELECT s.mapping) c
        )
        INSERT INTO premises_stagedtitle ({_COLUMNS})
        SELECT {_COLUMNS} FROM rows ORDER BY premises_code, file_no, sheet, line_no
"""

_ENDED = f"""
        WITH {_BATCH}, plan AS MATERIALIZED (
            SELECT n.*, l.id AS premises_id, p.id AS holder_id, p.name <> n.name AND n.person_id IS NULL AS is_other
            FROM premises_stagedtitle n
            LEFT JOIN premises_premises l ON l.code = n.premises_code
            LEFT JOIN premises_person p ON p.code = n.person_code
            WHERE n.batch_id = %(batch)s
        ), replaced AS MATERIALIZED (
            SELECT holder_id, premises_id, min(coalesce(starts_on, '-infinity'::date)) AS starts_on
            FROM plan WHERE is_other AND holder_id IS NOT NULL GROUP BY holder_id, premises_id
        ), ends AS MATERIALIZED (
            SELECT t.id, 'replaced'::text AS origin, 1 AS rank,
                   CASE WHEN r.starts_on > '-infinity'::date THEN r.starts_on ELSE b.as_of END - 1 AS last_day
            FROM premises_title t CROSS JOIN batch b
            LEFT JOIN replaced r ON r.holder_id = t.person_id AND r.premises_id = t.premises_id
            WHERE t.person_id IN (SELECT holder_id FROM replaced)
            UNION ALL
            SELECT t.id, 'succeeded'::text, 2, b.as_of - 1
            FROM premises_title t CROSS JOIN batch b
            WHERE (t.starts_on IS NULL OR t.is_start_assumed) AND t.ends_on IS NULL
              AND EXISTS (SELECT 1 FROM plan n WHERE n.premises_id = t.premises_id AND n.origin = 'first_seen')
              AND NOT EXISTS (SELECT 1 FROM plan n WHERE n.premises_id = t.premises_id AND n.person_id = t.person_id)
            UNION ALL
            SELECT t.id, 'missing'::text, 3, b.as_of - 1
            FROM premises_title t CROSS JOIN batch b
            WHERE b.ends_missing AND EXISTS (SELECT 1 FROM plan n WHERE n.premises_id = t.premises_id)
              AND NOT EXISTS (SELECT 1 FROM plan n WHERE n.title_id = t.id)
        ), first_end AS MATERIALIZED (
            SELECT DISTINCT ON (id) id, origin, last_day FROM ends ORDER BY id, rank
        ), rows AS MATERIALIZED (
            SELECT %(batch)s::bigint AS batch_id, 0 AS file_no, ''::text AS sheet, 0 AS line_no,
                   l.code AS premises_code, p.code AS person_code, p.name, t.person_id, t.id AS title_id, t.kind,
                   t.starts_on, CASE WHEN t.starts_on > e.last_day THEN t.ends_on ELSE e.last_day END AS ends_on,
                   t.share_numerator, t.share_denominator, t.is_joint, t.is_start_assumed,
                   coalesce(t.starts_on <= e.last_day, true) AS is_current, e.origin
            FROM first_end e JOIN premises_title t ON t.id = e.id
            JOIN premises_premises l ON l.id = t.premises_id JOIN premises_person p ON p.id = t.person_id
            WHERE t.is_current AND (t.ends_on IS NULL OR t.ends_on > e.last_day)
        )
        INSERT INTO premises_stagedtitle ({_COLUMNS})
        SELECT {_COLUMNS} FROM rows ORDER BY premises_code, person_code
"""


def plan_titles(batch_id: int) -> None:
    """Settle what the batch's people rows mean for titles as they stand now. May be repeated at any time."""
    params = {"batch": batch_id}
    run("DELETE FROM premises_stagedtitle WHERE batch_id = %(batch)s", params)
    if run(_LISTED, params):
        # Rows that no statistics know of are joined one by one: a minute instead of a second at 12 000 premises.
        run("ANALYZE premises_stagedtitle", {})
        run(_ENDED, params)
        run("ANALYZE premises_stagedtitle", {})
