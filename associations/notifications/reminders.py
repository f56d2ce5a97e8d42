"""Reminders of due days (terminy płatności): who is told that charges or a posting are due, and whether they still are.

Nothing here sends. `details` of such a message: the working day up to which payments are in time, the months whose charges
are due on it, and the days in postings that mean it.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Max

from associations.notifications.calculations import WARSAW, DueDay, digest_today
from associations.notifications.models import MailSubscription, MessageKind
from associations.notifications.outbox import INSERT_ROWS, MESSAGE_COLUMNS

# Who wants to hear of this due day and has not yet.
_ASKED = """
SELECT s.account_id, a.person_id
  FROM notifications_mailsubscription s
  JOIN owners_owneraccount a ON a.id = s.account_id AND a.is_active
 WHERE s.about_due_days AND s.address <> '' AND s.days_before >= %(ahead)s AND NOT EXISTS (
       SELECT 1 FROM notifications_outboxmessage o
        WHERE o.account_id = s.account_id AND o.kind = %(kind)s AND o.about = %(about)s)
"""
_ONE = "SELECT a.id AS account_id, a.person_id FROM owners_owneraccount a WHERE a.id = %(account)s AND a.is_active"
_DETAILS = """
jsonb_build_object('day', %(day)s::text, 'months', to_jsonb(%(months)s::date[]), 'named', to_jsonb(%(named)s::date[]))
"""
_CHARGED = """
SELECT asked.account_id FROM asked
  JOIN premises_holdingmember m ON m.person_id = asked.person_id
  JOIN premises_holding h ON h.id = m.holding_id
  JOIN charges_chargeedition e ON e.premises_id = h.premises_id AND e.closed_by_id IS NULL
   AND e.month = ANY(%(months)s::date[])
 WHERE EXISTS (
       SELECT 1 FROM charges_chargeline r
        WHERE r.premises_id = e.premises_id AND r.month = e.month AND r.fund_id = e.part_id AND r.batch_id = e.batch_id
          AND r.amount > 0 AND (r.payer_id = m.person_id OR r.payer_id IS NULL
              AND coalesce(h.starts_on, '0001-01-01'::date) <= e.month
              AND coalesce(h.ends_on, '9999-12-31'::date) >= e.month))
"""
_POSTED = """
SELECT asked.account_id FROM asked
  JOIN premises_holdingmember m ON m.person_id = asked.person_id
  JOIN premises_holding h ON h.id = m.holding_id
  JOIN ledger_postingedition e ON e.premises_id = h.premises_id AND e.closed_by_id IS NULL
   AND e.month BETWEEN %(first_month)s AND %(last_month)s
 WHERE EXISTS (
       SELECT 1 FROM ledger_posting r
        WHERE r.premises_id = e.premises_id AND r.month = e.month AND r.account_id = e.part_id AND r.batch_id = e.batch_id
          AND r.debit > 0 AND NOT r.is_opening AND r.due_on = ANY(%(named)s::date[])
          AND (r.payer_id = m.person_id OR r.payer_id IS NULL
              AND coalesce(h.starts_on, '0001-01-01'::date) <= r.posted_on
              AND coalesce(h.ends_on, '9999-12-31'::date) >= r.posted_on))
"""
_MONTHS_BACK = 3
"""A posting is due at most so many months after its own: older editions are not searched."""


def remind_of_due_days(due_days: Sequence[DueDay], *, now: dt.datetime) -> int:
    """Tell who asked for it, so many days before, that charges or a posting of theirs are due; in today's digest.

    May be repeated at any time: a day is reminded of once, and one that was missed is caught up before it comes.
    """
    asked = MailSubscription.objects.filter(about_due_days=True).exclude(address="")
    longest: int = asked.aggregate(days=Max("days_before"))["days"] or 0
    today = now.astimezone(WARSAW).date()
    ahead = [(day, (day.on - today).days) for day in due_days]
    return sum(_remind(day, ahead=days, now=now) for day, days in ahead if days <= longest)


def is_still_due(account_id: uuid.UUID, details: Mapping[str, Any]) -> bool:
    """Whether what the message reminds of is still charged or posted: its import may have been undone meanwhile."""
    if "months" not in details:
        return True  # Written by a release that did not say what it is about.
    given: dict[str, Any] = {
        "account": account_id,
        **_period(dt.date.fromisoformat(details["day"])),
        "months": [dt.date.fromisoformat(one) for one in details["months"]],
        "named": [dt.date.fromisoformat(one) for one in details["named"]],
    }
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH asked AS MATERIALIZED ({_ONE}) SELECT EXISTS ({_CHARGED} UNION ALL {_POSTED})", given
        )
        [is_due] = cursor.fetchone()
    return bool(is_due)


def _remind(due: DueDay, *, ahead: int, now: dt.datetime) -> int:
    given: dict[str, Any] = {
        **_period(due.on),
        "months": list(due.months),
        "named": list(due.named),
        "ahead": ahead,
        "kind": MessageKind.DUE_DAY.value,
        "about": f"due:{due.on.isoformat()}",
        "day": due.on.isoformat(),
        "due_at": digest_today(now, WARSAW),
        "now": now,
    }
    owing = f"{_CHARGED} UNION {_POSTED}" if due.months else _POSTED
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH asked AS MATERIALIZED ({_ASKED}), owing AS MATERIALIZED ({owing}), rows AS MATERIALIZED ("
            f"SELECT DISTINCT account_id, {_DETAILS} AS details, {MESSAGE_COLUMNS} FROM owing) {INSERT_ROWS}",
            given,
        )
        return int(cursor.rowcount)


def _period(day: dt.date) -> dict[str, dt.date]:
    """The months of postings that may be due on the day."""
    back = month = day.replace(day=1)
    for _ in range(_MONTHS_BACK):
        back = (back - dt.timedelta(days=1)).replace(day=1)
    return {"first_month": back, "last_month": month}
