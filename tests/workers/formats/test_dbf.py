"""DBF tables: types, encodings, deleted records, and headers that do not tell the truth."""

import struct
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import dbfread
import pytest

from tests.workers.formats.writers import dbf_bytes, read_tables, source_of
from tests.workers.readings import read_bytes
from workers.formats import detect_format
from workers.formats.source import Limits, UnreadableFileError
from workers.reading_options import TableOptions
from workers.values.fault import Cell

TEXT = ("OPIS", "C", 30, 0)


def rows_of(content: bytes, options: TableOptions | None = None) -> list[list[Cell]]:
    return [cells for _, cells in read_tables("plik.dbf", content, options)[""]]


def test_a_ledger_of_dos_is_imported(tmp_path: Path) -> None:
    fields = [
        ("LOKAL", "C", 10, 0),
        ("KONTO", "C", 10, 0),
        ("DATA", "D", 8, 0),
        ("DOKUMENT", "C", 20, 0),
        TEXT,
        ("WN", "N", 12, 2),
        ("MA", "N", 12, 2),
    ]
    record = [
        b"0401-001",
        b"204-1",
        b"20261110",
        b"WB 29/2026",
        "Wpłata za śmieci".encode("cp852"),
        b"0.00",
        b"743.28",
    ]

    reading = read_bytes(tmp_path, "obroty.dbf", dbf_bytes(fields, [record], language=0x64))

    assert reading.problems == []
    assert (reading.tables[0].encoding, reading.tables[0].header_row) == ("cp852", 1)
    row = reading.rows["postings"][0]
    assert (row["premises_code"], row["posted_on"], row["description"], row["credit"], row["line_no"]) == (
        "0401-001",
        "2026-11-10",
        "Wpłata za śmieci",
        "743.28",
        "2",
    )


@pytest.mark.parametrize(
    ("kind", "length", "raw", "cell"),
    [
        ("C", 10, b"a b", "a b"),
        ("C", 10, b"", ""),
        ("C", 10, b"x\0\0", "x"),
        ("C", 300, b"y" * 300, "y" * 300),
        ("N", 12, b"1234.50", Decimal("1234.50")),
        ("N", 12, b"-.5", Decimal("-0.5")),
        ("N", 12, b"12,5", Decimal("12.5")),
        ("N", 20, b"12345678901234.56", Decimal("12345678901234.56")),
        ("N", 12, b"0042", 42),
        ("N", 12, b"", None),
        ("N", 5, b"*****", "*****"),
        ("N", 5, b"1-2", "1-2"),
        ("F", 12, b"-1.25", Decimal("-1.25")),
        ("D", 8, b"20260229", "20260229"),
        ("D", 8, b"20261110", date(2026, 11, 10)),
        ("D", 8, b"00000000", None),
        ("D", 8, b"", None),
        ("L", 1, b"T", "PRAWDA"),
        ("L", 1, b"n", "FAŁSZ"),
        ("L", 1, b"?", None),
        ("I", 4, struct.pack("<i", -7), -7),
        ("Y", 8, struct.pack("<q", 12345600), Decimal("1234.5600")),
        ("T", 8, struct.pack("<LL", 2461355, 3_600_000), datetime(2026, 11, 10, 1)),  # noqa: DTZ001
        ("T", 8, b"\0" * 8, None),
        ("M", 10, b"        12", None),
    ],
)
def test_fields_become_cells(kind: str, length: int, raw: bytes, cell: Cell) -> None:
    content = dbf_bytes([("X", kind, length, 2), ("Y", "C", 1, 0)], [[raw, b"y"]])

    assert rows_of(content) == [["X", "Y"], [cell, "y"]]


def test_another_reader_reads_the_same(tmp_path: Path) -> None:
    fields = [("NAZWA", "C", 20, 0), ("KWOTA", "N", 10, 2), ("DATA", "D", 8, 0), ("TAK", "L", 1, 0)]
    records = [["Żółw".encode("cp852"), b"1.5", b"20261110", b"T"], [b"x", b"", b"", b"F"]]
    path = tmp_path / "x.dbf"
    path.write_bytes(dbf_bytes(fields, records, language=0x64, deleted=[1]))

    others = [list(record.values()) for record in dbfread.DBF(path)]

    assert others == [["Żółw", 1.5, date(2026, 11, 10), True]]
    assert rows_of(path.read_bytes())[1:] == [["Żółw", Decimal("1.5"), date(2026, 11, 10), "PRAWDA"]]


