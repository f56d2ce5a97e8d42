"""Taking mails out of the outbox, and what became of them. The worker sends in between (workers.mail).

A message is claimed before it is handed to the mail server and never claimed again once it may have left: at most
once. Where the server answered that it took nothing, it is tried again after growing pauses.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from associations.notifications.calculations import WARSAW, digest_of_day, is_news, next_digest, retry_at
from associations.notifications.models import (
    DIGEST_KINDS,
    AddressConfirmation,
    MailSubscription,
    MessageKind,
    MessageState,
    OutboxMessage,
)
from associations.notifications.queries import WISHES
from associations.notifications.reminders import is_still_due

SETTLED = {"details": {}, "address": ""}


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that a mail says."""

    kind: MessageKind
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Envelope:
    """A claimed mail: to whom, in which language ("" for Polish), and what it says; several things in a digest."""

    message_ids: tuple[int, ...]
    account_id: uuid.UUID
    address: str
    language: str
    told: tuple[Told, ...]
    attempts: int
    # Of a confirmation: whose link the mail carries.
    confirmation_id: uuid.UUID | None = None

    @property
    def kinds(self) -> tuple[MessageKind, ...]:
        """What it is about, each kind once, in the order of the mail."""
        return tuple(dict.fromkeys(one.kind for one in self.told))


def forget_dead_runs() -> int:
    """What a worker was sending when it died may have left: it is not sent again."""
    dead = OutboxMessage.objects.filter(state=MessageState.SENDING)
    return dead.update(state=MessageState.UNKNOWN, failure="interrupted", **SETTLED)


def claim_mail(*, now: dt.datetime) -> Envelope | None:
    """The next mail that is due, claimed in the caller's transaction; None where nothing is due.

    On the way messages that nobody wants any more are withdrawn, and a second digest of a day is put off to the next.
    """
    while True:
        message = (
            OutboxMessage.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("account")
            .filter(state=MessageState.WAITING, due_at__lte=now)
            .order_by("due_at", "id")
            .first()
        )
        if message is None:
            return None
        envelope = _digest_of(message, now) if message.kind in DIGEST_KINDS else _single(message, now)
        if envelope is None:
            continue
        OutboxMessage.objects.filter(pk__in=envelope.message_ids).update(
            state=MessageState.SENDING, sent_at=now, attempts=envelope.attempts
        )
        return envelope


def mark_sent(envelope: Envelope) -> None:
    """The mail server took it: nothing of what it said is kept."""
    OutboxMessage.objects.filter(
        pk__in=envelope.message_ids, state__in=(MessageState.SENDING, MessageState.UNKNOWN)
    ).update(state=MessageState.SENT, failure="", **SETTLED)


def put_back(envelope: Envelope, *, failure: str, now: dt.datetime) -> None:
    """The server took nothing: again after a pause that grows, or given up after the last one."""
    again = retry_at(envelope.attempts, now)
    if again is None:
        give_up(envelope, failure=failure)
        return
    _claimed(envelope).update(state=MessageState.WAITING, sent_at=None, due_at=again, failure=failure)


def give_up(envelope: Envelope, *, failure: str) -> None:
    """The server will never take it (an unknown mailbox), or has not for two days."""
    _claimed(envelope).update(state=MessageState.GIVEN_UP, sent_at=None, failure=failure, **SETTLED)


def leave_unknown(envelope: Envelope, *, failure: str) -> None:
    """The connection broke while the mail was handed over: it may have left."""
    _claimed(envelope).update(state=MessageState.UNKNOWN, failure=failure, **SETTLED)


def put_all_off(*, until: dt.datetime, now: dt.datetime) -> int:
    """No mail server answers: everything that is due waits until then."""
    due = OutboxMessage.objects.filter(state=MessageState.WAITING, due_at__lte=now)
    return due.update(due_at=until)


def forget_old_messages(*, before: dt.datetime) -> int:
    """Delete mails that were settled, and links that were sent, before that moment; how many there were."""
    AddressConfirmation.objects.filter(expires_at__lt=before).delete()
    ended = OutboxMessage.objects.exclude(state__in=(MessageState.WAITING, MessageState.SENDING))
    return ended.filter(created_at__lt=before).delete()[0]


def _claimed(envelope: Envelope) -> Any:
    return OutboxMessage.objects.filter(pk__in=envelope.message_ids, state=MessageState.SENDING)


