"""What a running job writes into its batch beside its result: how far it is, and that it was interrupted.

In words, with the time that is left: imports.phases. Cancelled rather than interrupted: imports.cancelling.
"""

from django.db import transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from associations.imports.models import BatchState, ImportBatch
from associations.imports.phases import CANCELLING, RUNNING_STATES

READ_FAILED = gettext_noop(
    "Wczytywanie paczki zostało przerwane z powodu błędu po stronie portalu. "
    "Dotychczasowe dane pozostają bez zmian. Wgraj pliki jeszcze raz."
)
PUBLISH_FAILED = gettext_noop(
    "Publikacja nie powiodła się z powodu błędu po stronie portalu. "
    "Nic się nie zmieniło, dotychczasowe dane pozostają widoczne. Spróbuj ponownie."
)
UNDO_FAILED = gettext_noop(
    "Cofnięcie nie powiodło się z powodu błędu po stronie portalu. "
    "Paczka pozostaje opublikowana. Spróbuj ponownie."
)


def record_progress(*, batch_id: int, phase: str, done: int, total: int, rows: int = 0) -> None:
    """Show how far the running phase is, and since when it runs; `rows`: staged so far.

    Skipped while the batch's row is locked by its result, and once the batch is being cancelled. A phase that
    is behind where it was has begun anew.
    """
    with transaction.atomic():
        # Without the key: a publication refers to its batch, and shares that lock while it lasts.
        batches = ImportBatch.objects.select_for_update(skip_locked=True, no_key=True)
        running = batches.filter(pk=batch_id, state__in=RUNNING_STATES).exclude(phase=CANCELLING)
        if running.values_list("pk", flat=True).first():
            is_same = When(phase=phase, progress_done__lte=done, then=F("phase_started_at"))
            ImportBatch.objects.filter(pk=batch_id).update(
                phase_started_at=Case(is_same, default=Now()),
                phase=Value(phase),
                progress_done=done,
                progress_total=total,
                progress_rows=rows,
            )


def mark_interrupted(*, batch_id: int, reason: str = "", using: str = "default") -> None:
    """A job of the batch ended without a result: say so, and put the batch where it stood before the job.

    An unread batch is `failed`; one whose publication failed waits for another try; one whose undo failed is
    still published. `reason`: a Polish sentence; empty for an error of the program. Called in the transaction
    that ends the job.
    """
    batches = ImportBatch.objects.using(using).select_for_update()
    batch = batches.filter(pk=batch_id, state__in=RUNNING_STATES).first()
    if batch is None:
        return
    if batch.state == BatchState.PUBLISHING:
        batch.state = BatchState.BLOCKED if batch.error_count else BatchState.READY
        batch.failure = reason or PUBLISH_FAILED
    elif batch.state == BatchState.UNDOING:
        batch.state = BatchState.PUBLISHED
        batch.failure = reason or UNDO_FAILED
    else:
        batch.state = BatchState.FAILED
        batch.failure = reason or READ_FAILED
    batch.phase = ""
    batch.save(update_fields=["state", "failure", "phase"])
