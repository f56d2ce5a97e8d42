"""The handlers of the queue: read a batch, publish it, take it back. Each calls actions and finishes its job.

Reading may be repeated at any point: it begins by forgetting what an earlier run staged. Publishing and undoing
write in one transaction with the job's end (JobContext.finishing).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.utils.translation import gettext_noop

from associations.audit.actors import Actor
from associations.catalogue import CATALOGUE
from associations.imports.checking import CheckedBatch, check_batch, record_check, staging_state
from associations.imports.models import BatchState, ImportBatch, ImportFile, ImportProfile, ImportTable
from associations.imports.profiles import list_profiles
from associations.imports.publishing import (
    analyze_published,
    forget_settled,
    publish,
    undo,
    vacuum_staging,
)
from associations.imports.reading import (
    begin_reading,
)
from associations.imports.rules import ImportRuleError
from associations.imports.storage import path_of
from associations.imports.undo_obstacles import find_undo_obstacles
from associations.notifications.outbox import announce_publication, withdraw_announcement
from workers.jobs import JobContext, JobStoppedError
from workers.problems import Problem
from workers.reading import InputFile, ReadRequest, read_files
from workers.reading_events import ProblemFound
from workers.reading_options import Profile, TableOptions
from workers.side_by_side import SideBySide
from workers.staging import Staging


def read_batch(context: JobContext) -> None:
    """File → staging → checks → preview."""
    stage = _read_and_stage(context)
    checked = _check(context)
    with context.finishing():
        record_check(context.batch_id, checked)
        # The very last thing: a worker that was killed before it begins again with the files as they came.
        stage.forget_pesels()
    if checked.state == BatchState.UNCHANGED:
        _forget_staged()


def _check(context: JobContext) -> CheckedBatch:
    tell = partial(context.report, "checking")
    return check_batch(CATALOGUE, context.batch_id, tell, SideBySide(context.association))


def publish_batch(context: JobContext) -> None:
    """Publish in one transaction, if that would still do what the manager saw in the preview."""
    batch = ImportBatch.objects.get(pk=context.batch_id)
    if batch.state != BatchState.PUBLISHING:
        _finish_without_change(context)
        return
    other = _check_again(context, batch)
    if other:
        with context.finishing():
            record_check(batch.pk, other)
            ImportBatch.objects.filter(pk=batch.pk).update(failure=STALE_PREVIEW)
        return
    context.report("publishing", 0, 0)
    with _refusing(), context.finishing():
        done = publish(
            CATALOGUE, batch, actor=_asking_actor(batch), tell=partial(context.report, "publishing")
        )
        announce_publication(CATALOGUE.editions, batch_id=batch.pk, publication_id=done.pk)
    analyze_published(CATALOGUE, done)
    _forget_staged()


def _forget_staged() -> None:
    """After the result, for which nobody need wait: of a worker that is killed before it, the next one forgets them."""
    forget_settled(CATALOGUE)
    vacuum_staging(CATALOGUE)


def _check_again(context: JobContext, batch: ImportBatch) -> CheckedBatch | None:
    """What the batch would do now, where that is no longer what its preview showed; else None.

    Nothing is read or checked twice while the staging is whole and nothing was published since the preview.
    """
    now = staging_state(CATALOGUE, batch.pk)
    if now == batch.staged:
        return None
    is_read_alike = True
    if now["datasets"] != batch.staged.get("datasets"):
        before = _how_it_was_read(batch.pk)
        _read_and_stage(context)
        is_read_alike = _how_it_was_read(batch.pk) == before
    checked = _check(context)
    return None if is_read_alike and checked.summary == batch.summary else checked


def _how_it_was_read(batch_id: int) -> list[dict[str, Any]]:
    """By which columns and options each table was read: a profile that has changed since may read other rows alike."""
    names = ("file_number", "key", "dataset", "encoding", "separator", "header_row", "mapping", "options")
    return list(ImportTable.objects.filter(batch_id=batch_id).order_by("file_number", "key").values(*names))


STALE_PREVIEW = gettext_noop(
    "Od czasu podglądu opublikowano lub cofnięto inną paczkę albo zamknięto rok. Podgląd został przeliczony:"
    " sprawdź go i opublikuj ponownie."
)


def undo_batch(context: JobContext) -> None:
    """Bring back what stood before, unless later batches stand on this one."""
    batch = ImportBatch.objects.get(pk=context.batch_id)
    if batch.state != BatchState.UNDOING:
        _finish_without_change(context)
        return
    obstacles = find_undo_obstacles(CATALOGUE, batch.pk)
    if obstacles:
        numbers = ", ".join(str(number) for number in obstacles)
        raise JobStoppedError(
            f"Nie można cofnąć tej paczki, bo późniejsze paczki opierają się na jej danych: {numbers}."
            " Cofnij najpierw tamte.",
            code="later_batches",
        )
    context.report("undoing", 0, 0)
    with _refusing(), context.finishing():
        undone = undo(CATALOGUE, batch, actor=_asking_actor(batch))
        withdraw_announcement(batch.pk)
    analyze_published(CATALOGUE, undone)


@contextmanager
def _refusing() -> Iterator[None]:
    """A rule that only the transaction itself could see broken: nothing is written, and the sentence is shown."""
    try:
        yield
    except ImportRuleError as refusal:
        raise JobStoppedError(refusal.message, code=refusal.code) from None


def _finish_without_change(context: JobContext) -> None:
    """A doubled job: what it asks for was done."""
    with context.finishing():
        return


def _asking_actor(batch: ImportBatch) -> Actor:
    kind = batch.asked_by_kind
    return Actor(
        kind=kind if kind in {"staff", "operator"} else "system",  # type: ignore[arg-type]  # checked here
        id=batch.asked_by_id,
        name=batch.asked_by_name,
    )


def _read_and_stage(context: JobContext) -> Staging:
    with context.holding():
        files = begin_reading(CATALOGUE, context.batch_id)
    kept = [file for file in files if path_of(file).is_file()]
    corrected = ImportBatch.objects.values_list("table_options", flat=True).get(pk=context.batch_id)
    request = ReadRequest(
        [InputFile(file.number, path_of(file), file.name, _options(corrected, file.number)) for file in kept],
        profiles=[_profile(profile) for profile in list_profiles()],
    )
    stage = Staging(context, files)
    for event in read_files(request, is_wanted=context.check):
        stage.take(event)
    for problem in (*_missing(files, kept), *_repeated(files)):
        stage.take(ProblemFound(problem))
    stage.finish()
    return stage


def _options(corrected: dict[str, dict[str, Any]], number: int) -> dict[str, TableOptions]:
    return {key: TableOptions.from_json(given) for key, given in corrected.get(str(number), {}).items()}


def _profile(profile: ImportProfile) -> Profile:
    return Profile(profile.pk, tuple(profile.headers), TableOptions.from_json(profile.options))


NOT_KEPT = (
    "Tego pliku już nie ma: portal nie przechowuje plików z numerami PESEL ani takich, których nie dało się"
    " sprawdzić do końca. Wgraj go jeszcze raz."
)


def _missing(files: list[ImportFile], kept: list[ImportFile]) -> list[Problem]:
    return [
        Problem("error", "file_not_kept", NOT_KEPT, file=file.number, file_name=file.name)
        for file in files
        if file not in kept
    ]


def _repeated(files: list[ImportFile]) -> list[Problem]:
    """The same file twice in a package would book all its figures twice."""
    first: dict[str, ImportFile] = {}
    found = []
    for file in files:
        same = first.setdefault(file.sha256, file)
        if same is not file and file.size:
            reason = f"Ten sam plik jest już w tej paczce pod nazwą „{same.name}”."
            found.append(Problem("error", "same_file", reason, file=file.number, file_name=file.name))
    return found
