"""Registries: properties, buildings, premises, people, titles (tytuły prawne) and holdings (kartoteki).

Rows are updated in place, each change kept by associations.imports.RegistryChange. A row whose creating
import was undone is not current: it shows nowhere, and a later import of the same key brings it back.
"""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from associations.imports.models import StagedRow


class PremisesKind(models.TextChoices):
    """What a premises is."""

    FLAT = "flat", "lokal mieszkalny"
    COMMERCIAL = "commercial", "lokal użytkowy"
    GARAGE = "garage", "garaż"
    PARKING = "parking", "miejsce postojowe"
    STORAGE = "storage", "komórka lokatorska"
    OTHER = "other", "inny lokal"


class Property(models.Model):
    """Nieruchomość: a legal unit with buildings, to which shares add up."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "properties"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Building(models.Model):
    """Budynek. Addresses stand with the premises: one building may have several entrances."""

    property = models.ForeignKey(Property, on_delete=models.PROTECT, related_name="buildings")
    code = models.CharField(max_length=40)

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["property", "code"], name="building_code_unique")]

    def __str__(self) -> str:
        return self.code


class Premises(models.Model):
    """Lokal. The code is text of the accounting program: `0412-034`, `1/14`, `LU-2`."""

    code = models.CharField(max_length=40, unique=True)
    building = models.ForeignKey(Building, null=True, on_delete=models.PROTECT, related_name="premises")
    # Street and house number; `number` is the flat's.
    address = models.CharField(max_length=200, blank=True)
    number = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=20, choices=PremisesKind, default=PremisesKind.FLAT)
    area = models.DecimalField(max_digits=10, decimal_places=4, null=True)
    # Share in the property, six decimals; shares of a property add up to 1.
    share = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    persons = models.SmallIntegerField(null=True)
    sort_key = models.CharField(max_length=200)
    is_current = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "premises"
        ordering = ["sort_key", "code"]
        indexes = [models.Index(fields=["sort_key", "code"], name="premises_sorted")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PremisesKind.values), name="premises_kind"),
            models.CheckConstraint(condition=Q(area__isnull=True) | Q(area__gte=0), name="premises_area"),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__range=(0, 1)), name="premises_share"
            ),
            models.CheckConstraint(condition=~Q(code=""), name="premises_code_given"),
        ]

    def __str__(self) -> str:
        return self.code


class TransferAccount(models.Model):
    """Rachunek do wpłat: the bank account (NRB, 26 digits) of one premises and fund."""

    premises = models.ForeignKey(Premises, on_delete=models.PROTECT, related_name="transfer_accounts")
    fund = models.ForeignKey("profile.Fund", on_delete=models.PROTECT)
    nrb = models.CharField(max_length=26)
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["premises", "fund"], name="transfer_account_unique"),
            models.CheckConstraint(condition=Q(nrb__regex=r"^[0-9]{26}$"), name="transfer_account_nrb"),
        ]

    def __str__(self) -> str:
        return self.nrb


class Person(models.Model):
    """Osoba, by the code of the accounting program.

    Programs give an old code to another person: then the former one keeps login, titles and figures under a code of
    its own that no file can hold, and `former_code` is the one that it had.
    """

    code = models.CharField(max_length=64, unique=True)
    former_code = models.CharField(max_length=40, blank=True, db_default="")
    name = models.CharField(max_length=200)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=50, blank=True)
    sort_key = models.CharField(max_length=400)
    is_current = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "people"
        ordering = ["sort_key", "code"]
        indexes = [models.Index(fields=["sort_key", "code"], name="person_sorted")]
        constraints = [models.CheckConstraint(condition=~Q(code=""), name="person_code_given")]

    def __str__(self) -> str:
        return self.shown_code

    @property
    def shown_code(self) -> str:
        """The code under which the accounting program knows or knew the person."""
        return self.former_code or self.code


class TitleKind(models.TextChoices):
    """Kinds of tytuł prawny."""

    SEPARATE_OWNERSHIP = "separate_ownership", "odrębna własność"
    COOPERATIVE_OWNERSHIP = "cooperative_ownership", "spółdzielcze własnościowe prawo do lokalu"
    COOPERATIVE_TENANCY = "cooperative_tenancy", "spółdzielcze lokatorskie prawo do lokalu"
    LEASE = "lease", "najem"
    NONE = "none", "bez tytułu prawnego"


class Title(models.Model):
    """Tytuł prawny of one person to one premises, dated from and to (both days included; null: open)."""

    premises = models.ForeignKey(Premises, on_delete=models.PROTECT, related_name="titles")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="titles")
    kind = models.CharField(max_length=30, choices=TitleKind)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    share_numerator = models.IntegerField(default=1)
    share_denominator = models.IntegerField(default=1)
    # Wspólność łączna: spouses hold the premises jointly and count once.
    is_joint = models.BooleanField(default=False)
    # The file named no first day: the title was first seen in a later file and starts on that file's as-of date.
    is_start_assumed = models.BooleanField(default=False, db_default=False)
    is_current = models.BooleanField(default=True)

    class Meta:
        ordering = [Coalesce("starts_on", models.Value("0001-01-01", models.DateField())), "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["premises", "person", "starts_on"], name="title_unique", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(kind__in=TitleKind.values), name="title_kind"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="title_dates",
            ),
            models.CheckConstraint(
                condition=Q(
                    share_numerator__gt=0,
                    share_denominator__gt=0,
                    share_numerator__lte=F("share_denominator"),
                ),
                name="title_share",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.premises_id}/{self.person_id}"


class Holding(models.Model):
    """Kartoteka: one set of concurrent titles to a premises; the unit of access and of the ledger.

    Derived from the titles (calculations.holdings_of); a sale starts a new one. No figures refer to it:
    which rows belong to a holding is decided when they are read (access.HoldingScope).
    """

    premises = models.ForeignKey(Premises, on_delete=models.PROTECT, related_name="holdings")
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)

    class Meta:
        ordering = [Coalesce("starts_on", models.Value("0001-01-01", models.DateField())), "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["premises", "starts_on"], name="holding_unique", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="holding_dates",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.premises_id} {self.starts_on}–{self.ends_on}"


class HoldingMember(models.Model):
    """A person of a holding."""

    holding = models.ForeignKey(Holding, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["holding", "person"], name="holding_member_unique")]

    def __str__(self) -> str:
        return f"{self.holding_id}/{self.person_id}"


class StagedPremises(StagedRow):
    """Rows of a premises file as read."""

    property_code = models.TextField(null=True)
    building_code = models.TextField(null=True)
    address = models.TextField(null=True)
    number = models.TextField(null=True)
    premises_code = models.TextField()
    kind = models.TextField(null=True)
    area = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    share = models.DecimalField(max_digits=12, decimal_places=6, null=True)
    persons = models.IntegerField(null=True)
    bank_account = models.TextField(null=True)
    repair_bank_account = models.TextField(null=True)

    class Meta(StagedRow.Meta):
        indexes = [models.Index(fields=["batch_id", "premises_code"], name="staged_premises_key")]


class StagedPerson(StagedRow):
    """Rows of a people file as read: one per person and premises."""

    person_code = models.TextField()
    name = models.TextField()
    email = models.TextField(null=True)
    phone = models.TextField(null=True)
    premises_code = models.TextField()
    title_kind = models.TextField(null=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    share_numerator = models.IntegerField(null=True)
    share_denominator = models.IntegerField(null=True)
    is_joint = models.BooleanField(null=True)

    class Meta(StagedRow.Meta):
        indexes = [models.Index(fields=["batch_id", "person_code"], name="staged_person_key")]


class StagedTitle(StagedRow):
    """What a people file means for titles: those it lists, with their days settled, and those that it ends.

    Derived from StagedPerson by title_plan, at every check; `title_id` is of a standing title, None for a new one.
    """

    premises_code = models.TextField()
    person_code = models.TextField()
    name = models.TextField()
    person_id = models.BigIntegerField(null=True)
    title_id = models.BigIntegerField(null=True)
    kind = models.TextField()
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    share_numerator = models.IntegerField()
    share_denominator = models.IntegerField()
    is_joint = models.BooleanField()
    is_start_assumed = models.BooleanField()
    is_current = models.BooleanField()
    # A word of title_plan: listed, first_seen; replaced, succeeded, missing.
    origin = models.TextField()

    class Meta(StagedRow.Meta):
        indexes = [models.Index(fields=["batch_id", "premises_code"], name="staged_title_key")]
