"""XLSX workbooks: what spreadsheets make of figures, several sheets, hidden ones, and bombs."""

from pathlib import Path

import pytest

from tests.workers.readings import Reading, read_bytes
from tests.workers.workbooks import column_name, sheet_xml, workbook_bytes, worksheet, zip_bytes
from workers.formats.source import Limits

Row = list[str | float | None]
BALANCES: Row = ["Kod lokalu", "Fundusz", "Saldo", "Stan na"]
POSTINGS: Row = ["Kod lokalu", "Konto", "Data księgowania", "Dokument", "Winien", "Ma"]


def read_sheet(folder: Path, rows: list[Row], first_row: int = 1) -> Reading:
    return read_bytes(folder, "plik.xlsx", workbook_bytes({"Arkusz1": sheet_xml(rows, first_row)}))


def test_numbers_dates_and_codes_of_a_spreadsheet(tmp_path: Path) -> None:
    rows: list[Row] = [
        BALANCES,
        [1.0, "FR", -2990.09, '<c r="{r}" s="1"><v>46326</v></c>'],
        ["1/2", "FR", 0.1 + 0.2, "31.10.2026"],
    ]

    reading = read_sheet(tmp_path, rows)

    assert reading.problems == []
    assert [
        (row["premises_code"], row["fund"], row["amount"], row["as_of"], row["line_no"])
        for row in reading.rows["balances"]
    ] == [
        ("1", "repair", "-2990.09", "2026-10-31", "2"),
        ("1/2", "repair", "0.30", "2026-10-31", "3"),
    ]


def test_row_numbers_are_those_of_the_sheet(tmp_path: Path) -> None:
    empty: Row = [None]
    rows: list[Row] = [
        ["Salda na 31.10.2026"],
        empty,
        BALANCES,
        ["1", "FR", 5.0, "31.10.2026"],
        empty,
        ["2", "FR", "x", "31.10.2026"],
    ]

    reading = read_sheet(tmp_path, rows, first_row=4)

    assert [row["line_no"] for row in reading.rows["balances"]] == ["7"]
    assert [(p.row, p.column, p.value) for p in reading.problems] == [(9, "Saldo", "x")]


def test_a_premises_code_that_became_a_date_is_refused(tmp_path: Path) -> None:
    reading = read_sheet(tmp_path, [BALANCES, ['<c r="{r}" s="1"><v>46036</v></c>', "FR", 5.0, "31.10.2026"]])

    assert reading.codes == {"code_became_date": 1}


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="{r}" t="e"><v>#N/A</v></c>', "#N/D!"),
        ('<c r="{r}"><f>A1+A2</f></c>', "#NIEPRZELICZONA"),
        ('<c r="{r}"><f t="shared" si="0"/></c>', "#NIEPRZELICZONA"),
    ],
)
def test_a_cell_without_a_value_is_not_taken_for_zero(tmp_path: Path, cell: str, value: str) -> None:
    rows: list[Row] = [
        POSTINGS,
        ["1", "204-1", "10.11.2026", "WB", cell, 5.0],
        ["1", "204-1", "10.11.2026", "WB", 0.0, 5.0],
    ]

    reading = read_sheet(tmp_path, rows)

    assert [(p.severity, p.row, p.column, p.value) for p in reading.problems] == [
        ("error", 2, "Winien", value)
    ]
    assert len(reading.rows["postings"]) == 1


def test_a_calculated_formula_is_a_value(tmp_path: Path) -> None:
    reading = read_sheet(tmp_path, [BALANCES, ["1", "FR", '<c r="{r}"><f>2+3</f><v>5</v></c>', "31.10.2026"]])

    assert reading.problems == []
    assert reading.rows["balances"][0]["amount"] == "5.00"


def test_sheets_that_are_no_dataset_are_left_out_with_a_warning(tmp_path: Path) -> None:
    sheets = {
        "Uwagi": sheet_xml([["Proszę o kontakt"], ["w razie pytań"]]),
        "Salda": sheet_xml([BALANCES, ["1", "FR", 5.0, "31.10.2026"]]),
        "Pusty": sheet_xml([]),
    }

    reading = read_bytes(tmp_path, "plik.xlsx", workbook_bytes(sheets))

    assert [(p.severity, p.code, p.sheet_name) for p in reading.problems] == [
        ("warning", "unknown_dataset", "Uwagi")
    ]
    assert len(reading.rows["balances"]) == 1


