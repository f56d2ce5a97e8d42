"""The queue of work, in public: PostgreSQL is the truth, Redis only rings the bell."""

import uuid

from django.db import models
from django.db.models import Q


class JobKind(models.TextChoices):
    """What there is to do; each with one function in workers.tasks."""

    READ_BATCH = "read_batch"
    PUBLISH_BATCH = "publish_batch"
    UNDO_BATCH = "undo_batch"


class JobState(models.TextChoices):
    """waiting → running → done | failed; a stale lease leads back to waiting."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Job(models.Model):
    """One piece of work for one association. Holds ids only: no names, no amounts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    association = models.ForeignKey("tenancy.Association", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30, choices=JobKind)
    batch_id = models.BigIntegerField()
    # Parameters of the kind: ids and switches.
    options = models.JSONField(default=dict)
    # small or large: at least one slot is never given to a large import.
    size_class = models.CharField(max_length=10, default="small")
    state = models.CharField(max_length=10, choices=JobState, default=JobState.WAITING)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["created_at"]
        indexes = [models.Index(fields=["created_at"], condition=Q(state="waiting"), name="job_waiting")]
        constraints = [
            models.UniqueConstraint(
                fields=["association"], condition=Q(state="running"), name="job_one_running"
            ),
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
