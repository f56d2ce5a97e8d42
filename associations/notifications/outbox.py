"""Filling the outbox, inside the transaction of what happened. Nothing here sends.

Each returns how many messages were written: none where nobody asked to be told. The same is told once.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils import timezone

from associations.imports.editions import EditionSpec
from associations.notifications.calculations import WARSAW, next_digest
from associations.notifications.models import MailSubscription, MessageKind, MessageState, OutboxMessage
from associations.notifications.queries import WISHES


def tell_about_account(
    *, account_id: uuid.UUID, kind: MessageKind, about: str, details: dict[str, Any] | None = None
) -> int:
    """A security mail at once, if the account asked for that kind: 1, else 0."""
    wanted = MailSubscription.objects.filter(account_id=account_id, **{WISHES[kind]: True}).exclude(
        address=""
    )
    if not wanted.exists():
        return 0
    write_message(account_id=account_id, kind=kind, about=about, details=details)
    return 1


def tell_password_changed(*, account_id: uuid.UUID, at: dt.datetime) -> int:
    """That the password is another one now, whoever changed it."""
    return tell_about_account(
        account_id=account_id,
        kind=MessageKind.PASSWORD_CHANGED,
        about=f"password:{at.isoformat()}",
        details={"at": at.isoformat()},
    )


def write_message(
    *,
    account_id: uuid.UUID,
    kind: MessageKind,
    about: str,
    details: dict[str, Any] | None = None,
    address: str = "",
) -> None:
    """One message that goes at once."""
    OutboxMessage.objects.create(
        account_id=account_id,
        kind=kind,
        about=about,
        details=details or {},
        address=address,
        due_at=timezone.now(),
    )


# Written by every statement that tells many at once: it makes `rows` of these columns and account_id, details.
INSERT_ROWS = """
INSERT INTO notifications_outboxmessage
  (account_id, kind, about, details, due_at, created_at, state, address, attempts, failure)
SELECT account_id, kind, about, details, due_at, created_at, state, address, attempts, failure FROM rows
 ORDER BY account_id
"""
MESSAGE_COLUMNS = """
       %(kind)s::text AS kind, %(about)s::text AS about, %(due_at)s::timestamptz AS due_at,
       %(now)s::timestamptz AS created_at,
       'waiting' AS state, '' AS address, 0::smallint AS attempts, '' AS failure
"""
_HELD = """
  FROM notifications_mailsubscription s
  JOIN owners_owneraccount a ON a.id = s.account_id AND a.is_active
  JOIN premises_holdingmember m ON m.person_id = a.person_id
  JOIN premises_holding h ON h.id = m.holding_id
"""
# A row that names its payer is that person's; any other belongs to the days of the holding. Of the month in which a
# premises is sold, charges are of the holding of its first day, other rows may be of both.
_TOUCHED = """
SELECT s.account_id, '{dataset}' AS dataset {held}
  JOIN {edition} e ON e.premises_id = h.premises_id AND e.opened_by_id = %(publication)s AND e.closed_by_id IS NULL
 WHERE s.about_new_data AND s.address <> '' AND EXISTS (
       SELECT 1 FROM {row} r
        WHERE r.premises_id = e.premises_id AND r.month = e.month AND r.{part} = e.part_id AND r.batch_id = e.batch_id
          AND {is_theirs})
"""
_IN_MONTH = """(coalesce(h.starts_on, '0001-01-01'::date) <= {last}
          AND coalesce(h.ends_on, '9999-12-31'::date) >= e.month)"""


def announce_publication(editions: Sequence[EditionSpec], *, batch_id: int, publication_id: int) -> int:
    """Tell everybody whose rows this publication brought or changed, in the digest of the next morning.

    Set-based: one statement for all owners of the association.
    """
    if not MailSubscription.objects.filter(about_new_data=True).exclude(address="").exists():
        return 0
    now = timezone.now()
    touched = " UNION ALL ".join(map(_touched, editions))
    given: dict[str, Any] = {
        "publication": publication_id,
        "kind": MessageKind.NEW_DATA.value,
        "about": f"batch:{batch_id}",
        "due_at": next_digest(now, WARSAW),
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH touched AS MATERIALIZED ({touched}), rows AS MATERIALIZED ("
            "SELECT account_id, jsonb_build_object('datasets', jsonb_agg(DISTINCT dataset)) AS details,"
            f" {MESSAGE_COLUMNS} FROM touched GROUP BY account_id) {INSERT_ROWS}",
            given,
        )
        return int(cursor.rowcount)


def withdraw_announcement(batch_id: int) -> int:
    """The publication was undone: who has not been told of it is not told."""
    return OutboxMessage.objects.filter(
        kind=MessageKind.NEW_DATA, about=f"batch:{batch_id}", state=MessageState.WAITING
    ).update(state=MessageState.WITHDRAWN, details={})


def _touched(spec: EditionSpec) -> str:
    last = (
        "e.month" if spec.dataset == "charges" else "(e.month + interval '1 month' - interval '1 day')::date"
    )
    is_in_time = _IN_MONTH.format(last=last)
    is_theirs = (
        f"(r.payer_id = m.person_id OR r.payer_id IS NULL AND {is_in_time})" if spec.has_payer else is_in_time
    )
    return _TOUCHED.format(
        dataset=spec.dataset,
        held=_HELD,
        edition=spec.edition_table,
        row=spec.row_table,
        part=spec.row_part,
        is_theirs=is_theirs,
    )
