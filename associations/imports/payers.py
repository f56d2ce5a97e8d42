"""Whose a row is that names a payer: who bore the person code on the row's day.

Programs give a code to another person and go on naming it in the former one's rows. A yearly ledger with a corrected
row of the former one's days must not bring it into the new one's.
"""

from django.db import connection

FORMER_BEARERS = """former AS MATERIALIZED (
            SELECT code, premises_id, person_id, is_former, first_day, last_day,
                   CASE WHEN row_number() OVER w = 1 THEN '-infinity'::date ELSE first_day END AS from_day,
                   coalesce(lead(first_day) OVER w, CASE WHEN is_former THEN last_day + 1 ELSE 'infinity'::date END)
                       AS until_day
            FROM (
                SELECT coalesce(nullif(f.former_code, ''), f.code) AS code, t.premises_id, t.person_id,
                       f.former_code <> '' AS is_former, coalesce(t.starts_on, '-infinity'::date) AS first_day,
                       coalesce(t.ends_on, 'infinity'::date) AS last_day
                FROM premises_person f JOIN premises_title t ON t.person_id = f.id AND t.is_current
                WHERE f.is_current AND (f.former_code <> '' OR f.code IN
                      (SELECT o.former_code FROM premises_person o WHERE o.former_code <> '' AND o.is_current))
            ) bearers WINDOW w AS (PARTITION BY code, premises_id ORDER BY first_day, last_day, person_id)
        ),"""
"""Who bore a code that went from one person to another, by premises: a table for a statement's WITH.

A title counts until the next bearer's begins, and the first one from ever: a row of a day before any title (an opening
of January where the title is of March) is not the later bearer's. After the last title of a former bearer, where the
code's bearer of today has none to the premises, the code is the latter's.
"""


def has_former_bearers() -> bool:
    """Whether a person code was ever given to somebody else; if not, a payer is whoever bears the code."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM premises_person WHERE former_code <> '' AND is_current)")
        return bool(cursor.fetchone()[0])


def bearer_sql(day: str) -> str:
    """SQL over a staged row `s`, its premises `p` and `payer`, who bears the code now: the person's key, or null.

    `day`: the day on which the row counts. A subquery over FORMER_BEARERS: a join could bring a row twice.
    """
    return f"""coalesce((SELECT f.person_id FROM former f
                    WHERE f.code = s.payer_code AND f.premises_id = p.id
                      AND ({day} >= f.from_day AND {day} < f.until_day OR {day} BETWEEN f.first_day AND f.last_day)
                    ORDER BY f.is_former AND {day} BETWEEN f.first_day AND f.last_day DESC, f.first_day DESC,
                             f.person_id LIMIT 1), payer.id)"""
