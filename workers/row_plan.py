"""How the cells of a table become COPY lines: fast for rows without fault, exact about all others.

A column remembers the texts it has read lately, so that most cells cost one look-up. A cell that cannot be
read ends the fast path; the row is then examined cell by cell and every fault in it reported.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import itemgetter

from workers.copy_text import NULL, copy_text
from workers.datasets.converters import Convert, converter_of, is_plain_money
from workers.datasets.fields import Dataset, Field, Kind
from workers.datasets.headers import HeaderMatch
from workers.formats.source import ColumnBlock
from workers.reading_options import NO_OPTIONS, TableOptions
from workers.totals import is_totals_word
from workers.values.fault import Cell, Fault
from workers.values.pesel import has_pesel
from workers.values.texts import fold_text, plain_number

PESEL = Fault("pesel", "Tekst zawiera numer PESEL. Portal go nie przyjmuje: usuń go z pliku.")

_PESEL_LENGTH = 11
# Amounts as nearly every program writes them: only their comma changes on the way to the database.
_PLAIN_AMOUNTS = re.compile(r"(?:-?[0-9]{1,8}(?:[.,][0-9]{1,2})?\n)*+-?[0-9]{1,8}(?:[.,][0-9]{1,2})?")
_ELEVEN_DIGITS = re.compile("[0-9]{11}")
_LARGEST_PLAIN = 1e9
# The premises of a large cooperative: files are often sorted by month, so that all of them come round again.
_REMEMBERED = 16_384
_LONGEST_REMEMBERED = 512


class NotPlainError(Exception):
    """Ends the fast path of a row; never leaves the module that reads rows."""


_NOT_PLAIN = NotPlainError()


@dataclass(frozen=True, slots=True)
class CellFault:
    """A fault with the cell it is in; `index` is None for a fault of the whole row."""

    index: int | None
    field: str
    cell: Cell
    fault: Fault


class Column(dict[Cell, str]):
    """Cells of one field → COPY text, remembered up to a bound."""

    __slots__ = ("_is_code", "_is_money", "_may_be_plain", "convert", "empty", "field", "index")

    def __init__(self, field: Field, index: int, options: TableOptions) -> None:
        super().__init__()
        self.field = field
        self.index = index
        self.convert: Convert = converter_of(field, options)
        self.empty = empty_part(field)
        self._is_code = field.kind is Kind.CODE
        self._is_money = self._may_be_plain = is_plain_money(field, options)

    def __missing__(self, cell: Cell) -> str:
        if self._is_money and type(cell) is float and -_LARGEST_PLAIN < cell < _LARGEST_PLAIN:
            # A spreadsheet's amount that is exactly what its two decimals say.
            text = f"{cell:.2f}"
            if float(text) == cell:
                return text
        value = self.convert(cell)
        if isinstance(value, Fault) or (value is None and self.field.required):
            raise _NOT_PLAIN
        if self._is_code and isinstance(value, str) and not value[:1].isdecimal() and is_totals_word(value):
            raise _NOT_PLAIN
        text = self.empty if value is None else copy_text(value)
        if len(self) >= _REMEMBERED:
            self.clear()
        if not isinstance(cell, str) or len(cell) <= _LONGEST_REMEMBERED:
            self[cell] = text
        return text

    def texts(self, cells: Sequence[Cell]) -> list[str]:
        """The parts of many cells; NotPlainError where one of them cannot be read."""
        if self._may_be_plain:
            try:
                joined = "\n".join(cells)  # type: ignore[arg-type]
            except TypeError:
                self._may_be_plain = False
                joined = ""
            # Amounts mostly differ: remembering them would cost more than it saves.
            if _PLAIN_AMOUNTS.fullmatch(joined):
                return joined.replace(",", ".").split("\n")
        # One call for all of them; of a single one itemgetter makes no tuple.
        return list(itemgetter(*cells)(self)) if len(cells) > 1 else [self[cell] for cell in cells]

    def examine(self, cell: Cell) -> tuple[str, Fault | None]:
        """The part, and what is wrong with the cell; a warning leaves a part that can be used."""
        value = self.convert(cell)
        fault = None
        if isinstance(value, Fault):
            fault = value
            value = fault.value if fault.is_warning else None
        elif value is None and self.field.required:
            fault = Fault("required", f"Brak wartości: kolumna „{self.field.label}” musi być wypełniona.")
        return (self.empty if value is None else copy_text(value)), fault


def cell_has_pesel(cell: Cell) -> bool:
    """Whether a PESEL stands in the cell, as text or as a number."""
    if isinstance(cell, str):
        return len(cell) >= _PESEL_LENGTH and has_pesel(cell)
    return has_pesel(plain_number(cell) if isinstance(cell, float) else str(cell))


def _column_has_pesel(cells: Sequence[Cell]) -> bool:
    try:
        # One search for all texts of a column: nearly every column has nothing of eleven digits.
        is_suspect = _ELEVEN_DIGITS.search("\n".join(cells)) is not None  # type: ignore[arg-type]
    except TypeError:
        is_suspect = True
    return is_suspect and any(map(cell_has_pesel, cells))


class RowPlan:
    """The columns of a table in the order of its dataset's fields."""

    def __init__(
        self,
        match: HeaderMatch,
        header: list[str],
        dropped: Sequence[int],
        options: TableOptions = NO_OPTIONS,
    ) -> None:
        self.dataset: Dataset = match.dataset
        self.width = width = len(header)
        self._header: list[Cell] = list(header)
        if "side" in match.columns:
            # A letter says the side; the program's sign has no say.
            options = replace(options, is_sign_reversed=False)
        staged = self.dataset.staged_fields
        helpers = [field for field in self.dataset.fields if not field.is_staged]
        self._staged_parts = len(staged)
        self._is_resolved = any(field.name in match.columns for field in helpers)
        fields = (*staged, *helpers) if self._is_resolved else staged
        self._absent = [
            (place, empty_part(field))
            for place, field in enumerate(fields)
            if field.name not in match.columns
        ]
        self._columns = [
            Column(field, match.columns[field.name], options)
            for field in fields
            if field.name in match.columns
        ]
        known = {*match.columns.values(), *dropped}
        # Columns that are not read, but must not hold a PESEL.
        self._guarded = [index for index in range(width) if index not in known]

    def plain_lines(self, numbers: Sequence[int], rows: Sequence[list[Cell]]) -> list[str]:
        """The rows as COPY text behind their numbers, without line ends; column by column, which is fast.

        NotPlainError where anything is wrong with any of them.
        """
        if set(map(len, rows)) != {self.width} or self._header in rows:
            raise _NOT_PLAIN
        staged = self._staged(list(zip(*rows, strict=True)), len(rows))
        return list(map("\t".join, zip(map(str, numbers), *staged, strict=True)))

    def plain_text(self, prefix: str, block: ColumnBlock) -> str:
        """The rows of a block as COPY text, each behind the prefix and its number; NotPlainError as above."""
        columns, count = block.columns, len(block.columns[0])
        if len(columns) < self.width or any(map(any, columns[self.width :])):
            raise _NOT_PLAIN
        if all(text in column for text, column in zip(self._header, columns, strict=False)):
            raise _NOT_PLAIN
        staged = self._staged(columns, count)
        step = len(staged) + 1
        cells = [""] * (step * count)
        cells[::step] = map(("\n" + prefix).__add__, map(str, range(block.first, block.first + count)))
        for place, texts in enumerate(staged, 1):
            cells[place::step] = texts
        # One join for all rows. Inside of values line ends are escaped: each one here begins a row.
        return "\t".join(cells).replace("\t\n", "\n")[1:] + "\n"

    def _staged(self, cells: Sequence[Sequence[Cell]], count: int) -> Sequence[Sequence[str]]:
        """The staged columns of so many rows, given as columns."""
        if any(_column_has_pesel(cells[index]) for index in self._guarded):
            raise _NOT_PLAIN
        parts = [column.texts(cells[column.index]) for column in self._columns]
        for place, text in self._absent:
            parts.insert(place, [text] * count)
        return self._finished(parts)

    def _finished(self, parts: list[list[str]]) -> Sequence[Sequence[str]]:
        """The staged columns after the check of whole rows."""
        if self._is_resolved:
            rows = list(map(list, zip(*parts, strict=True)))
            if any(self._finish(row) is not None for row in rows):
                raise _NOT_PLAIN
            return list(zip(*rows, strict=True))
        if self.dataset.finish_columns is not None:
            is_fine = self.dataset.finish_columns(parts)
        elif self.dataset.finish is not None:
            rows = list(map(list, zip(*parts, strict=True)))
            is_fine = all(self.dataset.finish(row) is None for row in rows)
            parts = list(map(list, zip(*rows, strict=True)))
        else:
            is_fine = True
        if not is_fine:
            raise _NOT_PLAIN
        return parts

    def _finish(self, parts: list[str]) -> Fault | None:
        """Makes the staged parts of one row out of all its parts; what is wrong with the row as a whole."""
        if self._is_resolved:
            fault = self.dataset.resolve(parts) if self.dataset.resolve else None
            del parts[self._staged_parts :]
            if fault is not None:
                return fault
        return self.dataset.finish(parts) if self.dataset.finish else None

    def examine(self, cells: list[Cell]) -> tuple[str, list[CellFault]]:
        """The row as COPY text and every fault in it; with an error among them the text is of no use."""
        parts = []
        faults = []
        for column in self._columns:
            part, fault = column.examine(cells[column.index])
            parts.append(part)
            if fault is not None:
                faults.append(CellFault(column.index, column.field.name, cells[column.index], fault))
        faults += [
            CellFault(index, "", cells[index], PESEL)
            for index in self._guarded
            if cell_has_pesel(cells[index])
        ]
        for place, text in self._absent:
            parts.insert(place, text)
        if all(found.fault.is_warning for found in faults):
            fault = self._finish(parts)
            if fault is not None:
                faults.append(CellFault(None, "", None, fault))
        return "\t".join(parts), faults

    def premises_code(self, cells: list[Cell]) -> str:
        """The premises code of a row as text, however wrong the row is."""
        for column in self._columns:
            if column.field.name == "premises_code":
                cell = cells[column.index]
                return plain_number(cell) if isinstance(cell, float) else fold_text(str(cell or ""))
        return ""

    def sums(self, cells: list[Cell]) -> dict[str, Decimal]:
        """The amounts of a totals row as sums of staged columns; those of amounts that a letter settles mean nothing."""
        sums: dict[str, Decimal] = {}
        settled = {"amount"} if any(column.field.name == "side" for column in self._columns) else set()
        for column in self._columns:
            field = column.field
            if field.kind is not Kind.MONEY or field.name in settled:
                continue
            amount = column.convert(cells[column.index])
            if isinstance(amount, Decimal):
                target = field.adds_to or field.name
                sums[target] = sums.get(target, Decimal(0)) + field.sign * amount
        return sums


def empty_part(field: Field) -> str:
    """COPY text of an empty cell of this field, or of a missing column."""
    if field.default is not None:
        return field.default
    return "\t".join([NULL] * len(field.columns))
