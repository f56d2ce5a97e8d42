"""CSV, TXT and TSV: any encoding of Polish texts, separated by ; , tab or |. Constant memory.

Row numbers are physical lines: a record with line breaks in quotes is named by the line it starts in.
"""

import codecs
import csv
import io
import itertools
import re
from collections.abc import Iterator
from functools import partial
from typing import IO, cast

from workers.formats.csv_columns import may_have_long_line, split_columns
from workers.formats.encodings import check_codec, detect_codec, encoding_of, settled_codec, unicode_codec
from workers.formats.signatures import known_otherwise
from workers.formats.source import ColumnBlock, Limits, RowFault, Rows, Source, Table, UnreadableFileError
from workers.reading_options import TableOptions
from workers.values.fault import Cell

SEPARATORS = (";", ",", "\t", "|")
_BLOCK = 256 * 1024
_LONGEST_LINE = 1024 * 1024
_LONGEST_FIELD = 64 * 1024
_SAMPLE_LINES = 20
_LONGEST_SAMPLE = 8192
_CTRL_Z = "\x1a"
_PADDING = _CTRL_Z + "\0 \t\r\n"
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f]")


class CsvText:
    """The format of nearly every accounting program's export."""

    name = "csv"
    label = "CSV"

    def recognises(self, source: Source, head: bytes) -> bool:  # noqa: ARG002  the name says nothing
        """Any text that is not known to be something else; only UTF-16 has zero bytes."""
        codec = unicode_codec(head)
        if codec is not None and codec != "utf-8-sig":
            return not known_otherwise(head.decode(codec, "replace").encode())
        head = head.partition(_CTRL_Z.encode())[0]
        is_text = b"\0" not in head and len(_CONTROLS.findall(head)) * 50 <= len(head)
        return is_text and not known_otherwise(head)

    def tables(self, source: Source, limits: Limits, options: TableOptions) -> Iterator[Table]:  # noqa: ARG002
        """The one table of a text file; what `options` settle is not detected."""
        if options.encoding:
            codec = settled_codec(options.encoding, source.head())
            check_codec(source, codec, options.encoding)
        else:
            codec = detect_codec(source)
        separator, declared_lines = detect_separator(_sample(source, codec))
        separator = options.separator or separator
        lines = _Lines(source, codec)
        table = Table(
            "", iter(()), lambda: lines.position, encoding_of(codec), separator, file_format=self.name
        )
        table.rows = _records(lines, separator, declared_lines, table.faults)
        table.blocks = partial(_hand_over, lines, separator, table.faults)
        try:
            yield table
        finally:
            lines.close()


def detect_separator(sample: list[str]) -> tuple[str, int]:
    """The character that splits most sampled rows into the same number of fields.

    Returns it with the number of leading lines to skip: 1 where a spreadsheet wrote `sep=;` there.
    """
    if sample and sample[0].lower().startswith("sep=") and len(sample[0].strip("\r\n")) == len("sep=;"):
        return sample[0][4], 1
    return max(SEPARATORS, key=lambda separator: _regularity(sample, separator)), 0


def _regularity(sample: list[str], separator: str) -> int:
    lengths = [len(row) for row in csv.reader(sample, delimiter=separator) if any(row)]
    if not lengths:
        return 0
    usual = max(set(lengths), key=lambda length: (lengths.count(length), length))
    return (usual - 1) * lengths.count(usual)


def _sample(source: Source, codec: str) -> list[str]:
    decoder = codecs.getincrementaldecoder(codec)("strict")
    with source.open() as stream:
        try:
            text = decoder.decode(stream.read(_BLOCK))
        except UnicodeDecodeError as error:
            raise _undecodable() from error
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    # The last line may be cut by the end of the block.
    whole = lines[:-1] if len(lines) > 1 else lines
    return [line[:_LONGEST_SAMPLE] + "\n" for line in whole if line.strip()][:_SAMPLE_LINES]


def _undecodable() -> UnreadableFileError:
    return UnreadableFileError(
        "unknown_encoding",
        "Plik jest uszkodzony: nie da się go odczytać jako tekst. Wyeksportuj go jeszcze raz.",
    )


