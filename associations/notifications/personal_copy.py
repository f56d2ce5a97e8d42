"""What the portal keeps about a person's e-mails: address, wishes, what was sent. Writes nothing."""

import uuid
from typing import Any

from associations.notifications.models import AddressConfirmation, MailSubscription, OutboxMessage


def copy_mails(account_id: uuid.UUID) -> dict[str, Any]:
    """Wishes (None where there are none), addresses that were given, messages, the oldest first. Three queries."""
    wishes = MailSubscription.objects.filter(account_id=account_id).values(
        *("address", "confirmed_at", "about_new_data", "about_due_days", "days_before"),
        *("about_password", "about_new_device"),
    )
    given = AddressConfirmation.objects.filter(account_id=account_id).order_by("created_at", "id")
    messages = OutboxMessage.objects.filter(account_id=account_id).order_by("id")
    return {
        "wishes": wishes.first(),
        "given_addresses": list(given.values("address", "created_at", "used_at")),
        "messages": list(messages.values("kind", "address", "created_at", "sent_at", "state")),
    }
