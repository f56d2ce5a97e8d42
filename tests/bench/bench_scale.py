"""`make bench-scale`: what many associations cost, beside django-tenants' own way, on servers of its own.

At few and at many schemas: creating one, an owner's ledger (in a copy of the database that stays small, by turns), and
at many: adding a column to all, nothing to migrate, asking all how they are, backing up one, the highest memory of a web
process and of its database session while it serves them. Commands are measured in new sessions, as manage.py has them,
without the start of Python. django-tenants migrates a sample, and its figure for all is that sample's median times their
number.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from io import StringIO
from typing import Any

from saas.local.server_user import LocalServerError
from tests.bench.surroundings import FOLDER, Surroundings, only_one, prepare_environment, running

FULL, QUICK = (10, 1_000, 3_000), (10, 100, 200)
SAMPLE = 5
COLUMN_ROUNDS = 3
MIB = 1 << 20


def main() -> int:
    """Measure, print and keep the figures; exit code 1 where the servers did not do their part."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_scale", description=__doc__)
    parser.add_argument("--full", action="store_true", help="3 000 schemas: minutes, and 5 GB of disk")
    parser.add_argument("--sizes", help="few,migrated,many: for example 10,200,400")
    parser.add_argument("--rounds", type=int, default=7, help="repetitions of what a median is taken of")
    options = parser.parse_args()
    few, migrated, many = FULL if options.full else QUICK
    if options.sizes:
        few, migrated, many = (int(one) for one in options.sizes.split(","))
    prepare_environment()
    import django

    django.setup()
    try:
        with only_one(), running() as around:
            figures = measure(around, few, migrated, many, options.rounds)
    except LocalServerError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    path = FOLDER / f"scale-{time.strftime('%Y-%m-%dT%H%M%S', time.gmtime())}.json"
    path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(path)
    return 0


def measure(around: Surroundings, few: int, migrated: int, many: int, rounds: int) -> dict[str, Any]:
    """Each figure is printed as soon as it is known."""
    from django.db import connections

    from saas.local.visitor import wait_for_web
    from tests.bench.scale_sites import FEW, copied_database, import_figures, inside_database, owners_of

    figures: dict[str, Any] = {"schemas": [few, migrated, many], "load": os.getloadavg()}

    def tell(name: str, figure: object) -> None:
        figures[name] = figure
        print(f"{name}: {figure}", flush=True)

    wait_for_web(around.port)
    grow(0, few)
    sites = import_figures(around, few)
    with copied_database(around) as port_of_few:
        grow(few, migrated)
        tell(f"add a column to {migrated}", adding_a_column(migrated, COLUMN_ROUNDS))
        grow(migrated, many)
        with inside_database(FEW):
            tell(f"create at {few}", creating("few", rounds))
        tell(f"create at {many}", creating("many", rounds))
        tell(f"nothing to migrate at {many}", nothing_to_migrate(many, rounds))
        tell(f"ask all {many} how they are", asking_all(rounds))
        tell(f"back up one of {many}", backing_up(rounds))
        tell(f"ledger at {many} beside {few}", ledgers(sites, {few: port_of_few, many: around.port}, rounds))
    served = min(1_000, many)
    owners = owners_of(range(few, served))
    connections.close_all()  # this process's own session has been in all of them
    tell("memory before, MiB", memory(around))
    first, highest = serving(owners, around)
    tell("highest memory while serving, MiB", {"associations": len(owners), **highest})
    tell("first visit of an association, s", median_of(first))
    return figures


def grow(first: int, last: int) -> None:
    """Associations by the product's own provisioning, up to this many."""
    from tests.bench.bench_provisioning import provision

    for number in range(first, last):
        provision(f"osiedle-{number}", f"Osiedle {number}")


def creating(prefix: str, rounds: int) -> dict[str, float]:
    """Medians, in turns: the product's creation, what PostgreSQL takes for the tables alone, django-tenants' schema."""
    from tests.bench.bench_provisioning import provision
    from tests.bench.scale_peers import bare_create, stock_create

    own, bare, stock = [], [], []
    for number in range(rounds):
        slug = f"{prefix}-{number}"
        name = slug.replace("-", "_")
        own.append(in_new_session(partial(provision, slug, "X")))
        bare.append(in_new_session(partial(bare_create, f"bare_{name}")))
        stock.append(in_new_session(partial(stock_create, f"stock_{name}")))
    middle, of_bare, of_stock = median_of(own), median_of(bare), median_of(stock)
    return {
        "s": middle,
        "tables alone, in one message, s": of_bare,
        "django-tenants s": of_stock,
        "times faster": of_stock / middle,
    }


@contextmanager
def later_release() -> Iterator[None]:
    """The program with one more migration, of one column."""
    from django.test import override_settings

    with override_settings(MIGRATION_MODULES={"profile": "tests.bench.later_column"}):
        yield


