"""One file of an upload, table by table: what each table is, what is wrong with it, its rows or the search of them."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from workers.datasets.headers import HeaderMatch, pesel_columns
from workers.file_choice import opening_options
from workers.formats import detect_archive, detect_format
from workers.formats.source import Limits, Source, Table, UnreadableFileError
from workers.formats.zip_directory import DAMAGE, damaged
from workers.header_search import Header, NumberedRow, Profiles, find_header, take_filled
from workers.output import Output
from workers.problems import Problem
from workers.prose import is_prose
from workers.reading_options import TableOptions
from workers.row_plan import PESEL, cell_has_pesel
from workers.suggested_words import near_headers
from workers.table_rows import Place, TableRows
from workers.table_shown import SAMPLED_ROWS, see_forms, table_event
from workers.unread_rest import has_pesel_bytes


class UploadReading:
    """What the files of one upload have in common; `names` are the keys of its tables so far."""

    def __init__(
        self, tables: dict[str, TableOptions], profiles: Profiles, limits: Limits, output: Output
    ) -> None:
        self.tables = tables
        self.profiles = profiles
        self.limits = limits
        self.output = output
        self.names: set[str] = set()
        self.recognised = 0
        self.prose: list[Problem] = []

    def conclude(self) -> None:
        """Texts without a table are left out with a notice beside tables, and stop an upload that has none."""
        for problem in self.prose:
            self.output.problem(_left_out(problem) if self.recognised else problem)


class FileReading:
    """One file of table format, read table by table."""

    def __init__(self, source: Source, upload: UploadReading) -> None:
        self._source = source
        self._upload = upload
        self._output = upload.output
        self._strangers: list[Problem] = []
        self._recognised = 0
        self._rows = 0
        self._is_whole = True
        self._is_text = False
        self._is_searched = True

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
        self._search_unread()
        self._conclude()

    def _read(self) -> None:
        if self._source.inner and detect_archive(self._source):
            raise UnreadableFileError(
                "nested_archive", "Archiwum w archiwum: rozpakuj je i wgraj pliki osobno."
            )
        table_format = detect_format(self._source)
        self._is_text = table_format.name in _PLAIN_BYTES
        upload = self._upload
        options = opening_options(self._source, table_format, upload.limits, upload.tables, upload.profiles)
        for table in table_format.tables(self._source, upload.limits, options):
            place = Place.of(self._source, table)
            if table.is_hidden:
                reason = f"Arkusz „{table.sheet_name}” jest ukryty i został pominięty."
                self._output.problem(place.problem("hidden_sheet", reason, is_warning=True))
                self._search_pesels(place, table.rows)
            else:
                self._read_table(place, table)

    def _read_table(self, place: Place, table: Table) -> None:
        header, rows = find_header(table.rows, self._upload.tables.get(place.sheet), self._upload.profiles)
        if header is None:
            return
        self._search_pesels(place, header.above)
        refused_name = self._refuse_name(place)
        if refused_name:
            self._refuse(place, header, refused_name, rows)
            return
        sample, rest = take_filled(rows, lambda first: len(first) >= SAMPLED_ROWS)
        rows = itertools.chain(sample, rest)
        seen = see_forms(header, sample)
        self._output.event("table", **table_event(place, table, header, sample, seen))
        self._tell_pesel_columns(place, header)
        refusal = header.fault or refuse_header(header)
        if header.options.is_left_out:
            self._recognised += 1
            self._is_whole = False
            self._search_pesels(place, rows, header)
        elif not header.matches and not header.fault:
            problem = place.problem("unknown_dataset", f"{_UNKNOWN} {_CHOOSE}", row=header.row)
            is_text_inside = self._source.inner and table.file_format == "csv" and not header.profile
            if is_text_inside and is_prose(self._source, table.encoding):
                self._is_whole = False
                self._upload.prose.append(problem)
            else:
                self._strangers.append(problem)
            self._search_pesels(place, rows, header)
        elif refusal:
            self._refuse(place, header, refusal, rows)
        else:
            self._read_rows(place, table, header, _settled(header.options, seen), rows)

    def _read_rows(
        self, place: Place, table: Table, header: Header, options: TableOptions, rows: Iterator[NumberedRow]
    ) -> None:
        self._recognised += 1
        reading = TableRows(place, header, options, self._source, self._output)
        try:
            reading.read(table, rows)
        finally:
            self._rows += reading.count + reading.rejected
            self._is_searched &= not reading.has_faults
        self._tell_statements(place, table)
        if not reading.count + reading.rejected:
            self._output.problem(place.problem("no_rows", _NO_ROWS, is_warning=True, row=header.row))

    def _tell_statements(self, place: Place, table: Table) -> None:
        for one in table.statements:
            sums = {name: str(getattr(one, name)) for name in ("opening", "incoming", "outgoing", "closing")}
            told = {"line": one.line, "account": one.account, "number": one.number, "rows": one.rows}
            self._output.event("statement", file=place.file, sheet=place.sheet, **told, **sums)

    def _refuse(
        self, place: Place, header: Header, refusal: tuple[str, str], rows: Iterator[NumberedRow]
    ) -> None:
        self._recognised += 1
        self._is_whole = False
        self._output.problem(place.problem(*refusal, row=header.row))
        self._search_pesels(place, rows, header)

    def _tell_pesel_columns(self, place: Place, header: Header) -> None:
        for index in pesel_columns(header.texts):
            reason = f"Kolumna „{header.texts[index]}” została pominięta: portal nie przyjmuje numerów PESEL."
            self._output.problem(place.problem("pesel_column", reason, is_warning=True, row=header.row))

    def _refuse_name(self, place: Place) -> tuple[str, str] | None:
        """Rows are known by their table and line: two tables of one name would be one."""
        if place.sheet in self._upload.names:
            return (
                "repeated_name",
                "W tej paczce jest już tabela o tej samej nazwie. Zmień nazwę arkusza albo pliku.",
            )
        self._upload.names.add(place.sheet)
        return None

    def _search_pesels(self, place: Place, rows: Iterable[NumberedRow], header: Header | None = None) -> None:
        """What is not read is still kept with the file: outside of columns of PESELs it must not hold one either."""
        dropped = set(pesel_columns(header.texts)) if header else set()
        for number, cells in rows:
            if any(cell_has_pesel(cell) for index, cell in enumerate(cells) if index not in dropped):
                self._output.problem(place.problem(PESEL.code, PESEL.reason, row=number))

    def _fail(self, error: UnreadableFileError) -> None:
        self._is_whole = False
        self._is_searched = error.code == "empty_file"
        self._output.problem(file_problem(self._source, error))

    def _search_unread(self) -> None:
        """A file that was not read to its end, or not every row of it."""
        if self._is_searched:
            return
        try:
            has_pesel = self._is_text and has_pesel_bytes(self._source)
        except (UnreadableFileError, MemoryError, *DAMAGE):
            self._is_text = has_pesel = False
        if has_pesel:
            self._output.problem(file_problem(self._source, UnreadableFileError(PESEL.code, _PESEL_INSIDE)))
        elif not self._is_text:
            self._output.event("unsearched", file=self._source.no)

    def _conclude(self) -> None:
        """Sheets that are no dataset stop a file only where it has no other; a file needs rows."""
        self._upload.recognised += self._recognised
        for problem in self._strangers:
            self._output.problem(_softened(problem) if self._recognised else problem)
        if self._is_whole and not self._rows and not self._strangers:
            error = UnreadableFileError("no_rows", _NO_DATA)
            self._output.problem(file_problem(self._source, error))


# Formats in which a number stands as its digits.
_PLAIN_BYTES = ("csv", "dbf", "mt940")
_MOST_COLUMNS = 500
_UNKNOWN = "Nie rozpoznano, co to za dane: nagłówki nie pasują do żadnego rodzaju danych."
_CHOOSE = "Wskaż rodzaj danych i kolumny w „Popraw wczytanie” przy tym pliku albo popraw nagłówki."
_NO_DATA = "Plik nie ma żadnego wiersza danych. Sprawdź, czy eksport nie był pusty."
_PESEL_INSIDE = "Plik zawiera numer PESEL. Portal go nie przyjmuje: usuń go z pliku."
_NO_TABLE = "Plik jest zwykłym tekstem bez tabeli, więc go pominięto."
_NO_ROWS = "Pod nagłówkiem nie ma żadnego wiersza. Sprawdź, czy eksport nie był pusty."


def _settled(options: TableOptions, seen: dict[str, str]) -> TableOptions:
    """Options with the American order of dates where all dates in sight can stand in no other."""
    return replace(options, dates="mdy") if not options.dates and seen.get("dates") == "mdy" else options


def refuse_header(header: Header) -> tuple[str, str] | None:
    """Code and reason why the rows under this header cannot be read, or None where they can."""
    if not header.matches:
        return None
    best = header.matches[0]
    if len(header.texts) > _MOST_COLUMNS:
        return (
            "too_many_columns",
            f"Tabela może mieć najwyżej {_MOST_COLUMNS} kolumn, a ma ich {len(header.texts)}. Usuń zbędne.",
        )
    if best.repeated:
        return "repeated_column", f"Kolumna „{best.repeated[0]}” występuje więcej niż raz. {_PICK}"
    if best.missing:
        return "missing_columns", _explain_missing(best, header.texts)
    rivals = [match for match in header.matches if match.rank == best.rank]
    if len(rivals) > 1:
        labels = ", ".join(match.dataset.label for match in rivals)
        return "ambiguous_dataset", f"Nagłówki pasują do kilku rodzajów danych: {labels}. {_CHOOSE}"
    return None


_PICK = "Wskaż właściwą w „Popraw wczytanie” przy tym pliku albo usuń drugą."


def _explain_missing(match: HeaderMatch, headers: Sequence[str]) -> str:
    missing = ", ".join(match.missing)
    near = ", ".join(f"„{header}”" for header in near_headers(match, headers))
    return (
        f"Nagłówki wyglądają na dane „{match.dataset.label}”, ale brakuje kolumn: {missing}."
        f"{f' Czy chodzi o {near}?' if near else ''} {_CHOOSE}"
    )


def _softened(problem: Problem) -> Problem:
    return Problem(**{**problem.as_dict(), "severity": "warning", "reason": f"{_UNKNOWN} Arkusz pominięto."})


def _left_out(problem: Problem) -> Problem:
    return Problem(
        **{**problem.as_dict(), "severity": "warning", "code": "text_left_out", "reason": _NO_TABLE}
    )


def file_problem(source: Source, error: UnreadableFileError) -> Problem:
    """What is wrong with a file as a whole."""
    return Problem(
        "error",
        error.code,
        error.reason,
        file=source.no,
        file_name=source.name,
        sheet=source.inner,
        row=error.row,
    )
