"""The sample sets, read whole: no problem, and the rows and sums of their control figures."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.workers.readings import SAMPLES, Reading, read_bytes, read_paths
from tests.workers.workbooks import zip_bytes


def control(name: str) -> Any:
    return json.loads((SAMPLES / name / "control.json").read_text())


def sample_files(name: str) -> list[Path]:
    return sorted(path for path in (SAMPLES / name).iterdir() if path.suffix in {".csv", ".xlsx"})


def total(reading: Reading, dataset: str, column: str) -> Decimal:
    return sum((Decimal(row[column] or 0) for row in reading.rows[dataset]), Decimal(0))


def turnover(reading: Reading, column: str) -> Decimal:
    rows = (row for row in reading.rows["postings"] if row["is_opening"] == "f")
    return sum((Decimal(row[column] or 0) for row in rows), Decimal(0))


@pytest.mark.parametrize("name", ["spoldzielnia", "wspolnota"])
def test_a_sample_is_read_exactly(name: str) -> None:
    reading = read_paths(sample_files(name))

    figures = control(name)
    assert reading.problems == []
    assert {dataset: len(rows) for dataset, rows in reading.rows.items()} == figures["rows"]
    assert {
        "charges": str(total(reading, "charges", "amount")),
        "debit": str(turnover(reading, "debit")),
        "credit": str(turnover(reading, "credit")),
        "balance": str(total(reading, "balances", "amount")),
        "interest": str(total(reading, "balances", "interest")),
    } == figures["sums"]


def test_a_package_reads_as_its_files_do(tmp_path: Path) -> None:
    files = sample_files("spoldzielnia")
    package = zip_bytes({f"pażdziernik/{path.name}": path.read_bytes() for path in files})

    reading = read_bytes(tmp_path, "paczka.zip", package)

    assert reading.problems == []
    assert {name: len(rows) for name, rows in reading.rows.items()} == control("spoldzielnia")["rows"]
    assert {row["sheet"] for row in reading.rows["balances"]} == {"pażdziernik/salda.csv"}
    assert reading.tables[0].file_name == "paczka.zip/pażdziernik/konta.csv"


def test_what_the_sample_says_of_a_person_and_an_opening() -> None:
    reading = read_paths(sample_files("spoldzielnia"))

    assert reading.rows["people"][0] == {
        "file_no": "13",
        "sheet": "",
        "line_no": "2",
        "person_code": "17000010",
        "name": "Rutkowska Maria",
        "email": "osoba1.0@example.org",
        "phone": None,
        "premises_code": "0401-001",
        "title_kind": "cooperative_tenancy",
        "starts_on": "2009-01-01",
        "ends_on": None,
        "share_numerator": "1",
        "share_denominator": "1",
        "is_joint": "f",
    }
    assert reading.tables[0].encoding == "cp1250"
    openings = [row for row in reading.rows["postings"] if row["is_opening"] == "t"]
    assert {row["document"] for row in openings} == {"BO"}


def test_a_workbook_keeps_amounts_exact() -> None:
    reading = read_paths(sample_files("wspolnota"))

    charge = reading.rows["charges"][0]
    assert (charge["sheet"], charge["line_no"]) == ("Naliczenia", "2")
    assert (charge["rate"], charge["amount"], charge["unit"]) == ("2.100000", "94.65", "m²")
