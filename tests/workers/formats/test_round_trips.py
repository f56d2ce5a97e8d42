"""Any table of valid values, written in any dialect, comes back equal; any bytes at all give a verdict."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.workers.formats.corpus import HEADERS, ROWS, written
from tests.workers.formats.writers import (
    NumberedRows,
    Value,
    dbf_table,
    ods_table,
    read_tables,
    source_of,
    xls_table,
    xlsx_table,
    xml_table,
)
from workers.formats import detect_archive, detect_format
from workers.formats.source import MIB, Limits, UnreadableFileError
from workers.formats.zip_directory import DAMAGE
from workers.reading_options import Encoding, TableOptions
from workers.values.fault import Cell

ENCODINGS: list[Encoding] = [encoding for encoding in get_args(Encoding) if encoding]
POLISH = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"
ASCII = "".join(map(chr, range(33, 127)))
COLUMNS = ("Kod", "Nazwa", "Kwota", "Data")
Row = tuple[str, str, Decimal | None, date | None]


def words(letters: str) -> st.SearchStrategy[str]:
    """Texts of words, a space between them."""
    return st.lists(st.text(letters, min_size=1, max_size=12), max_size=3).map(" ".join)


def tables(letters: str) -> st.SearchStrategy[list[Row]]:
    """Rows of two texts, an amount and a date; the first row is whole, so that every column has its type."""
    amounts = st.decimals(-(10**9), 10**9, places=2, allow_nan=False, allow_infinity=False)
    days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
    codes = st.text("0123456789-/", min_size=1, max_size=10)
    row = st.tuples(codes, words(letters), st.none() | amounts, st.none() | days)
    whole = st.tuples(codes, words(letters), amounts, days)
    return st.builds(lambda first, others: [first, *others], whole, st.lists(row, max_size=8))


def as_texts(rows: Sequence[Row]) -> list[list[str]]:
    """The table as a format of texts gives it back."""
    return [["" if value is None else str(value) for value in row] for row in rows]


def as_values(cells: Sequence[Cell], width: int) -> list[Any]:
    """Cells without regard to how a format holds an empty cell, a number or a day."""
    plain = [_as_value(cell) for cell in cells]
    return plain + [None] * (width - len(plain))


def _as_value(cell: Cell | Value) -> Any:
    if isinstance(cell, float | int | Decimal):
        return Decimal(str(cell)).quantize(Decimal("0.01"))
    return None if cell == "" else cell


def table_of(name: str, content: bytes, options: TableOptions | None = None) -> NumberedRows:
    """The one table of a file."""
    (rows,) = read_tables(name, content, options).values()
    return rows


Quoting = Literal[0, 1]


@given(
    rows=tables(ASCII + POLISH + "\n"),
    encoding=st.sampled_from(ENCODINGS),
    separator=st.sampled_from(";,\t|"),
    quoting=st.sampled_from(get_args(Quoting)),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
)
@settings(max_examples=150, deadline=None)
def test_csv(rows: list[Row], encoding: Encoding, separator: str, quoting: Quoting, line_end: str) -> None:
    buffer = io.StringIO()
    # With rows that end in CR the writer puts no quotes around a text with LF: two lines, for any reader.
    quoted = csv.QUOTE_ALL if line_end == "\r" else quoting
    writer = csv.writer(buffer, delimiter=separator, quoting=quoted, lineterminator=line_end)
    writer.writerows([COLUMNS, *as_texts(rows)])

    found = table_of(
        "x.csv", buffer.getvalue().encode(encoding), TableOptions(encoding=encoding, separator=separator)
    )

    assert [cells for _, cells in found] == [list(COLUMNS), *as_texts(rows)]


VOCABULARY = (
    """Wpłata należność śmieci źródło gąska dźwig ŁÓDŹ Żółkiewska ćwierć księgowania miesiąc końcowe"""
)
SENTENCES = st.lists(st.sampled_from(VOCABULARY.split()), min_size=4, max_size=12).map(" ".join)


@given(
    texts=st.lists(SENTENCES, min_size=5, max_size=20),
    encoding=st.sampled_from(ENCODINGS),
    separator=st.sampled_from(";,\t|"),
    has_mark=st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_encoding_and_separator_of_a_polish_text_are_detected(
    texts: list[str], encoding: str, separator: str, has_mark: bool
) -> None:
    lines = [
        separator.join(["Kod", "Opis", "Kwota"]),
        *(f"1{separator}{text}{separator}5.00" for text in texts),
    ]
    content = "\n".join(lines)
    codec = {"utf-8": "utf-8-sig", "utf-16": "utf-16"}.get(encoding, encoding) if has_mark else encoding
    codec = "utf-16-le" if codec == "utf-16" and not has_mark else codec

    found = table_of("x.csv", content.encode(codec))

    assert [cells for _, cells in found][1:] == [["1", text, "5.00"] for text in texts]


@given(rows=tables(ASCII + POLISH), language=st.sampled_from([0x23, 0x64, 0xC8, 0x69]))
@settings(max_examples=80, deadline=None)
def test_dbf(rows: list[Row], language: int) -> None:
    encoding = {0xC8: "cp1250", 0x69: "mazovia"}.get(language, "cp852")

    found = table_of("x.dbf", dbf_table(COLUMNS, rows, encoding, language))

    assert [as_values(cells, 4) for _, cells in found] == [
        list(COLUMNS),
        *(as_values(row, 4) for row in rows),
    ]


@given(rows=tables(ASCII + POLISH), encoding=st.sampled_from(ENCODINGS), as_attributes=st.booleans())
@settings(max_examples=80, deadline=None)
def test_xml(rows: list[Row], encoding: str, as_attributes: bool) -> None:
    found = table_of("x.xml", xml_table(COLUMNS, rows, encoding, as_attributes=as_attributes))

    assert found[0] == (1, list(COLUMNS))
    assert as_texts([tuple(cells) for _, cells in found[1:]]) == as_texts(rows)  # type: ignore[misc]


WORKBOOKS: dict[str, Callable[[Sequence[str], Sequence[Sequence[Value]]], bytes]] = {
    "xlsx": xlsx_table,
    "xls": xls_table,
    "ods": ods_table,
}


@given(rows=tables(ASCII + POLISH), extension=st.sampled_from(sorted(WORKBOOKS)))
@settings(max_examples=60, deadline=None)
def test_workbooks(rows: list[Row], extension: str) -> None:
    found = dict(table_of(f"x.{extension}", WORKBOOKS[extension](COLUMNS, rows)))

    for number, row in enumerate([COLUMNS, *rows], start=1):
        assert as_values(found.get(number, []), 4) == as_values(row, 4)


GOOD = written(HEADERS, ROWS)
NAMES = st.sampled_from([f"plik.{extension}" for extension in (*GOOD, "txt", "zip", "")])


@st.composite
def spoilt(draw: st.DrawFn, extensions: Sequence[str]) -> tuple[str, bytes]:
    """A file of one of the formats with bytes changed, inserted or cut."""
    extension = draw(st.sampled_from(extensions))
    content = bytearray(GOOD[extension])
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(content) - 1))
        content[at : at + draw(st.integers(0, 3))] = draw(st.binary(max_size=4))
    cut = draw(st.none() | st.integers(1, len(content)))
    return f"plik.{extension}", bytes(content[:cut])


def verdict(name: str, content: bytes) -> str:
    """Reads as the child does: the reason of a refusal, empty where the file was read. Nothing else may come."""
    source = source_of(name, content)
    limits = Limits(unpacked_bytes=20 * MIB)
    try:
        archive = detect_archive(source)
        for member in archive.members(source, limits) if archive else [source]:
            for table in detect_format(member).tables(member, limits, TableOptions()):
                assert all(number > 0 and isinstance(cells, list) for number, cells in table.rows)
    except UnreadableFileError as error:
        return error.reason
    except DAMAGE:
        return "Plik jest uszkodzony."
    return ""


STARTS = st.sampled_from(
    [
        b"",
        b"PK\x03\x04",
        b"\x03\x7e\x0b\x16",
        b"<?xml version='1.0'?><r>",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"a;b\n",
        b'"',
    ]
)


@given(name=NAMES, start=STARTS, rest=st.binary(max_size=400))
@settings(max_examples=300, deadline=None)
def test_any_bytes_get_a_verdict(name: str, start: bytes, rest: bytes) -> None:
    assert verdict(name, start + rest)[-1:] in {"", "."}


@given(spoilt(["csv", "dbf", "xml"]))
@settings(max_examples=200, deadline=None)
def test_spoilt_tables_get_a_verdict(file: tuple[str, bytes]) -> None:
    assert verdict(*file)[-1:] in {"", "."}


@pytest.mark.long
@given(spoilt(["csv", "dbf", "xml"]))
@settings(max_examples=5000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_many_spoilt_tables_get_a_verdict(file: tuple[str, bytes]) -> None:
    assert verdict(*file)[-1:] in {"", "."}
