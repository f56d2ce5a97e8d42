"""What owners change about their e-mails: the address with its confirmation, the wishes, ending them.

Every action is one transaction with its audit entry, which names no address.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from associations.audit.actions import record_act
from associations.audit.actors import Actor
from associations.notifications.models import (
    AddressConfirmation,
    MailSubscription,
    MessageKind,
    MessageState,
    OutboxMessage,
)
from associations.notifications.outbox import write_message
from associations.notifications.queries import WISHES
from associations.notifications.tokens import confirmation_token, hash_token

CONFIRMATION_LIFETIME = dt.timedelta(hours=48)
CONFIRMATIONS_A_DAY = 5
"""Nobody's mailbox is flooded by typing its address again and again."""


class MailRuleError(Exception):
    """A broken rule of e-mails; `code` names it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@transaction.atomic
def ask_for_address(*, actor: Actor, account_id: uuid.UUID, address: str) -> AddressConfirmation:
    """Send a link to the address, valid for 48 hours; until its button is pressed the former address stands.

    Raises MailRuleError: `bad_address`, `same_address`, `too_many`.
    """
    address = address.strip()
    try:
        validate_email(address)
    except ValidationError:
        raise MailRuleError("bad_address", "That is not an e-mail address.") from None
    # Locked before it is counted: links asked for at once are counted one after the other.
    if _lock_subscription(account_id).address.lower() == address.lower():
        raise MailRuleError("same_address", "The address is confirmed already.")
    now = timezone.now()
    earlier = AddressConfirmation.objects.filter(account_id=account_id)
    if earlier.filter(created_at__gt=now - dt.timedelta(days=1)).count() >= CONFIRMATIONS_A_DAY:
        raise MailRuleError("too_many", f"At most {CONFIRMATIONS_A_DAY} confirmations a day.")
    _end_links(account_id)
    key = uuid.uuid4()
    confirmation = AddressConfirmation.objects.create(
        id=key,
        account_id=account_id,
        address=address,
        token_hash=hash_token(confirmation_token(key)),
        expires_at=now + CONFIRMATION_LIFETIME,
    )
    write_message(
        account_id=account_id,
        kind=MessageKind.CONFIRM_ADDRESS,
        about=f"confirmation:{key}",
        address=address,
    )
    record_act(actor=actor, action="email.asked", target=f"account:{account_id}")
    return confirmation


@transaction.atomic
def confirm_address(*, token: str) -> uuid.UUID:
    """Make the address of the link the account's; the former address is told. Whose account it was.

    The link works once and without signing in. Raises MailRuleError (`dead_link`).
    """
    confirmation = (
        AddressConfirmation.objects.select_for_update(of=("self",))
        .select_related("account__person")
        .filter(
            token_hash=hash_token(token),
            used_at=None,
            expires_at__gt=timezone.now(),
            account__is_active=True,
        )
        .first()
    )
    if confirmation is None:
        raise MailRuleError("dead_link", "The link is unknown, used or too old.")
    account = confirmation.account
    confirmation.used_at = timezone.now()
    confirmation.save(update_fields=["used_at"])
    subscription = _lock_subscription(account.pk)
    former = subscription.address
    subscription.address, subscription.confirmed_at = confirmation.address, confirmation.used_at
    subscription.save(update_fields=["address", "confirmed_at"])
    _tell_former(account.pk, former, about=f"confirmation:{confirmation.pk}", is_removed=False)
    actor = Actor(kind="owner", id=account.pk, name=account.person.name)
    record_act(actor=actor, action="email.confirmed", target=f"account:{account.pk}", is_first=not former)
    return account.pk


@transaction.atomic
def remove_address(*, actor: Actor, account_id: uuid.UUID) -> None:
    """Forget the address and every link on its way; wishes are kept for another address. The address is told."""
    _end_links(account_id)
    subscription = _lock_subscription(account_id)
    former = subscription.address
    if not former:
        return
    subscription.address, subscription.confirmed_at = "", None
    subscription.save(update_fields=["address", "confirmed_at"])
    OutboxMessage.objects.filter(account_id=account_id, state=MessageState.WAITING, address="").update(
        state=MessageState.WITHDRAWN, details={}
    )
    now = timezone.now()
    _tell_former(account_id, former, about=f"removal:{now.isoformat()}", is_removed=True)
    record_act(actor=actor, action="email.removed", target=f"account:{account_id}")


@transaction.atomic
def choose_mails(
    *, actor: Actor, account_id: uuid.UUID, wishes: Mapping[MessageKind, bool], days_before: int
) -> None:
    """Write what the account wants to hear of. Raises MailRuleError (`no_address`)."""
    subscription = _lock_subscription(account_id)
    if not subscription.address:
        raise MailRuleError("no_address", "There is no confirmed address.")
    for kind, name in WISHES.items():
        setattr(subscription, name, wishes.get(kind, False))
    subscription.days_before = days_before
    subscription.save()
    chosen = sorted(str(kind) for kind, is_wanted in wishes.items() if is_wanted)
    record_act(actor=actor, action="email.wishes_changed", target=f"account:{account_id}", wishes=chosen)


@transaction.atomic
def unsubscribe(*, account_id: uuid.UUID, kinds: Sequence[MessageKind]) -> bool:
    """End mails of these kinds, by a link out of one of them; False where none was wanted (any more)."""
    subscription = (
        MailSubscription.objects.select_for_update(of=("self",))
        .select_related("account__person")
        .filter(account_id=account_id)
        .first()
    )
    names = [WISHES[kind] for kind in kinds if kind in WISHES]
    if subscription is None or not any(getattr(subscription, name) for name in names):
        return False
    for name in names:
        setattr(subscription, name, False)
    subscription.save(update_fields=names)
    actor = Actor(kind="owner", id=account_id, name=subscription.account.person.name)
    kinds_told = sorted(map(str, kinds))
    record_act(actor=actor, action="email.unsubscribed", target=f"account:{account_id}", wishes=kinds_told)
    return True


def _lock_subscription(account_id: uuid.UUID) -> MailSubscription:
    MailSubscription.objects.get_or_create(account_id=account_id)
    return MailSubscription.objects.select_for_update().get(account_id=account_id)


def _end_links(account_id: uuid.UUID) -> None:
    """No link sent so far works any more; their addresses are forgotten, that they were asked for is not."""
    AddressConfirmation.objects.filter(account_id=account_id, used_at=None).update(
        expires_at=timezone.now(), address=""
    )


def _tell_former(account_id: uuid.UUID, former: str, *, about: str, is_removed: bool) -> None:
    if former:
        write_message(
            account_id=account_id,
            kind=MessageKind.ADDRESS_CHANGED,
            about=about,
            details={"is_removed": is_removed, "at": timezone.now().isoformat()},
            address=former,
        )
