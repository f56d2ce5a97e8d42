"""What the reading child takes: the same for ten thousand rows and for two million."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import xlsxwriter

from tests.workers.formats.writers import dbf_bytes
from workers.formats.source import MIB, Limits
from workers.reading import InputFile, ReadRequest, read_files
from workers.reading_events import ProblemFound, ReadingEnded, Rows

FIELDS = [("LOKAL", "C", 8, 0), ("FUNDUSZ", "C", 2, 0), ("SALDO", "N", 10, 2), ("STAN_NA", "D", 8, 0)]
# Beyond what one upload may have, so that the shape of a row need not be squeezed.
LIMITS = Limits(file_bytes=400 * MIB, cpu_seconds=600)


def csv_file(path: Path, rows: int) -> None:
    write(path, "Lokal;Fundusz;Saldo;Stan na\n", "{0:08d};FR;{1},50;31.10.2026\n", rows)


def xml_file(path: Path, rows: int) -> None:
    line = '<w lokal="{0:08d}" fundusz="FR"><saldo>{1},50</saldo><stan_na>2026-10-31</stan_na></w>\n'
    write(path, "<r>", line, rows, "</r>")


def dbf_file(path: Path, rows: int) -> None:
    header = dbf_bytes(FIELDS, [])[:-1]
    start = header[:4] + rows.to_bytes(4, "little") + header[8:]
    write(path, start.decode("latin-1"), " {0:08d}FR{1:>7d}.5020261031", rows)


def write(path: Path, start: str, line: str, rows: int, end: str = "") -> None:
    with path.open("w", encoding="latin-1", newline="") as stream:
        stream.write(start)
        for first in range(0, rows, 10_000):
            stream.write("".join(line.format(n, n % 9000) for n in range(first, first + 10_000)))
        stream.write(end)


def xlsx_file(path: Path, rows: int) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["Lokal", "Konto", "Data", "Dokument", "Opis", "Wn", "Ma"])
        for n in range(rows):
            values = [
                f"{n % 12_000:08d}",
                "204-1",
                "2026-11-10",
                f"WB {n % 365}",
                f"Wpłata {n % 5000}",
                0,
                n % 9000,
            ]
            sheet.write_row(n + 1, 0, values)


def read_counting(path: Path, limits: Limits) -> tuple[int, ReadingEnded]:
    """Rows given out, counted and not kept."""
    count = 0
    events = read_files(ReadRequest([InputFile(1, path, path.name)], limits, timeout_seconds=900))
    for event in events:
        if isinstance(event, Rows):
            count += event.count
        assert not isinstance(event, ProblemFound), event
        if isinstance(event, ReadingEnded):
            return count, event
    raise AssertionError("the reading had no end")


Write = Callable[[Path, int], None]
STREAMS: dict[str, Write] = {"csv": csv_file, "dbf": dbf_file, "xml": xml_file}


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Path]:
    """Large files do not stay with the test's other traces."""
    path = tmp_path / "plik"
    yield path
    for left in tmp_path.iterdir():
        left.unlink()


@pytest.mark.parametrize("extension", STREAMS)
def test_small_tables_take_little_memory(target: Path, extension: str) -> None:
    path = target.with_suffix(f".{extension}")
    STREAMS[extension](path, 10_000)

    count, ended = read_counting(path, LIMITS)

    assert count == 10_000
    assert ended.peak_memory < 64 * MIB


@pytest.mark.long
@pytest.mark.parametrize("extension", STREAMS)
def test_two_million_rows_take_the_memory_of_ten_thousand(target: Path, extension: str) -> None:
    path = target.with_suffix(f".{extension}")
    peaks = []
    for rows in (10_000, 2_000_000):
        STREAMS[extension](path, rows)
        count, ended = read_counting(path, LIMITS)
        assert count == rows
        peaks.append(ended.peak_memory)

    assert peaks[1] < 128 * MIB
    # Caches of texts fill up; nothing else grows.
    assert peaks[1] - peaks[0] < 16 * MIB


@pytest.mark.long
def test_a_workbook_of_half_a_million_rows_is_read_within_its_bound(target: Path) -> None:
    path = target.with_suffix(".xlsx")
    xlsx_file(path, 500_000)

    count, ended = read_counting(path, Limits())

    assert count == 500_000
    assert ended.peak_memory < 512 * MIB
