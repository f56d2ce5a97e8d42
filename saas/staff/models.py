"""Staff (managers, bookkeepers, office, operators), their grants and sessions, and the platform's audit; in public."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


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

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = StaffUserManager()

    class Meta:
        ordering = ["email"]
        constraints = [models.UniqueConstraint(Lower("email"), name="staff_email_unique")]

    def __str__(self) -> str:
        return str(self.id)


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
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class StaffSession(AbstractBaseSession):
    """A session at the apex."""

    account_id = models.UUIDField(null=True, db_index=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = BaseSessionManager()

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
