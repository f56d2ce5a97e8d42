"""Files that are printouts: headers on every page, sums of pages and rows that carry them over."""

from pathlib import Path

import pytest

from tests.workers.readings import Reading, read_bytes

HEADER = "Kod lokalu;Konto;Data;Dokument;Opis;Winien;Ma\n"
FIRST = "1;204-1;01.01.2026;NAL 1;Naliczenie;100,00;0\n"
SECOND = "2;204-1;01.02.2026;WB 1;Wpłata;0;40,00\n"


def read(folder: Path, content: str) -> Reading:
    return read_bytes(folder, "wydruk.csv", content)


def sums(reading: Reading) -> list[tuple[str, str, str]]:
    return [(total.scope, total.label, str(total.sums.get("debit"))) for total in reading.totals]


def test_a_printout_of_two_pages(tmp_path: Path) -> None:
    content = (
        "Spółdzielnia; ; ; ; ; ; \nWydruk obrotów\n\n"
        + HEADER
        + FIRST
        + ";;;;Do przeniesienia;100,00;0\n"
        + "\x0c\n"
        + HEADER.upper()
        + HEADER
        + ";;;;Z przeniesienia;100,00;0\n"
        + SECOND
        + "\u00a0;;;;;\u200b;\n"
        + "RAZEM;;;;;100,00;40,00\n"
    )

    reading = read(tmp_path, content)

    assert reading.problems == []
    assert [row["premises_code"] for row in reading.rows["postings"]] == ["1", "2"]
    assert sums(reading) == [
        ("group", "Do przeniesienia", "100.00"),
        ("group", "Z przeniesienia", "100.00"),
        ("table", "RAZEM", "100.00"),
    ]


RULE = "--------;-----;----------;-------;-----;-----;-----\n"


def test_a_printout_repeats_titles_page_numbers_and_lines_of_dashes(tmp_path: Path) -> None:
    title = 'SM "Słoneczna"\nZestawienie obrotów za 01.2026;;;;;Strona 1;\n' + RULE
    content = (
        title
        + HEADER
        + RULE
        + FIRST
        + "\x0cstr. 2 z 3\n"
        + title.replace("Strona 1", "Strona 2")
        + HEADER
        + RULE
    )
    content += SECOND + "======\nRAZEM;;;;;100,00;40,00\nStrona 3\n"

    reading = read(tmp_path, content)

    assert reading.problems == []
    assert [row["premises_code"] for row in reading.rows["postings"]] == ["1", "2"]
    assert sums(reading) == [("table", "RAZEM", "100.00")]


@pytest.mark.parametrize("line", ["-;-;-;-;-;-;-\n", "Stronański;;;;;;\n", "Inny tytuł;;;;;;\n", "3;;;;;;\n"])
def test_a_line_that_is_none_of_a_page_stays_an_error(tmp_path: Path, line: str) -> None:
    reading = read(tmp_path, "Wydruk obrotów\n" + HEADER + FIRST + line + SECOND)

    assert [problem.row for problem in reading.problems if problem.severity == "error"] != []


def test_sums_of_pages_with_a_total_below_them(tmp_path: Path) -> None:
    page = "Razem;;;;;100,00;0\n"

    reading = read(tmp_path, HEADER + FIRST + page + FIRST + page + "Ogółem;;;;;200,00;0\n")

    assert [scope for scope, _, _ in sums(reading)] == ["group", "group", "table"]
    assert sums(reading)[-1] == ("table", "Ogółem", "200.00")


@pytest.mark.parametrize(
    "content",
    [
        HEADER + FIRST + "Razem;;;;;100,00;0\n" + FIRST + "Razem;;;;;100,00;0\n",
        HEADER + FIRST + "Razem;;;;;100,00;0\n" + FIRST,
    ],
    ids=["the last page's", "not the last row"],
)
def test_the_sum_of_one_page_is_not_taken_for_the_tables(tmp_path: Path, content: str) -> None:
    reading = read(tmp_path, content)

    assert {scope for scope, _, _ in sums(reading)} == {"group"}
    assert len(reading.rows["postings"]) == 2


def test_one_sum_at_the_end_is_the_tables(tmp_path: Path) -> None:
    reading = read(tmp_path, HEADER + FIRST + SECOND + ";;;;Suma końcowa:;100,00;40,00\n")

    assert sums(reading) == [("table", "Suma końcowa:", "100.00")]


def test_a_row_without_premises_is_no_total_because_its_text_begins_like_one(tmp_path: Path) -> None:
    reading = read(tmp_path, HEADER + ";204-1;01.01.2026;WB 1;Razem z odsetkami;1,00;0\n")

    assert (reading.codes, reading.totals) == ({"required": 1}, [])


def test_headers_with_invisible_spaces_and_other_case_on_the_next_page(tmp_path: Path) -> None:
    header = HEADER.replace("Kod lokalu", "\ufeffKod\u00a0lokalu\u200b").replace("Data", "DATA\u202f")

    reading = read(tmp_path, header + FIRST + HEADER.replace("Data", "DATA") + SECOND)

    assert (reading.problems, len(reading.rows["postings"])) == ([], 2)
