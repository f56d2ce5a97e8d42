"""Staff (managers, bookkeepers, office, operators), their grants, sessions and audit; in public."""

import datetime as dt
import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from associations.owners.throttling import AbstractSignInFailure


class StaffUserManager(BaseUserManager["StaffUser"]):
    """Finds staff by e-mail without regard to case."""

    def get_by_natural_key(self, username: str | None) -> "StaffUser":
        """The account with this e-mail."""
        return self.get(email__iexact=username)


class StaffUser(AbstractBaseUser):
    """A person who works with associations: signs in at the apex with e-mail, password and TOTP."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    # Operators run the platform; they see no association's data without a grant that ends by itself.
    is_operator = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    password_changed_at = models.DateTimeField(null=True)
    # The TOTP secret is derived from this seed and SECRET_KEY (saas.staff.totp): the row alone opens nothing.
    totp_seed = models.CharField(max_length=64, blank=True)
    totp_confirmed_at = models.DateTimeField(null=True)
    # The time step of the last accepted code: none is accepted twice.
    totp_last_step = models.BigIntegerField(default=0)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = StaffUserManager()

    class Meta:
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="staff_email_unique"),
            models.CheckConstraint(
                condition=Q(totp_confirmed_at__isnull=True) | ~Q(totp_seed=""), name="staff_totp_has_seed"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def has_totp(self) -> bool:
        """Whether signing in takes a code beside the password."""
        return self.totp_confirmed_at is not None


class RecoveryCode(models.Model):
    """One of ten codes that stand in for a lost phone, once each; kept as a keyed hash."""

    user = models.ForeignKey(StaffUser, on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["user", "code_hash"], name="recovery_code_unique")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.id}"


class LinkPurpose(models.TextChoices):
    """What a link was sent for."""

    INVITATION = "invitation", "zaproszenie"
    PASSWORD = "password", "nowe hasło"


class PasswordLink(models.Model):
    """A link that sets a password once; only the hash of its token is kept."""

    user = models.ForeignKey(StaffUser, on_delete=models.CASCADE, related_name="password_links")
    purpose = models.CharField(max_length=20, choices=LinkPurpose)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=LinkPurpose.values), name="password_link_purpose")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.purpose}"


class StaffSignInFailure(AbstractSignInFailure):
    """Failed tries at the apex: throttling counts them, and deletes them when they are old."""


class Role(models.TextChoices):
    """What a grant allows in one association."""

    MANAGER = "manager", "zarządca"
    BOOKKEEPER = "bookkeeper", "księgowość"
    OFFICE = "office", "biuro"
    READER = "reader", "wgląd"


class Grant(models.Model):
    """A staff member's right to work in one association; read on every request."""

    user = models.ForeignKey(StaffUser, on_delete=models.PROTECT, related_name="grants")
    association = models.ForeignKey("tenancy.Association", on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20, choices=Role)
    # A bookkeeper uploads and checks; publishing only where the manager allows it.
    may_publish = models.BooleanField(default=False)
    # An operator's grant ends by itself.
    expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["association__slug"]
        constraints = [
            models.UniqueConstraint(fields=["user", "association"], name="grant_unique"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="grant_role"),
            models.CheckConstraint(
                condition=Q(may_publish=False) | Q(role=Role.BOOKKEEPER), name="grant_publish_bookkeeper"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class ApiToken(models.Model):
    """A key with which a program of a staff member's uses the API; only its hash is kept.

    It opens no more than the member's own grants do at that moment, in the associations named.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(StaffUser, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    token_hash = models.CharField(max_length=64, unique=True)
    associations = models.ManyToManyField("tenancy.Association", related_name="+")
    # Publish and undo, where the grant allows it too; else the token uploads and looks.
    may_publish = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="api_token_name"),
            models.CheckConstraint(
                condition=Q(expires_at__lte=F("created_at") + dt.timedelta(days=366)),
                name="api_token_lifetime",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.name}"


class StaffSession(AbstractBaseSession):
    """A session at the apex."""

    account_id = models.UUIDField(null=True, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(null=True)
    device = models.CharField(max_length=200, blank=True)

    @classmethod
    def get_session_store_class(cls) -> type:
        """The store that reads this table."""
        from saas.staff.sessions import SessionStore

        return SessionStore


class PlatformAudit(models.Model):
    """What staff and operators did on the platform; append-only."""

    at = models.DateTimeField(auto_now_add=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=200)
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=100, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "platform audit entries"

    def __str__(self) -> str:
        return f"{self.at} {self.action}"
