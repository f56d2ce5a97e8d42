"""What the workbook formats share: calamine under guard, and its cells as the reader knows them.

Loaded when a workbook is read: a child that reads texts only stays smaller and starts faster without calamine.
"""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from workers.formats.source import MIB, Limits, Rows, Source, UnreadableFileError
from workers.formats.zip_directory import damaged
from workers.values.fault import Cell

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

NOT_CALCULATED = "#NIEPRZELICZONA"
FORMULA_ERROR = "#N/D!"

# A workbook inside an archive is held in memory: it cannot be read in one direction.
_MOST_IN_ARCHIVE = 32 * MIB
_MOST_VALUELESS = 10_000
_ODD_TYPES = frozenset({bool, time, timedelta})

# (row, column) from 1 → what to show for a cell that calamine leaves empty.
Valueless = Mapping[tuple[int, int], str]


def seekable(source: Source) -> Source:
    """The source itself where it is a file, else its content in memory."""
    if source.path is not None:
        return source
    if source.size > _MOST_IN_ARCHIVE:
        raise UnreadableFileError(
            "too_large_in_archive", "Skoroszyt w archiwum jest za duży. Wgraj go osobno, bez archiwum."
        )
    with source.open() as stream:
        content = stream.read()
    return replace(source, open=lambda: io.BytesIO(content))


@contextmanager
def opened_workbook(content: Path | IO[bytes]) -> Iterator["CalamineWorkbook"]:
    """The workbook; UnreadableFileError for whatever calamine says of it, also while it is read."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_object(content) as workbook:
            yield workbook
    except CalamineError as error:
        raise damaged() from error
    except BaseException as error:
        # A panic of the library derives from BaseException, and its class is not to be imported.
        if type(error).__name__ == "PanicException":
            raise damaged() from error
        raise


def numbered_rows(sheet: "CalamineSheet", valueless: Valueless, first_row: int = 1) -> Rows:
    """The rows of a sheet with their numbers from `first_row`, each from column A on.

    Cells without a value show why: calamine drops them, and even whole rows and columns of them at the edges.
    """
    padding = [""] * sheet.start[1] if sheet.start else []
    texts: dict[int, dict[int, str]] = {}
    for (row, column), text in valueless.items():
        texts.setdefault(row, {})[column] = text
    number = first_row - 1
    for number, row_cells in enumerate(sheet.iter_rows(), start=first_row):
        cells: list[Any] = padding + row_cells if padding else row_cells
        if not _ODD_TYPES.isdisjoint(map(type, cells)):
            cells = [_plain_cell(cell) for cell in cells]
        yield number, _filled_in(cells, texts.pop(number)) if number in texts else cells
    for row in sorted(texts):
        yield row, _filled_in([], texts[row])


def _filled_in(cells: list[Any], texts: Mapping[int, str]) -> list[Any]:
    cells += [""] * (max(texts) - len(cells))
    for column, text in texts.items():
        cells[column - 1] = text
    return cells


def _plain_cell(cell: Any) -> Cell:
    if isinstance(cell, bool):
        return "PRAWDA" if cell else "FAŁSZ"
    if isinstance(cell, str | float | int | date | datetime):
        return cell
    return str(cell)


def expect_few_errors(count: int) -> None:
    """UnreadableFileError where so many cells have no value that there is something wrong with the sheet."""
    if count > _MOST_VALUELESS:
        raise UnreadableFileError(
            "formula_errors", "Arkusz ma tysiące komórek z błędami formuł. Popraw je i zapisz ponownie."
        )


def expect_fit(rows: int, columns: int, limits: Limits) -> None:
    """UnreadableFileError for a sheet beyond the bounds; the headers come on top of the rows."""
    if rows > limits.sheet_rows + 1:
        shown = f"{limits.sheet_rows:,}".replace(",", " ")
        raise UnreadableFileError(
            "sheet_too_large", f"Arkusz ma {rows} wierszy, a może mieć najwyżej {shown}. Zapisz go jako CSV."
        )
    if rows * columns > limits.sheet_cells:
        raise UnreadableFileError(
            "sheet_too_large", f"Arkusz jest za duży: {rows} wierszy na {columns} kolumn. Zapisz go jako CSV."
        )
