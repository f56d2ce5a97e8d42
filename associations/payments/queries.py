"""Payments received for a holding, by the bank's statements. Writes nothing."""

import datetime as dt
from typing import Any

from django.db import connection

from associations.imports.standing import HERE
from associations.payments.calculations import Received
from associations.premises.access import OpenHolding

LOOKED_BACK = dt.timedelta(days=366)
"""Older payments are not shown as waiting: what the books have not taken in a year, they never will."""

# A payment stood on a day where a publication before the day's end brought it and no undo before it took it back.
_STOOD = """EXISTS (
    SELECT 1 FROM imports_registrychange c JOIN imports_publication o ON o.id = c.publication_id
    WHERE c.registry = 'payment' AND c.object_id = p.id AND o.at < %s
      AND NOT EXISTS (SELECT 1 FROM imports_publication u
                      WHERE u.batch_id = o.batch_id AND u.kind = 'undo' AND u.id > o.id AND u.at < %s))"""


def received_payments(holding: OpenHolding, *, today: dt.date) -> list[Received]:
    """The holding's payments of the last year, the oldest first; as the holding's figures stood. One query."""
    scope, params = holding.scope.sql("p.booked_on", "NULL::bigint")
    until = holding.scope.standing.until
    standing: str = "p.is_current"
    moments: list[Any] = []
    if until is not None:
        standing, moments = _STOOD, [until, until]
        today = min(today, until.astimezone(HERE).date() - dt.timedelta(days=1))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT p.booked_on, p.amount, p.title, p.payer_name, p.fund_id FROM payments_payment p
            WHERE p.premises_id = %s AND {scope} AND {standing} AND p.booked_on >= %s
            ORDER BY p.booked_on, p.id
            """,
            [holding.premises.pk, *params, *moments, today - LOOKED_BACK],
        )
        return [Received(*row) for row in cursor.fetchall()]
