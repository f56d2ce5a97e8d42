"""The handlers of the queue: read a batch, publish it, take it back. Each calls actions and finishes its job.

Reading may be repeated at any point: it begins by forgetting what an earlier run staged. Publishing and undoing
write in one transaction with the job's end (JobContext.finishing).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext_noop

from associations.audit.actors import Actor
from associations.catalogue import CATALOGUE
from associations.imports.models import BatchState, ImportBatch, ImportFile, ImportTable
from associations.imports.publishing import (
    CheckedBatch,
    analyze_published,
    check_batch,
    clear_staging,
    find_undo_obstacles,
    publish,
    record_check,
    staging_state,
    undo,
)
from associations.imports.reading import (
    begin_reading,
    forget_stored_file,
    record_problems,
    record_tables,
    stage_rows,
)
from associations.imports.rules import ImportRuleError
from associations.imports.storage import path_of
from workers.datasets import dataset_named
from workers.jobs import JobContext, JobStoppedError
from workers.pesel_columns import drop_pesel_columns
from workers.problems import Problem
from workers.reading import InputFile, ReadRequest, read_files
from workers.reading_events import Event, ProblemFound, Progress, Rows, TableFound, TableRead, TotalsFound
from workers.row_plan import PESEL

PROBLEMS_AT_ONCE = 1_000


def read_batch(context: JobContext) -> None:
    """File → staging → checks → preview."""
    stage = _read_and_stage(context)
    context.report("checking", 0, 0)
    checked = check_batch(CATALOGUE, context.batch_id)
    with context.finishing():
        record_check(context.batch_id, checked)
        if checked.state == BatchState.UNCHANGED:
            clear_staging(CATALOGUE, context.batch_id)
        # The very last thing: a worker that was killed before it begins again with the files as they came.
        stage.forget_pesels()


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
        publish(CATALOGUE, batch, actor=_asking_actor(batch))
        # In the same transaction: a worker killed right after it would leave staged rows behind for good.
        clear_staging(CATALOGUE, batch.pk)
    analyze_published(CATALOGUE)


def _check_again(context: JobContext, batch: ImportBatch) -> CheckedBatch | None:
    """What the batch would do now, where that is no longer what its preview showed; else None.

    Nothing is read or checked twice while the staging is whole and nothing was published since the preview.
    """
    now = staging_state(CATALOGUE, batch.pk)
    if now == batch.staged:
        return None
    if now["datasets"] != batch.staged.get("datasets"):
        _read_and_stage(context)
    context.report("checking", 0, 0)
    checked = check_batch(CATALOGUE, batch.pk)
    return checked if checked.summary != batch.summary else None


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
        undo(CATALOGUE, batch, actor=_asking_actor(batch))
    analyze_published(CATALOGUE)


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


def _read_and_stage(context: JobContext) -> "Staging":
    with context.holding():
        files = begin_reading(CATALOGUE, context.batch_id)
    kept = [file for file in files if path_of(file).is_file()]
    request = ReadRequest([InputFile(file.number, path_of(file), file.name) for file in kept])
    stage = Staging(context, files)
    for event in read_files(request, is_wanted=context.check):
        stage.take(event)
    for problem in (*_missing(files, kept), *_repeated(files)):
        stage.take(ProblemFound(problem))
    stage.finish()
    return stage


NOT_KEPT = "Tego pliku już nie ma: plików z numerami PESEL portal nie przechowuje. Wgraj go jeszcze raz."


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


class Staging:
    """Turns the events of reading into staged rows, tables and problems of the batch."""

    def __init__(self, context: JobContext, files: list[ImportFile]) -> None:
        self._context = context
        self._files = {file.number: file for file in files}
        self._tables: dict[tuple[int, str], ImportTable] = {}
        self._problems: list[Problem] = []
        self._pesel_columns: dict[int, tuple[TableFound, ...]] = {}
        self._pesel_texts: set[int] = set()
        self._bytes_before: dict[int, int] = {}
        self._total = 0
        self._rows = 0
        for file in files:
            self._bytes_before[file.number] = self._total
            self._total += file.size

    def take(self, event: Event) -> None:
        """Write down one event; LeaseLostError and JobCancelledError end the reading."""
        match event:
            case Rows():
                columns = dataset_named(event.dataset).columns
                with self._context.holding():
                    stage_rows(CATALOGUE, self._context.batch_id, event.dataset, columns, event.block)
                self._rows += event.count
                self._context.count_rows(self._rows)
            case TableFound():
                self._found(event)
            case TableRead():
                self._tables[event.file, event.sheet].row_count = event.rows
            case TotalsFound() if event.scope == "table":
                sums = {field: str(amount) for field, amount in event.sums.items()}
                self._tables[event.file, event.sheet].totals = sums
            case ProblemFound():
                self._problems.append(event.problem)
                if event.problem.code == PESEL.code:
                    self._pesel_texts.add(event.problem.file)
                self._flush_problems(PROBLEMS_AT_ONCE)
            case Progress():
                share = event.bytes / max(event.of, 1) * self._files[event.file].size
                done = self._bytes_before[event.file] + int(share)
                self._context.report("reading", done, self._total, rows=self._rows)
            case _:
                self._context.check()

    def finish(self) -> None:
        """Keep the tables and the rest of the problems."""
        with self._context.holding():
            record_tables(list(self._tables.values()))
        self._flush_problems(1)

    def forget_pesels(self) -> None:
        """Keep no file with a PESEL in a text; of the others drop PESEL columns."""
        for number in self._pesel_texts:
            forget_stored_file(self._files[number])
        for number, tables in self._pesel_columns.items():
            if number not in self._pesel_texts:
                drop_pesel_columns(self._files[number], tables)

    def _found(self, event: TableFound) -> None:
        self._tables[event.file, event.sheet] = ImportTable(
            batch_id=self._context.batch_id,
            file_number=event.file,
            file_name=event.file_name[:255],
            sheet=event.sheet_name[:200],
            key=event.sheet,
            dataset=event.dataset,
            encoding=event.encoding,
            columns=[column.header for column in event.columns],
            unknown_columns=list(event.unknown_columns),
        )
        if event.pesel_columns:
            self._pesel_columns[event.file] = (*self._pesel_columns.get(event.file, ()), event)

    def _flush_problems(self, at_least: int) -> None:
        if len(self._problems) >= at_least:
            with self._context.holding():
                record_problems(self._context.batch_id, [_problem_row(problem) for problem in self._problems])
            self._problems.clear()


def _problem_row(problem: Problem) -> dict[str, object]:
    return {
        "severity": problem.severity,
        "code": problem.code[:60],
        "dataset": problem.dataset,
        "file_number": problem.file,
        "file_name": problem.file_name[:255],
        "sheet": problem.sheet_name[:200],
        "table_key": problem.sheet,
        "row": problem.row,
        "column": problem.column[:200],
        "value": problem.value[:200],
        "reason": problem.reason,
        "premises_code": problem.premises_code,
    }
