"""The reading child: files in, rows as COPY text and problems out. Started by workers.reading.

`python -m workers.reader` takes {"files": [{"no", "path", "name"}], "limits": {…}} on standard input and
answers on standard output (workers.output). It runs under limits of memory and time, writes no file and
knows neither Django nor the database. Bad input is a problem, never an exception.
"""

import gc
import json
import resource
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

from workers.datasets.headers import HeaderMatch
from workers.formats import detect_archive, detect_format
from workers.formats.source import MIB, Limits, Source, Table, UnreadableFileError
from workers.formats.zip_directory import DAMAGE, damaged
from workers.output import Output
from workers.problems import Problem
from workers.reading_options import TableOptions
from workers.row_plan import PESEL, cell_has_pesel
from workers.table_rows import Header, NumberedRow, Place, TableRows, find_header


def main() -> None:
    """Reads the request, puts itself under its limits and answers."""
    request = json.load(sys.stdin.buffer)
    limits = Limits(**request["limits"])
    apply_limits(limits)
    # Rows are millions of short-lived lists without a cycle among them: looking for one costs a tenth of the time.
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    output = Output(sys.stdout.buffer, limits.problems)
    for file in request["files"]:
        read_file(file["no"], Path(file["path"]), file["name"], limits, output)
    output.event("end", rows=dict(output.rows), problems=dict(output.problems), **usage())
    output.flush()


def apply_limits(limits: Limits) -> None:
    """Bounds the process: address space, processor seconds, no file written, no core left."""
    for kind, bound in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (bound, bound))


def usage() -> dict[str, Any]:
    """Peak memory in bytes and processor seconds of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {"peak_memory": peak_memory(), "cpu_seconds": round(used.ru_utime + used.ru_stime, 3)}


def peak_memory() -> int:
    """Most bytes resident since this program was started.

    The kernel's VmHWM: ru_maxrss still counts the pages of the parent that this process was forked from.
    """
    with Path("/proc/self/status").open() as status:
        line = next(line for line in status if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def read_file(no: int, path: Path, name: str, limits: Limits, output: Output) -> None:
    """Reads one upload: a file, or every file of an archive."""

    def opened() -> IO[bytes]:
        return path.open("rb")

    output.event("file", file=no, name=name)
    output.flush()
    source = Source(no, name, 0, opened, path=path)
    try:
        source = Source(no, name, path.stat().st_size, opened, path=path)
        _check_size(source, limits)
        archive = detect_archive(source)
        names: set[str] = set()
        for member in archive.members(source, limits) if archive else (source,):
            FileReading(member, limits, output, names).run()
    except UnreadableFileError as error:
        output.problem(_file_problem(source, error))
    except DAMAGE:
        output.problem(_file_problem(source, damaged()))
    output.end_file(no, name)


def _check_size(source: Source, limits: Limits) -> None:
    if source.size > limits.file_bytes:
        size = limits.file_bytes // MIB
        raise UnreadableFileError("too_large", f"Plik jest za duży: może mieć najwyżej {size} MB.")


class FileReading:
    """One file of table format, read table by table. `names` are the keys of the upload's tables so far."""

    def __init__(self, source: Source, limits: Limits, output: Output, names: set[str]) -> None:
        self._source = source
        self._limits = limits
        self._output = output
        self._names = names
        self._strangers: list[Problem] = []
        self._recognised = 0
        self._rows = 0
        self._is_whole = True

    def run(self) -> None:
        """Reads the file; what cannot be read is a problem of the file."""
        try:
            self._read()
        except UnreadableFileError as error:
            self._fail(error)
        except DAMAGE:
            self._fail(damaged())
        except MemoryError:
            self._fail(UnreadableFileError("too_large", "Plik jest za duży, aby go odczytać. Podziel go."))
        self._conclude()

    def _read(self) -> None:
        if self._source.inner and detect_archive(self._source):
            raise UnreadableFileError("nested_archive", "Archiwum w archiwum: rozpakuj je i wyślij osobno.")
        for table in detect_format(self._source).tables(self._source, self._limits, TableOptions()):
            place = Place.of(self._source, table)
            if table.is_hidden:
                reason = f"Arkusz „{table.sheet_name}” jest ukryty i został pominięty."
                self._output.problem(place.problem("hidden_sheet", reason, is_warning=True))
                self._search_pesels(place, table.rows)
            else:
                self._read_table(place, table)

    def _read_table(self, place: Place, table: Table) -> None:
        header, rows = find_header(table.rows)
        if header is None:
            return
        self._search_pesels(place, header.above)
        if not header.matches:
            self._strangers.append(place.problem("unknown_dataset", _UNKNOWN, row=header.row))
            self._search_pesels(place, rows)
            return
        refusal = self._refuse_name(place) or refuse_header(header)
        if refusal:
            self._recognised += 1
            self._is_whole = False
            self._output.problem(place.problem(*refusal, row=header.row))
            return
        self._recognised += 1
        reading = TableRows(place, header, self._source, self._output)
        try:
            reading.read(table, rows)
        finally:
            self._rows += reading.count + reading.rejected
        if not reading.count + reading.rejected:
            self._output.problem(place.problem("no_rows", _NO_ROWS, is_warning=True, row=header.row))

    def _refuse_name(self, place: Place) -> tuple[str, str] | None:
        """Rows are known by their table and line: two tables of one name would be one."""
        if place.sheet in self._names:
            return "repeated_name", "W tej paczce jest już tabela o tej samej nazwie."
        self._names.add(place.sheet)
        return None

    def _search_pesels(self, place: Place, rows: Iterable[NumberedRow]) -> None:
        """What is not read is still kept with the file: it must not hold a PESEL either."""
        for number, cells in rows:
            if any(map(cell_has_pesel, cells)):
                self._output.problem(place.problem(PESEL.code, PESEL.reason, row=number))

    def _fail(self, error: UnreadableFileError) -> None:
        self._is_whole = False
        self._output.problem(_file_problem(self._source, error))

    def _conclude(self) -> None:
        """Sheets that are no dataset stop a file only where it has no other; a file needs rows."""
        for problem in self._strangers:
            self._output.problem(_softened(problem) if self._recognised else problem)
        if self._is_whole and not self._rows and not self._strangers:
            self._fail(UnreadableFileError("no_rows", "Plik nie ma żadnego wiersza danych."))


