"""CSV files as programs, people and accidents make them."""

from pathlib import Path

import pytest

from tests.workers.readings import Reading, read_bytes, read_paths
from workers.formats.encodings import encoding_of
from workers.formats.source import MIB, Limits

HEADER = "Kod lokalu;Konto;Data księgowania;Dokument;Opis;Winien;Ma\n"
ROW = "0401-001;204-1;10.11.2026;WB 29/2026;Wpłata;0,00;743,28\n"


def values(reading: Reading, column: str, dataset: str = "postings") -> list[str | None]:
    return [row[column] for row in reading.rows[dataset]]


def test_a_plain_file(tmp_path: Path) -> None:
    reading = read_bytes(tmp_path, "obroty.csv", HEADER + ROW)

    assert reading.problems == []
    assert reading.rows["postings"] == [
        {
            "file_no": "1",
            "sheet": "",
            "line_no": "2",
            "premises_code": "0401-001",
            "payer_code": None,
            "account_code": "204-1",
            "posted_on": "2026-11-10",
            "due_on": None,
            "document": "WB 29/2026",
            "description": "Wpłata",
            "debit": "0.00",
            "credit": "743.28",
            "is_opening": "f",
        }
    ]


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "cp1250", "iso8859-2", "cp852", "mazovia", "utf-16", "utf-16-le", "utf-16-be"],
)
@pytest.mark.parametrize("separator", [";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_separators_and_line_ends(
    tmp_path: Path, encoding: str, separator: str, newline: str
) -> None:
    text = (HEADER + ROW.replace("Wpłata", "Wpłata za śmieci")).replace(";", separator).replace("\n", newline)

    reading = read_bytes(tmp_path, "obroty.csv", text.encode(encoding))

    assert reading.problems == []
    assert values(reading, "description") == ["Wpłata za śmieci"]
    assert (reading.tables[0].encoding, reading.tables[0].separator) == (encoding_of(encoding), separator)


def test_commas_separate_where_amounts_are_quoted(tmp_path: Path) -> None:
    text = 'Kod lokalu,Fundusz,Saldo,Stan na\n1,podstawowy,"-1 234,56",31.10.2026\n'

    reading = read_bytes(tmp_path, "salda.csv", text)

    assert reading.problems == []
    assert values(reading, "amount", "balances") == ["-1234.56"]


def test_a_separator_line_of_a_spreadsheet_is_skipped(tmp_path: Path) -> None:
    reading = read_bytes(tmp_path, "obroty.csv", "sep=;\r\n" + HEADER + ROW)

    assert reading.problems == []
    assert values(reading, "line_no") == ["3"]


def test_a_record_over_several_lines_is_named_by_its_first(tmp_path: Path) -> None:
    text = HEADER + ROW.replace("Wpłata", '"Wpłata\nza listopad"') + ROW + "\n" + ROW

    reading = read_bytes(tmp_path, "obroty.csv", text)

    assert reading.problems == []
    assert values(reading, "line_no") == ["2", "4", "6"]
    assert values(reading, "description")[0] == "Wpłata za listopad"


def test_ctrl_z_ends_a_file_of_dos(tmp_path: Path) -> None:
    reading = read_bytes(tmp_path, "obroty.csv", (HEADER + ROW + "\x1a\0\0").encode("cp1250"))

    assert reading.problems == []
    assert len(reading.rows["postings"]) == 1


def test_rows_behind_ctrl_z_are_not_lost_silently(tmp_path: Path) -> None:
    reading = read_bytes(tmp_path, "obroty.csv", HEADER + ROW + "\x1a" + ROW)

    assert [problem.severity for problem in reading.problems] == ["error"]


def test_a_stray_quote_in_a_text_is_kept(tmp_path: Path) -> None:
    text = HEADER + ROW.replace("Wpłata", '"Dom" Sp. z o.o.') + ROW.replace("Wpłata", 'SM "Słońce"')

    reading = read_bytes(tmp_path, "obroty.csv", text)

    assert reading.problems == []
    assert values(reading, "description") == ["Dom Sp. z o.o.", 'SM "Słońce"']


def test_an_open_quote_swallows_nothing_silently(tmp_path: Path) -> None:
    reading = read_bytes(tmp_path, "obroty.csv", HEADER + ROW + ROW.replace("Wpłata", '"Wpłata') + ROW * 3)

    assert [(p.code, p.row, p.severity) for p in reading.problems] == [("unclosed_quote", 3, "error")]
    assert len(reading.rows["postings"]) == 1


def test_two_broken_quotes_do_not_hide_the_rows_between(tmp_path: Path) -> None:
    broken = ROW.replace("Wpłata", '"Wpłata')

    reading = read_bytes(tmp_path, "obroty.csv", HEADER + broken + ROW + broken + ROW)

    assert [(p.code, p.row) for p in reading.problems] == [("bad_quotes", 2)]


def test_an_unquoted_separator_is_an_error_and_shifts_nothing(tmp_path: Path) -> None:
    reading = read_bytes(tmp_path, "obroty.csv", HEADER + ROW.replace("Wpłata", "Wpłata; przelew") + ROW)

    assert [(p.code, p.row) for p in reading.problems] == [("too_many_cells", 2)]
    assert values(reading, "line_no") == ["3"]


def test_empty_lines_and_repeated_headers_are_no_rows(tmp_path: Path) -> None:
    reading = read_bytes(tmp_path, "obroty.csv", f"\n{HEADER}{ROW}\n;;;;;;\n   \n{HEADER}{ROW}")

    assert reading.problems == []
    assert values(reading, "line_no") == ["3", "8"]


def test_lines_above_the_headers_are_passed_over(tmp_path: Path) -> None:
    text = f"Spółdzielnia „Przykład”\nObroty za 2026\n\n{HEADER}{ROW}"

    reading = read_bytes(tmp_path, "obroty.csv", text)

    assert reading.problems == []
    assert (reading.tables[0].header_row, values(reading, "line_no")) == (4, ["5"])


def test_a_totals_row_is_compared_and_not_imported(tmp_path: Path) -> None:
    text = HEADER + ROW + "RAZEM;;;;;0,00;743,28\n"

    reading = read_bytes(tmp_path, "obroty.csv", text)

    assert reading.problems == []
    assert len(reading.rows["postings"]) == 1
    found = reading.totals[0]
    assert (found.row, found.scope, found.label) == (3, "table", "RAZEM")
    assert {name: str(amount) for name, amount in found.sums.items()} == {"debit": "0.00", "credit": "743.28"}


@pytest.mark.parametrize(
    ("label", "scope"),
    [("Suma", "table"), ("Suma końcowa:", "table"), ("Ogółem", "table"), ("Razem lokal 0401-001", "group")],
)
def test_totals_of_everything_and_of_a_part(tmp_path: Path, label: str, scope: str) -> None:
    reading = read_bytes(tmp_path, "obroty.csv", HEADER + ROW + f"{label};;;;;0,00;743,28\n")

    assert reading.problems == []
    assert [found.scope for found in reading.totals] == [scope]


def test_all_problems_of_all_rows_are_listed(tmp_path: Path) -> None:
    bad = "0401-002;;31.09.2026;WB 1/2026;Wpłata;1O0,00;sto\n"

    reading = read_bytes(tmp_path, "obroty.csv", HEADER + bad + ROW + bad)

    first = [(p.row, p.column, p.field, p.value, p.reason) for p in reading.problems[:4]]
    assert first == [
        (2, "Konto", "account_code", "", "Brak wartości: kolumna „Konto” musi być wypełniona."),
        (2, "Data księgowania", "posted_on", "31.09.2026", "Wrzesień ma 30 dni."),
        (2, "Winien", "debit", "1O0,00", "To nie jest kwota: litera „O” zamiast zera."),
        (2, "Ma", "credit", "sto", "To nie jest kwota."),
    ]
    assert len(reading.problems) == 8
    assert {(p.premises_code, p.dataset, p.severity, p.file_name) for p in reading.problems} == {
        ("0401-002", "postings", "error", "obroty.csv")
    }
    assert values(reading, "line_no") == ["3"]
    assert (reading.ends[0].rows, reading.ends[0].rejected) == (1, 2)


def test_a_row_without_any_amount_is_refused(tmp_path: Path) -> None:
    reading = read_bytes(tmp_path, "obroty.csv", HEADER + "1;204-1;10.11.2026;WB 1;;;\n")

    assert reading.codes == {"no_amount": 1}


def test_one_missing_amount_is_zero(tmp_path: Path) -> None:
    reading = read_bytes(tmp_path, "obroty.csv", HEADER + "1;204-1;10.11.2026;WB 1;;;5,00\n")

    assert reading.problems == []
    assert (values(reading, "debit"), values(reading, "credit")) == (["0"], ["5.00"])


@pytest.mark.parametrize(
    ("document", "description", "is_opening"),
    [
        ("BO", "", "t"),
        ("BO 2026", "", "t"),
        ("B.O.", "", "t"),
        ("", "Bilans otwarcia", "t"),
        ("PK 1/2026", "Bilans otwarcia 2026", "t"),
        ("PK 1/2026", "Bilans otwarcia na 01.01.2026", "t"),
        ("BOX 7", "", "f"),
        ("WB 1", "Bojler – naprawa", "f"),
    ],
)
def test_an_opening_balance_is_told_by_its_document_or_description(
    tmp_path: Path, document: str, description: str, is_opening: str
) -> None:
    reading = read_bytes(
        tmp_path, "obroty.csv", HEADER + f"1;204-1;01.01.2026;{document};{description};0;5,00\n"
    )

    assert values(reading, "is_opening") == [is_opening]


def test_warnings_leave_the_row_in(tmp_path: Path) -> None:
    text = "Miesiąc;Kod lokalu;Składnik;Fundusz;Ilość;J.m.;Kwota\n2026-11;1;EKSP;podstawowy;48,5;m?;101,85\n"

    reading = read_bytes(tmp_path, "naliczenia.csv", text)

    assert [(p.severity, p.code, p.value) for p in reading.problems] == [("warning", "damaged_unit", "m?")]
    assert len(reading.rows["charges"]) == 1


def test_backslashes_tabs_and_null_marks_pass_through_copy(tmp_path: Path) -> None:
    text = HEADER + ROW.replace("Wpłata", "\\N") + ROW.replace("Wpłata", "a\\tb\\\\c")

    reading = read_bytes(tmp_path, "obroty.csv", text)

    assert values(reading, "description") == ["\\N", "a\\tb\\\\c"]


def test_a_list_of_problems_has_an_end(tmp_path: Path) -> None:
    text = HEADER + "1;204-1;31.09.2026;WB;;0;1\n" * 30

    reading = read_bytes(tmp_path, "obroty.csv", text, Limits(problems=10))

    assert reading.codes == {"no_such_day": 10, "more_problems": 1}
    assert reading.problems[-1].reason == "Znaleziono więcej problemów, niż pokazujemy: jeszcze 20."
    assert reading.ended is not None
    assert reading.ended.problems == {"error": 30}


def test_a_line_without_end_is_refused(tmp_path: Path) -> None:
    reading = read_bytes(tmp_path, "obroty.csv", HEADER + "x" * 3_000_000)

    assert [p.severity for p in reading.problems] == ["error"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("pusty.csv", b"", "empty_file"),
        ("pusty.csv", b"\xef\xbb\xbf\r\n\r\n", "empty_file"),
        ("tylko-naglowek.csv", HEADER.encode(), "no_rows"),
        ("notatki.csv", b"Ala;ma\nkota;i psa\n", "unknown_dataset"),
        ("braki.csv", b"Kod lokalu;Data;Winien;Ma\n1;10.11.2026;1;0\n", "missing_columns"),
        ("dwa.csv", b"Kod lokalu;Fundusz;Saldo;Saldo\n1;FR;1;2\n", "repeated_column"),
        ("rosyjski.csv", ("Привет;Пока\n" * 9).encode("koi8-r"), "unknown_encoding"),
        ("plik.pdf", b"%PDF-1.7 ...", "unsupported_format"),
        ("plik.csv", b"%PDF-1.7\n\0\0", "unsupported_format"),
        ("plik.csv", b"\0\1\2\3" * 100, "unknown_format"),
        ("plik.csv", b"\r\n<HTML><body>", "unsupported_format"),
        ("plik.py", b"import os\nprint(os)\n", "unknown_dataset"),
        ("plik.xml", b"<?xml version='1.0'?><a/>", "no_rows"),
        ("plik.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "unsupported_format"),
        ("plik.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged"),
        (
            "haslo.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "encrypted",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_one_problem(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    reading = read_bytes(tmp_path, name, content)

    assert [(p.severity, p.code, p.file_name) for p in reading.problems if p.severity == "error"] == [
        ("error", code, name)
    ]
    assert reading.rows == {}


def test_missing_columns_are_all_named(tmp_path: Path) -> None:
    reading = read_bytes(tmp_path, "braki.csv", "Kod lokalu;Kod osoby;Dokument;Opis;Saldo\n1;2;BO;x;0\n")

    reason = "Nagłówki wyglądają na dane „Księgowania”, ale brakuje kolumn: "
    assert [p.reason for p in reading.problems] == [
        (
            f"{reason}Konto, Data księgowania, Winien albo Ma albo Kwota. Wskaż rodzaj danych i kolumny"
            f" w „Popraw wczytanie” przy tym pliku albo popraw nagłówki."
        )
    ]


def test_a_large_file_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "duzy.csv"
    with path.open("wb") as stream:
        stream.truncate(101 * MIB)

    reading = read_paths([path])

    assert [p.reason for p in reading.problems] == ["Plik jest za duży: może mieć najwyżej 100 MB."]


@pytest.mark.parametrize("end", [";", ";;;", "; ;"])
def test_separators_at_the_end_of_lines_are_no_columns(tmp_path: Path, end: str) -> None:
    text = HEADER.replace("\n", f"{end}\n") + ROW.replace("\n", f"{end}\n") + ROW

    reading = read_bytes(tmp_path, "obroty.csv", text)

    assert reading.problems == []
    assert values(reading, "credit") == ["743.28", "743.28"]


def test_control_characters_are_refused_and_not_passed_on(tmp_path: Path) -> None:
    # Far enough down not to be taken for a binary file.
    text = "\n" * 5000 + HEADER + ROW.replace("Wpłata", "Wp\x00łata") + ROW.replace("204-1", "2\x0704")

    reading = read_bytes(tmp_path, "obroty.csv", text)

    assert [(p.code, p.row, p.value) for p in reading.problems] == [
        ("control_character", 5002, "Wp�łata"),
        ("control_character", 5003, "2�04"),
    ]


@pytest.mark.parametrize(
    "cell", ["0" * 60_000, "O" + "0" * 60_000, " " * 60_000 + "x", "(" * 60_000, "m" * 60_000]
)
def test_cells_of_enormous_length_cost_no_time(tmp_path: Path, cell: str) -> None:
    row = ROW.replace("743,28", cell).replace("10.11.2026", cell).replace("0401-001", cell)

    reading = read_bytes(tmp_path, "obroty.csv", HEADER + row * 10, Limits(cpu_seconds=5))

    assert reading.ended is not None
    assert reading.ended.is_complete


def test_a_header_of_thousands_of_columns_is_refused(tmp_path: Path) -> None:
    text = HEADER.strip() + ";".join(f"kolumna {'x' * 500} {n}" for n in range(5000)) + "\n" + ROW

    reading = read_bytes(tmp_path, "obroty.csv", text)

    assert [p.severity for p in reading.problems] == ["error"]
