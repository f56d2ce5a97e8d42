"""Steps of a batch that people ask for: upload, publish, undo, reject. What workers do with it: publishing.py."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from associations.audit.actions import record_act
from associations.audit.actors import Actor
from associations.imports.consents import refuse_open_questions, refuse_other_preview
from associations.imports.declarations import validate_declarations
from associations.imports.models import BatchSource, BatchState, ImportBatch, ImportFile
from associations.imports.rules import ImportRuleError
from associations.imports.storage import UploadedFile, drop_batch_files, store_file
from associations.imports.unread_files import UNREAD, forget_files_of

MAX_FILES = 100


def create_batch(
    *,
    actor: Actor,
    files: Sequence[UploadedFile],
    declarations: Mapping[str, Any] | None = None,
    source: BatchSource = BatchSource.WEB,
) -> ImportBatch:
    """Keep the files and open a batch for them; the caller enqueues its reading in the same transaction.

    `declarations`: what is said of the batch from the start (imports.declarations). Raises ImportRuleError for no
    file, too many, one over the limit, or declarations that make no sense; then nothing is kept.
    """
    _refuse_bad_upload(files)
    said = validate_declarations(declarations or {})
    with transaction.atomic():
        batch = ImportBatch.objects.create(
            created_by_id=actor.id, created_by_name=actor.name, declarations=said, source=source
        )
        try:
            for number, upload in enumerate(files, start=1):
                stored = store_file(batch.pk, number, upload)
                ImportFile.objects.create(
                    batch=batch,
                    number=number,
                    name=(upload.name or f"plik {number}")[-255:],
                    size=stored.size,
                    sha256=stored.sha256,
                    stored_as=stored.stored_as,
                )
        except Exception:
            drop_batch_files(batch.pk)
            raise
        record_act(actor=actor, action="import.uploaded", target=str(batch.pk), files=len(files))
    return batch


def _refuse_bad_upload(files: Sequence[UploadedFile]) -> None:
    if not files:
        raise ImportRuleError("no_file", _("Wybierz co najmniej jeden plik."))
    if len(files) > MAX_FILES:
        raise ImportRuleError("too_many_files", _("Paczka może mieć najwyżej 100 plików."))
    if sum(upload.size or 0 for upload in files) > settings.UPLOAD_MAX_BYTES:
        raise ImportRuleError("too_large", _("Plik jest za duży: największy dozwolony to 100 MB."))


def request_publication(
    *,
    actor: Actor,
    batch: ImportBatch,
    without_premises_with_errors: bool = False,
    accepts_renames: bool = False,
    confirms_vanishing: bool = False,
    confirms_accounts: bool = False,
    seen: str = "",
) -> ImportBatch:
    """Ask for the batch to be published as previewed; the caller enqueues the job in the same transaction.

    `accepts_renames` says that changed names under known person codes, of which nobody was asked one by one, are
    corrections and not other people. `confirms_vanishing` says that the files hold all of their period, so that
    what they lack may vanish; `confirms_accounts` that changed bank accounts were looked up with the bank. `seen` is
    the mark of the preview to which this was said (consents.mark_of_preview): somebody else may have had the batch
    checked anew meanwhile. Raises ImportRuleError where the batch may not be published that way, or a question of its
    preview is open; a second click finds it publishing.
    """
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        summary = batch.summary
        allowed = (
            summary.get("can_publish_without") if without_premises_with_errors else summary.get("can_publish")
        )
        if batch.state not in {BatchState.READY, BatchState.BLOCKED} or not allowed:
            raise ImportRuleError("not_publishable", _("Tej paczki nie można teraz opublikować."))
        refuse_other_preview(batch, seen)
        refuse_open_questions(
            summary,
            batch.declarations,
            accepts_renames=accepts_renames,
            confirms_vanishing=confirms_vanishing,
            confirms_accounts=confirms_accounts,
        )
        consent = {
            "without_premises_with_errors": without_premises_with_errors,
            "accepts_renames": accepts_renames,
            "confirms_vanishing": confirms_vanishing,
            "confirms_accounts": confirms_accounts,
        }
        return _ask(batch, actor, BatchState.PUBLISHING, consent)


def request_undo(*, actor: Actor, batch: ImportBatch) -> ImportBatch:
    """Ask for a published batch to be taken back; the caller enqueues the job in the same transaction."""
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if batch.state != BatchState.PUBLISHED:
            raise ImportRuleError("not_published", _("Tej paczki nie można cofnąć: nie jest opublikowana."))
        return _ask(batch, actor, BatchState.UNDOING, {})


def reject_batch(*, actor: Actor, batch: ImportBatch) -> ImportBatch:
    """Put aside a batch that was not published; its files stay if they were read to the end."""
    waiting = {
        BatchState.READY,
        BatchState.BLOCKED,
        BatchState.UNCHANGED,
        BatchState.FAILED,
        BatchState.CANCELLED,
    }
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if batch.state not in waiting:
            raise ImportRuleError("not_waiting", _("Tej paczki nie można już odrzucić."))
        if batch.state in UNREAD:
            forget_files_of(batch.pk)
        batch.state = BatchState.REJECTED
        batch.save(update_fields=["state"])
        record_act(actor=actor, action="import.rejected", target=str(batch.pk))
    return batch


def _ask(batch: ImportBatch, actor: Actor, state: BatchState, consent: dict[str, Any]) -> ImportBatch:
    batch.state, batch.consent, batch.failure = state, consent, ""
    batch.asked_by_kind, batch.asked_by_id, batch.asked_by_name = actor.kind, actor.id, actor.name
    batch.phase, batch.progress_done, batch.progress_total = "", 0, 0
    batch.save()
    record_act(actor=actor, action=f"import.asked_{state}", target=str(batch.pk), **consent)
    return batch
