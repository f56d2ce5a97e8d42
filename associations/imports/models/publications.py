"""Publications, the editions that they open and close, registry changes, closed years. All append-only."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from associations.imports.models.batches import ImportBatch


class PublicationKind(models.TextChoices):
    """A publication brings a batch before owners; an undo takes it back."""

    PUBLISH = "publish", "publikacja"
    UNDO = "undo", "cofnięcie"


class Publication(models.Model):
    """The moment at which figures changed for owners, and by whom. Append-only."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="publications")
    kind = models.CharField(max_length=10, choices=PublicationKind)
    at = models.DateTimeField(auto_now_add=True)
    by_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=200)
    # "Opublikuj bez lokali z błędami": premises whose standing figures were left as they were.
    left_out = models.JSONField(default=list)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PublicationKind.values), name="publication_kind")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.batch_id}"


class Edition(models.Model):
    """Which batch's rows stand for a premises, a month and a part. At most one is open (closed_by is null).

    The keys carry no constraint of the database: publishing takes them from the very tables that they name, nothing is
    ever deleted from those, and half of a large publication's time would go into checking them row by row
    (docs/decisions.md). `imports.control.find_broken_editions` finds an edition whose key leads nowhere.
    """

    premises = models.ForeignKey(
        "premises.Premises", on_delete=models.PROTECT, db_index=False, db_constraint=False
    )
    month = models.DateField()
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, db_index=False, db_constraint=False)
    # SHA-256 over what owners see, in content order (imports.grouping.DIGEST_VERSION).
    digest = models.BinaryField(max_length=32)
    row_count = models.IntegerField()
    # The two control sums of the dataset (debit and credit of postings; the first alone elsewhere).
    first_sum = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    second_sum = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    # The sum of its rows' fingerprints (imports.slices); null in editions from before there were any.
    fingerprint = models.DecimalField(max_digits=30, decimal_places=0, null=True)
    opened_by = models.ForeignKey(
        Publication, on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    closed_by = models.ForeignKey(
        Publication,
        null=True,
        on_delete=models.PROTECT,
        db_index=False,
        db_constraint=False,
        related_name="+",
    )

    class Meta:
        abstract = True
        # They cost publishing nothing: editions of one publication lie together, open ones need no entry. The first two
        # serve undo, the third what stood for one premises on a day gone by.
        indexes = [
            BrinIndex(fields=["opened_by"], name="%(class)s_opened"),
            models.Index(fields=["closed_by"], condition=Q(closed_by__isnull=False), name="%(class)s_closed"),
            models.Index(fields=["premises"], condition=Q(closed_by__isnull=False), name="%(class)s_former"),
        ]


class RegistryChange(models.Model):
    """One change of a registry row under a publication, with its old and new values. Append-only."""

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="changes")
    registry = models.CharField(max_length=30)
    object_id = models.BigIntegerField()
    # None as `before`: the row came with this publication.
    before = models.JSONField(null=True)
    after = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["registry", "object_id"], name="registry_change_object")]

    def __str__(self) -> str:
        return f"{self.registry} {self.object_id}"


class YearClosingKind(models.TextChoices):
    """A closed year takes no changed figures until it is reopened."""

    CLOSE = "close", "zamknięcie"
    REOPEN = "reopen", "otwarcie"


class YearClosing(models.Model):
    """Who closed or reopened a calendar year, when and why; the latest row of a year decides. Append-only."""

    year = models.SmallIntegerField()
    kind = models.CharField(max_length=10, choices=YearClosingKind)
    at = models.DateTimeField(auto_now_add=True)
    by_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=200)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=YearClosingKind.values), name="year_closing_kind"),
            models.CheckConstraint(condition=Q(year__range=(1990, 2200)), name="year_closing_year"),
            models.CheckConstraint(
                condition=Q(kind="close") | ~Q(reason=""), name="year_closing_reopened_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.kind}"
