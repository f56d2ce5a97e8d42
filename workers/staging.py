"""What reading tells, written down: rows into staging tables, tables and problems of the batch; files not to be kept."""

from associations.catalogue import CATALOGUE
from associations.imports.models import ImportFile, ImportProfile, ImportTable
from associations.imports.reading import forget_stored_file, record_problems, record_tables, stage_rows
from workers.datasets import dataset_named
from workers.jobs import JobContext
from workers.pesel_columns import drop_pesel_columns
from workers.problems import Problem
from workers.reading_events import (
    Event,
    ProblemFound,
    Progress,
    Rows,
    StatementRead,
    TableFound,
    TableRead,
    TotalsFound,
    Unsearched,
)
from workers.reading_options import SEEN
from workers.row_plan import PESEL
from workers.suggested_words import suggest_word

PROBLEMS_AT_ONCE = 1_000
STAGED_AT_ONCE = 1024 * 1024
NOT_SEARCHED = (
    "Pliku nie odczytano do końca, więc nie wiadomo, czy nie zawiera numerów PESEL: portal go nie przechowa."
    " Popraw plik i wgraj go jeszcze raz."
)
# The child ended in the middle of a file: nobody searched the rest of it.
STOPPED = frozenset({"reader_limits", "reader_stopped", "timeout"})


class Staging:
    """Turns the events of reading into staged rows, tables and problems of the batch."""

    def __init__(self, context: JobContext, files: list[ImportFile]) -> None:
        self._context = context
        self._files = {file.number: file for file in files}
        self._tables: dict[tuple[int, str], ImportTable] = {}
        self._problems: list[Problem] = []
        self._pesel_columns: dict[int, tuple[TableFound, ...]] = {}
        self._pesel_texts: set[int] = set()
        self._unsearched: set[int] = set()
        self._bytes_before: dict[int, int] = {}
        self._total = 0
        self._rows = 0
        self._waiting: list[bytes] = []
        self._waiting_for = ""
        for file in files:
            self._bytes_before[file.number] = self._total
            self._total += file.size

    def take(self, event: Event) -> None:
        """Write down one event; LeaseLostError and JobCancelledError end the reading."""
        match event:
            case Rows():
                self._hold(event)
            case TableFound():
                self._found(event)
            case TableRead():
                self._tables[event.file, event.sheet].row_count = event.rows
            case TotalsFound() | StatementRead():
                self._sum_up(event)
            case ProblemFound():
                self._problems.append(event.problem)
                if event.problem.code == PESEL.code:
                    self._pesel_texts.add(event.problem.file)
                if event.problem.code in STOPPED:
                    self._unsearched.add(event.problem.file)
                self._flush_problems(PROBLEMS_AT_ONCE)
            case Unsearched():
                self._unsearched.add(event.file)
            case Progress():
                share = event.bytes / max(event.of, 1) * self._files[event.file].size
                done = self._bytes_before[event.file] + int(share)
                self._context.report("reading", done, self._total, rows=self._rows)
            case _:
                self._context.check()

    def _sum_up(self, event: TotalsFound | StatementRead) -> None:
        table = self._tables[event.file, event.sheet]
        if isinstance(event, StatementRead):
            table.totals.setdefault("statements", []).append(_describe_statement(event))
        elif event.scope == "table":
            table.totals = {field: str(amount) for field, amount in event.sums.items()}

    def _hold(self, rows: Rows) -> None:
        """Each load locks the job and commits, which takes as long as loading a thousand rows: few large ones."""
        if rows.dataset != self._waiting_for or sum(map(len, self._waiting)) >= STAGED_AT_ONCE:
            self._stage_waiting()
        self._waiting_for = rows.dataset
        self._waiting.append(rows.block)
        self._rows += rows.count
        self._context.count_rows(self._rows)

    def _stage_waiting(self) -> None:
        if not self._waiting:
            return
        columns = dataset_named(self._waiting_for).columns
        with self._context.holding():
            stage_rows(CATALOGUE, self._context.batch_id, self._waiting_for, columns, b"".join(self._waiting))
        self._waiting.clear()

    def finish(self) -> None:
        """Keep the last rows, the tables and the rest of the problems."""
        self._stage_waiting()
        for number in sorted(self._unsearched - self._pesel_texts):
            name = self._files[number].name
            self._problems.append(
                Problem("warning", "not_searched", NOT_SEARCHED, file=number, file_name=name)
            )
        with self._context.holding():
            record_tables(self._present_tables())
        self._flush_problems(1)

    def _present_tables(self) -> list[ImportTable]:
        """The tables; a profile that was forgotten meanwhile is named by none of them."""
        standing = set(ImportProfile.objects.order_by("pk").values_list("pk", flat=True))
        for table in self._tables.values():
            if table.profile_id not in standing:
                table.profile_id = None
        return list(self._tables.values())

    def forget_pesels(self) -> None:
        """Keep no file with a PESEL in a text or that may have one; of the others drop PESEL columns."""
        forgotten = self._pesel_texts | self._unsearched
        for number in forgotten:
            forget_stored_file(self._files[number])
        for number, tables in self._pesel_columns.items():
            if number not in forgotten:
                drop_pesel_columns(self._files[number], tables)

    def _found(self, event: TableFound) -> None:
        self._tables[event.file, event.sheet] = ImportTable(
            batch_id=self._context.batch_id,
            file_number=event.file,
            file_name=event.file_name[:255],
            sheet=event.sheet_name[:200],
            key=event.sheet,
            dataset=event.dataset,
            file_format=event.file_format[:10],
            encoding=event.encoding,
            separator=event.separator[:1],
            header_row=event.header_row,
            headers=list(event.headers),
            mapping=list(event.mapping),
            samples=[list(row) for row in event.samples],
            options={**event.options, SEEN: event.seen},
            profile_id=event.profile,
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
        "suggestion": suggest_word(problem)[:200],
        "premises_code": problem.premises_code,
    }


def _describe_statement(event: StatementRead) -> dict[str, str | int]:
    """As the batch's summary keeps it: sums as strings with two decimals."""
    sums = {name: f"{getattr(event, name):.2f}" for name in ("opening", "incoming", "outgoing", "closing")}
    return {"account": event.account, "number": event.number, "rows": event.rows, **sums}
