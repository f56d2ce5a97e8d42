"""ZIP archives: packages, their names, and what must not be unpacked."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from tests.workers.readings import read_bytes
from tests.workers.workbooks import sheet_xml, workbook_bytes, zip_bytes
from workers.formats.source import Limits

BALANCES = b"Kod lokalu;Fundusz;Saldo;Stan na\n1;FR;-5,00;31.10.2026\n"
POSTINGS = b"Kod lokalu;Konto;Data;Dokument;Wn;Ma\n1;204-2;31.10.2026;WB 1;0;5,00\n"


def test_files_of_an_archive_are_named_with_it(tmp_path: Path) -> None:
    rows = [["Kod lokalu", "Fundusz", "Saldo", "Stan na"], ["2", "FR", "x", "31.10.2026"]]
    workbook = workbook_bytes({"Salda": sheet_xml(rows)})

    reading = read_bytes(tmp_path, "paczka.zip", zip_bytes({"a/salda.csv": BALANCES, "b.xlsx": workbook}))

    assert [(p.file_name, p.sheet, p.sheet_name, p.row) for p in reading.problems] == [
        ("paczka.zip/b.xlsx", "b.xlsx/Salda", "Salda", 2)
    ]
    assert [(t.file_name, t.sheet) for t in reading.tables] == [
        ("paczka.zip/a/salda.csv", "a/salda.csv"),
        ("paczka.zip/b.xlsx", "b.xlsx/Salda"),
    ]


def test_progress_of_an_archive_reaches_its_end(tmp_path: Path) -> None:
    reading = read_bytes(tmp_path, "paczka.zip", zip_bytes({"salda.csv": BALANCES, "obroty.csv": POSTINGS}))

    assert {progress.of for progress in reading.progress} == {len(BALANCES) + len(POSTINGS)}


def test_a_bad_file_in_an_archive_does_not_hide_the_others(tmp_path: Path) -> None:
    package = zip_bytes({"zly.csv": b"\0\1\2", "salda.csv": BALANCES, "pusty.csv": b""})

    reading = read_bytes(tmp_path, "paczka.zip", package)

    assert [(p.file_name, p.code) for p in reading.problems] == [
        ("paczka.zip/zly.csv", "unknown_format"),
        ("paczka.zip/pusty.csv", "empty_file"),
    ]
    assert len(reading.rows["balances"]) == 1


@pytest.mark.parametrize("encoding", ["cp852", "utf-8"])
def test_polish_names_of_old_archives(tmp_path: Path, encoding: str) -> None:
    raw = "należności.csv".encode(encoding)
    placeholder = "x" * len(raw)
    package = zip_bytes({placeholder: BALANCES}).replace(placeholder.encode(), raw)

    reading = read_bytes(tmp_path, "paczka.zip", package)

    assert [table.file_name for table in reading.tables] == ["paczka.zip/należności.csv"]


def test_clutter_of_systems_is_passed_over(tmp_path: Path) -> None:
    package = zip_bytes(
        {"__MACOSX/._salda.csv": b"\0", "x/.DS_Store": b"\0", "salda.csv": BALANCES, "x/": b""}
    )

    reading = read_bytes(tmp_path, "paczka.zip", package)

    assert reading.problems == []
    assert len(reading.rows["balances"]) == 1


@pytest.mark.parametrize("name", ["../salda.csv", "/etc/salda.csv", "C:/salda.csv", "a/../../salda.csv"])
def test_a_path_out_of_the_archive_is_refused(tmp_path: Path, name: str) -> None:
    reading = read_bytes(tmp_path, "paczka.zip", zip_bytes({name: BALANCES}))

    assert reading.codes == {"path_escape": 1}


def test_an_archive_in_an_archive_is_refused(tmp_path: Path) -> None:
    package = zip_bytes({"wewnatrz.zip": zip_bytes({"salda.csv": BALANCES}), "salda.csv": BALANCES})

    reading = read_bytes(tmp_path, "paczka.zip", package)

    assert reading.codes == {"nested_archive": 1}
    assert len(reading.rows["balances"]) == 1


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name_are_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("salda.csv", BALANCES)
        archive.writestr("salda.csv", POSTINGS)

    reading = read_bytes(tmp_path, "paczka.zip", buffer.getvalue())

    assert reading.codes == {"repeated_name": 1}
    assert list(reading.rows) == ["balances"]


@pytest.mark.parametrize("name", ["", "."])
def test_an_entry_without_a_name_is_refused(tmp_path: Path, name: str) -> None:
    buffer = io.BytesIO()
    entry = zipfile.ZipInfo("x")
    entry.filename = name
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(entry, BALANCES)

    reading = read_bytes(tmp_path, "paczka.zip", buffer.getvalue())

    assert reading.codes == {"path_escape": 1}


def test_too_many_entries_are_refused(tmp_path: Path) -> None:
    package = zip_bytes({f"{number}.csv": BALANCES for number in range(101)})

    reading = read_bytes(tmp_path, "paczka.zip", package)

    assert [p.reason for p in reading.problems] == ["Archiwum może mieć najwyżej 100 plików, a ma ich 101."]


def test_an_archive_that_unpacks_too_far_is_refused(tmp_path: Path) -> None:
    package = zip_bytes({"a.csv": b"0" * 9_000_000})

    assert read_bytes(tmp_path, "a.zip", package).codes == {"suspicious_compression": 1}
    assert read_bytes(tmp_path, "a.zip", package, Limits(unpacked_bytes=10)).codes == {
        "too_large_unpacked": 1
    }


def test_an_empty_archive_says_so(tmp_path: Path) -> None:
    reading = read_bytes(tmp_path, "paczka.zip", zip_bytes({}))

    assert reading.codes == {"empty_archive": 1}


def test_an_encrypted_archive_says_so(tmp_path: Path) -> None:
    package = bytearray(zip_bytes({"salda.csv": BALANCES}))
    directory = package.index(b"PK\x01\x02")
    for flags in (6, directory + 8):
        package[flags : flags + 2] = struct.pack("<H", 1)

    reading = read_bytes(tmp_path, "paczka.zip", bytes(package))

    assert reading.codes == {"encrypted": 1}


def test_damage_inside_an_entry_is_found(tmp_path: Path) -> None:
    rows = b"".join(b"%d;FR;-5,00;31.10.2026\n" % number for number in range(1, 20_000))
    package = bytearray(zip_bytes({"salda.csv": BALANCES + rows, "obroty.csv": POSTINGS}))
    package[package.index(b"PK\x03\x04", 4) // 2] ^= 0xFF

    reading = read_bytes(tmp_path, "paczka.zip", bytes(package))

    assert reading.codes["damaged"] == 1
    assert len(reading.rows["postings"]) == 1


def test_a_document_that_is_a_zip_is_no_package(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<x/>")

    reading = read_bytes(tmp_path, "plik.odt", buffer.getvalue())

    assert reading.codes == {"unsupported_format": 1}


README = (
    "Eksport z programu księgowego\r\n\r\nPaczka zawiera salda lokali na koniec miesiąca, z odsetkami.\r\n"
    "W razie pytań prosimy o kontakt z działem wsparcia, od 8 do 16, w dni robocze.\r\n"
).encode("cp1250")


def test_a_text_without_a_table_is_left_out_with_a_notice_beside_tables(tmp_path: Path) -> None:
    reading = read_bytes(tmp_path, "paczka.zip", zip_bytes({"czytaj.txt": README, "salda.csv": BALANCES}))

    assert [(p.severity, p.code, p.file_name) for p in reading.problems] == [
        ("warning", "text_left_out", "paczka.zip/czytaj.txt")
    ]
    assert len(reading.rows["balances"]) == 1


def test_an_archive_of_texts_alone_is_refused(tmp_path: Path) -> None:
    reading = read_bytes(tmp_path, "paczka.zip", zip_bytes({"czytaj.txt": README}))

    assert [(p.severity, p.code) for p in reading.problems] == [("error", "unknown_dataset")]


@pytest.mark.parametrize(
    "text",
    [
        "Ala ma kota;Ola ma psa\n1;2\n",
        "Ala ma kota\tOla ma psa\n1\t2\n",
        "Ala ma kota,Ola ma psa\njeden dwa trzy,2\njeden dwa cztery,3\n",
        "Numer naszego lokalu   Kwota do zapłaty\n1 lokal mieszkalny   100,00\n",
        "Kod\n0401-001\n0401-002\n",
        "zdanie o trzech słowach\n" * 4000,
    ],
)
def test_what_may_be_a_table_is_never_left_out_by_itself(tmp_path: Path, text: str) -> None:
    package = zip_bytes({"inne.txt": text.encode(), "salda.csv": BALANCES})

    reading = read_bytes(tmp_path, "paczka.zip", package)

    assert [(p.severity, p.file_name) for p in reading.problems] == [("error", "paczka.zip/inne.txt")]


def test_a_text_that_is_left_out_holds_no_pesel_either(tmp_path: Path) -> None:
    text = README + "Kontakt w sprawie osoby 44051401359 pod telefonem".encode("cp1250")

    reading = read_bytes(tmp_path, "paczka.zip", zip_bytes({"czytaj.txt": text, "salda.csv": BALANCES}))

    assert sorted(reading.codes) == ["pesel", "text_left_out"]
