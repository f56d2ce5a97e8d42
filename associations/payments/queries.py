"""Payments received for a holding, by the bank's statements. Writes nothing."""

import datetime as dt

from django.db import connection

from associations.payments.calculations import Received
from associations.premises.access import OpenHolding

LOOKED_BACK = dt.timedelta(days=366)
"""Older payments are not shown as waiting: what the books have not taken in a year, they never will."""


def received_payments(holding: OpenHolding, *, today: dt.date) -> list[Received]:
    """The holding's payments of the last year, the oldest first. One query."""
    scope, params = holding.scope.sql("p.booked_on", "NULL::bigint")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT p.booked_on, p.amount, p.title, p.payer_name, p.fund_id FROM payments_payment p
            WHERE p.premises_id = %s AND {scope} AND p.is_current AND p.booked_on >= %s
            ORDER BY p.booked_on, p.id
            """,
            [holding.premises.pk, *params, today - LOOKED_BACK],
        )
        return [Received(*row) for row in cursor.fetchall()]
