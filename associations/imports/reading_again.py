"""A batch that is to be read anew: after a correction, a declaration, a cancellation or a failure. One way for all."""

from django.utils.translation import gettext as _

from associations.imports.models import BatchState, ImportBatch, ImportFile
from associations.imports.rules import ImportRuleError


def put_back_for_reading(batch: ImportBatch) -> None:
    """The batch waits for a worker as after its upload; staging, tables and problems go when it is read.

    With whatever else the caller has set on it, in the caller's transaction.
    """
    batch.state, batch.failure, batch.consent = BatchState.UPLOADED, "", {}
    batch.phase, batch.phase_started_at = "", None
    batch.progress_done = batch.progress_total = batch.progress_rows = 0
    batch.save()


def refuse_files_not_kept(batch: ImportBatch) -> None:
    """Raise ImportRuleError where a file of the batch was not kept: it cannot be read anew."""
    if ImportFile.objects.filter(batch=batch, stored_as="").exists():
        raise ImportRuleError(
            "file_not_kept",
            _(
                "Pliku z tej paczki już nie ma: plików z numerami PESEL portal nie przechowuje."
                " Wgraj go jeszcze raz."
            ),
        )
