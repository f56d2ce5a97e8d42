"""Copies of workbooks, tables, XML and archives, made by the child as the portal starts it."""

import datetime as dt
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from tests.workers.workbooks import sheet_xml, workbook_bytes, zip_bytes
from workers.annotated.remarks import COLUMN, RefusedCopyError, Remarks
from workers.annotated.workbook_copy import XLS_ROWS, copy_ods, copy_xls, copy_xlsx
from workers.formats.encodings import EIGHT_BIT
from workers.formats.source import Source, Table

ROOT = Path(__file__).parents[3]
Tables = dict[str, dict[str, Any]]


def annotate(path: Path, name: str, tables: Tables) -> tuple[dict[str, str], bytes]:
    """The child's answer and the copy."""
    target = path.with_suffix(".copy")
    request = {
        "path": str(path),
        "name": name,
        "target": str(target),
        "limits": {"memory_bytes": 1024**3, "cpu_seconds": 20},
        "tables": tables,
    }
    done = subprocess.run(
        [sys.executable, "-m", "workers.annotated"],
        input=json.dumps(request).encode(),
        capture_output=True,
        cwd=ROOT,
        check=True,
    )
    return json.loads(done.stdout), target.read_bytes() if target.is_file() else b""


def saved(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def read_workbook(content: bytes) -> dict[str, list[list[Any]]]:
    with CalamineWorkbook.from_object(io.BytesIO(content)) as book:
        return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def remark(rows: dict[int, str], **others: Any) -> dict[str, Any]:
    return {"rows": {str(number): text for number, text in rows.items()}, **others}


SHEETS = workbook_bytes(
    {
        "Lokale": sheet_xml(
            [
                ["Zestawienie"],
                ["Kod lokalu", "Powierzchnia", "Od"],
                ["007", 48.5, '<c r="{r}" s="1"><v>45351</v></c>'],
                ["=1+1", -3, None],
            ]
        ),
        "Notatki": sheet_xml([["a", "b"], ["c", "d"]]),
    }
)


def test_every_sheet_of_an_xlsx_keeps_its_values_and_types(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.xlsx", SHEETS)

    answer, copy = annotate(path, "a.xlsx", {"Lokale": remark({4: "Błąd: A"}, header_row=2)})

    assert answer == {}
    assert read_workbook(copy) == {
        "Lokale": [
            ["Zestawienie", "", "", ""],
            ["Kod lokalu", "Powierzchnia", "Od", COLUMN],
            ["007", 48.5, dt.date(2024, 2, 29), ""],
            ["=1+1", -3.0, "", "Błąd: A"],
        ],
        "Notatki": [["a", "b", COLUMN], ["c", "d", ""]],
    }
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_a_copy_of_a_copy_has_one_column_of_remarks(tmp_path: Path) -> None:
    tables = {"Lokale": remark({3: "Błąd: A"}, header_row=2)}
    _, once = annotate(saved(tmp_path, "a.xlsx", SHEETS), "a.xlsx", tables)

    _, twice = annotate(
        saved(tmp_path, "b.xlsx", once), "b.xlsx", {"Lokale": remark({4: "Błąd: B"}, header_row=2)}
    )

    assert [row[3:] for row in read_workbook(twice)["Lokale"]] == [[""], [COLUMN], [""], ["Błąd: B"]]


def test_what_is_wrong_with_the_headers_stands_beside_them(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.xlsx", SHEETS)
    own = remark({2: "Błąd: Brakuje kolumny Kwota."}, header_row=2, whole="Błąd: Suma.")

    _, copy = annotate(path, "a.xlsx", {"Lokale": own})

    assert read_workbook(copy)["Lokale"][1][3] == f"{COLUMN} (Błąd: Suma. Błąd: Brakuje kolumny Kwota.)"


@pytest.mark.parametrize("hidden", ["Lokale", "Notatki"])
def test_a_hidden_sheet_stays_hidden(tmp_path: Path, hidden: str) -> None:
    cells = sheet_xml([["Kod lokalu"], ["1"]])
    content = workbook_bytes({"Lokale": cells, "Notatki": cells}, hidden=[hidden])

    _, copy = annotate(saved(tmp_path, "a.xlsx", content), "a.xlsx", {})

    with CalamineWorkbook.from_object(io.BytesIO(copy)) as book:
        found = {sheet.name: sheet.visible for sheet in book.sheets_metadata}
    assert {name for name, visible in found.items() if visible != SheetVisibleEnum.Visible} == {hidden}


@pytest.mark.parametrize("suffix", ["xlsx", "xls"])
def test_sheet_names_that_excel_does_not_take_are_written_as_it_takes_them(
    tmp_path: Path, suffix: str
) -> None:
    long = "Zestawienie obrotów lokali za rok 2026"
    names = [long, f"{long}, ciąg dalszy", "Obroty 1/2", "'cytat'", "OBROTY 1_2"]
    target = tmp_path / f"copy.{suffix}"
    write: Any = copy_xlsx if suffix == "xlsx" else copy_xls

    write(Source(1, f"a.{suffix}", 0, io.BytesIO), iter([table([["x"]], name) for name in names]), {}, target)

    assert list(read_workbook(target.read_bytes())) == [
        "Zestawienie obrotów lokali za r",
        "Zestawienie obrotów lokali (2)",
        "Obroty 1_2",
        "_cytat_",
        "OBROTY 1_2 (2)",
    ]


ROWS: list[list[Any]] = [
    ["Kod lokalu", "Powierzchnia", "Od"],
    ["007", 48.5, dt.date(2024, 2, 29)],
    ["a  <b>\nc", -3, dt.datetime(2024, 2, 29)],  # noqa: DTZ001  spreadsheets know no time zones
]


def table(rows: list[list[Any]], name: str = "Lokale", first: int = 1) -> Table:
    return Table(name, iter(enumerate(rows, start=first)), lambda: 0)


@pytest.mark.parametrize(("write", "suffix"), [(copy_ods, "ods"), (copy_xls, "xls")])
def test_ods_and_xls_keep_values_and_types(tmp_path: Path, write: Any, suffix: str) -> None:
    source = Source(1, f"a.{suffix}", 0, io.BytesIO)
    target = tmp_path / f"copy.{suffix}"

    write(
        source,
        iter([table(ROWS, first=2), table([["x"]], "Puste & <inne>")]),
        {"Lokale": Remarks(rows={4: "Błąd: „ą”"}, header_row=2)},
        target,
    )

    found = read_workbook(target.read_bytes())
    assert [row for row in found["Lokale"] if any(row)] == [
        ["Kod lokalu", "Powierzchnia", "Od", COLUMN],
        ["007", 48.5, dt.date(2024, 2, 29), ""],
        ["a  <b>\nc", -3.0, dt.date(2024, 2, 29), "Błąd: „ą”"],
    ]
    assert found["Puste & <inne>"] == [["x", COLUMN]]


def test_an_xls_copy_of_more_rows_than_it_holds_is_refused(tmp_path: Path) -> None:
    source = Source(1, "a.xls", 0, io.BytesIO)

    with pytest.raises(RefusedCopyError, match="too_many_rows"):
        copy_xls(source, iter([table([["x"]], first=XLS_ROWS + 1)]), {}, tmp_path / "copy.xls")


def dbf_bytes(language: int, codec: str) -> bytes:
    """A table of two fields and three records, the second deleted."""
    fields = b"".join(
        name.ljust(11, b"\0") + kind + bytes(4) + bytes([length, decimals]) + bytes(14)
        for name, kind, length, decimals in ((b"LOKAL", b"C", 8, 0), (b"KWOTA", b"N", 10, 2))
    )
    size = 32 + len(fields) + 1
    header = bytes([3, 126, 11, 22]) + (3).to_bytes(4, "little") + size.to_bytes(2, "little")
    header += (19).to_bytes(2, "little") + bytes(17) + bytes([language]) + bytes(2)
    records = [b" ", b"*", b" "]
    texts = ["0412-034", "usunięty", "żółć"]
    lines = [
        mark + text.encode(codec).ljust(8) + b"     12.50" for mark, text in zip(records, texts, strict=True)
    ]
    return header + fields + b"\r" + b"".join(lines) + b"\x1a"


@pytest.mark.parametrize(("language", "codec"), [(0x64, "cp852"), (0xC8, "cp1250"), (0x69, EIGHT_BIT[-1])])
def test_a_dbf_table_gets_a_field_and_keeps_its_bytes(tmp_path: Path, language: int, codec: str) -> None:
    raw = dbf_bytes(language, codec)

    answer, copy = annotate(
        saved(tmp_path, "a.dbf", raw), "a.dbf", {"": remark({3: "Błąd: zła kwota ąę"}, encoding=codec)}
    )

    assert answer == {}
    assert copy[29] == language
    assert copy[32:96] == raw[32:96]
    assert copy[96:107] == b"UWAGI_PORT\0"
    size, record = int.from_bytes(copy[8:10], "little"), int.from_bytes(copy[10:12], "little")
    assert (size, record, len(copy)) == (129, 273, 129 + 3 * 273 + 1)
    records = [copy[size + n * record : size + (n + 1) * record] for n in range(3)]
    assert [one[:19] for one in records] == [raw[97 + n * 19 : 97 + (n + 1) * 19] for n in range(3)]
    assert [one[19:].decode(codec).strip() for one in records] == ["", "", "Błąd: zła kwota ąę"]


def test_what_concerns_a_whole_dbf_table_stands_beside_its_first_record(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.dbf", dbf_bytes(0xC8, "cp1250"))
    own = remark({1: "Błąd: Brakuje kolumny Konto.", 2: "Błąd: A"}, whole="Ostrzeżenie: Suma.")

    _, copy = annotate(path, "a.dbf", {"": own})

    assert remarks_of_dbf(copy) == ["Ostrzeżenie: Suma.; Błąd: Brakuje kolumny Konto.; Błąd: A", "", ""]


def test_a_dbf_copy_of_a_copy_has_one_field_of_remarks(tmp_path: Path) -> None:
    raw = dbf_bytes(0xC8, "cp1250")
    _, once = annotate(saved(tmp_path, "a.dbf", raw), "a.dbf", {"": remark({2: "Błąd: A"})})

    _, twice = annotate(saved(tmp_path, "b.dbf", once), "b.dbf", {"": remark({3: "Błąd: B"})})

    assert remarks_of_dbf(twice) == ["", "", "Błąd: B"]
    assert len(twice) == len(once)
    assert twice.count(b"UWAGI_PORT") == 1


def remarks_of_dbf(copy: bytes) -> list[str]:
    """The last field of each record, deleted ones too."""
    size, record = int.from_bytes(copy[8:10], "little"), int.from_bytes(copy[10:12], "little")
    records = [copy[size + n * record : size + (n + 1) * record] for n in range(3)]
    return [one[-254:].decode("cp1250").strip() for one in records]


@pytest.mark.parametrize("codec", ["utf-8", "cp1250", "utf-16"])
def test_rows_of_an_xml_file_get_an_attribute_and_nothing_else_changes(tmp_path: Path, codec: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{codec}"?>\n<dane>\n  <lokal kod="1"><adres>Żółta 1</adres></lokal>\n'
        '  <lokal kod="2"/>\n</dane>\n'
    )
    path = saved(tmp_path, "a.xml", text.encode(codec))

    answer, copy = annotate(path, "a.xml", {"": remark({3: 'Błąd: "ą" & <b> – €'}, encoding=codec)})

    assert answer == {}
    quoted = "uwagi-portalu='Błąd: \"ą\" &amp; &lt;b&gt; – €'"
    assert copy.decode(codec) == text.replace('<lokal kod="2"/>', f'<lokal {quoted} kod="2"/>')


def test_an_xml_copy_of_a_copy_writes_its_remarks_anew(tmp_path: Path) -> None:
    text = '<dane><lokal kod="1"/><lokal kod="2"/></dane>'
    _, once = annotate(
        saved(tmp_path, "a.xml", text.encode()), "a.xml", {"": remark({2: "Błąd: A", 3: "Błąd: B"})}
    )

    _, twice = annotate(saved(tmp_path, "b.xml", once), "b.xml", {"": remark({3: "Błąd: C"})})

    assert once.decode() == (
        '<dane><lokal uwagi-portalu="Błąd: A" kod="1"/><lokal uwagi-portalu="Błąd: B" kod="2"/></dane>'
    )
    assert twice.decode() == '<dane><lokal kod="1"/><lokal uwagi-portalu="Błąd: C" kod="2"/></dane>'


def test_an_xml_remark_in_single_quotes_or_behind_other_attributes_is_replaced(tmp_path: Path) -> None:
    text = (
        '<dane><lokal uwagi-portalu=\'Wartość "m?"\' kod="1"/>'
        '<lokal kod="uwagi-portalu=" uwagi-portalu = "Błąd: B"/><lokal uwagi-portalu="C" kod="3"/></dane>'
    )

    _, copy = annotate(saved(tmp_path, "a.xml", text.encode()), "a.xml", {"": remark({2: "Nowa", 3: "Inna"})})

    assert copy.decode() == (
        '<dane><lokal uwagi-portalu="Nowa" kod="1"/>'
        '<lokal kod="uwagi-portalu=" uwagi-portalu="Inna"/><lokal kod="3"/></dane>'
    )


def test_every_file_of_an_archive_is_copied_under_its_name(tmp_path: Path) -> None:
    path = saved(
        tmp_path,
        "a.zip",
        zip_bytes(
            {"osoby/a.csv": b"Kod;Nr\n1;2\n", "b.xlsx": SHEETS, "obraz.png": b"\x89PNG\r\n\x1a\n" + bytes(99)}
        ),
    )

    answer, copy = annotate(
        path,
        "a.zip",
        {
            "osoby/a.csv": remark({2: "Błąd: A"}, header_row=1),
            "b.xlsx/Lokale": remark({3: "Błąd: B"}, header_row=2),
        },
    )

    assert answer == {}
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        assert sorted(archive.namelist()) == ["b.xlsx", "obraz.png", "osoby/a.csv"]
        assert archive.read("osoby/a.csv").decode() == f"Kod;Nr;{COLUMN}\n1;2;Błąd: A\n"
        assert read_workbook(archive.read("b.xlsx"))["Lokale"][2][3] == "Błąd: B"
        assert archive.read("obraz.png").startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"%PDF-1.7\n" + bytes(200), "unsupported_format"),
        ("a.xlsx", b"PK\x03\x04" + bytes(200), "damaged"),
        ("a.csv", b"", "empty_file"),
    ],
)
def test_what_cannot_be_copied_is_refused_with_a_sentence(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    answer, _ = annotate(saved(tmp_path, name, content), name, {})

    assert answer["code"] == code
    assert answer["reason"].endswith(".")
