"""What a new association costs: its rows, its schema, its grants."""

import time
from typing import Any

from saas.tenancy.provisioning import NewAssociation, create_association
from saas.tenancy.switching import AssociationRef
from tests.bench.actor import BENCH
from tests.bench.measuring import measured, median, percentile_95
from tests.bench.surroundings import Surroundings


def provision(slug: str, name: str) -> AssociationRef:
    """A cooperative of this slug, by the product's own provisioning."""
    return create_association(NewAssociation(name=name, slug=slug, kind="cooperative"), actor=BENCH)


def measure_provisioning(around: Surroundings, *, times: int) -> dict[str, Any]:
    """Seconds per association, and of processor time by this process and by the database."""
    seconds, own_cpu, database_cpu = [], [], []
    for number in range(times):
        own = time.process_time()
        with measured(around) as effort:
            provision(f"nowa-{number}", f"Nowa {number}")
        own_cpu.append(time.process_time() - own)
        seconds.append(effort.seconds)
        database_cpu.append(effort.database_cpu)
    return {
        "times": times,
        "seconds": median(seconds),
        "seconds_95": percentile_95(seconds),
        "own_cpu": median(own_cpu),
        "database_cpu": median(database_cpu),
    }
