"""Staging: what a batch brings before it is published. Unlogged tables, rebuilt at will."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models


class StagedGroup(models.Model):
    """What a batch would open: its staged rows grouped by premises, month and part. Unlogged.

    One row per batch, dataset, premises, month and part; of a month and part that stand just so one row without
    premises (imports.slices). No index but a BRIN of the batch, not even of the key: a year's ledger has a quarter of a
    million groups, which are read whole, and filling an index would take as long as computing them.
    """

    batch_id = models.BigIntegerField()
    dataset = models.CharField(max_length=30)
    premises_code = models.CharField(max_length=40)
    month = models.DateField()
    part_code = models.CharField(max_length=60)
    digest = models.BinaryField(max_length=32)
    row_count = models.IntegerField()
    first_sum = models.DecimalField(max_digits=18, decimal_places=2)
    second_sum = models.DecimalField(max_digits=18, decimal_places=2)
    # BO rows among them (postings only).
    opening_count = models.IntegerField(default=0)
    fingerprint = models.DecimalField(max_digits=30, decimal_places=0, null=True)
    # new, changed, same; gone for what stands and is not in the file.
    outcome = models.CharField(max_length=10)

    class Meta:
        indexes = [BrinIndex(fields=["batch_id"], name="staged_group_lies")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.dataset} {self.premises_code}"


class StagedRow(models.Model):
    """What every staging table carries: where the row was read. Staging tables are unlogged and rebuilt at will."""

    batch_id = models.BigIntegerField()
    file_no = models.SmallIntegerField()
    sheet = models.TextField()
    line_no = models.IntegerField()

    class Meta:
        abstract = True
