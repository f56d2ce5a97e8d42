"""How the bench shows import speed and storage."""

from collections.abc import Sequence

from tests.bench.bench_speed import BOUNDS, SpeedFigure
from tests.bench.bench_storage import StorageFigure
from tests.bench.report import MIB, table

# How many times the rows a second of django-import-export.
LEAST_OF_BULK = 8
MOST_OF_ONCE = 1.2


def speed_table(figures: Sequence[SpeedFigure]) -> str:
    """Medians; `COPY s` is the plain COPY of the same rows into the same table, in the same runs."""
    heads = ("import speed", "of", "rows", "s", "COPY s", "× COPY", "at most", "goal", "CPU", "rows/s", "MiB")
    return table(
        heads,
        (
            (
                *(one.step, one.subject, one.rows, round(one.seconds, 2), round(one.copy_seconds, 2)),
                *(one.of_copy, *BOUNDS[one.step], one.of_copy_cpu, one.rows_per_second),
                f"{round(one.worker_peak / MIB)} + {round(one.reader_peak / MIB)}",
            )
            for one in figures
        ),
    )


def bulk_table(rows: int, own: float, other: float) -> str:
    """Rows a second, the first file from upload to published, beside django-import-export's bulk mode."""
    heads = ("beside django-import-export", "its rows", "its rows/s", "own rows/s", "×", "at least")
    return table(heads, [("postings", rows, round(other), round(own), round(own / other, 1), LEAST_OF_BULK)])


def storage_table(figure: StorageFigure) -> str:
    """MiB after VACUUM."""
    heads = ("storage after twelve monthly uploads", "rows", "MiB", "uploaded once", "×", "at most")
    sizes = (round(figure.monthly / MIB, 1), round(figure.once / MIB, 1))
    return table(heads, [("yearly ledger", figure.rows, *sizes, figure.of_once, MOST_OF_ONCE)])
