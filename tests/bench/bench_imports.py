"""Imports of generated files: first publication beside a plain COPY, the same file again, one month more, undo."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from associations.imports.models import BatchState
from tests.bench.copying import copy_rows
from tests.bench.generator import generate
from tests.bench.measuring import Effort, ratio
from tests.bench.plan import Plan
from tests.bench.queueing import Importer, Step

# Below this many seconds a comparison with COPY compares the queue's own steps and the clock's ticks.
SHORTEST_COPY = 0.2
REGISTRIES = ("konta.csv", "lokale.csv", "osoby.csv")


@dataclass(frozen=True, slots=True)
class ImportFigure:
    """One measured step. `of_copy`: how many times a plain COPY of the same rows, by the clock and in CPU time."""

    site: str
    step: str
    rows: int
    effort: Effort
    of_copy: float | None = None
    of_copy_cpu: float | None = None

    @property
    def rows_per_second(self) -> int:
        """Rows of the file by the clock."""
        return round(self.rows / self.effort.seconds)

    def document(self) -> dict[str, Any]:
        """For the JSON file."""
        return {**asdict(self), "rows_per_second": self.rows_per_second}


class ImportBench:
    """Walks one association of a given plan from nothing to a year of figures, measuring each step."""

    def __init__(self, site: str, importer: Importer, plan: Plan, *, all_months: bool) -> None:
        self._site, self._importer, self._plan, self._all_months = site, importer, plan, all_months
        self._span = "month" if plan.by_month else "year"
        self._folder = importer.around.generated / importer.association.slug

    def run(self) -> Iterator[ImportFigure]:
        """Generate the files and import them."""
        month_before = replace(self._plan, last_month=self._plan.last_month - 1)
        earlier = self._folder / "earlier"
        generate(month_before, earlier)
        generate(self._plan, self._folder)
        yield from self._both("premises, people, accounts", [self._folder / name for name in REGISTRIES])
        yield from self._charges()
        yield from self._ledger(earlier)
        yield from self._rest()

    def _charges(self) -> Iterator[ImportFigure]:
        *others, last = sorted(self._folder.glob("naliczenia-*.csv"))
        what = f"a {self._span} of charges"
        reading, publishing = self._importer.bring([last])
        yield from self._first(what, reading, publishing, "charges_chargeline")
        undone = self._importer.undo(publishing.batch)
        yield self._figure(f"{what}: undo", reading.rows, undone.effort)
        yield from self._both(f"{what}, after the undo", [last])
        for path in others if self._all_months else ():
            self._importer.bring([path])

    def _ledger(self, earlier: Path) -> Iterator[ImportFigure]:
        *years_before, last = sorted(earlier.glob("ksiegowania-*.csv"))
        for path in years_before:
            self._importer.bring([path])
        reading, publishing = self._importer.bring([last])
        yield from self._first("a ledger of 11 months", reading, publishing, "ledger_posting")
        again = self._importer.read([last], becomes=BatchState.UNCHANGED)
        yield self._figure("the same ledger again: nothing changes", again.rows, again.effort)
        yield from self._both("the ledger with one month more", [self._folder / last.name])

    def _rest(self) -> Iterator[ImportFigure]:
        readings = sorted(self._folder.glob("odczyty-*.csv"))
        for path in readings[:-1] if self._all_months else ():
            self._importer.bring([path])
        yield from self._both(f"a {self._span} of readings", readings[-1:])
        others = [path for name in ("salda", "rozliczenia") for path in self._folder.glob(f"{name}.csv")]
        yield from self._both("balances and settlements", others)

    def _first(self, step: str, reading: Step, publishing: Step, table: str) -> Iterator[ImportFigure]:
        batch = publishing.batch
        rows, copy = copy_rows(self._importer.around, self._importer.association, table, batch.pk)
        if rows != reading.rows:
            raise AssertionError(f"{step}: {reading.rows} rows were read and {rows} published")
        is_long = copy.seconds >= SHORTEST_COPY
        for name, effort in (
            ("to the preview", reading.effort),
            ("publishing", publishing.effort),
            ("both", reading.effort.plus(publishing.effort)),
        ):
            yield ImportFigure(
                *(self._site, f"{step}: {name}", rows, effort),
                of_copy=ratio(effort.seconds, copy.seconds) if is_long else None,
                of_copy_cpu=ratio(effort.cpu, copy.cpu) if is_long else None,
            )
        yield ImportFigure(self._site, f"{step}: plain COPY", rows, copy)

    def _both(self, step: str, paths: list[Path]) -> Iterator[ImportFigure]:
        reading, publishing = self._importer.bring(paths)
        yield self._figure(f"{step}: to the preview", reading.rows, reading.effort)
        yield self._figure(f"{step}: publishing", reading.rows, publishing.effort)

    def _figure(self, step: str, rows: int, effort: Effort) -> ImportFigure:
        return ImportFigure(self._site, step, rows, effort)
