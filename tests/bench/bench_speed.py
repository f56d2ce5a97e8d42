"""Import speed, from file to published, beside a plain COPY of the same rows: medians of interleaved runs.

Each run has an association of its own, with its premises, people and accounts in place. A yearly file is imported
first, imported again, taken back; then eleven of its months are published, and the whole file brings the twelfth.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from associations.imports.models import BatchState
from tests.bench.bench_provisioning import provision
from tests.bench.copying import copy_rows
from tests.bench.generator import generate
from tests.bench.measuring import Effort, median, ratio
from tests.bench.plan import Plan
from tests.bench.queueing import Importer
from tests.bench.surroundings import Surroundings

REGISTRIES = ("konta.csv", "lokale.csv", "osoby.csv")
FIRST, AGAIN, ONE_MONTH, UNDO = (
    "first file",
    "same file again",
    "one month of twelve new",
    "undo of that month",
)
# Step → how many times a plain COPY it may take, and is meant to.
BOUNDS = {FIRST: (2.5, 1.8), AGAIN: (1.0, 0.6), ONE_MONTH: (1.2, 0.7), UNDO: (0.1, 0.1)}


@dataclass(frozen=True, slots=True)
class Subject:
    """What is imported: rows of one dataset for so many premises, a year of them in one file."""

    name: str
    pattern: str
    table: str
    premises: int


POSTINGS = Subject("postings", "ksiegowania-*.csv", "ledger_posting", 10_608)
CHARGES = Subject("charge lines", "naliczenia-*.csv", "charges_chargeline", 1_000)


@dataclass(frozen=True, slots=True)
class SpeedFigure:
    """One step: medians of its runs, and of the COPY runs beside them."""

    subject: str
    step: str
    rows: int
    seconds: float
    cpu: float
    copy_seconds: float
    copy_cpu: float
    worker_peak: int
    reader_peak: int

    @property
    def of_copy(self) -> float | None:
        """How many times a plain COPY, by the clock."""
        return ratio(self.seconds, self.copy_seconds)

    @property
    def of_copy_cpu(self) -> float | None:
        """The same in processor time: work that two processors share counts twice."""
        return ratio(self.cpu, self.copy_cpu)

    @property
    def rows_per_second(self) -> int:
        """Rows of the file by the clock."""
        return round(self.rows / self.seconds)

    def document(self) -> dict[str, Any]:
        """For the JSON file."""
        ratios = {"of_copy": self.of_copy, "of_copy_cpu": self.of_copy_cpu}
        return {**asdict(self), **ratios, "rows_per_second": self.rows_per_second}


@dataclass(frozen=True, slots=True)
class Run:
    """One association's walk: rows of the file, what COPY took, what each step took, and where it was."""

    rows: int
    copy: Effort
    steps: dict[str, Effort]
    importer: Importer
    batch_id: int


def measure_speed(around: Surroundings, subject: Subject, *, runs: int) -> tuple[list[SpeedFigure], Run]:
    """The figures of every step, and the last run for who wants to go on with it."""
    plan = Plan(subject.premises, 2026, 2026)
    whole, eleven = (around.generated / f"{subject.premises}-{name}" for name in ("whole", "eleven"))
    generate(plan, whole)
    generate(replace(plan, last_month=11), eleven)
    files = [next(folder.glob(subject.pattern)) for folder in (whole, eleven)]
    registries = [whole / name for name in REGISTRIES]
    done = list(_runs(around, subject, registries, files, runs))
    copies = [run.copy for run in done]
    figures = [
        SpeedFigure(
            *(subject.name, step, done[0].rows),
            *_medians([run.steps[step] for run in done]),
            *_medians(copies),
            worker_peak=max(run.steps[step].worker_peak for run in done),
            reader_peak=max(run.steps[step].reader_peak for run in done),
        )
        for step in BOUNDS
    ]
    return figures, done[-1]


def _medians(efforts: Sequence[Effort]) -> tuple[float, float]:
    return median([effort.seconds for effort in efforts]), median([effort.cpu for effort in efforts])


def _runs(
    around: Surroundings, subject: Subject, registries: list[Path], files: list[Path], runs: int
) -> Iterator[Run]:
    whole, eleven = files
    for number in range(runs):
        slug = f"szybko-{subject.premises}-{number}"
        importer = Importer(around, provision(slug, f"{subject.name} {number}"))
        importer.bring(registries)
        reading, publishing = importer.bring([whole])
        rows, copy = copy_rows(around, importer.association, subject.table, publishing.batch.pk)
        if rows != reading.rows:
            raise AssertionError(f"{reading.rows} rows were read and {rows} published")
        again = importer.read([whole], becomes=BatchState.UNCHANGED)
        importer.undo(publishing.batch)
        importer.bring([eleven])
        month, month_published = importer.bring([whole])
        undone = importer.undo(month_published.batch)
        steps = {
            FIRST: reading.effort.plus(publishing.effort),
            AGAIN: again.effort,
            ONE_MONTH: month.effort.plus(month_published.effort),
            UNDO: undone.effort,
        }
        yield Run(rows, copy, steps, importer, publishing.batch.pk)
