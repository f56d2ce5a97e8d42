"""The bench's own arithmetic: what it would get wrong without anybody noticing."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from saas.local.addresses import CHECKOUT
from tests.bench.measuring import Effort, median, percentile_95, ratio
from tests.bench.processes import cpu_seconds, peak_bytes, tree, watched_memory
from tests.bench.report import table

BURN = "import time\nwhile time.process_time() < {0}: pass\n"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([5.0], 5.0),
        ([3.0, 1.0, 2.0], 3.0),
        ([float(n) for n in range(1, 101)], 95.0),
        ([1.0] * 19 + [9.0], 1.0),
    ],
)
def test_95_of_100_values_do_not_exceed_the_percentile(values: list[float], expected: float) -> None:
    assert percentile_95(values) == expected


def test_the_median_of_an_even_number_lies_between_the_middle_ones() -> None:
    assert median([1.0, 9.0, 2.0, 4.0]) == 3.0


def test_a_ratio_needs_something_to_compare_with() -> None:
    assert (ratio(3.0, 2.0), ratio(3.0, 0.0)) == (1.5, None)


def test_efforts_add_up_but_for_peaks() -> None:
    both = Effort(1.0, 2.0, 3.0, 10, 40).plus(Effort(0.5, 0.25, 0.125, 20, 30))

    assert both == Effort(1.5, 2.25, 3.125, 20, 40)
    assert both.cpu == 5.375


def test_processor_time_counts_children_alive_and_ended() -> None:
    parent = f"""
import subprocess, sys
subprocess.run([sys.executable, "-c", {BURN.format(0.3)!r}])
living = subprocess.Popen([sys.executable, "-c", {(BURN.format(0.3) + "input()")!r}], stdin=subprocess.PIPE)
print("ready", flush=True)
input()
living.communicate(b"x")
"""
    with subprocess.Popen(
        [sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        deadline = time.monotonic() + 20
        while (used := cpu_seconds(process.pid)) < 0.55 and time.monotonic() < deadline:
            time.sleep(0.05)
        family = list(tree(process.pid))
        process.communicate("x")

    assert 0.55 <= used < 3  # the clock ticks in hundredths
    assert len(family) == 2


def test_peaks_of_memory_are_those_of_the_watched_time() -> None:
    grows = "x = bytearray(60_000_000); del x; print('small', flush=True); input(); print('done', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", grows], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        process.stdout.readline()
        before = peak_bytes(process.pid)
        with watched_memory(process.pid) as watch:
            process.stdin.write("go\n")
            process.stdin.flush()
            process.stdout.readline()
            time.sleep(0.1)
        process.communicate("x")

    assert before > 60_000_000
    assert 0 < watch.worker < 50_000_000
    assert watch.reader == 0


def test_a_table_aligns_words_to_the_left_and_figures_to_the_right() -> None:
    text = table(("page", "rows", "× bare"), [("ledger", 80, 1.5), ("a", 7, None)])

    assert text.splitlines() == ["page    rows  × bare", "ledger    80     1.5", "a          7"]


@pytest.mark.long
def test_the_bench_measures_everything_that_it_says(tmp_path: Path) -> None:
    results = CHECKOUT / ".local" / "bench"
    before = set(results.glob("*.json"))

    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--quick"],
        cwd=CHECKOUT,
        env={**os.environ},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = set(results.glob("*.json")) - before
    found = json.loads(path.read_text())
    assert {name: bool(found[name]) for name in ("pages", "sample", "imports", "provisioning")} == {
        "pages": True,
        "sample": True,
        "imports": True,
        "provisioning": True,
    }
