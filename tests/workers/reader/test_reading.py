"""The parent outlives its child: kills, limits, silence, cancelling, damaged bytes."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.workers.readings import SAMPLES, Reading, read_bytes, read_paths
from workers.formats.source import MIB, Limits
from workers.reading import InputFile, ReadRequest, read_files
from workers.reading_events import ProblemFound, Progress, ReadingEnded, Rows

LEDGER = SAMPLES / "spoldzielnia" / "ksiegowania-2025.csv"
BALANCES = SAMPLES / "spoldzielnia" / "salda.csv"
HEADER = "Kod lokalu;Kod osoby;Konto;Data księgowania;Termin płatności;Dokument;Opis;Winien;Ma\r\n"


def children() -> set[int]:
    """Process ids of the children of this test process."""
    return {int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()}


def write_ledger(path: Path, size: int) -> int:
    """A ledger of at least `size` bytes with many different texts; returns its number of rows."""
    rows = 0
    with path.open("w", encoding="cp1250", newline="") as stream:
        stream.write(HEADER)
        while stream.tell() < size:
            lines = [
                f"{n // 1000:04d}-{n % 1000:03d};17{n:06d};204-1;{n % 28 + 1:02d}.{n % 12 + 1:02d}.2026;;"
                f"WB {n % 365}/2026;Wpłata – zażółć {n};0;{n % 9000},{n % 100:02d}\r\n"
                for n in range(rows, rows + 5000)
            ]
            stream.write("".join(lines))
            rows += 5000
    return rows


@pytest.mark.parametrize("size", [10 * MIB, pytest.param(99 * MIB, marks=pytest.mark.long)])
def test_large_files_are_read_in_constant_memory(tmp_path: Path, size: int) -> None:
    path = tmp_path / "obroty.csv"
    rows = write_ledger(path, size)

    reading = Reading()
    read = 0
    for event in read_files(ReadRequest([InputFile(1, path, path.name)])):
        if isinstance(event, Rows):
            read += event.count
        else:
            reading.take(event)

    assert reading.problems == []
    assert read == rows
    assert reading.ended is not None
    assert reading.ended.peak_memory < 64 * MIB
    positions = [progress.bytes for progress in reading.progress]
    assert positions == sorted(positions)


def test_a_killed_child_is_a_problem_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "obroty.csv"
    write_ledger(path, 10 * MIB)
    reading = Reading()

    for event in read_files(
        ReadRequest([InputFile(1, path, path.name), InputFile(2, BALANCES, "salda.csv")])
    ):
        if isinstance(event, Progress) and event.file == 1:
            for pid in children():
                os.kill(pid, signal.SIGKILL)
        reading.take(event)

    assert [(p.code, p.file, p.file_name) for p in reading.problems] == [("reader_limits", 1, "obroty.csv")]
    assert len(reading.rows["balances"]) == 128
    assert reading.ended is not None
    assert not reading.ended.is_complete
    assert children() == set()


def test_memory_is_bounded(tmp_path: Path) -> None:
    reading = read_paths([LEDGER, BALANCES], Limits(memory_bytes=16 * MIB))

    assert [p.severity for p in reading.problems] == ["error", "error"]


def test_processor_time_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "obroty.csv"
    write_ledger(path, MIB)
    path.write_bytes(path.read_bytes() * 40)

    events = read_files(ReadRequest([InputFile(1, path, path.name)], Limits(cpu_seconds=1)))

    problems = [event.problem.code for event in events if isinstance(event, ProblemFound)]
    assert problems == ["reader_limits"]


def test_a_child_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    path = tmp_path / "obroty.csv"
    write_ledger(path, 10 * MIB)

    reading = read_paths([path], timeout_seconds=0.2)

    assert reading.codes == {"timeout": 1}
    assert children() == set()


def test_closing_the_generator_ends_the_child(tmp_path: Path) -> None:
    path = tmp_path / "obroty.csv"
    write_ledger(path, 3 * MIB)
    events = read_files(ReadRequest([InputFile(1, path, path.name)]))
    next(events)
    assert len(children()) == 1

    events.close()

    assert children() == set()


def test_a_child_that_cannot_start_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")

    reading = read_paths([BALANCES])

    assert [(p.code, p.file_name) for p in reading.problems] == [("reader_stopped", "salda.csv")]


def test_a_child_that_talks_nonsense_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    babbler = tmp_path / "babbler"
    babbler.write_text("#!/bin/sh\nexec yes nonsense\n")
    babbler.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(babbler))

    reading = read_paths([BALANCES])

    assert reading.codes == {"reader_stopped": 1}
    assert children() == set()


def test_the_child_sees_no_secret_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spy = tmp_path / "spy"
    spy.write_text(f"#!/bin/sh\nenv > {tmp_path}/seen\n")
    spy.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(spy))
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")

    read_paths([BALANCES])

    assert "secret" not in (tmp_path / "seen").read_text()


def test_a_file_that_is_gone_is_a_problem(tmp_path: Path) -> None:
    reading = read_paths([tmp_path / "brak.csv"])

    assert [p.severity for p in reading.problems] == ["error"]


def test_the_child_is_small_and_knows_no_django() -> None:
    listing = "import sys, workers.reader; print(*sorted({name.split('.')[0] for name in sys.modules}))"

    output = subprocess.run([sys.executable, "-c", listing], check=True, capture_output=True, text=True)

    assert "workers" in output.stdout.split()
    assert {
        "django",
        "associations",
        "saas",
        "billing_views",
        "celery",
        "psycopg",
        "python_calamine",
    }.isdisjoint(output.stdout.split())


def test_nothing_to_read_ends_at_once() -> None:
    assert list(read_files(ReadRequest([]))) == [
        ReadingEnded(is_complete=True, rows={}, problems={}, peak_memory=0, cpu_seconds=0.0)
    ]


def test_a_month_of_a_cooperative_is_read_quickly() -> None:
    started = time.monotonic()

    reading = read_paths(sorted((SAMPLES / "spoldzielnia").glob("ksiegowania*.csv")))

    assert len(reading.rows["postings"]) == 8888
    assert time.monotonic() - started < 3


def damaged(content: bytes, chance: random.Random) -> bytes:
    """The content cut, with bits flipped, or with a piece moved."""
    spoilt = bytearray(content)
    for _ in range(chance.randint(1, 20)):
        place = chance.randrange(len(spoilt))
        spoilt[place] ^= 1 << chance.randrange(8)
    if chance.random() < 0.3:
        del spoilt[chance.randrange(1, len(spoilt)) :]
    if chance.random() < 0.2:
        start = chance.randrange(len(spoilt))
        spoilt[start:start] = spoilt[: chance.randrange(1, 2000)]
    return bytes(spoilt)


def check_survival(folder: Path, name: str, content: bytes) -> None:
    reading = read_bytes(folder, name, content)

    assert reading.ended is not None
    assert "reader_stopped" not in reading.codes, reading.problems


@pytest.mark.parametrize("seed", range(6))
def test_damaged_files_are_problems_and_nothing_worse(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  the same damage at every run
    path = chance.choice([LEDGER, BALANCES, SAMPLES / "wspolnota" / "lipowa-12.xlsx"])

    check_survival(tmp_path, path.name, damaged(path.read_bytes(), chance))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1000, 1600))
def test_many_damaged_files_are_problems_and_nothing_worse(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  the same damage at every run
    paths = [LEDGER, BALANCES, *[SAMPLES / "wspolnota" / "lipowa-12.xlsx"] * 4]
    path = chance.choice(paths)

    check_survival(tmp_path, path.name, damaged(path.read_bytes(), chance))
