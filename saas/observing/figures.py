"""What the queue and the database server say of themselves: a few statements over shared tables, no association's."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from saas.tenancy.switching import enter_public

QUEUES = """
    SELECT kind, size_class, count(*), extract(epoch FROM now() - min(greatest(created_at, waits_until)))
      FROM jobs_job
     WHERE state = 'waiting' AND (waits_until IS NULL OR waits_until <= now())
     GROUP BY kind, size_class ORDER BY kind, size_class"""
LEASES = """
    SELECT count(*) FILTER (WHERE lease_until >= now()), count(*) FILTER (WHERE lease_until < now()),
           coalesce(extract(epoch FROM now() - min(started_at)), 0)
      FROM jobs_job WHERE state = 'running'"""
ENDED = """
    SELECT kind, state, count(*),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - created_at)),
           percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - created_at)),
           percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - started_at))
      FROM jobs_job
     WHERE finished_at > now() - interval '1 hour'
     GROUP BY kind, state ORDER BY kind, state"""
CONNECTIONS = """
    SELECT datname, count(*) FROM pg_stat_activity
     WHERE backend_type = 'client backend' AND datname IS NOT NULL GROUP BY datname ORDER BY datname"""


@dataclass(frozen=True, slots=True)
class Queue:
    """Jobs of a kind and size that a worker could take now, and how long the oldest has been waiting for one."""

    kind: str
    size_class: str
    length: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class Ended:
    """Jobs of a kind that ended so within the last hour; seconds from asking to the end, half and 95 % of them.

    `work_seconds`: of 95 % of them from the moment that a worker took them, their last try alone; None where none did.
    """

    kind: str
    state: str
    count: int
    median_seconds: float
    slow_seconds: float
    work_seconds: float | None


@dataclass(frozen=True, slots=True)
class PlatformFigures:
    """One look at the queue and the server; `connections` by database, `longest_seconds` of the running jobs."""

    queues: tuple[Queue, ...]
    running: int
    expired: int
    longest_seconds: float
    ended: tuple[Ended, ...]
    connections: dict[str, int]
    max_connections: int


def read_figures() -> PlatformFigures:
    """Five short statements; raises DatabaseError where the database does not answer."""
    with enter_public():
        ((running, expired, longest),) = _ask(LEASES)
        ((limit,),) = _ask("SELECT current_setting('max_connections')::int")
        return PlatformFigures(
            queues=tuple(Queue(kind, size, count, float(age)) for kind, size, count, age in _ask(QUEUES)),
            running=running,
            expired=expired,
            longest_seconds=float(longest),
            ended=tuple(
                Ended(kind, state, count, float(median), float(slow), None if work is None else float(work))
                for kind, state, count, median, slow, work in _ask(ENDED)
            ),
            connections=dict(_ask(CONNECTIONS)),
            max_connections=limit,
        )


def _ask(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())
