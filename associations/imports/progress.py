"""What a running job writes into its batch beside its result: how far it is, and that it was interrupted."""

from django.db import transaction
from django.utils.translation import gettext_noop

from associations.imports.models import BatchState, ImportBatch

RUNNING = (BatchState.UPLOADED, BatchState.READING, BatchState.PUBLISHING, BatchState.UNDOING)
READ_FAILED = gettext_noop(
    "Odczyt paczki został przerwany z powodu błędu po stronie portalu. "
    "Dotychczasowe dane pozostają bez zmian. Prześlij pliki jeszcze raz."
)
PUBLISH_FAILED = gettext_noop(
    "Publikacja nie powiodła się z powodu błędu po stronie portalu. "
    "Nic się nie zmieniło, dotychczasowe dane pozostają widoczne. Spróbuj ponownie."
)
UNDO_FAILED = gettext_noop(
    "Cofnięcie nie powiodło się z powodu błędu po stronie portalu. "
    "Paczka pozostaje opublikowana. Spróbuj ponownie."
)


def record_progress(*, batch_id: int, phase: str, done: int, total: int) -> None:
    """Show how far the running phase is. Skipped while the batch's row is locked by its result."""
    with transaction.atomic():
        batches = ImportBatch.objects.select_for_update(skip_locked=True)
        if batches.filter(pk=batch_id, state__in=RUNNING).values_list("pk", flat=True).first():
            ImportBatch.objects.filter(pk=batch_id).update(
                phase=phase, progress_done=done, progress_total=total
            )


def mark_interrupted(*, batch_id: int, reason: str = "") -> None:
    """A job of the batch ended without a result: say so, and put the batch where it stood before the job.

    An unread batch is `failed`; one whose publication failed waits for another try; one whose undo failed is
    still published. `reason`: a Polish sentence; empty for an error of the program. Called in the transaction
    that ends the job.
    """
    batch = ImportBatch.objects.select_for_update().filter(pk=batch_id, state__in=RUNNING).first()
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
