"""The association about itself: name, kind, office, switches, funds. What a moved schema must take along."""

from django.db import models
from django.db.models import Q


class AssociationKind(models.TextChoices):
    """Spółdzielnia or wspólnota."""

    COOPERATIVE = "cooperative", "spółdzielnia"
    COMMUNITY = "community", "wspólnota"


class AssociationState(models.TextChoices):
    """Whether the doors of the association are open."""

    ACTIVE = "active", "czynna"
    # For the minutes in which it moves to another installation: what is written now would be left behind.
    READ_ONLY = "read_only", "tylko do odczytu"
    SUSPENDED = "suspended", "zawieszona"
    # Kept and read by nobody: it has moved, or its portal was given up.
    ARCHIVED = "archived", "w archiwum"


class AssociationProfile(models.Model):
    """The single row that each request of the association reads and nobody caches."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=AssociationKind)
    state = models.CharField(max_length=20, choices=AssociationState, default=AssociationState.ACTIVE)
    nip = models.CharField(max_length=10, blank=True)
    due_day = models.SmallIntegerField(default=10)
    office_address = models.CharField(max_length=300, blank=True)
    office_hours = models.CharField(max_length=300, blank=True)
    office_phone = models.CharField(max_length=50, blank=True)
    office_email = models.EmailField(blank=True)
    # "Informacje": paragraphs divided by empty lines, plain text, edited by the manager.
    information_text = models.TextField(blank=True)
    # The association's colour as `#0f5b63`; empty: the portal's own. Its contrast was checked when it was set.
    brand_color = models.CharField(max_length=7, blank=True)
    # SHA-256 of the logo that stands (AssociationLogo), empty where there is none: its address changes with it.
    logo_digest = models.CharField(max_length=64, blank=True)
    # What the association adds to the privacy page and to the accessibility statement; plain text in paragraphs.
    privacy_text = models.TextField(blank=True)
    accessibility_text = models.TextField(blank=True)
    # Starter passwords may leave the office by post.
    allows_letters_by_post = models.BooleanField(default=False)
    # The accounting program's balance includes the interest beside it.
    balance_includes_interest = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="profile_single_row"),
            models.CheckConstraint(condition=Q(kind__in=AssociationKind.values), name="profile_kind"),
            models.CheckConstraint(condition=Q(state__in=AssociationState.values), name="profile_state"),
            models.CheckConstraint(condition=Q(due_day__range=(1, 31)), name="profile_due_day"),
            models.CheckConstraint(
                condition=Q(brand_color__regex=r"^(#[0-9a-f]{6})?$"), name="profile_brand_color"
            ),
            models.CheckConstraint(condition=Q(nip__regex=r"^([0-9]{10})?$"), name="profile_nip"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_active(self) -> bool:
        """Whether people may write and workers work."""
        return self.state == AssociationState.ACTIVE

    @property
    def is_readable(self) -> bool:
        """Whether people may read: it is active, or on its way to another installation."""
        return self.state in {AssociationState.ACTIVE, AssociationState.READ_ONLY}

    @property
    def is_archived(self) -> bool:
        """Whether it was put away for good."""
        return self.state == AssociationState.ARCHIVED

    @property
    def is_cooperative(self) -> bool:
        """Whether pages say „spółdzielnia” and „naliczenia”."""
        return self.kind == AssociationKind.COOPERATIVE


class AssociationLogo(models.Model):
    """The logo (znak) that pages and printouts show; a row, so that a moved schema takes it along."""

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    # PNG as written by the portal itself: nothing of an uploaded file is handed on.
    content = models.BinaryField()
    width = models.SmallIntegerField()
    height = models.SmallIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="logo_single_row")]

    def __str__(self) -> str:
        return f"{self.width} × {self.height}"


class FundKind(models.TextChoices):
    """Main (podstawowy, eksploatacja), repair (remontowy) or another."""

    MAIN = "main", "podstawowy"
    REPAIR = "repair", "remontowy"
    OTHER = "other", "inny"


class Fund(models.Model):
    """A fund of the association; `main` and `repair` exist from the first day.

    It lives here, below premises, because charges, ledger and transfer accounts all name it.
    """

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=10, choices=FundKind)
    name = models.CharField(max_length=100)
    position = models.SmallIntegerField(default=10)
    bank_account = models.CharField(max_length=26, blank=True)

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=FundKind.values), name="fund_kind"),
            models.CheckConstraint(
                condition=Q(bank_account__regex=r"^([0-9]{26})?$"), name="fund_bank_account"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FundAccountChange(models.Model):
    """A changed bank account of a fund: the number before and after, when and by whom. Append-only.

    Owners read of it for a while (fraud): their notice is made from these rows.
    """

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="account_changes")
    # Empty: the association had, or has, no account of its own for the fund.
    before = models.CharField(max_length=26, blank=True)
    after = models.CharField(max_length=26, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(before__regex=r"^([0-9]{26})?$", after__regex=r"^([0-9]{26})?$"),
                name="fund_account_change_nrb",
            ),
            models.CheckConstraint(
                condition=~Q(before=models.F("after")), name="fund_account_change_differs"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund_id} {self.at:%Y-%m-%d}"
