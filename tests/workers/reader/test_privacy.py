"""PESEL numbers are dropped, refused and never shown."""

from pathlib import Path

from tests.workers.readings import read_bytes
from tests.workers.workbooks import sheet_xml, workbook_bytes

PESEL = "44051401359"
HEADER = "Kod osoby;Nazwisko i imię;PESEL;Kod lokalu\n"


def test_a_column_of_pesel_numbers_is_flagged_and_not_read(tmp_path: Path) -> None:
    reading = read_bytes(tmp_path, "osoby.csv", HEADER + f"100;Nowak Anna;{PESEL};1\n")

    assert reading.tables[0].pesel_columns == (2,)
    assert reading.tables[0].unknown_columns == ()
    assert [(p.severity, p.code) for p in reading.problems] == [("warning", "pesel_column")]
    assert len(reading.rows["people"]) == 1
    assert PESEL not in repr(reading)


def test_a_pesel_in_a_text_is_an_error_naming_the_row(tmp_path: Path) -> None:
    text = f"Kod osoby;Nazwisko i imię;Kod lokalu\n100;Nowak Anna {PESEL};1\n{PESEL};Nowak Jan;2\n"

    reading = read_bytes(tmp_path, "osoby.csv", text)

    assert [(p.severity, p.code, p.row, p.column, p.value) for p in reading.problems] == [
        ("error", "pesel", 2, "Nazwisko i imię", "Nowak Anna 44•••••••••"),
        ("error", "pesel", 3, "Kod osoby", "44•••••••••"),
    ]
    assert PESEL not in repr(reading)


def test_a_pesel_in_a_column_that_is_not_read_is_an_error_too(tmp_path: Path) -> None:
    text = f"Kod osoby;Nazwisko i imię;Kod lokalu;Uwagi\n100;Nowak Anna;1;zwykła\n101;Nowak Jan;2;{PESEL}\n"

    reading = read_bytes(tmp_path, "osoby.csv", text)

    assert [(p.code, p.row, p.column) for p in reading.problems] == [("pesel", 3, "Uwagi")]
    assert len(reading.rows["people"]) == 1
    assert PESEL not in repr(reading)


def test_a_pesel_that_a_spreadsheet_keeps_as_a_number_is_found(tmp_path: Path) -> None:
    headers: list[str | float | None] = ["Kod osoby", "Nazwisko i imię", "Kod lokalu", "Uwagi"]
    person: list[str | float | None] = ["100", "Nowak Anna", "1", float(PESEL)]
    rows = [headers, person]

    reading = read_bytes(tmp_path, "osoby.xlsx", workbook_bytes({"Osoby": sheet_xml(rows)}))

    assert [(p.code, p.row, p.column) for p in reading.problems] == [("pesel", 2, "Uwagi")]
    assert PESEL not in repr(reading)


def test_a_pesel_above_or_among_the_headers_is_not_shown(tmp_path: Path) -> None:
    text = f"Wydruk {PESEL}\nKod osoby;Nazwisko i imię;Kod lokalu;{PESEL}\n100;Nowak Anna;1;x\n"

    reading = read_bytes(tmp_path, "osoby.csv", text)

    assert reading.codes == {"pesel": 2}
    assert PESEL not in repr(reading)


def test_sheets_that_are_not_read_are_searched_too(tmp_path: Path) -> None:
    people = sheet_xml([["Kod osoby", "Nazwisko i imię", "Kod lokalu"], ["100", "Nowak Anna", "1"]])
    notes = sheet_xml([["Uwagi"], ["Nowak"], [PESEL]])

    content = workbook_bytes({"Osoby": people, "Uwagi": notes, "Stare": notes}, hidden=["Stare"])
    reading = read_bytes(tmp_path, "osoby.xlsx", content)

    assert [(p.sheet, p.row) for p in reading.problems if p.code == "pesel"] == [("Uwagi", 3), ("Stare", 3)]
    assert len(reading.rows["people"]) == 1


def test_a_row_of_data_taken_for_headers_shows_no_pesel(tmp_path: Path) -> None:
    reading = read_bytes(tmp_path, "osoby.csv", f"Nowak Anna;{PESEL};Lipowa 1\n7;8;9\n")

    assert reading.tables[0].headers == ("Nowak Anna", "44•••••••••", "Lipowa 1")
    assert ("error", "pesel") in [(p.severity, p.code) for p in reading.problems]
    assert PESEL not in repr(reading)
