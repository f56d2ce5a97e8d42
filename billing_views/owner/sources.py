"""Files as sources of rows: numbered on a page, and listed with their days below it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.timezone import localtime
from django.utils.translation import gettext

from associations.row_sources import FileKey, RowSource, SourceFile, is_harmless_name, key_of
from billing_views.parts.formatting import format_day
from billing_views.parts.tables import Cell, Column, Table


@dataclass(frozen=True, slots=True)
class FileNumbers:
    """The number of each file on the page."""

    numbers: Mapping[FileKey, int]

    def say(self, source: RowSource) -> str:
        """`1, wiersz 12`; of a row that an addition copied only the number."""
        number = self.numbers[key_of(source)]
        if not source.file_no:
            return str(number)
        return gettext("%(file)s, wiersz %(line)s") % {"file": number, "line": source.line_no}


def number_files(files: Mapping[FileKey, SourceFile]) -> FileNumbers:
    """Numbers from 1 in the order of publication."""
    return FileNumbers({key: number for number, key in enumerate(files, 1)})


def draw_files(files: Mapping[FileKey, SourceFile], numbers: FileNumbers, association: str) -> Table | None:
    """The files with the days on which they were uploaded and published; None where there are none."""
    if not files:
        return None
    uploaded, published = gettext("Przekazany"), gettext("Opublikowany")
    return Table(
        gettext("Pliki, z których pochodzą wpisy"),
        (
            Column(gettext("Plik"), "what"),
            Column(uploaded, "keep", uploaded),
            Column(published, "end", published),
        ),
        tuple(
            (
                Cell(f"{numbers.numbers[key]}. {_name(one, association)}"),
                Cell(format_day(localtime(one.uploaded_at).date())),
                Cell(format_day(localtime(one.published_at).date())),
            )
            for key, one in files.items()
        ),
    )


def _name(file: SourceFile, association: str) -> str:
    """A name that may be a person's is not shown."""
    if not file.name:
        return gettext("wpisy przeniesione z wcześniejszej publikacji")
    if is_harmless_name(file.name, association):
        return file.name
    return gettext("plik z programu księgowego")
