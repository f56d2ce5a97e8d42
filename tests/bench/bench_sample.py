"""The cooperative's sample: from the click to the preview, and the memory of the worker that reads it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from saas.local.addresses import CHECKOUT
from tests.bench.measuring import Effort, median
from tests.bench.queueing import Importer

SAMPLE = CHECKOUT / "samples" / "spoldzielnia"
REGISTRIES = ("konta.csv", "lokale.csv", "osoby.csv")


@dataclass(frozen=True, slots=True)
class SampleFigure:
    """Several readings: medians of times, the highest memory."""

    what: str
    rows: int
    effort: Effort

    def document(self) -> dict[str, Any]:
        """For the JSON file."""
        return asdict(self)


def measure_sample(importer: Importer, *, times: int) -> list[SampleFigure]:
    """First the whole package at once, then the postings alone where premises and accounts are known."""
    package = _read("the whole package", importer, [SAMPLE], times)
    importer.bring([SAMPLE / name for name in REGISTRIES])
    postings = sorted(SAMPLE.glob("ksiegowania-*.csv"))
    return [_read("postings", importer, postings, times), package]


def _read(what: str, importer: Importer, paths: Sequence[Path], times: int) -> SampleFigure:
    steps = [importer.read(paths) for _ in range(times)]
    efforts = [step.effort for step in steps]
    middle = Effort(
        median([effort.seconds for effort in efforts]),
        median([effort.worker_cpu for effort in efforts]),
        median([effort.database_cpu for effort in efforts]),
        max(effort.worker_peak for effort in efforts),
        max(effort.reader_peak for effort in efforts),
    )
    return SampleFigure(what, steps[0].rows, middle)