class _Lines:
    """Lines of a file, read block by block; knows how far it has got and the line it gave last."""

    def __init__(self, source: Source, codec: str) -> None:
        self._stream: IO[bytes] = source.open()
        self._decoder = codecs.getincrementaldecoder(codec)("strict")
        self._left = self._blocks()
        self.position = 0
        self.last = ""
        self.is_finished = False
        # Whoever reads row by row stops at the end of a block, before this row: the rest is read by columns.
        self.is_handed_over = False
        self.next_row = 1

    def close(self) -> None:
        self._stream.close()

    def unquoted(self) -> Iterator[str]:
        """Blocks of lines without the last one's end, as long as it takes no reader of CSV to take them apart."""
        for block in self._left:
            if '"' in block or may_have_long_line(block, _LONGEST_FIELD):
                self._left = itertools.chain((block,), self._left)
                return
            yield block.removesuffix("\n")
        self.is_finished = True

    def __iter__(self) -> Iterator[str]:
        for block in self._left:
            for line in io.StringIO(block, newline="\n"):
                self.last = line
                yield line
        self.is_finished = True

    def _blocks(self) -> Iterator[str]:
        rest = ""
        for text in self._texts():
            block = rest + text
            end = block.rfind("\n") + 1
            rest = block[end:]
            if len(rest) > _LONGEST_LINE:
                raise UnreadableFileError(
                    "line_too_long",
                    "Plik ma wiersz dłuższy niż milion znaków. To zapewne nie tabela: wyeksportuj dane jako CSV.",
                )
            if end:
                yield block[:end]
        if rest:
            yield rest

    def _texts(self) -> Iterator[str]:
        r"""Decoded blocks with \n as the only line end; a CR may be the half of a CRLF that a block cut."""
        held = ""
        while True:
            raw = self._stream.read(_BLOCK)
            self.position += len(raw)
            try:
                text = held + self._decoder.decode(raw, final=not raw)
            except UnicodeDecodeError as error:
                raise _undecodable() from error
            held = "\r" if raw and text.endswith("\r") else ""
            if held:
                text = text[:-1]
            if "\r" in text:
                text = text.replace("\r\n", "\n").replace("\r", "\n")
            if _CTRL_Z in text and not text[text.index(_CTRL_Z) :].strip(_PADDING):
                # DOS programs end a text with Ctrl-Z; what follows it is padding.
                yield text[: text.index(_CTRL_Z)]
                self._expect_padding()
                return
            yield text
            if not raw:
                return

    def _expect_padding(self) -> None:
        while raw := self._stream.read(_BLOCK):
            self.position += len(raw)
            if raw.strip(_PADDING.encode()):
                raise UnreadableFileError(
                    "control_z", "Plik ma w środku znak końca (Ctrl-Z), a za nim dalsze dane."
                )


def _records(lines: _Lines, separator: str, skip: int, faults: list[RowFault]) -> Rows:
    start = 1
    for block in lines.unquoted():
        # Splitting takes half the time of a reader of CSV, and most files have no quote in them.
        for start, line in enumerate(block.split("\n"), start):  # noqa: B020  the number goes on from block to block
            if line and start > skip:
                yield start, cast("list[Cell]", line.split(separator))
        start += 1
        lines.next_row = start
        if lines.is_handed_over:
            return
    if not lines.is_finished:
        yield from _quoted_records(lines, separator, (start, skip), faults)


def _hand_over(lines: _Lines, separator: str, faults: list[RowFault]) -> Iterator[ColumnBlock | Rows]:
    """Ends the reading row by row at the next block; what comes after it, by columns where that can be done."""
    lines.is_handed_over = True
    return _blocks(lines, separator, faults)


def _blocks(lines: _Lines, separator: str, faults: list[RowFault]) -> Iterator[ColumnBlock | Rows]:
    for block in lines.unquoted():
        start = lines.next_row
        columns = split_columns(block, separator)
        lines.next_row += block.count("\n") + 1
        if columns is None:
            rows = enumerate(block.split("\n"), start)
            yield ((number, cast("list[Cell]", line.split(separator))) for number, line in rows if line)
        else:
            yield ColumnBlock(start, columns)
    if not lines.is_finished:
        yield _quoted_records(lines, separator, (lines.next_row, 0), faults)


def _quoted_records(lines: _Lines, separator: str, place: tuple[int, int], faults: list[RowFault]) -> Rows:
    """The records from line `start` on, but for lines down to `skip`."""
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(iter(lines), delimiter=separator, strict=True)
    start, skip = place
    before = start - 1
    while True:
        try:
            for cells in reader:
                if start > skip and cells:
                    yield start, cast("list[Cell]", cells)
                start = before + reader.line_num + 1
        except csv.Error as error:
            if lines.is_finished or "field larger" in str(error):
                raise _unclosed(start) from error
            lenient = _reread(lines.last, separator) if before + reader.line_num == start else None
            if lenient is None:
                faults.append(RowFault(start, "bad_quotes", "Cudzysłów w tym wierszu jest źle zamknięty."))
            else:
                yield start, lenient
            start = before + reader.line_num + 1
            continue
        return


def _unclosed(row: int) -> UnreadableFileError:
    return UnreadableFileError(
        "unclosed_quote",
        f"Cudzysłów otwarty w wierszu {row} nie jest zamknięty. Popraw go albo wyeksportuj dane jeszcze raz.",
        row,
    )


def _reread(line: str, separator: str) -> list[Cell] | None:
    """The cells of one line with stray quotes in it ("Dom" Sp. z o.o.), or None where it stays unclear."""
    cells = next(csv.reader([line], delimiter=separator), [])
    return None if any("\n" in cell for cell in cells) else cast("list[Cell]", cells)
