"""E-mails to owners (powiadomienia): where to, about what, and the outbox from which workers send them.

All of it stands in the association's schema. The address is the owner's own and confirmed by a link; the one that the
office has (`premises.Person.email`) is never written to. Outbox rows name what happened and keep no text of a mail.
"""

import uuid

from django.db import models
from django.db.models import Q

LONGEST_NOTICE_DAYS = 14


class MailSubscription(models.Model):
    """The confirmed address of an account and what it wants to hear of; nothing unless asked for."""

    account = models.OneToOneField(
        "owners.OwnerAccount", primary_key=True, on_delete=models.PROTECT, related_name="subscription"
    )
    # Empty: the owner gave none or removed it.
    address = models.EmailField(blank=True)
    confirmed_at = models.DateTimeField(null=True)
    about_new_data = models.BooleanField(default=False)
    about_due_days = models.BooleanField(default=False)
    # How many days before a due day.
    days_before = models.SmallIntegerField(default=3)
    about_password = models.BooleanField(default=False)
    about_new_device = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(days_before__range=(1, LONGEST_NOTICE_DAYS)), name="subscription_days_before"
            ),
            models.CheckConstraint(
                condition=Q(address="", confirmed_at=None) | (~Q(address="") & Q(confirmed_at__isnull=False)),
                name="subscription_address_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return str(self.account_id)


class AddressConfirmation(models.Model):
    """A link sent to an address that waits for its owner's button; only the hash of its token is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey("owners.OwnerAccount", on_delete=models.PROTECT, related_name="+")
    address = models.EmailField()
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "id"]

    def __str__(self) -> str:
        return str(self.id)


class MessageKind(models.TextChoices):
    """What a mail is about. Publications and due days wait for the day's digest, the others go at once."""

    CONFIRM_ADDRESS = "confirm_address", "potwierdzenie adresu"
    ADDRESS_CHANGED = "address_changed", "zmiana adresu"
    PASSWORD_CHANGED = "password_changed", "zmiana hasła"
    NEW_DEVICE = "new_device", "logowanie z nowego urządzenia"
    NEW_DATA = "new_data", "nowe dane"
    DUE_DAY = "due_day", "termin płatności"


DIGEST_KINDS = (MessageKind.NEW_DATA, MessageKind.DUE_DAY)


class MessageState(models.TextChoices):
    """waiting → sending → sent; back to waiting or given up after an error, withdrawn where nobody wants it now.

    `unknown`: the worker or the connection died while the mail was handed over; it is not sent again.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    GIVEN_UP = "given_up"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


class OutboxMessage(models.Model):
    """One thing that an owner is to be told by e-mail. What it says is composed when it is sent."""

    account = models.ForeignKey("owners.OwnerAccount", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=MessageKind)
    # What it is about (`publication:12`, `due:2026-12-10`): the same is told once.
    about = models.CharField(max_length=80)
    # Where to, if not to the confirmed address; emptied with `details` when the mail has left.
    address = models.EmailField(blank=True)
    details = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=MessageState, default=MessageState.WAITING)
    attempts = models.SmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    # The class of the last error: a word, never the server's text.
    failure = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="outbox_waiting"),
            models.Index(fields=["sent_at"], name="outbox_sent"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["account", "kind", "about"], name="outbox_told_once"),
            models.CheckConstraint(condition=Q(kind__in=MessageKind.values), name="outbox_kind"),
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="outbox_state"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