def test_deleted_records_are_passed_over_as_a_spreadsheet_does() -> None:
    content = dbf_bytes([TEXT], [[b"a"], [b"b"], [b"c"]], deleted=[1])

    assert read_tables("x.dbf", content)[""] == [(1, ["OPIS"]), (2, ["a"]), (3, ["c"])]


@pytest.mark.parametrize(
    ("language", "encoding"),
    [(0x23, "cp852"), (0x64, "cp852"), (0xC8, "cp1250"), (0x69, "mazovia"), (0, "iso8859-2"), (3, "mazovia")],
)
def test_the_language_byte_or_the_words_tell_the_encoding(language: int, encoding: str) -> None:
    records = [["Należność za śmieci".encode(encoding)], ["gąska, źródło".encode(encoding)]]

    assert rows_of(dbf_bytes([TEXT], records, language=language))[1:] == [
        ["Należność za śmieci"],
        ["gąska, źródło"],
    ]


def test_options_settle_the_encoding() -> None:
    content = dbf_bytes([TEXT], [["śruba".encode("mazovia")]], language=0xC8)

    assert rows_of(content, TableOptions(encoding="mazovia")) == [["OPIS"], ["śruba"]]


def test_a_language_byte_that_lies_is_refused_and_not_guessed_over() -> None:
    content = dbf_bytes([TEXT], [[b"a"], ["śruba".encode("cp852")]], language=0xC8)

    with pytest.raises(UnreadableFileError) as caught:
        rows_of(content)

    assert (caught.value.code, caught.value.row) == ("wrong_encoding", 3)


def test_numbers_that_did_not_fit_are_not_taken_for_nothing(tmp_path: Path) -> None:
    fields = [("LOKAL", "C", 10, 0), ("FUNDUSZ", "C", 5, 0), ("SALDO", "N", 8, 2), ("STAN_NA", "D", 8, 0)]
    content = dbf_bytes(fields, [[b"1", b"FR", b"********", b"20261031"]])

    reading = read_bytes(tmp_path, "salda.dbf", content)

    assert [(p.severity, p.row, p.column, p.value) for p in reading.problems] == [
        ("error", 2, "SALDO", "********")
    ]


def records_are(count: int, content: bytes) -> bytes:
    return content[:4] + struct.pack("<L", count) + content[8:]


PLAIN = dbf_bytes([TEXT], [[b"a"], [b"b"]])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (PLAIN[:-20], "truncated"),
        (records_are(3, PLAIN), "truncated"),
        (records_are(2**32 - 1, PLAIN), "truncated"),
        (records_are(1, PLAIN), "more_records"),
        (PLAIN[:40], "damaged"),
        (PLAIN[:8] + struct.pack("<H", 64) + PLAIN[10:], "damaged"),
        (PLAIN[:10] + struct.pack("<H", 30) + PLAIN[12:], "damaged"),
        (PLAIN[:43] + b"I" + PLAIN[44:], "damaged"),
        (PLAIN[:65] + b"x" + PLAIN[66:], "damaged"),
    ],
)
def test_a_header_that_lies_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        rows_of(content)

    assert caught.value.code == code


def test_padding_behind_the_records_is_no_record() -> None:
    assert rows_of(PLAIN + b"\0" * 100) == rows_of(PLAIN)
    assert rows_of(PLAIN[:-1]) == rows_of(PLAIN)


def test_texts_that_begin_like_a_table_are_texts() -> None:
    source = source_of("x.csv", b"0401;1;2\n" * 40)

    assert detect_format(source).name == "csv"
    assert detect_format(source_of("plik.bin", PLAIN)).name == "dbf"


def test_positions_end_with_the_file() -> None:
    source = source_of("x.dbf", PLAIN)
    tables = detect_format(source).tables(source, Limits(), TableOptions())

    for table in tables:
        rows = list(table.rows)
        position = table.position()

    assert (len(rows), position) == (3, len(PLAIN))
