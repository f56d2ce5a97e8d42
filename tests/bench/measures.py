"""What `make bench` measures, each part alone or all of it; every table is printed as soon as it is known.

Imported when Django is set up, and each part imports its own bench: a short one then starts soon.
"""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from tests.bench.sizes import YEAR, Scale
from tests.bench.surroundings import FOLDER, Surroundings

if TYPE_CHECKING:
    from tests.bench.bench_pages import Site
    from tests.bench.plan import Plan
    from tests.bench.queueing import Importer
    from tests.bench.report import Report


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


def measure_reading_alone(around: Surroundings, scale: Scale) -> None:
    """How long an owner's ledger takes while the ledger of a large association is published."""
    from saas.local.visitor import wait_for_web
    from tests.bench.bench_imports import ImportBench
    from tests.bench.bench_pages import open_site
    from tests.bench.bench_provisioning import provision
    from tests.bench.bench_reading import measure_reading_of_ledger
    from tests.bench.plan import Plan
    from tests.bench.queueing import Importer
    from tests.bench.report import Report

    report = Report(asdict(scale))
    wait_for_web(around.port)
    importer = Importer(around, provision("duza", f"{scale.large} premises"))
    list(ImportBench("large", importer, Plan(scale.large, YEAR, YEAR, by_month=True), all_months=True).run())
    site = open_site("large", importer.association, around.port, YEAR)
    reading = measure_reading_of_ledger(site, importer, around.port)
    show(str(reading))
    report.reading = reading.document()
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


ALONE: dict[str, Callable[[Surroundings, Scale], None]] = {
    "fairness": measure_waiting_alone,
    "pages": measure_pages_alone,
    "papers": measure_papers_alone,
    "reading": measure_reading_alone,
    "speed": measure_imports_alone,
}
