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
        constraints = [
            models.CheckConstraint(condition=Q(sha256__regex=SHA256_PATTERN), name="backup_sha256"),
            models.CheckConstraint(condition=Q(purpose__in=BackupPurpose.values), name="backup_purpose"),
        ]

    def __str__(self) -> str:
        return f"{self.slug} {self.made_at:%Y-%m-%d %H:%M}"
