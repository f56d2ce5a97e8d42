"""What a people file asks of the manager before it is published, as the preview keeps it (ImportBatch.summary)."""

from typing import Any

from associations.imports.control import select_rows
from associations.premises.title_checks import RENAMED
from associations.premises.title_plan import AS_OF_SQL

LISTED = 300
"""More are counted, not listed: a file that ends more titles than this is looked at in the program."""


def ask_about_people(batch_id: int) -> dict[str, Any]:
    """Changed names with their answers, titles that begin on the as-of date, and titles that end. JSON values.

    `people`: {code, before, after, answer ("", "correction" or "other")}. `successions`: {premises, ends, starts
    (names)} of the as-of date `as_of`; `ended`: {premises, code, name, last_day (None: never took effect), why}.
    Lists are cut at LISTED; `succession_count` and `ended_count` are not.
    """
    params = {"batch": batch_id}
    if not select_rows(
        "SELECT 1 AS one FROM premises_stagedtitle WHERE batch_id = %(batch)s LIMIT 1", params
    ):
        return {}
    successions = select_rows(_SUCCESSIONS, params)
    ended = select_rows(_ENDED, params)
    return {
        "as_of": select_rows(
            f"SELECT ({AS_OF_SQL})::text AS as_of FROM imports_importbatch b WHERE b.id = %(batch)s", params
        )[0]["as_of"],
        "people": select_rows(_PEOPLE, params),
        "successions": successions[:LISTED],
        "succession_count": len(successions),
        "ended": ended[:LISTED],
        "ended_count": len(ended),
    }


_PEOPLE = f"""
    SELECT r.person_code AS code, min(r.former_name) AS before, min(r.value) AS after, min(r.answer) AS answer
    FROM ({RENAMED}) r GROUP BY r.person_code ORDER BY r.person_code
"""
# The successor of a replaced person was asked about with the person.
_SUCCESSIONS = """
    WITH seen AS MATERIALIZED (
        SELECT n.premises_code, n.name FROM premises_stagedtitle n
        LEFT JOIN premises_person p ON p.code = n.person_code
        WHERE n.batch_id = %(batch)s AND n.origin = 'first_seen'
          AND (p.id IS NULL OR n.person_id IS NOT NULL
               OR EXISTS (SELECT 1 FROM premises_stagedtitle e WHERE e.batch_id = n.batch_id
                          AND e.premises_code = n.premises_code AND e.origin = 'succeeded'))
    )
    SELECT s.premises_code AS premises, array_agg(DISTINCT s.name) AS starts,
           (SELECT coalesce(array_agg(DISTINCT e.name), '{}'::text[]) FROM premises_stagedtitle e
            WHERE e.batch_id = %(batch)s AND e.premises_code = s.premises_code AND e.origin = 'succeeded') AS ends
    FROM seen s GROUP BY s.premises_code ORDER BY s.premises_code
"""
_ENDED = """
    SELECT n.premises_code AS premises, n.person_code AS code, n.name,
           CASE WHEN n.is_current THEN n.ends_on::text END AS last_day, n.origin AS why
    FROM premises_stagedtitle n WHERE n.batch_id = %(batch)s AND n.file_no = 0 AND n.origin <> 'succeeded'
    ORDER BY n.premises_code, n.name
"""
