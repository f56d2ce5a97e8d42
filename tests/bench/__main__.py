"""`make bench`: what imports, pages and provisioning cost, measured in one run on servers of its own.

Prints tables and writes .local/bench/<date>.json. On a machine that others use, compare ratios and processor time.
"""

import argparse
import signal
import sys
from dataclasses import asdict, dataclass

from saas.local.server_user import LocalServerError
from tests.bench.surroundings import FOLDER, Surroundings, only_one, prepare_environment, running

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


FULL = Scale(first_year=YEAR - 2, many_years=10, all_months=True, rounds=30, sample_times=5, provisioned=30)
QUICK = Scale(large=600, many_years=2, rounds=3, sample_times=1, provisioned=2)


def main() -> int:
    """Measure; exit code 1 where the product or its servers did not do their part."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    size = parser.add_mutually_exclusive_group()
    size.add_argument(
        "--full", action="store_true", help="12 000 premises × 3 years, every month; takes long"
    )
    size.add_argument("--quick", action="store_true", help="600 premises: does the bench itself still work?")
    options = parser.parse_args()
    scale = FULL if options.full else QUICK if options.quick else Scale()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    prepare_environment()
    import django

    django.setup()
    from tests.bench.queueing import BenchError

    try:
        with only_one(), running() as around:
            measure(around, scale)
    except (BenchError, LocalServerError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def measure(around: Surroundings, scale: Scale) -> None:
    """Everything, from the quickest to the longest; each table is printed as soon as it is known."""
    from saas.local.visitor import wait_for_web
    from tests.bench import report as out
    from tests.bench.bench_imports import ImportBench
    from tests.bench.bench_pages import Site, measure_pages, open_site
    from tests.bench.bench_provisioning import measure_provisioning, provision
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
    print(f"\n{report.write(FOLDER)}")


def show(text: str) -> None:
    """One table, at once."""
    print(f"\n{text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
