"""Who did what inside the association; append-only."""

from django.db import models


class AuditEntry(models.Model):
    """One act. Staff and owners are kept as UUID and name; details carry ids and counts, never amounts."""

    at = models.DateTimeField(auto_now_add=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=200)
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=100, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.at} {self.action}"
