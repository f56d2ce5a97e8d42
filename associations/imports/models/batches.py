"""Batches (paczki), their files and tables, what is wrong in them, and profiles of how tables are read."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_noop


class BatchState(models.TextChoices):
    """Where a batch stands; only one way leads to published figures."""

    UPLOADED = "uploaded", gettext_noop("czeka na sprawdzenie")
    READING = "reading", gettext_noop("trwa sprawdzanie")
    READY = "ready", gettext_noop("czeka na publikację")
    BLOCKED = "blocked", gettext_noop("zawiera błędy")
    PUBLISHING = "publishing", gettext_noop("trwa publikacja")
    PUBLISHED = "published", gettext_noop("opublikowana")
    UNDOING = "undoing", gettext_noop("trwa cofanie")
    UNDONE = "undone", gettext_noop("cofnięta")
    UNCHANGED = "unchanged", gettext_noop("bez zmian")
    REJECTED = "rejected", gettext_noop("odrzucona")
    FAILED = "failed", gettext_noop("przerwana")
    CANCELLED = "cancelled", gettext_noop("anulowana")


class BatchSource(models.TextChoices):
    """How the files came in."""

    WEB = "web", "strona"
    API = "api", "API"
    FOLDER = "folder", "folder wymiany"
    COMMAND = "command", "polecenie operatora"


class ImportBatch(models.Model):
    """Paczka: one file or a month's package, checked together, published and undone together."""

    state = models.CharField(max_length=20, choices=BatchState, default=BatchState.UPLOADED)
    # Staff are kept as UUID and name: a tenant table has no foreign key to public.
    created_by_id = models.UUIDField(null=True)
    created_by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    source = models.CharField(max_length=10, choices=BatchSource, default=BatchSource.WEB)
    # How the manager wants tables to be read: {file number: {table key: workers.reading_options as JSON}}.
    table_options = models.JSONField(default=dict)
    # What the manager says of the batch before it is checked (imports.declarations); another word, another check.
    declarations = models.JSONField(default=dict)
    # Progress of the running phase, for the page: phase is a word of imports.phases.
    phase = models.CharField(max_length=40, blank=True)
    phase_started_at = models.DateTimeField(null=True)
    progress_done = models.BigIntegerField(default=0)
    progress_total = models.BigIntegerField(default=0)
    # Rows staged so far, told while they are read.
    progress_rows = models.BigIntegerField(default=0)
    error_count = models.IntegerField(default=0)
    warning_count = models.IntegerField(default=0)
    # What was staged and stood published at the check (publishing.staging_state); compared before publishing.
    staged = models.JSONField(default=dict)
    # Control totals and counts of the preview, as shown (imports.preview); figures as strings.
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
        constraints = [
            models.CheckConstraint(condition=Q(state__in=BatchState.values), name="batch_state"),
            models.CheckConstraint(condition=Q(source__in=BatchSource.values), name="batch_source"),
        ]

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


class ImportProfile(models.Model):
    """Profil: how tables with these headers are read, remembered from a manager's correction."""

    name = models.CharField(max_length=200)
    dataset = models.CharField(max_length=30)
    # The headers as they stood in the file, in their order; the key is made of them (imports.profiles).
    headers = models.JSONField(default=list)
    header_key = models.CharField(max_length=64)
    # workers.reading_options as JSON.
    options = models.JSONField(default=dict)
    created_by_id = models.UUIDField(null=True)
    created_by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["header_key"], name="import_profile_unique"),
            models.CheckConstraint(condition=~Q(header_key=""), name="import_profile_key"),
        ]

    def __str__(self) -> str:
        return self.name


class ImportTable(models.Model):
    """A table that was found in a file: one CSV, or one sheet of a workbook; dataset "" where not recognised."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="tables")
    file_number = models.SmallIntegerField()
    file_name = models.CharField(max_length=255)
    sheet = models.CharField(max_length=200, blank=True)
    # The table within the upload, as the staging rows name it.
    key = models.TextField(blank=True)
    dataset = models.CharField(max_length=30, blank=True)
    # How it was read: the format's name, encoding, separator, the header's row as a person counts it.
    file_format = models.CharField(max_length=10, blank=True)
    encoding = models.CharField(max_length=30, blank=True)
    separator = models.CharField(max_length=1, blank=True)
    header_row = models.IntegerField(null=True)
    # Every header and, beside it in the same place, the field that it fills ("" for none).
    headers = models.JSONField(default=list)
    mapping = models.JSONField(default=list)
    # The first rows below the header as texts, numbers of persons blotted out.
    samples = models.JSONField(default=list)
    # The options that were in force (workers.reading_options as JSON) and the profile that gave them.
    options = models.JSONField(default=dict)
    profile = models.ForeignKey(ImportProfile, null=True, on_delete=models.SET_NULL, related_name="+")
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

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, db_index=False, related_name="problems")
    severity = models.CharField(max_length=10, choices=Severity)
    # True: found while reading the file; False: found by a check in SQL, which may be run again.
    is_from_reading = models.BooleanField()
    code = models.CharField(max_length=60)
    dataset = models.CharField(max_length=30, blank=True)
    file_number = models.SmallIntegerField(default=0)
    file_name = models.CharField(max_length=255, blank=True)
    sheet = models.CharField(max_length=200, blank=True)
    # The table within the upload, as ImportTable.key and the staging rows name it.
    table_key = models.TextField(blank=True)
    row = models.IntegerField(null=True)
    column = models.CharField(max_length=200, blank=True)
    value = models.CharField(max_length=200, blank=True)
    reason = models.TextField()
    # A value that may have been meant ("Czy chodzi o 0412-034?"), where one is near.
    suggestion = models.CharField(max_length=200, blank=True)
    premises_code = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["severity", "file_number", "sheet", "row", "id"]
        indexes = [
            # As batch_problems orders them: a page of a hundred thousand is read without sorting them.
            models.Index(
                *("batch", "severity", "file_number", "sheet", F("row").asc(nulls_first=True), "id"),
                name="problem_listed",
            )
        ]
        constraints = [
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="problem_severity")
        ]

    def __str__(self) -> str:
        return f"{self.row}: {self.code}"
