"""A text file with one more column: every byte as it was, but for the new cells and for cells that are formulas.

Encoding, byte order mark, separator, line ends and quotes stay. A cell that a spreadsheet would run as a formula gets
an apostrophe in front, which the reading of imports takes off again; its line is then written anew.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from typing import IO

from associations.spreadsheets import FORMULA_STARTS, guard_returned_cell
from workers.annotated.remarks import Remarks, is_own_header
from workers.formats.csv_text import detect_separator
from workers.formats.encodings import detect_codec, settled_codec
from workers.formats.source import Source

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CTRL_Z = "\x1a"
_LINE_END = re.compile(r"(?:\r\n|\n|\r)\Z")
_LONGEST_FIELD = 1024 * 1024
_SAMPLE_LINES = 20
# What old encodings have no letter for.
_PLAIN = str.maketrans(
    {
        "„": '"',
        "”": '"',
        "’": "'",
        "–": "-",
        "—": "-",
        "…": "...",
        "×": "x",
        "²": "2",
        "³": "3",
        "\u00a0": " ",
    }
)


def copy_csv(source: Source, remarks: Remarks, target: IO[bytes]) -> None:
    """Write the file with the remarks to `target`."""
    bom, codec = _bom_and_codec(source, remarks.encoding)
    target.write(bom)
    with source.open() as raw:
        raw.read(len(bom))
        # Bytes that are no character in the encoding go through as they are.
        lines = io.TextIOWrapper(raw, encoding=codec, errors="surrogateescape", newline="")
        separator, skipped = _separator(source, codec, len(bom), remarks.separator)
        for record in _Copy(lines, separator, skipped, remarks, codec).records():
            target.write(record.encode(codec, "surrogateescape"))


def _bom_and_codec(source: Source, encoding: str) -> tuple[bytes, str]:
    head = source.head()
    for bom, codec in _BOMS:
        if head.startswith(bom):
            return bom, codec
    codec = settled_codec(encoding, head) if encoding else detect_codec(source)
    return b"", codec.removesuffix("-sig")


def _separator(source: Source, codec: str, skip: int, known: str) -> tuple[str, int]:
    with source.open() as raw:
        raw.read(skip)
        text = io.TextIOWrapper(raw, encoding=codec, errors="surrogateescape", newline=None)
        sample = [line for _, line in zip(range(_SAMPLE_LINES), text, strict=False) if line.strip()]
    separator, skipped = detect_separator(sample)
    return known or separator, skipped


class _Copy:
    """Records with their remarks, in the order of the file."""

    def __init__(
        self, lines: Iterator[str], separator: str, skipped: int, remarks: Remarks, codec: str
    ) -> None:
        self._lines = lines
        self._separator = separator
        self._skipped = skipped
        self._remarks = remarks
        self._codec = codec
        self._raw: list[str] = []
        self._tail = ""
        self._header: list[str] | None = None

    def records(self) -> Iterator[str]:
        csv.field_size_limit(_LONGEST_FIELD)
        reader = csv.reader(self._feed(), delimiter=self._separator, strict=True)
        number = 1
        while True:
            try:
                for cells in reader:
                    yield self._record(number, cells)
                    number = reader.line_num + 1
            except csv.Error:
                # A row that cannot be taken apart stays as it is, and its remark stands at its end.
                yield self._appended(self._take(), self._remarks.rows.get(number, ""), 0)
                number = reader.line_num + 1
                continue
            yield self._take() + self._tail
            # Behind a DOS end of file there is nothing to be read.
            yield from self._lines
            return

    def _feed(self) -> Iterator[str]:
        for line in self._lines:
            text, mark, tail = line.partition(_CTRL_Z)
            if mark:
                self._tail = mark + tail
            if text:
                self._raw.append(text)
                yield _LINE_END.sub("", text) + "\n"
            if mark:
                return

    def _take(self) -> str:
        raw = "".join(self._raw)
        self._raw.clear()
        return raw

    def _record(self, number: int, cells: list[str]) -> str:
        raw, remark = self._take(), self._remarks.rows.get(number, "")
        if self._header is None:
            is_header = number == self._remarks.header_row or (
                self._remarks.header_row is None and number > self._skipped and any(map(str.strip, cells))
            )
            if not is_header:
                return self._appended(raw, remark, 0) if remark else raw
            self._header = cells
            remark = self._remarks.header_of(number)
        elif not cells:
            return raw
        elif cells == self._header:
            remark = self._remarks.header_of(number)
        if is_own_header(self._header[-1]) and len(cells) == len(self._header):
            return self._rewritten(raw, [*cells[:-1], remark])
        missing = max(0, len(self._header) - len(cells))
        if any(cell.startswith(FORMULA_STARTS) and guard_returned_cell(cell) != cell for cell in cells):
            return self._rewritten(raw, [*cells, *[""] * missing, remark])
        return self._appended(raw, remark, missing)

    def _appended(self, raw: str, remark: str, missing: int) -> str:
        end = _LINE_END.search(raw)
        place = end.start() if end else len(raw)
        return f"{raw[:place]}{self._separator * (missing + 1)}{self._quoted(remark)}{raw[place:]}"

    def _rewritten(self, raw: str, cells: list[str]) -> str:
        end = _LINE_END.search(raw)
        text = io.StringIO()
        guarded = [guard_returned_cell(cell) for cell in cells[:-1]]
        csv.writer(text, delimiter=self._separator, lineterminator="").writerow(
            [*guarded, self._written(cells[-1])]
        )
        return text.getvalue() + (end[0] if end else "")

    def _quoted(self, remark: str) -> str:
        text = self._written(remark)
        if not {self._separator, '"', "\n", "\r"}.isdisjoint(text):
            return '"' + text.replace('"', '""') + '"'
        return text

    def _written(self, remark: str) -> str:
        """The remark in letters that the file's encoding has."""
        if self._codec.startswith("utf") or remark.isascii():
            return remark
        try:
            remark.encode(self._codec)
        except UnicodeEncodeError:
            return remark.translate(_PLAIN).encode(self._codec, "replace").decode(self._codec)
        return remark
