"""Papers: processor time of each PDF that an owner downloads, and of a month's notices of a whole cooperative.

Single PDFs are asked for at the web server of the bench, as an owner would; processor time is the application's own.
Notices go through the queue and the worker: every premises of the plan, none extrapolated.
"""

import time
from dataclasses import asdict, dataclass
from http.client import HTTPConnection
from typing import Any

from django.db import transaction

from associations.charges.models import NoticeRun, NoticeState
from associations.charges.notice_actions import name_job, order_notices
from associations.periods import Month
from saas.jobs.actions import enqueue_job
from saas.jobs.models import JobKind
from saas.jobs.queries import job_status
from saas.tenancy.switching import enter_association
from tests.bench.actor import BENCH
from tests.bench.bench_imports import REGISTRIES
from tests.bench.bench_pages import Site
from tests.bench.generator import generate
from tests.bench.measuring import Effort, measured, median
from tests.bench.plan import Plan
from tests.bench.queueing import ENDED, LONGEST_JOB_SECONDS, BenchError, Importer
from tests.bench.report import table

MIB = 1 << 20
POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class PaperFigure:
    """One kind of PDF: its bytes, and the medians of processor time and of time by the clock, in seconds."""

    paper: str
    size: int
    cpu: float
    seconds: float


@dataclass(frozen=True, slots=True)
class NoticesFigure:
    """A month's notices: how many, in how many PDFs, and what they took."""

    notices: int
    parts: int
    effort: Effort

    def document(self) -> dict[str, Any]:
        """For the JSON file."""
        return asdict(self)


def measure_papers(site: Site, port: int, *, year: int, times: int) -> list[PaperFigure]:
    """Each PDF of the site's owner; the first answer, which fills caches, does not count."""
    base = site.paths["ledger of a year"].split("kartoteka/")[0]
    papers = {
        "notice of a month": f"{base}oplaty/{year}/12/pdf/",
        "ledger of a year": f"{base}kartoteka/{year}/pdf/",
        "confirmation of balances": f"{base}saldo/pdf/",
        "media of a year": f"{base}media/{year}/pdf/",
    }
    found = []
    for paper, path in papers.items():
        answers = [_fetch(site, path, port) for _ in range(times + 1)][1:]
        found.append(
            PaperFigure(
                paper,
                answers[0][0],
                median([cpu for _, cpu, _ in answers]),
                median([seconds for *_, seconds in answers]),
            )
        )
    return found


def measure_notices(importer: Importer, plan: Plan) -> NoticesFigure:
    """Bring premises, people and the charges of the plan's last month; then order the notices of that month."""
    folder = importer.around.generated / importer.association.slug
    generate(plan, folder)
    importer.bring([folder / name for name in REGISTRIES])
    importer.bring([max(folder.glob("naliczenia-*.csv"))])
    month = Month(plan.years[-1], plan.last_month)
    with measured(importer.around) as effort:
        run = _print(importer, month)
    return NoticesFigure(run.notice_count, len(run.parts), effort)


def paper_table(figures: list[PaperFigure]) -> str:
    """Milliseconds."""
    return table(
        ("PDF", "KB", "CPU ms", "ms"),
        (
            (one.paper, round(one.size / 1000, 1), round(1000 * one.cpu, 1), round(1000 * one.seconds, 1))
            for one in figures
        ),
    )


def notices_table(one: NoticesFigure) -> str:
    """Seconds by the clock and of processor time; MiB of the worker and of its press."""
    effort = one.effort
    return table(
        ("notices of a month", "notices", "PDFs", "s", "worker s", "database s", "worker MiB", "press MiB"),
        [
            (
                *("all premises", one.notices, one.parts, round(effort.seconds, 1)),
                *(round(effort.worker_cpu, 1), round(effort.database_cpu, 1)),
                *(round(effort.worker_peak / MIB), round(effort.reader_peak / MIB)),
            )
        ],
    )


def _print(importer: Importer, month: Month) -> NoticeRun:
    association = importer.association
    with enter_association(association), transaction.atomic():
        run = order_notices(actor=BENCH, month=month)
        job = enqueue_job(association=association, kind=JobKind.PRINT_NOTICES, options={"run_id": run.pk})
        name_job(run_id=run.pk, job_id=job.pk)
    deadline = time.monotonic() + LONGEST_JOB_SECONDS
    while (status := job_status(job.pk)) is not None and status.state not in ENDED:
        time.sleep(POLL_SECONDS)
        if time.monotonic() > deadline:
            raise BenchError("the notices were not done in time")
    with enter_association(association):
        run.refresh_from_db()
    if run.state != NoticeState.DONE or not run.notice_count:
        raise BenchError(f"the notices are {run.state}: {status}")
    return run


def _fetch(site: Site, path: str, port: int) -> tuple[int, float, float]:
    """Bytes, processor time and time by the clock of one PDF; BenchError for anything else."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers={"Host": site.host, "Cookie": site.cookie})
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    if answer.status != 200 or not body.startswith(b"%PDF"):
        raise BenchError(f"{site.host}{path} answers {answer.status}")
    return len(body), float(answer.headers["X-Bench-Cpu"]), float(answer.headers["X-Bench-Wall"])
