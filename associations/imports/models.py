"""Imports: batches (paczki), their files and problems, publications, editions and registry changes.

Knows nothing of ledgers, charges or meters: concrete editions live there, with real foreign keys.
"""

from django.db import models
from django.db.models import Q


class BatchState(models.TextChoices):
    """Where a batch stands; only one way leads to published figures."""

    UPLOADED = "uploaded", "czeka na odczyt"
    READING = "reading", "trwa odczyt"
    READY = "ready", "do publikacji"
    BLOCKED = "blocked", "zawiera błędy"
    PUBLISHING = "publishing", "trwa publikacja"
    PUBLISHED = "published", "opublikowana"
    UNDOING = "undoing", "trwa cofanie"
    UNDONE = "undone", "cofnięta"
    UNCHANGED = "unchanged", "bez zmian"
    REJECTED = "rejected", "odrzucona"
    FAILED = "failed", "przerwana"


class ImportBatch(models.Model):
    """Paczka: one file or a month's package, checked together, published and undone together."""

    state = models.CharField(max_length=20, choices=BatchState, default=BatchState.UPLOADED)
    # Staff are kept as UUID and name: a tenant table has no foreign key to public.
    created_by_id = models.UUIDField(null=True)
    created_by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    # Progress of the running phase, for the page: phase is a word of workers.phases.
    phase = models.CharField(max_length=40, blank=True)
    progress_done = models.BigIntegerField(default=0)
    progress_total = models.BigIntegerField(default=0)
    error_count = models.IntegerField(default=0)
    warning_count = models.IntegerField(default=0)
    # What was staged and stood published at the check (publishing.staging_state); compared before publishing.
    staged = models.JSONField(default=dict)
    # Control totals and counts of the preview, as shown (workers.preview); figures as strings.
    summary = models.JSONField(default=dict)
    failure = models.TextField(blank=True)
    # Who asked for the step that runs (publishing, undoing) and with what consent; the queue carries ids only.
    asked_by_kind = models.CharField(max_length=10, blank=True)
    asked_by_id = models.UUIDField(null=True)
    asked_by_name = models.CharField(max_length=200, blank=True)
    consent = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "import batches"
        constraints = [models.CheckConstraint(condition=Q(state__in=BatchState.values), name="batch_state")]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"


class ImportFile(models.Model):
    """A file as it came (without PESEL columns), kept under the schema's folder."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="files")
    number = models.SmallIntegerField()
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    # Below settings.FILES_DIR / schema; an opaque name, never the uploaded one.
    stored_as = models.CharField(max_length=200)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="import_file_number")]

    def __str__(self) -> str:
        return self.name


class ImportTable(models.Model):
    """A table that was recognised in a file: one CSV, or one sheet of a workbook."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="tables")
    file_number = models.SmallIntegerField()
    file_name = models.CharField(max_length=255)
    sheet = models.CharField(max_length=200, blank=True)
    # The table within the upload, as the staging rows name it.
    key = models.TextField(blank=True)
    dataset = models.CharField(max_length=30)
    encoding = models.CharField(max_length=30, blank=True)
    columns = models.JSONField(default=list)
    unknown_columns = models.JSONField(default=list)
    row_count = models.IntegerField(default=0)
    # A totals row in the file: {field: "123.45"}; compared, never imported.
    totals = models.JSONField(default=dict)

    class Meta:
        ordering = ["file_number", "id"]

    def __str__(self) -> str:
        return f"{self.file_name} {self.sheet}"


class Severity(models.TextChoices):
    """An error blocks; a warning is published and shown."""

    ERROR = "error", "błąd"
    WARNING = "warning", "uwaga"


class Problem(models.Model):
    """What is wrong, where, and why; Polish reason as the manager reads it."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="problems")
    severity = models.CharField(max_length=10, choices=Severity)
    # True: found while reading the file; False: found by a check in SQL, which may be run again.
    is_from_reading = models.BooleanField()
    code = models.CharField(max_length=60)
    dataset = models.CharField(max_length=30, blank=True)
    file_number = models.SmallIntegerField(default=0)
    file_name = models.CharField(max_length=255, blank=True)
    sheet = models.CharField(max_length=200, blank=True)
    row = models.IntegerField(null=True)
    column = models.CharField(max_length=200, blank=True)
    value = models.CharField(max_length=200, blank=True)
    reason = models.TextField()
    premises_code = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["severity", "file_number", "sheet", "row", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="problem_severity")
        ]

    def __str__(self) -> str:
        return f"{self.row}: {self.code}"


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
    """Which batch's rows stand for a premises, a month and a part. At most one is open (closed_by is null)."""

    premises = models.ForeignKey("premises.Premises", on_delete=models.PROTECT, db_index=False)
    month = models.DateField()
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, db_index=False)
    # SHA-256 over what owners see, in content order (imports.editions.DIGEST_VERSION).
    digest = models.BinaryField(max_length=32)
    row_count = models.IntegerField()
    # The two control sums of the dataset (debit and credit of postings; the first alone elsewhere).
    first_sum = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    second_sum = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    opened_by = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="+")
    closed_by = models.ForeignKey(Publication, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


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


class StagedGroup(models.Model):
    """What a batch would open: its staged rows grouped by premises, month and part. Unlogged."""

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
    # new, changed, same; gone for what stands and is not in the file.
    outcome = models.CharField(max_length=10)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["batch_id", "dataset", "premises_code", "month", "part_code"],
                name="staged_group_unique",
            )
        ]

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