def _withdraw(messages: Sequence[OutboxMessage]) -> None:
    OutboxMessage.objects.filter(pk__in=[message.pk for message in messages]).update(
        state=MessageState.WITHDRAWN, **SETTLED
    )


def _single(message: OutboxMessage, now: dt.datetime) -> Envelope | None:
    """A mail of its own, or None where it became pointless."""
    kind = MessageKind(message.kind)
    confirmation_id = None
    address = message.address
    is_wanted = message.account.is_active
    if kind == MessageKind.CONFIRM_ADDRESS:
        confirmation_id = uuid.UUID(message.about.partition(":")[2])
        is_wanted = (
            is_wanted
            and AddressConfirmation.objects.filter(
                pk=confirmation_id, address=address, used_at=None, expires_at__gt=now
            ).exists()
        )
    elif kind in WISHES:
        subscription = MailSubscription.objects.filter(account_id=message.account_id).first()
        address = subscription.address if subscription else ""
        is_wanted = is_wanted and bool(getattr(subscription, WISHES[kind], False))
    if not is_wanted or not address:
        _withdraw([message])
        return None
    return _envelope([message], address, confirmation_id)


def _digest_of(first: OutboxMessage, now: dt.datetime) -> Envelope | None:
    """Everything that the account is to be told today in one mail; None where it had today's, or wants nothing.

    Of who had today's digest only a due day of tomorrow goes: in the next digest it would come too late.
    """
    waiting = list(
        OutboxMessage.objects.select_for_update(of=("self",))
        .select_related("account")
        .filter(
            account_id=first.account_id,
            kind__in=DIGEST_KINDS,
            state=MessageState.WAITING,
            due_at__lte=now,
        )
        .order_by("id")
    )
    subscription = MailSubscription.objects.filter(account_id=first.account_id).first()
    address = subscription.address if subscription and first.account.is_active else ""
    wanted = [
        one for one in _leave_out_what_is_past(waiting, now) if address and _is_wished(subscription, one)
    ]
    if unwanted := [one for one in waiting if one not in wanted and one.pk]:
        _withdraw(unwanted)
    if wanted and _had_digest(first, now):
        urgent = [one for one in wanted if one.kind == MessageKind.DUE_DAY and _is_tomorrow(one, now)]
        later = [one.pk for one in wanted if one not in urgent]
        OutboxMessage.objects.filter(pk__in=later).update(due_at=next_digest(now, WARSAW))
        wanted = urgent
    return _envelope(wanted, address, None) if wanted else None


def _leave_out_what_is_past(waiting: Sequence[OutboxMessage], now: dt.datetime) -> list[OutboxMessage]:
    """Those that are still so. A reminder of what is no longer due is deleted, not withdrawn: it may become due again."""
    today = now.astimezone(WARSAW).date().isoformat()
    found = []
    for one in waiting:
        if one.kind == MessageKind.NEW_DATA:
            is_so = is_news(one.created_at, now, WARSAW)
        else:
            is_so = one.details["day"] > today
            if is_so and not is_still_due(one.account_id, one.details):
                one.delete()
                is_so = False
        if is_so:
            found.append(one)
    return found


def _is_wished(subscription: MailSubscription | None, message: OutboxMessage) -> bool:
    return bool(getattr(subscription, WISHES[MessageKind(message.kind)], False))


def _is_tomorrow(message: OutboxMessage, now: dt.datetime) -> bool:
    """Whether tomorrow's digest would come on the due day itself."""
    return bool(message.details["day"] <= next_digest(now, WARSAW).date().isoformat())


def _had_digest(message: OutboxMessage, now: dt.datetime) -> bool:
    today = now.astimezone(WARSAW).date()
    return OutboxMessage.objects.filter(
        account_id=message.account_id,
        kind__in=DIGEST_KINDS,
        sent_at__gte=digest_of_day(today, WARSAW).replace(hour=0),
        state__in=(MessageState.SENT, MessageState.UNKNOWN, MessageState.SENDING),
    ).exists()


def _envelope(messages: Sequence[OutboxMessage], address: str, confirmation_id: uuid.UUID | None) -> Envelope:
    account = messages[0].account
    return Envelope(
        message_ids=tuple(message.pk for message in messages),
        account_id=account.pk,
        address=address,
        language=account.language,
        told=tuple(Told(MessageKind(message.kind), message.details) for message in messages),
        attempts=max(message.attempts for message in messages) + 1,
        confirmation_id=confirmation_id,
    )
