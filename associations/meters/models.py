"""Media: meters (liczniki), readings (odczyty) and settlements (rozliczenia), with their editions.

The part of both editions is the medium.
"""

from django.db import models
from django.db.models import F, Q

from associations.imports.models import Edition, StagedRow


class Medium(models.Model):
    """Zimna woda, ciepła woda, centralne ogrzewanie: by the name that the files give it."""

    name = models.CharField(max_length=60, unique=True)
    is_current = models.BooleanField(default=True)

    class Meta:
        verbose_name_plural = "media"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Meter(models.Model):
    """A meter or heat-cost allocator of a premises; its serial number is text."""

    premises = models.ForeignKey("premises.Premises", on_delete=models.PROTECT, related_name="meters")
    medium = models.ForeignKey(Medium, on_delete=models.PROTECT, related_name="+")
    serial = models.CharField(max_length=40)
    is_current = models.BooleanField(default=True)

    class Meta:
        ordering = ["serial"]
        constraints = [models.UniqueConstraint(fields=["premises", "medium", "serial"], name="meter_unique")]

    def __str__(self) -> str:
        return self.serial


class ReadingKind(models.TextChoices):
    """How a reading came to be."""

    MEASURED = "measured", "odczyt"
    REPORTED = "reported", "odczyt podany przez właściciela"
    ESTIMATED = "estimated", "szacunek"
    SETTLEMENT = "settlement", "odczyt rozliczeniowy"
    INSTALLED = "installed", "montaż"
    REMOVED = "removed", "demontaż"


class Reading(models.Model):
    """One reading of a meter, with the consumption that the file states."""

    premises = models.ForeignKey(
        "premises.Premises", on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    medium = models.ForeignKey(
        Medium, on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    batch = models.ForeignKey(
        "imports.ImportBatch", on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    meter = models.ForeignKey(Meter, on_delete=models.PROTECT, db_index=False, related_name="+")
    month = models.DateField()
    file_no = models.SmallIntegerField()
    line_no = models.IntegerField()
    read_on = models.DateField()
    value = models.DecimalField(max_digits=16, decimal_places=6)
    consumption = models.DecimalField(max_digits=16, decimal_places=6, null=True)
    unit = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=20, choices=ReadingKind)
    document = models.CharField(max_length=100, blank=True)

    class Meta:
        indexes = [models.Index(fields=["premises", "month", "medium", "batch"], name="reading_read")]
        constraints = [models.CheckConstraint(condition=Q(kind__in=ReadingKind.values), name="reading_kind")]

    def __str__(self) -> str:
        return f"{self.meter_id} {self.read_on}"


class ReadingEdition(Edition):
    """Which batch's readings stand for a premises, month and medium."""

    part = models.ForeignKey(
        Medium, on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )

    class Meta(Edition.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["premises", "month", "part"], condition=Q(closed_by=None), name="reading_edition_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.premises_id} {self.month}"


class Settlement(models.Model):
    """Rozliczenie of a medium over a period: cost, advances and result (plus: to be paid by the owner)."""

    premises = models.ForeignKey(
        "premises.Premises", on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    medium = models.ForeignKey(
        Medium, on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    batch = models.ForeignKey(
        "imports.ImportBatch", on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    payer = models.ForeignKey(
        "premises.Person", null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    # The month in which the period ends.
    month = models.DateField()
    file_no = models.SmallIntegerField()
    line_no = models.IntegerField()
    period_from = models.DateField()
    period_to = models.DateField()
    document = models.CharField(max_length=100, blank=True)
    consumption = models.DecimalField(max_digits=16, decimal_places=6, null=True)
    unit = models.CharField(max_length=20, blank=True)
    cost = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    advances = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    result = models.DecimalField(max_digits=14, decimal_places=2)
    due_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["premises", "month", "medium", "batch"], name="settlement_read")]
        constraints = [
            models.CheckConstraint(condition=Q(period_to__gte=F("period_from")), name="settlement_period")
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.period_to}"


class SettlementEdition(Edition):
    """Which batch's settlements stand for a premises, month of the period's end and medium."""

    part = models.ForeignKey(
        Medium, on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )

    class Meta(Edition.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["premises", "month", "part"],
                condition=Q(closed_by=None),
                name="settlement_edition_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.premises_id} {self.month}"


class StagedReading(StagedRow):
    """Rows of a readings file as read."""

    premises_code = models.TextField()
    medium = models.TextField()
    meter_serial = models.TextField()
    read_on = models.DateField()
    value = models.DecimalField(max_digits=16, decimal_places=6)
    consumption = models.DecimalField(max_digits=16, decimal_places=6, null=True)
    unit = models.TextField(null=True)
    kind = models.TextField(null=True)
    document = models.TextField(null=True)

    class Meta(StagedRow.Meta):
        indexes = [models.Index(fields=["batch_id", "premises_code", "medium"], name="staged_reading_key")]


class StagedSettlement(StagedRow):
    """Rows of a settlements file as read."""

    premises_code = models.TextField()
    payer_code = models.TextField(null=True)
    medium = models.TextField()
    period_from = models.DateField()
    period_to = models.DateField()
    document = models.TextField(null=True)
    consumption = models.DecimalField(max_digits=16, decimal_places=6, null=True)
    unit = models.TextField(null=True)
    cost = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    advances = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    result = models.DecimalField(max_digits=14, decimal_places=2)
    due_on = models.DateField(null=True)

    class Meta(StagedRow.Meta):
        indexes = [models.Index(fields=["batch_id", "premises_code", "medium"], name="staged_settlement_key")]
