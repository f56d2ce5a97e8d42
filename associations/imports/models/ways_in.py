"""Uploads that come by the API or the drop folder: each is taken once."""

from django.db import models

from associations.imports.models.batches import ImportBatch


class UploadRequest(models.Model):
    """An upload over the API by its Idempotency-Key: the same request again finds its batch."""

    # The token that asked (public; no foreign key).
    token_id = models.UUIDField()
    key = models.CharField(max_length=200)
    # SHA-256 over the names and contents of the files: another content under a known key is refused.
    fingerprint = models.CharField(max_length=64)
    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token_id", "key"], name="upload_request_unique")]

    def __str__(self) -> str:
        return f"{self.key} {self.batch_id}"


class DroppedFile(models.Model):
    """A file taken from the association's drop folder: each content under each name once."""

    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    batch = models.ForeignKey(ImportBatch, null=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(auto_now_add=True)
    reported_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["name", "sha256"], name="dropped_file_unique")]

    def __str__(self) -> str:
        return self.name
