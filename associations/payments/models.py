"""Bank payments (wpłaty) by the bank's statements, before the books contain them. Never part of a balance."""

from django.db import models
from django.db.models import Q

from associations.imports.models import StagedRow


class Payment(models.Model):
    """A credit on a bank account of the association, matched to a premises by the account it was paid to.

    A registry of its own kind: a row that came with an undone import is not current. The same operation in an
    overlapping statement is the same row (`identity`).
    """

    # SHA-256 over what the bank says of the operation, and its place among equal ones of a day.
    identity = models.CharField(max_length=64, unique=True)
    # The association's own account (NRB) and the bank's number of the statement.
    account = models.CharField(max_length=26)
    statement = models.CharField(max_length=40, blank=True)
    booked_on = models.DateField()
    value_on = models.DateField(null=True)
    # Złote; positive: money that came in; negative: a payment that the bank took back.
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    title = models.CharField(max_length=500, blank=True)
    payer_name = models.CharField(max_length=200, blank=True)
    # The virtual account that named the premises and, where it has one for each, the fund.
    nrb = models.CharField(max_length=26, blank=True)
    premises = models.ForeignKey(
        "premises.Premises", null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    fund = models.ForeignKey(
        "profile.Fund", null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    is_current = models.BooleanField(default=True)

    class Meta:
        ordering = ["booked_on", "id"]
        indexes = [models.Index(fields=["premises", "booked_on"], name="payment_read")]
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="payment_amount"),
            models.CheckConstraint(condition=Q(account__regex=r"^[0-9]{26}$"), name="payment_account"),
        ]

    def __str__(self) -> str:
        return f"{self.booked_on} {self.amount}"


class StagedPayment(StagedRow):
    """Rows of a bank statement as read: incoming payments and those that the bank took back."""

    account = models.TextField()
    statement = models.TextField(null=True)
    booked_on = models.DateField()
    value_on = models.DateField(null=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    reference = models.TextField(null=True)
    title = models.TextField(null=True)
    payer_name = models.TextField(null=True)
    # Numbers among the operation's details that may be the account it was paid to, one space between.
    paid_to = models.TextField(null=True)

    class Meta(StagedRow.Meta):
        indexes = [models.Index(fields=["batch_id"], name="staged_payment_key")]
