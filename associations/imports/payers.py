"""Whose a row is that names a payer: who bore the person code on the row's day.

Programs give a code to another person and go on naming it in the former one's rows. A yearly ledger with a corrected
row of the former one's days must not bring it into the new one's.
"""

from django.db import connection

FORMER_BEARERS = """former AS MATERIALIZED (
            SELECT f.former_code AS code, t.premises_id, t.person_id, coalesce(t.starts_on, '-infinity') AS first_day,
                   coalesce(t.ends_on, 'infinity') AS last_day
            FROM premises_person f JOIN premises_title t ON t.person_id = f.id AND t.is_current
            WHERE f.former_code <> '' AND f.is_current
        ),"""
"""People whose code is somebody else's now, with the days of their titles: a table for a statement's WITH."""


def has_former_bearers() -> bool:
    """Whether a person code was ever given to somebody else; if not, a payer is whoever bears the code."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM premises_person WHERE former_code <> '' AND is_current)")
        return bool(cursor.fetchone()[0])


def bearer_sql(day: str) -> str:
    """SQL over a staged row `s`, its premises `p` and `payer`, who bears the code now: the person's key, or null.

    `day`: the day on which the row counts. A subquery over FORMER_BEARERS: a join could bring a row twice.
    """
    return f"""coalesce((SELECT max(f.person_id) FROM former f
                    WHERE f.code = s.payer_code AND f.premises_id = p.id
                      AND {day} BETWEEN f.first_day AND f.last_day), payer.id)"""
