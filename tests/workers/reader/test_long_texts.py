"""Texts of several blocks, the first of which are split without a reader of CSV."""

from pathlib import Path

import pytest

from tests.workers.readings import read_bytes

HEADER = "Kod lokalu;Konto;Data;Opis;Winien\n"
PLAIN = "1;204-1;01.01.2026;Naliczenie za styczeń;1,00\n"


@pytest.mark.parametrize("before", [0, 1, 20_000])
def test_rows_keep_their_numbers_when_quotes_come_late(tmp_path: Path, before: int) -> None:
    content = (
        HEADER
        + PLAIN * before
        + '2;204-1;01.01.2026;"dwa\nwiersze; ""cytat""";2,00\n'
        + "\n"
        + '3;204-1;01.01.2026;Dom "Pod lipą";3,00\n'
        + "4;204-1;x;;4,00\n"
    )

    reading = read_bytes(tmp_path, "dlugi.csv", content)

    rows = reading.rows["postings"]
    assert len(rows) == before + 2
    assert [(row["line_no"], row["description"], row["debit"]) for row in rows[-2:]] == [
        (str(before + 2), 'dwa wiersze; "cytat"', "2.00"),
        (str(before + 5), 'Dom "Pod lipą"', "3.00"),
    ]
    assert [(problem.row, problem.code) for problem in reading.problems] == [(before + 6, "not_a_date")]


def test_a_declared_separator_and_empty_lines_count_as_lines(tmp_path: Path) -> None:
    reading = read_bytes(
        tmp_path, "plik.csv", "sep=;\n\n" + HEADER + "\n" + PLAIN + "\n\n" + PLAIN.rstrip("\n")
    )

    assert [row["line_no"] for row in reading.rows["postings"]] == ["5", "8"]


def test_a_field_that_is_too_long_is_refused_without_quotes_too(tmp_path: Path) -> None:
    content = HEADER + PLAIN.replace("Naliczenie", "x" * 70_000)

    assert list(read_bytes(tmp_path, "plik.csv", content).codes) == ["unclosed_quote"]
