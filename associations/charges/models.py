"""Monthly charges (przypisy, naliczenia): published lines and their editions.

The part of an edition is the fund. Lines are append-only: an edition says which batch's lines stand.
"""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from associations.imports.models import Edition, StagedRow


class ChargeLine(models.Model):
    """One component (składnik) of a month's charges, figures as supplied."""

    # No constraints: every line is reached through its edition, and checking the keys row by row costs half the load.
    premises = models.ForeignKey(
        "premises.Premises", on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    fund = models.ForeignKey(
        "profile.Fund", on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    batch = models.ForeignKey(
        "imports.ImportBatch", on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    payer = models.ForeignKey(
        "premises.Person", null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    month = models.DateField()
    file_no = models.SmallIntegerField()
    line_no = models.IntegerField()
    component_code = models.CharField(max_length=40, blank=True)
    component_name = models.CharField(max_length=200, blank=True)
    quantity = models.DecimalField(max_digits=16, decimal_places=6, null=True)
    unit = models.CharField(max_length=20, blank=True)
    rate = models.DecimalField(max_digits=16, decimal_places=6, null=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta:
        indexes = [models.Index(fields=["premises", "month", "fund", "batch"], name="charge_line_read")]

    def __str__(self) -> str:
        return f"{self.component_code} {self.month}"


class ChargeEdition(Edition):
    """Which batch's lines stand for a premises, month and fund."""

    part = models.ForeignKey(
        "profile.Fund", on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )

    class Meta(Edition.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["premises", "month", "part"], condition=Q(closed_by=None), name="charge_edition_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.premises_id} {self.month}"


class StagedCharge(StagedRow):
    """Rows of a charges file as read."""

    month = models.DateField()
    premises_code = models.TextField()
    payer_code = models.TextField(null=True)
    component_code = models.TextField(null=True)
    component_name = models.TextField(null=True)
    fund = models.TextField()
    quantity = models.DecimalField(max_digits=16, decimal_places=6, null=True)
    unit = models.TextField(null=True)
    rate = models.DecimalField(max_digits=16, decimal_places=6, null=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta(StagedRow.Meta):
        indexes = [BrinIndex(fields=["batch_id"], name="staged_charge_lies")]


class NoticeState(models.TextChoices):
    """Where a run of notices stands."""

    WAITING = "waiting", "czeka"
    RUNNING = "running", "w toku"
    DONE = "done", "gotowe"
    FAILED = "failed", "nie powiodło się"
    CANCELLED = "cancelled", "anulowane"


class NoticeRun(models.Model):
    """The notices of charges of a month for many premises, made by a worker: how far it is and what came of it.

    The papers themselves lie in one file below the schema's folder (charges.notice_files), for a day.
    """

    month = models.DateField()
    # Both empty: every premises.
    property = models.ForeignKey("premises.Property", null=True, on_delete=models.PROTECT, related_name="+")
    building = models.ForeignKey("premises.Building", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=NoticeState, default=NoticeState.WAITING)
    # Premises looked at, of how many; some have no charges in the month.
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    notice_count = models.IntegerField(default=0)
    # A dict per PDF, in order: first, last (codes of premises), count.
    parts = models.JSONField(default=list)
    file_name = models.CharField(max_length=60, blank=True)
    job_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by_id = models.UUIDField(null=True)
    created_by_name = models.CharField(max_length=200)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=NoticeState.values), name="notice_run_state")
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.state}"
