"""Login accounts of people (loginy), their sessions and sign-ins, and who received a starter password.

All of it stands in the association's schema.
"""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.utils import timezone

from associations.owners.throttling import AbstractSignInFailure


class OwnerAccountManager(BaseUserManager["OwnerAccount"]):
    """Finds accounts by the stored, normalised login."""


class OwnerAccount(AbstractBaseUser):
    """A person's login to the portal of this association; issued by the office."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.OneToOneField("premises.Person", on_delete=models.PROTECT, related_name="account")
    login = models.CharField(max_length=40, unique=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # The password in force was given by the office: it must be changed before any page, and ends by itself.
    must_change_password = models.BooleanField(default=True)
    starter_expires_at = models.DateTimeField(null=True)
    password_changed_at = models.DateTimeField(null=True)
    # The language that the owner chose, for pages after sign-in and for e-mails; empty: Polish.
    language = models.CharField(max_length=10, blank=True, default="", db_default="")
    # The TOTP secret is derived from this seed and SECRET_KEY (owners.totp): the row alone opens nothing.
    totp_seed = models.CharField(max_length=64, blank=True, default="", db_default="")
    totp_confirmed_at = models.DateTimeField(null=True)
    # The time step of the last accepted code: none is accepted twice.
    totp_last_step = models.BigIntegerField(default=0, db_default=0)

    USERNAME_FIELD = "login"
    objects = OwnerAccountManager()

    class Meta:
        ordering = ["login"]
        constraints = [
            models.CheckConstraint(
                condition=Q(login__regex=r"^[a-z0-9][a-z0-9._-]{2,39}$"), name="owner_login_form"
            ),
            models.CheckConstraint(
                condition=Q(totp_confirmed_at__isnull=True) | ~Q(totp_seed=""), name="owner_totp_has_seed"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def has_expired_starter(self) -> bool:
        """Whether the password in force is a starter password whose days are over."""
        return self.must_change_password and (
            self.starter_expires_at is None or self.starter_expires_at <= timezone.now()
        )

    @property
    def has_totp(self) -> bool:
        """Whether signing in takes a code beside the password."""
        return self.totp_confirmed_at is not None


class OwnerSession(AbstractBaseSession):
    """A session of an owner; worth nothing at another door."""

    account_id = models.UUIDField(null=True, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(null=True)
    device = models.CharField(max_length=200, blank=True)

    @classmethod
    def get_session_store_class(cls) -> type:
        """The store that reads this table."""
        from associations.owners.sessions import SessionStore

        return SessionStore


class SignInFailure(AbstractSignInFailure):
    """Failed tries at this association's door: throttling counts them, and deletes them when they are old."""


class SignInOutcome(models.TextChoices):
    """What became of a sign-in."""

    DONE = "done", "zalogowano"
    WRONG_PASSWORD = "wrong_password", "złe hasło"
    WRONG_CODE = "wrong_code", "zły kod"
    # The password was right, and a starter password whose days are over.
    EXPIRED_STARTER = "expired_starter", "hasło startowe po terminie"


class SignInEvent(models.Model):
    """A sign-in (logowanie), done or failed, where the account is known; its owner sees it for twelve months."""

    account = models.ForeignKey(OwnerAccount, on_delete=models.PROTECT, related_name="sign_ins")
    at = models.DateTimeField(auto_now_add=True)
    outcome = models.CharField(max_length=20, choices=SignInOutcome)
    device = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["account", "-id"], name="sign_in_event_account")]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=SignInOutcome.values), name="sign_in_event_outcome"
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.outcome}"


class OwnerRecoveryCode(models.Model):
    """One of ten codes (kody zapasowe) that stand in for a lost phone, once each; kept as a keyed hash."""

    account = models.ForeignKey(OwnerAccount, on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "code_hash"], name="owner_recovery_code_unique")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.id}"


class IssueMethod(models.TextChoices):
    """How a starter password leaves the office."""

    IN_PERSON = "in_person", "osobiście w biurze"
    LETTER = "letter", "list"


class StarterPasswordIssue(models.Model):
    """That a starter password was issued, by whom, who received it with what proof. Never the password."""

    account = models.ForeignKey(OwnerAccount, on_delete=models.PROTECT, related_name="issues")
    issued_at = models.DateTimeField(auto_now_add=True)
    issued_by_id = models.UUIDField(null=True)
    issued_by_name = models.CharField(max_length=200)
    method = models.CharField(max_length=20, choices=IssueMethod)
    expires_at = models.DateTimeField()
    is_login_new = models.BooleanField(default=False)
    received_by = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField(null=True)
    is_identity_checked = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(method__in=IssueMethod.values), name="issue_method"),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True) | ~Q(received_by=""), name="issue_receiver_named"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.issued_at}"


class OwnerToken(models.Model):
    """A personal key (klucz) with which an owner's own program reads what the owner sees, and nothing else.

    The secret is shown once; its SHA-256 stands here (256 random bits cannot be guessed).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(OwnerAccount, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=100)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "id"]

    def __str__(self) -> str:
        return str(self.id)
