"""Accounts (konta), postings (księgowania) and balances (salda), with their editions.

Sign: balance = Σ credit − Σ debit; minus means underpayment. An opening balance (BO) is a statement of the opening and
never turnover. The part of a posting edition is the account, of a balance edition the fund.
"""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from associations.imports.models import Edition, StagedRow


class Account(models.Model):
    """Konto: an opaque string with a label, common to all premises or of one premises or payer."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200, blank=True)
    fund = models.ForeignKey("profile.Fund", on_delete=models.PROTECT, related_name="accounts")
    premises = models.ForeignKey("premises.Premises", null=True, on_delete=models.PROTECT, related_name="+")
    payer = models.ForeignKey("premises.Person", null=True, on_delete=models.PROTECT, related_name="+")
    sort_key = models.CharField(max_length=200)
    is_current = models.BooleanField(default=True)

    class Meta:
        ordering = ["sort_key", "code"]
        constraints = [models.CheckConstraint(condition=~Q(code=""), name="account_code_given")]

    def __str__(self) -> str:
        return self.code


class Posting(models.Model):
    """One ledger entry of a premises, as supplied. Amounts may be negative (storno)."""

    # No constraints: every row is reached through its edition, and checking the keys row by row costs half the load.
    premises = models.ForeignKey(
        "premises.Premises", on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
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
    posted_on = models.DateField()
    due_on = models.DateField(null=True)
    document = models.CharField(max_length=100, blank=True)
    description = models.CharField(max_length=500, blank=True)
    debit = models.DecimalField(max_digits=14, decimal_places=2)
    credit = models.DecimalField(max_digits=14, decimal_places=2)
    is_opening = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["premises", "month", "account", "batch"], name="posting_read")]

    def __str__(self) -> str:
        return f"{self.document} {self.posted_on}"


class PostingEdition(Edition):
    """Which batch's postings stand for a premises, month and account. Sums are turnover: debit, credit without BO."""

    part = models.ForeignKey(
        Account, on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )
    # How many BO rows the edition holds: years in which the books state openings are found by it.
    opening_count = models.IntegerField(default=0)

    class Meta(Edition.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["premises", "month", "part"], condition=Q(closed_by=None), name="posting_edition_open"
            )
        ]
        indexes = [
            *Edition.Meta.indexes,
            models.Index(
                fields=["month"],
                condition=Q(closed_by=None, opening_count__gt=0),
                name="posting_edition_openings",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.premises_id} {self.month}"


class Balance(models.Model):
    """Saldo of a holding and fund as of a date, with interest accrued and not yet posted; both as supplied."""

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
    # The day that decides whose balance it is: as supplied, else the day of the upload (then it is not shown).
    as_of = models.DateField()
    is_dated = models.BooleanField(default=True)
    # Minus: underpayment.
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    # Accrued and not posted, never netted with the balance; null where it was not supplied.
    interest = models.DecimalField(max_digits=14, decimal_places=2, null=True)

    class Meta:
        indexes = [models.Index(fields=["premises", "month", "fund", "batch"], name="balance_read")]

    def __str__(self) -> str:
        return f"{self.premises_id} {self.as_of}"


class BalanceEdition(Edition):
    """Which batch's balances stand for a premises, month of the as-of date and fund; older months are history."""

    part = models.ForeignKey(
        "profile.Fund", on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="+"
    )

    class Meta(Edition.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["premises", "month", "part"], condition=Q(closed_by=None), name="balance_edition_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.premises_id} {self.month}"


class StagedAccount(StagedRow):
    """Rows of an accounts file as read."""

    account_code = models.TextField()
    name = models.TextField(null=True)
    fund = models.TextField()
    premises_code = models.TextField(null=True)
    payer_code = models.TextField(null=True)

    class Meta(StagedRow.Meta):
        indexes = [models.Index(fields=["batch_id", "account_code"], name="staged_account_key")]


class StagedPosting(StagedRow):
    """Rows of a postings file as read."""

    premises_code = models.TextField()
    payer_code = models.TextField(null=True)
    account_code = models.TextField()
    posted_on = models.DateField()
    due_on = models.DateField(null=True)
    document = models.TextField(null=True)
    description = models.TextField(null=True)
    debit = models.DecimalField(max_digits=14, decimal_places=2)
    credit = models.DecimalField(max_digits=14, decimal_places=2)
    is_opening = models.BooleanField()

    class Meta(StagedRow.Meta):
        indexes = [BrinIndex(fields=["batch_id"], name="staged_posting_lies")]


class StagedBalance(StagedRow):
    """Rows of a balances file as read."""

    premises_code = models.TextField()
    payer_code = models.TextField(null=True)
    fund = models.TextField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    interest = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    as_of = models.DateField(null=True)

    class Meta(StagedRow.Meta):
        indexes = [models.Index(fields=["batch_id", "premises_code", "fund"], name="staged_balance_key")]
