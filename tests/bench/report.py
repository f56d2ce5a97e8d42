"""What the bench found, as tables for people and as JSON for programs."""

import json
import os
import platform
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection

from saas.local.addresses import CHECKOUT
from tests.bench.bench_imports import ImportFigure
from tests.bench.bench_pages import PageFigure
from tests.bench.bench_sample import SampleFigure

MIB = 1 << 20
Cell = str | int | float | None


@dataclass(slots=True)
class Report:
    """Everything that one run measured."""

    scale: dict[str, Any]
    pages: list[PageFigure] = field(default_factory=list)
    sample: list[SampleFigure] = field(default_factory=list)
    imports: list[ImportFigure] = field(default_factory=list)
    speed: dict[str, Any] = field(default_factory=dict)
    reading: dict[str, Any] = field(default_factory=dict)
    fairness: dict[str, Any] = field(default_factory=dict)
    provisioning: dict[str, Any] = field(default_factory=dict)
    papers: dict[str, Any] = field(default_factory=dict)
    began: datetime = field(default_factory=lambda: datetime.now(UTC))

    def write(self, folder: Path) -> Path:
        """Keep the figures as <date>.json."""
        document = {
            "began": self.began.isoformat(timespec="seconds"),
            "seconds": round((datetime.now(UTC) - self.began).total_seconds()),
            "revision": _revision(),
            "machine": describe_machine(),
            "scale": self.scale,
            "pages": [one.document() for one in self.pages],
            "sample": [one.document() for one in self.sample],
            "imports": [one.document() for one in self.imports],
            "speed": self.speed,
            "reading": self.reading,
            "fairness": self.fairness,
            "provisioning": self.provisioning,
            "papers": self.papers,
        }
        path = folder / f"{self.began:%Y-%m-%dT%H%M%S}.json"
        path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return path


def describe_machine() -> dict[str, Any]:
    """Where it was measured, and how busy the machine was with other things."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()[0]
    return {
        "system": platform.platform(),
        "processors": os.cpu_count(),
        "load": os.getloadavg(),
        "python": platform.python_version(),
        "postgresql": server,
    }


def _revision() -> str:
    found = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    return found.stdout.strip()


def page_table(figures: Sequence[PageFigure]) -> str:
    """Milliseconds inside the application."""
    return table(
        (
            "page",
            "association",
            "rows",
            "KB",
            "queries",
            "p50 ms",
            "p95 ms",
            "CPU ms",
            "× bare",
            "CPU",
            "× Django",
        ),
        (
            (
                *(one.page, one.site, one.rows, round(one.size / 1000, 1), one.queries),
                *(round(1000 * one.seconds, 2), round(1000 * one.seconds_95, 2), round(1000 * one.cpu, 2)),
                *(one.of_bare, one.of_bare_cpu, one.of_plain),
            )
            for one in figures
        ),
    )


def sample_table(figures: Sequence[SampleFigure]) -> str:
    """Seconds, and MiB of resident memory."""
    return table(
        ("cooperative's sample to the preview", "rows", "s", "CPU s", "worker MiB", "reader MiB"),
        (
            (
                *(one.what, one.rows, round(one.effort.seconds, 2), round(one.effort.cpu, 2)),
                *(round(one.effort.worker_peak / MIB), round(one.effort.reader_peak / MIB)),
            )
            for one in figures
        ),
    )


def import_table(figures: Sequence[ImportFigure]) -> str:
    """Seconds by the clock and of processor time."""
    return table(
        ("import", "association", "rows", "s", "rows/s", "worker s", "database s", "× COPY", "CPU", "MiB"),
        (
            (
                *(one.step, one.site, one.rows, round(one.effort.seconds, 2), one.rows_per_second),
                *(round(one.effort.worker_cpu, 2), round(one.effort.database_cpu, 2)),
                *(one.of_copy, one.of_copy_cpu, _peaks(one)),
            )
            for one in figures
        ),
    )


def _peaks(figure: ImportFigure) -> str:
    """`85 + 22`: worker and reading child."""
    worker, reader = round(figure.effort.worker_peak / MIB), round(figure.effort.reader_peak / MIB)
    return f"{worker} + {reader}" if reader else str(worker)


def provisioning_table(found: dict[str, Any]) -> str:
    """Seconds per association."""
    names = ("times", "seconds", "seconds_95", "own_cpu", "database_cpu")
    heads = ("new associations", "p50 s", "p95 s", "CPU s", "database s")
    return table(heads, [[found["times"], *(round(found[name], 3) for name in names[1:])]])


def table(heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Columns of equal width, figures to the right."""
    lines = [tuple(heads), *(tuple("" if cell is None else str(cell) for cell in row) for row in rows)]
    widths = [max(len(line[number]) for line in lines) for number in range(len(heads))]
    is_text = [(number < 2 and len(heads) > 6) or number == 0 for number in range(len(heads))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if left else cell.rjust(width)
            for cell, width, left in zip(line, widths, is_text, strict=True)
        ).rstrip()
        for line in lines
    )
