"""What an owner gets by e-mail: the confirmed address, the one that waits for its link, the wishes."""

import datetime as dt
import uuid
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from associations.notifications.models import (
    AddressConfirmation,
    MailSubscription,
    MessageKind,
    MessageState,
    OutboxMessage,
)

WISHES = {
    MessageKind.NEW_DATA: "about_new_data",
    MessageKind.DUE_DAY: "about_due_days",
    MessageKind.PASSWORD_CHANGED: "about_password",
    MessageKind.NEW_DEVICE: "about_new_device",
}
"""Kinds that are sent only to who asked for them, and the field that says so."""


@dataclass(frozen=True, slots=True)
class PendingAddress:
    """An address that was given and not confirmed yet."""

    address: str
    expires_at: dt.datetime


def is_mail_set_up() -> bool:
    """Whether the operator named a mail server: without one nothing is asked for and nothing is sent."""
    return bool(settings.EMAIL_HOST)


def subscription_of(account_id: uuid.UUID) -> MailSubscription:
    """The account's wishes; an unsaved row of defaults where it never had any."""
    found = MailSubscription.objects.filter(account_id=account_id).first()
    return found or MailSubscription(account_id=account_id)


def pending_address(account_id: uuid.UUID) -> PendingAddress | None:
    """The address whose link was sent last and still works."""
    row = (
        AddressConfirmation.objects.filter(account_id=account_id, used_at=None, expires_at__gt=timezone.now())
        .order_by("-created_at")
        .first()
    )
    return PendingAddress(row.address, row.expires_at) if row else None


def confirmation_by(token_hash: str) -> AddressConfirmation | None:
    """The confirmation that a link names, while it works; None for unknown, used, old and closed ones alike."""
    return AddressConfirmation.objects.filter(
        token_hash=token_hash, used_at=None, expires_at__gt=timezone.now(), account__is_active=True
    ).first()


def is_mail_due() -> bool:
    """Whether the association has something to send now."""
    return OutboxMessage.objects.filter(state=MessageState.WAITING, due_at__lte=timezone.now()).exists()
