"""Copies of text files: bytes as they were, one more column, no formula; read again they give the same rows."""

import codecs
import io

import pytest

from workers.annotated.csv_copy import copy_csv
from workers.annotated.remarks import COLUMN, Remarks
from workers.formats.source import Source


def copied(raw: bytes, remarks: Remarks) -> bytes:
    target = io.BytesIO()
    copy_csv(Source(1, "plik.csv", len(raw), lambda: io.BytesIO(raw)), remarks, target)
    return target.getvalue()


TEXT = "Kod lokalu;Opis;Kwota\r\n1;Wpłata „żółć”;-12,50\r\n2;zł;(3,00)\r\n"
REMARKS = Remarks(rows={3: "Błąd: To nie kwota; popraw"}, header_row=1)


@pytest.mark.parametrize(
    ("codec", "bom", "given"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", codecs.BOM_UTF8, "utf-8"),
        ("utf-16-le", codecs.BOM_UTF16_LE, "utf-16"),
        ("utf-16-be", codecs.BOM_UTF16_BE, "utf-16"),
        ("cp1250", b"", "cp1250"),
        ("iso8859-2", b"", "iso8859-2"),
        ("cp852", b"", "cp852"),
        ("mazovia", b"", "mazovia"),
        ("cp1250", b"", ""),
    ],
)
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_encoding_mark_and_line_ends_stay(codec: str, bom: bytes, given: str, end: str) -> None:
    text = TEXT.replace("\r\n", end)
    if codec in {"iso8859-2", "cp852", "mazovia"}:
        text = text.replace("„", "'").replace("”", "'")
    remarks = Remarks(rows=REMARKS.rows, header_row=1, encoding=given)

    copy = copied(bom + text.encode(codec), remarks)

    lines = text.split(end)
    expected = [f"{lines[0]};{COLUMN}", f"{lines[1]};", f'{lines[2]};"Błąd: To nie kwota; popraw"', ""]
    assert copy == bom + end.join(expected).encode(codec)


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_separators_and_quotes_stay(separator: str) -> None:
    text = f'"Kod lokalu"{separator}Opis\n"1"{separator}"Dom ""A"" nr{separator}2"\n2{separator}x\n'

    copy = copied(text.encode(), Remarks(rows={2: f'Błąd: „"”{separator} źle'}, header_row=1)).decode()

    assert copy.splitlines() == [
        f'"Kod lokalu"{separator}Opis{separator}{COLUMN}',
        f'"1"{separator}"Dom ""A"" nr{separator}2"{separator}"Błąd: „""”{separator} źle"',
        f"2{separator}x{separator}",
    ]


def test_rows_above_the_header_empty_lines_and_the_end_of_a_dos_file_stay() -> None:
    text = "Zestawienie\n\nKod;Kwota\n1;2\n\n2\n3;4;5\n\x1a\x1a"

    copy = copied(text.encode(), Remarks(rows={6: "Błąd: A", 7: "Błąd: B"}, header_row=3)).decode()

    assert copy == (f"Zestawienie\n\nKod;Kwota;{COLUMN}\n1;2;\n\n2;;Błąd: A\n3;4;5;Błąd: B\n\x1a\x1a")


def test_a_declared_separator_and_repeated_headers() -> None:
    text = "sep=|\nKod|Kwota\n1|2\nKod|Kwota\n3|4"

    copy = copied(text.encode(), Remarks(rows={5: "Błąd: A"})).decode()

    assert copy == f"sep=|\nKod|Kwota|{COLUMN}\n1|2|\nKod|Kwota|{COLUMN}\n3|4|Błąd: A"


def test_a_record_of_several_lines_is_named_by_its_first() -> None:
    text = 'Kod;Opis\r\n1;"a\r\nb"\r\n2;c\r\n'

    copy = copied(text.encode(), Remarks(rows={2: "Błąd: A", 4: "Błąd: B"}, header_row=1)).decode()

    assert copy == f'Kod;Opis;{COLUMN}\r\n1;"a\r\nb";Błąd: A\r\n2;c;Błąd: B\r\n'


def test_a_row_with_broken_quotes_keeps_its_bytes() -> None:
    text = 'Kod;Opis\n1;"a" b\n2;c\n'

    copy = copied(text.encode(), Remarks(rows={2: "Błąd: A"}, header_row=1)).decode()

    assert copy == f'Kod;Opis;{COLUMN}\n1;"a" b;Błąd: A\n2;c;\n'


def test_cells_that_a_spreadsheet_would_run_get_an_apostrophe_and_numbers_none() -> None:
    text = 'Kod;Opis;Kwota\n1;=1+1;-12,50\n2;"@SUM(A1);x";+5\n3;+48 600 100 200;-1 204,50 zł\n4;-;-cmd\n'

    copy = copied(text.encode(), Remarks(rows={2: "Błąd: A"}, header_row=1)).decode()

    assert copy.splitlines()[1:] == [
        "1;'=1+1;-12,50;Błąd: A",
        '2;"\'@SUM(A1);x";+5;',
        "3;+48 600 100 200;-1 204,50 zł;",
        "4;-;'-cmd;",
    ]


def test_letters_that_the_encoding_lacks_are_written_plainly() -> None:
    copy = copied("Kod;Ą\n1;ł\n".encode("mazovia"), Remarks({2: "Błąd: „a” – m²"}, "", 1, "mazovia", ";"))

    assert copy.decode("mazovia").splitlines()[1] == '1;ł;"Błąd: ""a"" - m2"'


def test_a_copy_that_comes_back_gets_its_remarks_anew() -> None:
    once = copied(TEXT.encode(), REMARKS)

    again = copied(once, Remarks(rows={2: "Ostrzeżenie: B"}, header_row=1)).decode()

    assert again.splitlines() == [
        f"Kod lokalu;Opis;Kwota;{COLUMN}",
        "1;Wpłata „żółć”;-12,50;Ostrzeżenie: B",
        "2;zł;(3,00);",
    ]


def test_what_concerns_the_whole_table_stands_in_the_header() -> None:
    copy = copied(b"Kod;Kwota\n", Remarks(whole="Błąd: Brak kolumny Konto")).decode()

    assert copy == f"Kod;Kwota;{COLUMN} (Błąd: Brak kolumny Konto)\n"


def test_what_is_wrong_with_the_headers_stands_beside_them() -> None:
    copy = copied(b"Kod;Kwota\n", Remarks(rows={1: "Błąd: Brakuje kolumny Konto."}, header_row=1)).decode()

    assert copy == f"Kod;Kwota;{COLUMN} (Błąd: Brakuje kolumny Konto.)\n"
