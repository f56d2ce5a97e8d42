"""Monthly charges (przypisy, naliczenia): published lines and their editions.

The part of an edition is the fund. Lines are append-only: an edition says which batch's lines stand.
"""

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
        indexes = [models.Index(fields=["batch_id"], name="staged_charge_batch")]
