"""The files of a batch as its page lists them: what was found in each, and how it was read."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from associations.imports.models import ImportFile, ImportTable
from billing_views.manager.batch_sentences import say_rows
from billing_views.manager.imports_help import name_dataset
from billing_views.manager.table_fields import missing_fields
from billing_views.manager.table_reading import say_reading
from billing_views.parts.notices import Notice

QUESTIONS = 3
"""So many tables are asked about above the preview; the list of files leads to all."""
KILOBYTE, MEGABYTE = 1024, 1024 * 1024


@dataclass(frozen=True, slots=True)
class TableLine:
    """A table in a file: „Księgowania: 8 888 wierszy”, how it was read, and the page where that is corrected."""

    text: str
    reading: str
    url: str
    link: str


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file as it was uploaded, with what was found in it."""

    name: str
    url: str
    size: str
    tables: tuple[TableLine, ...]
    unknown_columns: tuple[str, ...]


def describe_files(
    files: Sequence[ImportFile], tables: Sequence[ImportTable], batch_url: str, *, can_correct: bool
) -> tuple[FileLine, ...]:
    """One line per file; `tables` are those of the batch in their order."""
    return tuple(
        _describe_file(
            file, [table for table in tables if table.file_number == file.number], batch_url, can_correct
        )
        for file in files
    )


def ask_for_columns(tables: Sequence[ImportTable], batch_url: str) -> tuple[Notice, ...]:
    """For the first tables of which the reader does not know enough: what it is, and where to say it."""
    places: dict[int, int] = {}
    notices = []
    for table in tables:
        places[table.file_number] = place = places.get(table.file_number, 0) + 1
        question = _say_unknown(table)
        if question:
            address = f"{batch_url}odczyt/{table.file_number}/{place}/"
            answer = _("Wskaż to raz, a następny taki plik wczytamy bez pytania.")
            notices.append(Notice(question, answer, "info", address, _("Popraw wczytanie")))
    return tuple(notices[:QUESTIONS])


def _say_unknown(table: ImportTable) -> str:
    """Why rows of this table could not be read; empty where they could, or are not to be."""
    if table.options.get("is_left_out") or not any(table.headers):
        return ""
    name = _("{file}, arkusz {sheet}") if table.sheet else "{file}"
    place = name.format(file=table.file_name, sheet=table.sheet)
    missing = missing_fields(table.dataset, table.headers, table.mapping)
    if missing:
        return _("{place}: brakuje kolumny {names}.").format(place=place, names=", ".join(missing))
    return "" if table.dataset else _("{place}: nie rozpoznano, co to za dane.").format(place=place)


def say_size(size: int) -> str:
    """`812 B`, `431 KB`, `12,5 MB`."""
    if size < KILOBYTE:
        return f"{size} B"
    if size < MEGABYTE:
        return f"{round(size / KILOBYTE)} KB"
    return f"{size / MEGABYTE:.1f} MB".replace(".", ",")


def _describe_file(
    file: ImportFile, tables: Sequence[ImportTable], batch_url: str, can_correct: bool
) -> FileLine:
    return FileLine(
        name=file.name,
        url=f"{batch_url}pliki/{file.number}/",
        size=say_size(file.size),
        tables=tuple(
            TableLine(
                text=_describe_table(table, file),
                reading=say_reading(table),
                url=f"{batch_url}odczyt/{file.number}/{place}/",
                link=_("Popraw wczytanie") if can_correct else _("Jak wczytano"),
            )
            for place, table in enumerate(tables, start=1)
        ),
        unknown_columns=tuple(str(column) for table in tables for column in table.unknown_columns),
    )


def _describe_table(table: ImportTable, file: ImportFile) -> str:
    """„Księgowania: 8 888 wierszy”, with the sheet or the file inside an archive."""
    text = _("Nie rozpoznano, co to za dane")
    if table.dataset:
        text = f"{name_dataset(table.dataset)}: {say_rows(table.row_count)}"
    if table.sheet:
        return _("{text} (arkusz {sheet})").format(text=text, sheet=table.sheet)
    return text if table.file_name in {"", file.name} else f"{text} ({table.file_name})"
