"""What twelve monthly uploads of a growing yearly ledger leave in the database, beside the final ledger alone."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from django.db import connections
from psycopg import sql

from saas.tenancy.provisioning import OWNER
from saas.tenancy.switching import AssociationRef, enter_association
from tests.bench.bench_provisioning import provision
from tests.bench.bench_speed import REGISTRIES
from tests.bench.generator import generate
from tests.bench.measuring import ratio
from tests.bench.plan import Plan
from tests.bench.queueing import Importer
from tests.bench.surroundings import Surroundings

MONTHS = 12


@dataclass(frozen=True, slots=True)
class StorageFigure:
    """Bytes of an association's schema after VACUUM; the files of the uploads are kept apart."""

    rows: int
    monthly: int
    once: int

    @property
    def of_once(self) -> float | None:
        """How many times what the final ledger alone takes."""
        return ratio(self.monthly, self.once)

    def document(self) -> dict[str, Any]:
        """For the JSON file."""
        return {**asdict(self), "of_once": self.of_once}


def measure_storage(around: Surroundings, *, premises: int) -> StorageFigure:
    """January's ledger, January's and February's …; and, in another association, the year's at once."""
    plan = Plan(premises, 2026, 2026)
    folders = [around.generated / f"{premises}-{month}-months" for month in range(1, MONTHS + 1)]
    for month, folder in enumerate(folders, start=1):
        generate(replace(plan, last_month=month), folder)
    registries = [folders[-1] / name for name in REGISTRIES]
    ledgers = [next(folder.glob("ksiegowania-*.csv")) for folder in folders]
    _, monthly = _upload(around, "co-miesiac", registries, ledgers)
    rows, once = _upload(around, "raz", registries, ledgers[-1:])
    return StorageFigure(rows, monthly, once)


def _upload(
    around: Surroundings, slug: str, registries: Sequence[Path], ledgers: Sequence[Path]
) -> tuple[int, int]:
    """Rows of the last ledger, and the schema's size when all have been published."""
    importer = Importer(around, provision(slug, slug))
    importer.bring(registries)
    steps = [importer.bring([ledger])[0] for ledger in ledgers]
    return steps[-1].rows, _vacuumed_bytes(importer.association)


def _vacuumed_bytes(association: AssociationRef) -> int:
    with enter_association(association, using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
        for (table,) in cursor.fetchall():
            cursor.execute(sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier(table)))
        cursor.execute(
            "SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
        )
        return int(cursor.fetchone()[0])
