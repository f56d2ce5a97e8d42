"""Cancelling (anulowanie) of what a worker does with a batch, and reading a batch again that was cancelled.

The queue's side is not known here: saas.jobs.cancelling calls both in one transaction.
"""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from associations.audit.actions import record_act
from associations.audit.actors import Actor
from associations.imports.models import BatchState, ImportBatch
from associations.imports.phases import CANCELLING, RUNNING_STATES
from associations.imports.reading_again import put_back_for_reading, refuse_files_not_kept
from associations.imports.rules import ImportRuleError

PUBLISH_CANCELLED = gettext_noop(
    "Publikacja została anulowana. Nic się nie zmieniło, dotychczasowe dane pozostają widoczne."
)
UNDO_CANCELLED = gettext_noop("Cofanie zostało anulowane. Paczka pozostaje opublikowana.")
CANCELLED_NOTES = (PUBLISH_CANCELLED, UNDO_CANCELLED)
"""What `ImportBatch.failure` says after a cancellation: no failure of anybody."""
READABLE_AGAIN = (BatchState.CANCELLED, BatchState.FAILED)


def cancel_import(*, actor: Actor, batch_id: int, is_running: bool) -> None:
    """Note who cancelled, and settle the batch where no worker has it; else the worker does so in a moment.

    In the transaction that cancels the job. Raises ImportRuleError where nothing runs for the batch.
    """
    state = ImportBatch.objects.values_list("state", flat=True).get(pk=batch_id)
    if state not in RUNNING_STATES:
        raise ImportRuleError("not_running", _("Nie ma czego anulować: portal nie pracuje nad tą paczką."))
    if is_running:
        # Not waiting for a row that the worker's result has locked: its transaction may wait for the job.
        free = ImportBatch.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=batch_id)
        if free.values_list("pk", flat=True).first():
            ImportBatch.objects.filter(pk=batch_id).update(phase=CANCELLING)
    else:
        mark_cancelled(batch_id=batch_id)
    record_act(actor=actor, action="import.cancelled", target=str(batch_id), was=state)


def mark_cancelled(*, batch_id: int) -> None:
    """The job was cancelled: put the batch where it stood before it, in the transaction that ends the job.

    An unread batch is `cancelled` (its files are kept); one that was to be published waits as before; one that was
    to be undone is still published.
    """
    batches = ImportBatch.objects.select_for_update(no_key=True)
    batch = batches.filter(pk=batch_id, state__in=RUNNING_STATES).first()
    if batch is None:
        return
    if batch.state == BatchState.PUBLISHING:
        batch.state = BatchState.BLOCKED if batch.error_count else BatchState.READY
        batch.failure = PUBLISH_CANCELLED
    elif batch.state == BatchState.UNDOING:
        batch.state = BatchState.PUBLISHED
        batch.failure = UNDO_CANCELLED
    else:
        batch.state = BatchState.CANCELLED
        batch.failure = ""
    batch.phase = ""
    batch.save(update_fields=["state", "failure", "phase"])


def read_again(*, actor: Actor, batch: ImportBatch) -> ImportBatch:
    """Have the kept files of a cancelled or failed batch read anew; the caller enqueues it in the same transaction.

    Raises ImportRuleError for any other batch, and for one of which a file is not kept.
    """
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)
        if batch.state not in READABLE_AGAIN:
            raise ImportRuleError("not_readable", _("Tej paczki nie można teraz sprawdzić ponownie."))
        refuse_files_not_kept(batch)
        put_back_for_reading(batch)
        record_act(actor=actor, action="import.read_again", target=str(batch.pk))
    return batch
