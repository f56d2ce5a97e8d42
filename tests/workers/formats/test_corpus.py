"""Every bad file gets a verdict with a Polish reason, within 10 seconds of processor time and 512 MB."""

from pathlib import Path

import pytest

from tests.workers.formats.corpus import HEADERS, ROWS, BadFile, corpus, written
from tests.workers.readings import read_bytes, read_paths
from tests.workers.workbooks import zip_bytes
from workers.formats.source import MIB, Limits

FILES = list(corpus())


@pytest.mark.parametrize("bad", FILES, ids=[bad.title for bad in FILES])
def test_a_bad_file_is_refused_with_a_reason(tmp_path: Path, bad: BadFile) -> None:
    path = tmp_path / bad.name
    bad.write(path)

    reading = read_paths([path], Limits(cpu_seconds=10))

    errors = [problem for problem in reading.problems if problem.severity == "error"]
    assert errors
    assert all(problem.reason.endswith(".") for problem in errors)
    assert "reader_stopped" not in reading.codes
    assert reading.ended is not None
    assert reading.ended.peak_memory <= 512 * MIB
    assert reading.ended.cpu_seconds < 10


def test_a_package_of_every_format_is_read_and_its_damaged_file_named(tmp_path: Path) -> None:
    tables = written(HEADERS, ROWS)
    files = {f"listopad/salda.{extension}": content for extension, content in tables.items()}
    files["listopad/zly.xls"] = tables["xls"][:3000]

    reading = read_bytes(tmp_path, "paczka.zip", zip_bytes(files))

    assert [(p.file_name, p.code) for p in reading.problems] == [("paczka.zip/listopad/zly.xls", "damaged")]
    assert len(reading.rows["balances"]) == len(ROWS) * len(tables)


@pytest.mark.parametrize("extension", ["csv", "dbf", "xml", "xlsx", "xls", "ods"])
def test_the_table_that_was_spoilt_above_is_read_in_every_format(tmp_path: Path, extension: str) -> None:
    content = written(HEADERS, ROWS)[extension]

    reading = read_bytes(tmp_path, f"salda.{extension}", content)

    assert reading.problems == []
    assert [(row["premises_code"], row["amount"], row["as_of"]) for row in reading.rows["balances"]] == [
        ("1", "5.00", "2026-10-31"),
        ("2", "-7.50", "2026-10-31"),
    ]
    assert reading.tables[0].dataset == "balances"
