"""`make bench-scale`: what many associations cost, beside django-tenants' own way, on servers of its own.

At few and at many schemas: creating one, adding a column to all, nothing to migrate, an owner's sign-in page, and
memory of a web process and its database session after it has served them. django-tenants migrates a sample, and its
figure for all is that sample's median times their number.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection
from io import StringIO
from pathlib import Path
from typing import Any

from saas.local.server_user import LocalServerError
from tests.bench.surroundings import FOLDER, Surroundings, only_one, prepare_environment, running

FULL, QUICK = (10, 1_000, 3_000), (10, 100, 200)
SAMPLE = 5
MIB = 1 << 20
PROC = Path("/proc")


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
    from saas.local.visitor import wait_for_web

    figures: dict[str, Any] = {"schemas": [few, migrated, many], "load": os.getloadavg()}

    def tell(name: str, figure: object) -> None:
        figures[name] = figure
        print(f"{name}: {figure}", flush=True)

    wait_for_web(around.port)
    grow(0, few)
    tell(f"create at {few}", creating(f"few-{few}", rounds))
    tell(f"page at {few}, s", page(around, range(few), rounds))
    grow(few, migrated)
    with later_release():
        tell(f"add a column to {migrated}", adding_a_column(migrated))
    grow(migrated, many)
    tell(f"create at {many}", creating(f"many-{many}", rounds))
    tell(f"nothing to migrate at {many}, s", {"check": command(check=True), "run": command()})
    tell(f"page at {many}, s", page(around, range(few), rounds))
    served = min(1_000, many)
    tell("memory before, MiB", memory(around))
    visit_all(around, served)
    tell(f"memory after serving {served}, MiB", memory(around))
    return figures


def grow(first: int, last: int) -> None:
    """Associations by the product's own provisioning, up to this many."""
    from tests.bench.bench_provisioning import provision

    for number in range(first, last):
        provision(f"osiedle-{number}", f"Osiedle {number}")


def creating(prefix: str, rounds: int) -> dict[str, float]:
    """Medians, in turns: the product's creation, and django-tenants' schema by its migrations alone."""
    from tests.bench.bench_provisioning import provision
    from tests.bench.measuring import median

    own, stock = [], []
    for number in range(rounds):
        slug = f"{prefix}-{number}"
        own.append(timed(provision, slug, "X"))
        stock.append(timed(stock_create, f"stock_{slug}".replace("-", "_")))
    return {"s": median(own), "django-tenants s": median(stock), "times faster": median(stock) / median(own)}


def stock_create(schema_name: str) -> None:
    """What TenantMixin.save does for a new tenant."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {schema_name}")
    stock_migrate(schema_name)


def stock_migrate(schema_name: str) -> None:
    """django-tenants' own migrating of one schema, with its own list of tables."""
    from django.core.management import call_command
    from django.db import connections
    from django_tenants.postgresql_backend.introspection import DatabaseSchemaIntrospection

    owner = connections["owner"]
    product = owner.introspection
    owner.introspection = DatabaseSchemaIntrospection(owner)
    try:
        call_command(
            "migrate_schemas",
            tenant=True,
            schema_name=schema_name,
            database="owner",
            interactive=False,
            verbosity=0,
        )
    finally:
        owner.introspection = product


@contextmanager
def later_release() -> Iterator[None]:
    """The program with one more migration."""
    from django.test import override_settings

    with override_settings(MIGRATION_MODULES={"profile": "tests.saas.tenancy.later_release"}):
        yield


def adding_a_column(number: int) -> dict[str, float]:
    """All of them by the product; a few of them before, one by one, by django-tenants."""
    from tests.bench.measuring import median

    sample = [timed(stock_migrate, f"a_osiedle_{one}") for one in range(SAMPLE)]
    seconds = command()
    each, stock = seconds / (number - SAMPLE), median(sample)
    return {
        "s": each * number,
        "django-tenants s, extrapolated": stock * number,
        "times faster": stock / each,
    }


def command(**options: Any) -> float:
    """Seconds of `manage.py migrate_associations`, without the start of Python."""
    from django.core.management import call_command

    return timed(partial(call_command, "migrate_associations", stdout=StringIO(), **options))


def timed(what: Callable[..., object], *arguments: Any) -> float:
    """Seconds by the clock."""
    began = time.perf_counter()
    what(*arguments)
    return time.perf_counter() - began


def page(around: Surroundings, numbers: Any, rounds: int) -> float:
    """Median seconds inside the application of an owner's sign-in page."""
    from tests.bench.measuring import median

    fetch_all(around, numbers)
    return median([took for _ in range(rounds) for took in fetch_all(around, numbers)])


def visit_all(around: Surroundings, number: int) -> None:
    """One page of each."""
    fetch_all(around, range(number))


def fetch_all(around: Surroundings, numbers: Any) -> list[float]:
    """Seconds of each association's page."""
    took = []
    for number in numbers:
        connection = HTTPConnection("127.0.0.1", around.port, timeout=60)
        connection.request("GET", "/logowanie/", headers={"Host": f"osiedle-{number}.localhost"})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        if answer.status != 200:
            raise LocalServerError(f"osiedle-{number} answers {answer.status}")
        took.append(float(answer.headers["X-Bench-Wall"]))
    return took


def memory(around: Surroundings) -> dict[str, int]:
    """Private memory of the largest web process and of the largest session of the runtime role."""
    from tests.bench.processes import tree

    web = max(private(pid) for pid in tree(around.web_pid))
    sessions = [private(pid) for pid in tree(around.database_pid) if is_session(pid)]
    return {"web": web // MIB, "session": max(sessions, default=0) // MIB}


def is_session(pid: int) -> bool:
    """Whether it is a session of the runtime role: PostgreSQL names it in the process's title."""
    return b"kartoteka_app" in (PROC / str(pid) / "cmdline").read_bytes()


def private(pid: int) -> int:
    """Bytes that no other process shares (PostgreSQL's buffers are shared)."""
    lines = (PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_"))


if __name__ == "__main__":
    sys.exit(main())