_MOST_COLUMNS = 500
_UNKNOWN = "Nie rozpoznano zestawu danych: nagłówki nie pasują do żadnego z nich."
_NO_ROWS = "Pod nagłówkiem nie ma żadnego wiersza."


def refuse_header(header: Header) -> tuple[str, str] | None:
    """Code and reason why the rows under this header cannot be read, or None where they can."""
    best = header.matches[0]
    if len(header.texts) > _MOST_COLUMNS:
        return "too_many_columns", f"Nagłówek ma {len(header.texts)} kolumn, a może mieć {_MOST_COLUMNS}."
    if best.repeated:
        return "repeated_column", f"Kolumna „{best.repeated[0]}” występuje więcej niż raz."
    if best.missing:
        return "missing_columns", _explain_missing(best)
    rivals = [match for match in header.matches if match.rank == best.rank]
    if len(rivals) > 1:
        labels = ", ".join(match.dataset.label for match in rivals)
        return "ambiguous_dataset", f"Nagłówki pasują do kilku zestawów danych: {labels}."
    return None


def _explain_missing(match: HeaderMatch) -> str:
    missing = ", ".join(match.missing)
    return f"Nagłówki wyglądają na zestaw „{match.dataset.label}”, ale brakuje kolumn: {missing}."


def _softened(problem: Problem) -> Problem:
    return Problem(**{**problem.as_dict(), "severity": "warning", "reason": f"{_UNKNOWN} Arkusz pominięto."})


def _file_problem(source: Source, error: UnreadableFileError) -> Problem:
    return Problem(
        "error",
        error.code,
        error.reason,
        file=source.no,
        file_name=source.name,
        sheet=source.inner,
        row=error.row,
    )


if __name__ == "__main__":
    main()