def adding_a_column(number: int, rounds: int) -> dict[str, float]:
    """Medians, in turns: a few of them one by one by django-tenants, and all the others by the product."""
    from tests.bench.scale_peers import stock_migrate
    from tests.bench.scale_sites import take_column_away

    own, stock = [], []
    for turn in range(rounds):
        if turn:
            take_column_away()
        with later_release():
            stock += [in_new_session(partial(stock_migrate, f"a_osiedle_{one}")) for one in range(SAMPLE)]
            own.append(command() / (number - SAMPLE))
    each, of_stock = median_of(own), median_of(stock)
    return {
        "s": each * number,
        "django-tenants s, extrapolated": of_stock * number,
        "times faster": of_stock / each,
    }


def nothing_to_migrate(number: int, rounds: int) -> dict[str, float]:
    """Medians of asking and of migrating where nothing is to do, and django-tenants' one by one for a few of them."""
    from tests.bench.scale_peers import stock_migrate

    took: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(rounds):
        for check, seconds in took.items():
            seconds.append(command(check=check))
    stock = median_of([in_new_session(partial(stock_migrate, f"a_osiedle_{one}")) for one in range(SAMPLE)])
    return {
        "s to check": median_of(took[True]),
        "s to run": median_of(took[False]),
        "django-tenants s, extrapolated": stock * number,
    }


def asking_all(rounds: int) -> dict[str, float]:
    """Medians of asking every association, as the clock has it done, and of what the operators' page reads of it."""
    from saas.observing.status import recall_platform_status
    from saas.observing.surveys import renew_survey

    asked = [in_new_session(renew_survey) for _ in range(rounds)]
    told = [in_new_session(recall_platform_status) for _ in range(rounds)]
    return {"s to ask": median_of(asked), "s to tell": median_of(told)}


def command(**options: Any) -> float:
    """Seconds of `manage.py migrate_associations` in a new session, without the start of Python."""
    from django.core.management import call_command

    return in_new_session(partial(call_command, "migrate_associations", stdout=StringIO(), **options))


def in_new_session(what: Callable[[], object]) -> float:
    """Seconds; what a session has read of the catalog would make the next one look quick."""
    from django.db import connections

    connections.close_all()
    return timed(what)


def timed(what: Callable[..., object], *arguments: Any) -> float:
    """Seconds by the clock."""
    began = time.perf_counter()
    what(*arguments)
    return time.perf_counter() - began


def backing_up(rounds: int) -> dict[str, float]:
    """Medians of backing up an association with a year of figures, and one run of pg_dump of its schema."""
    from django.core.management import call_command

    from tests.bench.scale_peers import dump_schema

    back_up = partial(call_command, "backup_association", "osiedle-0", stdout=StringIO())
    own = [in_new_session(back_up) for _ in range(rounds)]
    stock = timed(dump_schema, "a_osiedle_0")
    return {"s": median_of(own), "pg_dump -n s": stock, "times faster": stock / median_of(own)}


def ledgers(sites: Sequence[Any], ports: Mapping[int, int], rounds: int) -> dict[str, float]:
    """An owner's ledger in the same associations, by turns where there are few of them and where there are many."""
    took: dict[int, list[float]] = {number: [] for number in ports}
    for turn in range(rounds + 1):
        for site in sites:
            for number, port in ports.items():
                seconds = visit(site, port)
                if turn:  # the first one warms both up
                    took[number] += seconds
    few, many = ports
    middles = {number: median_of(seconds) for number, seconds in took.items()}
    return {
        f"s at {few}": middles[few],
        f"s at {many}": middles[many],
        "times": middles[many] / middles[few],
    }


def visit(site: Any, port: int) -> list[float]:
    """Seconds inside the application of each page of the site."""
    from tests.bench.bench_pages import fetch

    return [float(fetch(site, page, port).headers["X-Bench-Wall"]) for page in site.paths]


def median_of(seconds: Sequence[float]) -> float:
    """As in the other benches."""
    from tests.bench.measuring import median

    return median(seconds)


def serving(sites: Sequence[Any], around: Surroundings) -> tuple[list[float], dict[str, int]]:
    """Seconds of each page of all the sites, and the highest memory seen after any of them.

    A session is renewed after so many associations: read at the end alone, its memory would be that of a young one.
    """
    seconds: list[float] = []
    highest: dict[str, int] = {}
    for site in sites:
        seconds += visit(site, around.port)
        highest = {what: max(size, highest.get(what, 0)) for what, size in memory(around).items()}
    return seconds, highest


def memory(around: Surroundings) -> dict[str, int]:
    """Private memory of the largest web process and of the largest session of the runtime role."""
    from tests.bench.processes import private_bytes, title, tree

    web = max(private_bytes(pid) for pid in tree(around.web_pid))
    # PostgreSQL names the role in the title of a session's process.
    sessions = [private_bytes(pid) for pid in tree(around.database_pid) if b"kartoteka_app" in title(pid)]
    return {"web": web // MIB, "session": max(sessions, default=0) // MIB}


if __name__ == "__main__":
    sys.exit(main())
