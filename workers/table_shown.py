"""What a person is shown of a table, to see how it was read and to correct it: samples, and the forms in them.

Numbers of persons (PESEL) are blotted out, columns of them left empty.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from workers.datasets.fields import Field, Kind
from workers.datasets.headers import HeaderMatch, pesel_columns
from workers.formats.source import Table
from workers.header_search import Header, NumberedRow
from workers.reading_options import DateOrder
from workers.table_rows import Place
from workers.values.fault import Cell
from workers.values.pesel import mask_pesels
from workers.values.texts import plain_number, shown_text

SAMPLED_ROWS = 100
SHOWN_COLUMNS = 500
_SHOWN_ROWS = 5
_LONGEST_SAMPLE, _LONGEST_OF_MANY, _MANY_COLUMNS = 60, 20, 100
_COMMA = re.compile(r"[-(]?[0-9 .'\u00a0\u202f]*,(?:[0-9]{1,2}|[0-9]{4,6})-?\)?(?:\s*(?:zł|PLN))?")
_POINT = re.compile(r"[-(]?[0-9 ,'\u00a0\u202f]*\.(?:[0-9]{1,2}|[0-9]{4,6})-?\)?(?:\s*(?:zł|PLN))?")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-./])([0-9]{1,2})\2[0-9]{4}(?:\s.*)?")
_YEAR_FIRST = re.compile(r"(?:19|20)[0-9]{2}[-./][0-9]{1,2}[-./][0-9]{1,2}(?:[T ].*)?")
_MONTHS = 12
# Fewer could be slips of one person; a program writes all its dates alike.
_LEAST_DATES = 3


def table_event(
    place: Place,
    table: Table,
    header: Header,
    rows: Sequence[NumberedRow],
    seen: dict[str, str],
) -> dict[str, Any]:
    """Members of the event that tells of a table: how it is read, its headers, their fields, samples."""
    best = header.matches[0] if header.matches else None
    fields = {index: name for name, index in best.columns.items()} if best else {}
    # A row of data may be taken for headers; its file is not kept then, and neither is the number.
    texts = list(map(mask_pesels, header.texts))
    headers = texts[:SHOWN_COLUMNS]
    dropped = pesel_columns(header.texts)
    return {
        "file": place.file,
        "file_name": place.file_name,
        "sheet": place.sheet,
        "sheet_name": place.sheet_name,
        "dataset": best.dataset.name if best else "",
        "encoding": table.encoding,
        "separator": table.separator,
        "header_row": header.row,
        "columns": [
            {"index": index, "header": headers[index], "field": fields[index]}
            for index in sorted(fields)
            if index < SHOWN_COLUMNS
        ],
        "unknown_columns": [
            text for i, text in enumerate(headers) if text and i not in fields and i not in dropped
        ],
        "pesel_columns": dropped,
        "file_format": table.file_format,
        "headers": headers,
        "mapping": [fields.get(index, "") for index in range(len(headers))],
        "samples": show_samples(header, rows, dropped),
        "options": header.options.as_json(),
        "seen": seen,
        "profile": header.profile,
    }


def cell_text(cell: Cell) -> str:
    """A cell as a person sees it in a spreadsheet."""
    if cell is None:
        return ""
    if isinstance(cell, float | Decimal):
        return plain_number(cell)
    if isinstance(cell, date):
        return cell.strftime("%d.%m.%Y" if not isinstance(cell, datetime) else "%d.%m.%Y %H:%M")
    return str(cell)


def show_samples(header: Header, rows: Sequence[NumberedRow], hidden: Iterable[int]) -> list[list[str]]:
    """The first rows below the headers as texts, one for each header."""
    width = min(len(header.texts), SHOWN_COLUMNS)
    length = _LONGEST_SAMPLE if width <= _MANY_COLUMNS else _LONGEST_OF_MANY
    kept_back = set(hidden)
    shown = [cells for _, cells in rows if [cell_text(cell) for cell in cells[:width]] != header.texts]
    return [
        [
            shown_text(mask_pesels(cell_text(cells[index])), length)
            if index < len(cells) and index not in kept_back
            else ""
            for index in range(width)
        ]
        for cells in shown[:_SHOWN_ROWS]
    ]


def see_forms(header: Header, rows: Sequence[NumberedRow]) -> dict[str, Any]:
    """The decimal mark and the order of dates in the rows; a form that is not seen, or not alone, is left out."""
    numbers = _texts_of(header, rows, {Kind.MONEY, Kind.DECIMAL})
    marks = {
        mark for mark, form in ((",", _COMMA), (".", _POINT)) if any(form.fullmatch(text) for text in numbers)
    }
    order = _see_order(_texts_of(header, rows, {Kind.DATE}))
    seen: dict[str, Any] = {"decimal": marks.pop()} if len(marks) == 1 else {}
    return {**seen, "dates": order} if order else seen


def _texts_of(header: Header, rows: Sequence[NumberedRow], kinds: set[Kind]) -> set[str]:
    """The texts in the columns of these kinds."""
    if not header.matches:
        return set()
    best = header.matches[0]
    indexes = [best.columns[field.name] for field in best.dataset.fields if _is_of(field, best, kinds)]
    cells = (cells[index] for _, cells in rows for index in indexes if index < len(cells))
    return {cell.strip() for cell in cells if isinstance(cell, str)}


def _is_of(field: Field, match: HeaderMatch, kinds: set[Kind]) -> bool:
    return field.kind in kinds and field.name in match.columns


def _see_order(texts: set[str]) -> DateOrder:
    found = [match for match in map(_YEAR_LAST.fullmatch, texts) if match]
    if found:
        firsts, seconds = [int(match[1]) for match in found], [int(match[3]) for match in found]
        is_american = max(firsts) <= _MONTHS and sum(number > _MONTHS for number in seconds) >= _LEAST_DATES
        return "mdy" if is_american and all(match[2] == "/" for match in found) else "dmy"
    return "ymd" if any(map(_YEAR_FIRST.fullmatch, texts)) else ""
