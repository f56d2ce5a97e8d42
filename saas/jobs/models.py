"""The queue of work, in public: PostgreSQL is the truth, Redis only rings the bell."""

import uuid

from django.db import models
from django.db.models import Q


class JobKind(models.TextChoices):
    """What there is to do; each with one function in workers.tasks."""

    READ_BATCH = "read_batch"
    PUBLISH_BATCH = "publish_batch"
    UNDO_BATCH = "undo_batch"
    SEND_MAIL = "send_mail"
    PRINT_NOTICES = "print_notices"


class JobState(models.TextChoices):
    """waiting → running → done | failed; a stale lease leads back to waiting."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class SizeClass(models.TextChoices):
    """How much of a worker the job takes: large ones never get all slots."""

    SMALL = "small"
    LARGE = "large"


class Job(models.Model):
    """One piece of work for one association. Holds ids only: no names, no amounts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    association = models.ForeignKey("tenancy.Association", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30, choices=JobKind)
    # Whose job it is, for kinds that work on a batch of imports; others name their subject in `options`.
    batch_id = models.BigIntegerField(null=True)
    # Parameters of the kind: ids and switches.
    options = models.JSONField(default=dict)
    # At least one slot is never given to a large import: settings.JOB_LARGE_SLOTS.
    size_class = models.CharField(max_length=10, choices=SizeClass, default=SizeClass.SMALL)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.WAITING)
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    # Not before this moment: a pause after a failure, or while the association is suspended.
    waits_until = models.DateTimeField(null=True)
    # Asked of a running job: it stops at its next report.
    is_cancel_requested = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    # When the worker that holds or held it took it; empty as long as nobody has.
    started_at = models.DateTimeField(null=True)
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
            models.CheckConstraint(condition=Q(size_class__in=SizeClass.values), name="job_size_class"),
            # A running job is always held by somebody, for a limited time.
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease_token__isnull=False, lease_until__isnull=False),
                name="job_running_is_leased",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def batch_of_import(self) -> int:
        """The batch of a job that has one; ValueError for another kind."""
        if self.batch_id is None:
            raise ValueError(f"a job of kind {self.kind} has no batch")
        return self.batch_id
