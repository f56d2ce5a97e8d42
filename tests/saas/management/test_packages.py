"""Packages of files: one where they fit into one, else several in the order in which datasets refer to each other."""

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from associations.imports.models import ImportBatch
from saas.management.packages import LocalFile, find_packages, rank_of, split_package
from saas.management.waiting import ProgressBar, draw_bar

SAMPLES = Path(__file__).resolve().parents[3] / "samples" / "spoldzielnia"


def local(path: Path) -> LocalFile:
    return LocalFile(path=path, name=path.name, size=path.stat().st_size)


@pytest.mark.parametrize(
    ("pattern", "rank"), [("*lokale*", 0), ("*osoby*", 1), ("*konta*", 2), ("*ksiegowania*", 3)]
)
def test_rank_of_a_file_is_found_in_the_file(pattern: str, rank: int) -> None:
    [path, *_] = sorted(SAMPLES.glob(pattern))

    assert rank_of(local(path)) == rank


def test_unreadable_file_comes_last(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"\x00\x01")

    assert rank_of(local(tmp_path / "x.csv")) == 3


def test_folder_within_the_limits_is_one_package() -> None:
    [package] = find_packages([str(SAMPLES)])

    assert split_package(package) == [package]


def test_larger_folder_is_divided_registries_first(settings: Any) -> None:
    [package] = find_packages([str(SAMPLES)])
    total = sum(file.size or 0 for file in package)
    settings.UPLOAD_MAX_BYTES = total // 2

    parts = split_package(package)

    assert len(parts) > 1
    assert sorted((file.name for part in parts for file in part), key=str) == sorted(
        (file.name for file in package), key=str
    )
    ranks = [rank_of(file) for part in parts for file in part]
    assert ranks == sorted(ranks)
    assert all(len(part) == 1 or sum(file.size or 0 for file in part) <= total // 2 for part in parts)


def reading(**fields: Any) -> ImportBatch:
    given = {
        "state": "reading",
        "phase": "reading",
        "progress_done": 40,
        "progress_total": 100,
        "progress_rows": 12_000,
        "phase_started_at": timezone.now() - dt.timedelta(seconds=12),
    }
    return ImportBatch(pk=3, **(given | fields))


def test_bar_shows_share_rows_and_remaining_time() -> None:
    assert draw_bar(reading()).startswith(f"[{'#' * 12}{'.' * 18}] 40 %, 12000 wierszy, zostało około ")


def test_bar_says_nothing_of_what_is_not_known() -> None:
    assert draw_bar(reading(progress_total=0, progress_rows=0)) == "…"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_terminal_gets_one_line_and_a_file_a_line_per_phase() -> None:
    terminal, file = Terminal(), io.StringIO()

    for stream in (terminal, file):
        bar = ProgressBar(stream)
        for batch in (reading(), reading(progress_done=60), reading(phase="checking", progress_total=0)):
            bar.show(batch)
        bar.end()

    assert terminal.getvalue().count("\n") == 0
    assert "60 %" in terminal.getvalue()
    assert file.getvalue() == "batch 3: Wczytywanie plików\nbatch 3: Sprawdzanie wierszy\n"