def test_a_hidden_sheet_is_left_out_with_a_warning(tmp_path: Path) -> None:
    sheet = sheet_xml([BALANCES, ["1", "FR", 5.0, "31.10.2026"]])

    reading = read_bytes(
        tmp_path, "plik.xlsx", workbook_bytes({"Nowe": sheet, "Stare": sheet}, hidden=["Stare"])
    )

    assert [(p.severity, p.code, p.sheet_name) for p in reading.problems] == [
        ("warning", "hidden_sheet", "Stare")
    ]
    assert len(reading.rows["balances"]) == 1


def test_a_sheet_of_headers_only_is_a_warning_beside_others(tmp_path: Path) -> None:
    sheets = {
        "Salda": sheet_xml([BALANCES, ["1", "FR", 5.0, "31.10.2026"]]),
        "Obroty": sheet_xml([POSTINGS]),
    }

    reading = read_bytes(tmp_path, "plik.xlsx", workbook_bytes(sheets))

    assert [(p.severity, p.code, p.sheet_name) for p in reading.problems] == [
        ("warning", "no_rows", "Obroty")
    ]


def test_two_far_cells_do_not_take_the_machines_memory(tmp_path: Path) -> None:
    bomb = worksheet(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )

    reading = read_bytes(tmp_path, "bomba.xlsx", workbook_bytes({"A": bomb}))

    assert [(p.severity, p.code) for p in reading.problems] == [("error", "sheet_too_large")]
    assert reading.ended is not None
    assert reading.ended.is_complete


@pytest.mark.parametrize(
    "cell",
    [
        "<c r='XFD1048576'><v>1</v></c>",
        '<c s="1" r="XFD1048576"><v>1</v></c>',
        '<c r = "XFD1048576" ><v>1</v></c>',
        '<c\nr="XFD1048576"><v>1</v></c>',
        '<c r="&#88;FD1048576"><v>1</v></c>',
        '<c r="xfd1048576"><v>1</v></c>',
    ],
)
def test_a_bomb_in_another_notation_is_no_better(tmp_path: Path, cell: str) -> None:
    bomb = worksheet(f'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576">{cell}</row>')

    reading = read_bytes(tmp_path, "bomba.xlsx", workbook_bytes({"A": bomb}))

    assert [p.severity for p in reading.problems] == ["error"]
    assert reading.rows == {}


def test_styled_empty_cells_at_the_far_end_are_no_bomb(tmp_path: Path) -> None:
    rows: list[Row] = [BALANCES, ["1", "FR", 5.0, "31.10.2026"]]
    far = '<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    sheet = sheet_xml(rows).replace("</sheetData>", far)

    reading = read_bytes(tmp_path, "plik.xlsx", workbook_bytes({"A": sheet}))

    assert reading.problems == []
    assert len(reading.rows["balances"]) == 1


def test_a_workbook_that_unpacks_too_far_is_refused(tmp_path: Path) -> None:
    bomb = worksheet("<row/>" * 4_000_000)

    reading = read_bytes(tmp_path, "bomba.xlsx", workbook_bytes({"A": bomb}))

    assert reading.codes == {"suspicious_compression": 1}


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + b"\0" * 200])
def test_a_torn_workbook_is_damaged(tmp_path: Path, content: bytes) -> None:
    reading = read_bytes(tmp_path, "plik.xlsx", content)

    assert reading.codes == {"damaged": 1}


def test_a_workbook_without_its_parts_is_damaged(tmp_path: Path) -> None:
    reading = read_bytes(tmp_path, "plik.xlsx", zip_bytes({"xl/workbook.xml": b"<workbook/>"}))

    assert [p.severity for p in reading.problems] == ["error"]


def test_a_sheet_beyond_its_limit_of_cells(tmp_path: Path) -> None:
    content = workbook_bytes({"A": sheet_xml([["x"] * 30] * 40)})

    reading = read_bytes(tmp_path, "plik.xlsx", content, Limits(sheet_cells=1000))

    assert [p.reason for p in reading.problems] == [
        "Arkusz jest za duży: 40 wierszy na 30 kolumn. Zapisz go jako CSV."
    ]


def test_columns_have_their_letters() -> None:
    assert [column_name(i) for i in (0, 25, 26, 16383)] == ["A", "Z", "AA", "XFD"]
