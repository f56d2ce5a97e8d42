"""`make bench`: what imports, pages and provisioning cost, measured in one run on servers of its own.

Prints tables and writes .local/bench/<date>.json. On a machine that others use, compare ratios and processor time.
"""

import argparse
import signal
import sys
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from saas.local.server_user import LocalServerError
from tests.bench.surroundings import FOLDER, Surroundings, only_one, prepare_environment, running

if TYPE_CHECKING:
    from tests.bench.bench_pages import Site
    from tests.bench.plan import Plan
    from tests.bench.queueing import Importer
    from tests.bench.report import Report

YEAR = 2026


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured."""

    small: int = 60
    large: int = 12_000
    first_year: int = YEAR
    many_years: int = 5
    all_months: bool = False
    rounds: int = 12
    sample_times: int = 3
    provisioned: int = 5
    speed_runs: int = 5
    speed_premises: int = 10_608
    bulk_rows: int = 24_000
    storage_premises: int = 1_000
    waiting_imports: int = 400
    crowd: int = 20
    years_behind: int = 9


FULL = Scale(
    first_year=YEAR - 2,
    many_years=10,
    all_months=True,
    rounds=30,
    sample_times=5,
    provisioned=30,
    waiting_imports=2_000,
    crowd=100,
)
QUICK = Scale(
    large=600,
    many_years=2,
    rounds=3,
    sample_times=1,
    provisioned=2,
    speed_runs=1,
    speed_premises=600,
    bulk_rows=2_000,
    storage_premises=100,
    waiting_imports=40,
    crowd=4,
    years_behind=2,
)


def main() -> int:
    """Measure; exit code 1 where the product or its servers did not do their part."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    size = parser.add_mutually_exclusive_group()
    size.add_argument(
        "--full", action="store_true", help="12 000 premises × 3 years, every month; takes long"
    )
    size.add_argument("--quick", action="store_true", help="600 premises: does the bench itself still work?")
    parser.add_argument("--speed", action="store_true", help="import speed and storage alone")
    parser.add_argument(
        "--pages", action="store_true", help="owners' pages alone, at ten years of all premises too"
    )
    parser.add_argument("--fairness", action="store_true", help="waiting beside a large import alone")
    parser.add_argument("--papers", action="store_true", help="PDFs and a month's notices alone")
    options = parser.parse_args()
    scale = FULL if options.full else QUICK if options.quick else Scale()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    prepare_environment()
    import django

    django.setup()
    from tests.bench.queueing import BenchError

    try:
        with only_one(), running() as around:
            if options.fairness:
                measure_waiting_alone(around, scale)
            elif options.pages:
                measure_pages_alone(around, scale)
            elif options.papers:
                measure_papers_alone(around, scale)
            elif options.speed:
                measure_imports_alone(around, scale)
            else:
                measure(around, scale)
    except (BenchError, LocalServerError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def measure_imports_alone(around: Surroundings, scale: Scale) -> None:
    """Import speed beside COPY and django-import-export, and what twelve uploads leave in the database."""
    from tests.bench.report import Report

    report = Report(asdict(scale))
    _measure_speed(around, scale, report)
    print(f"\n{report.write(FOLDER)}")


def measure_pages_alone(around: Surroundings, scale: Scale) -> None:
    """Owners' pages beside bare views: a small association, a large one, and the large one with ten years."""
    from saas.local.visitor import wait_for_web
    from tests.bench import report as out
    from tests.bench.bench_imports import ImportBench
    from tests.bench.bench_pages import measure_pages, open_site
    from tests.bench.bench_provisioning import provision
    from tests.bench.decade import copy_year_back
    from tests.bench.plan import Plan
    from tests.bench.queueing import Importer

    report = out.Report(asdict(scale))
    wait_for_web(around.port)
    sites = []
    for premises in (scale.small, scale.large):
        importer = Importer(around, provision(f"plan-{premises}", f"{premises} premises"))
        list(ImportBench("", importer, Plan(premises, YEAR, YEAR, by_month=True), all_months=True).run())
        sites.append(open_site(f"{premises} premises", importer.association, around.port, YEAR))
    report.pages = measure_pages(sites, around.port, rounds=scale.rounds)
    show(out.page_table(report.pages))
    postings = copy_year_back(importer.association, scale.years_behind)
    decade = replace(sites[-1], name=f"{scale.large}, {scale.years_behind + 1} years")
    figures = measure_pages([decade], around.port, rounds=scale.rounds)
    report.pages = [*report.pages, *figures]
    show(f"{postings} postings in the table")
    show(out.page_table(figures))
    print(f"\n{report.write(FOLDER)}")


def measure_waiting_alone(around: Surroundings, scale: Scale) -> None:
    """How long small imports wait while a large one runs."""
    from tests.bench.report import Report

    report = Report(asdict(scale))
    _measure_waiting(around, scale, report)
    print(f"\n{report.write(FOLDER)}")


def measure_papers_alone(around: Surroundings, scale: Scale) -> None:
    """PDFs of a small association's owner, and the notices of a month of a large one."""
    from saas.local.visitor import wait_for_web
    from tests.bench.bench_imports import ImportBench
    from tests.bench.bench_pages import open_site
    from tests.bench.bench_provisioning import provision
    from tests.bench.plan import Plan
    from tests.bench.queueing import Importer
    from tests.bench.report import Report

    report = Report(asdict(scale))
    wait_for_web(around.port)
    small = Importer(around, provision("male", f"{scale.small} premises"))
    list(ImportBench("small", small, Plan(scale.small, YEAR, YEAR), all_months=True).run())
    site = open_site("small", small.association, around.port, YEAR)
    large = Importer(around, provision("duze", f"{scale.large} premises"))
    _measure_papers(report, site, around.port, scale, large, Plan(scale.large, YEAR, YEAR, by_month=True))
    print(f"\n{report.write(FOLDER)}")


def _measure_papers(
    report: "Report", site: "Site", port: int, scale: Scale, large: "Importer", plan: "Plan"
) -> None:
    from tests.bench.bench_pdf import measure_notices, measure_papers, notices_table, paper_table

    papers = measure_papers(site, port, year=YEAR, times=scale.rounds)
    show(paper_table(papers))
    notices = measure_notices(large, plan)
    show(notices_table(notices))
    report.papers = {"pdfs": [asdict(one) for one in papers], "notices": notices.document()}


def _measure_waiting(around: Surroundings, scale: Scale, report: "Report") -> None:
    from tests.bench.bench_fairness import measure_fairness

    fairness = measure_fairness(
        around, imports=scale.waiting_imports, associations=scale.crowd, premises=scale.large
    )
    show(str(fairness))
    report.fairness = fairness.document()


def _measure_speed(around: Surroundings, scale: Scale, report: "Report") -> None:
    from tests.bench import speed_tables as out
    from tests.bench.bench_speed import CHARGES, FIRST, POSTINGS, measure_speed
    from tests.bench.bench_storage import measure_storage
    from tests.bench.import_export import import_rows

    subject = replace(POSTINGS, premises=scale.speed_premises)
    figures, last = measure_speed(around, subject, runs=scale.speed_runs)
    show(out.speed_table(figures))
    own = next(one.rows_per_second for one in figures if one.step == FIRST)
    bulk = import_rows(around, last.importer.association, POSTINGS.table, last.batch_id, rows=scale.bulk_rows)
    show(out.bulk_table(scale.bulk_rows, own, bulk))
    charges, _ = measure_speed(around, CHARGES, runs=scale.speed_runs)
    show(out.speed_table(charges))
    storage = measure_storage(around, premises=scale.storage_premises)
    show(out.storage_table(storage))
    report.speed = {
        "steps": [one.document() for one in (*figures, *charges)],
        "django_import_export": {"rows": scale.bulk_rows, "rows_per_second": bulk, "times": own / bulk},
        "storage": storage.document(),
    }


def measure(around: Surroundings, scale: Scale) -> None:
    """Everything, from the quickest to the longest; each table is printed as soon as it is known."""
    from saas.local.visitor import wait_for_web
    from tests.bench import report as out
    from tests.bench.bench_imports import ImportBench
    from tests.bench.bench_pages import Site, measure_pages, open_site
    from tests.bench.bench_provisioning import measure_provisioning, provision
    from tests.bench.bench_reading import measure_reading_of_ledger
    from tests.bench.bench_sample import measure_sample
    from tests.bench.plan import Plan
    from tests.bench.queueing import Importer

    report = out.Report(asdict(scale))
    report.provisioning = measure_provisioning(around, times=scale.provisioned)
    show(out.provisioning_table(report.provisioning))
    wait_for_web(around.port)
    sample = Importer(around, provision("probka", "Próbka"))
    report.sample = measure_sample(sample, times=scale.sample_times)
    show(out.sample_table(report.sample))

    _measure_speed(around, scale, report)
    sites: list[Site] = []
    first_of_many = YEAR - scale.many_years + 1
    for name, plan in (
        (f"{scale.small} premises", Plan(scale.small, scale.first_year, YEAR, by_month=True)),
        (f"{scale.small}, {scale.many_years} years", Plan(scale.small, first_of_many, YEAR)),
        (f"{scale.large} premises", Plan(scale.large, scale.first_year, YEAR, by_month=True)),
    ):
        importer = Importer(around, provision(f"plan-{len(sites)}", name))
        is_whole = scale.all_months or not plan.by_month
        figures = list(ImportBench(name, importer, plan, all_months=is_whole).run())
        report.imports += figures
        show(out.import_table(figures))
        sites.append(open_site(name, importer.association, around.port, YEAR))
    report.pages = measure_pages(sites, around.port, rounds=scale.rounds)
    show(out.page_table(report.pages))
    reading = measure_reading_of_ledger(sites[-1], importer, around.port)
    show(str(reading))
    report.reading = reading.document()
    _measure_waiting(around, scale, report)
    print(f"\n{report.write(FOLDER)}")


def show(text: str) -> None:
    """One table, at once."""
    print(f"\n{text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
