"""What keeping leaves behind, in public: it must outlive the association it speaks of, so nothing refers to its row."""

import uuid

from django.db import models
from django.db.models import Q

SHA256_PATTERN = r"^[0-9a-f]{64}$"


class BackupPurpose(models.TextChoices):
    """Who asked: the schedule, an operator, or a move to another installation. Retention touches the first alone."""

    SCHEDULED = "scheduled"
    OPERATOR = "operator"
    MOVE = "move"


class Backup(models.Model):
    """A backup that was written whole. The file says all of it again in its manifest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    association_id = models.UUIDField(db_index=True)
    slug = models.CharField(max_length=50)
    purpose = models.CharField(max_length=10, choices=BackupPurpose)
    # The moment that the snapshot shows.
    made_at = models.DateTimeField()
    path = models.CharField(max_length=1000)
    size_bytes = models.BigIntegerField()
    # Of the file as it lies there, sealed or not.
    sha256 = models.CharField(max_length=64)
    is_sealed = models.BooleanField()
    row_count = models.BigIntegerField()
    file_count = models.IntegerField()
    # Deleted by retention; the row stays, so that an erasure can name it.
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]
        # Rows of removed backups stay, a thousand a day of a thousand associations: the last ones are found past them.
        indexes = [
            models.Index(
                fields=["association_id", "made_at"], condition=Q(removed_at=None), name="backup_not_removed"
            )
        ]
        constraints = [
            models.CheckConstraint(condition=Q(sha256__regex=SHA256_PATTERN), name="backup_sha256"),
            models.CheckConstraint(condition=Q(purpose__in=BackupPurpose.values), name="backup_purpose"),
        ]

    def __str__(self) -> str:
        return f"{self.slug} {self.made_at:%Y-%m-%d %H:%M}"


class Restoration(models.Model):
    """A backup that was restored; its key is the token of the exchange of files (saas.keeping.folders)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    association_id = models.UUIDField(db_index=True)
    slug = models.CharField(max_length=50)
    # The moment that the backup showed.
    made_at = models.DateTimeField()
    is_in_place = models.BooleanField()
    restored_at = models.DateTimeField(auto_now_add=True)
    by_name = models.CharField(max_length=200)

    class Meta:
        ordering = ["-restored_at"]

    def __str__(self) -> str:
        return f"{self.slug} {self.restored_at:%Y-%m-%d %H:%M}"


class ErasureCertificate(models.Model):
    """What was erased with an association, when and by whom: counts and names of tables, nothing of a person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    association_id = models.UUIDField(db_index=True)
    slug = models.CharField(max_length=50)
    name = models.CharField(max_length=200)
    schema_name = models.CharField(max_length=63)
    erased_at = models.DateTimeField(auto_now_add=True)
    by_kind = models.CharField(max_length=10)
    by_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=200)
    # Rows by table of the schema, and what went with it in public (grants, jobs, keys that named it).
    tables = models.JSONField(default=dict)
    shared_rows = models.JSONField(default=dict)
    domains = models.JSONField(default=list)
    file_count = models.IntegerField()
    file_bytes = models.BigIntegerField()
    # Of the youngest backup; empty where there is none. Backups that were kept are listed with their files.
    last_backup_sha256 = models.CharField(max_length=64, blank=True)
    backups_kept = models.JSONField(default=list)
    backups_deleted = models.JSONField(default=list)

    class Meta:
        ordering = ["-erased_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_backup_sha256="") | Q(last_backup_sha256__regex=SHA256_PATTERN),
                name="erasure_backup_sha256",
            )
        ]

    def __str__(self) -> str:
        return f"{self.slug} {self.erased_at:%Y-%m-%d %H:%M}"


class DomainClaim(models.Model):
    """A host of an association's own that waits for the proof that it is theirs; then it becomes a Domain."""

    host = models.CharField(max_length=253, unique=True)
    association_id = models.UUIDField(db_index=True)
    token = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["host"]
        constraints = [
            models.CheckConstraint(
                condition=Q(host__regex=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$"), name="domain_claim_normal_form"
            ),
            models.CheckConstraint(condition=Q(token__regex=r"^[0-9a-f]{32,64}$"), name="domain_claim_token"),  # noqa: S106 - a pattern
        ]

    def __str__(self) -> str:
        return self.host
