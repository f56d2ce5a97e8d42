"""How the platform is, as one value: what `manage.py platform_status` prints and the operators' page shows.

Slugs, counts, codes and times; no association's data, nobody's name.
"""

import datetime as dt
import shutil
from collections import Counter
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.utils import timezone

from saas.jobs.models import Job, JobState
from saas.observing.associations import (
    AskedAssociation,
    StoredAssociation,
    ask_associations,
    largest_associations,
)
from saas.observing.figures import PlatformFigures, read_figures
from saas.observing.readiness import Part, check_parts
from saas.tenancy.switching import enter_public

FAILURES_OF = dt.timedelta(days=7)
SHOWN_FAILURES = 20
SHOWN_BACKUPS = 5
LAST_BACKUPS = """
    SELECT a.slug, max(b.made_at)
      FROM tenancy_association a
      LEFT JOIN keeping_backup b ON b.association_id = a.id AND b.removed_at IS NULL
     GROUP BY a.slug ORDER BY 2, 1"""
SIZES = (0, 1, 100, 1000)
"""Smallest number of premises of each class of associations."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A job that failed for good: of which association, what it was to do, and the code of why."""

    slug: str
    kind: str
    code: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Disk:
    """The disk of uploaded files, in bytes."""

    total: int
    free: int


@dataclass(frozen=True, slots=True)
class LastBackup:
    """The youngest backup of an association that retention has left."""

    slug: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Backups:
    """Last backups: the youngest of all, the associations whose last one is the longest ago, those without any."""

    youngest: LastBackup | None
    longest_ago: tuple[LastBackup, ...]
    never: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlatformStatus:
    """The platform at one moment. `sizes`: how many associations by the smallest number of premises of their class.

    `behind`: slugs of associations that lack migrations. `failures`: the latest of the last week, `failure_count` all.
    """

    at: dt.datetime
    parts: tuple[Part, ...]
    states: dict[str, int]
    sizes: dict[int, int]
    behind: tuple[str, ...]
    unreadable: tuple[str, ...]
    largest: tuple[StoredAssociation, ...]
    figures: PlatformFigures
    failures: tuple[Failure, ...]
    failure_count: int
    backups: Backups
    disk: Disk

    @property
    def count(self) -> int:
        """Associations in all."""
        return sum(self.states.values())


def read_platform_status(*, using: str = "default") -> PlatformStatus:
    """Ask everything now; `using="owner"` asks associations a hundred at once. Raises DatabaseError without a database."""
    asked = ask_associations(using=using)
    failures, count = _failures()
    return PlatformStatus(
        at=timezone.now(),
        parts=check_parts(),
        states=dict(sorted(Counter(one.state for one in asked).items())),
        sizes=_sizes(asked),
        behind=tuple(one.slug for one in asked if one.is_behind),
        unreadable=tuple(one.slug for one in asked if one.state == "unreadable"),
        largest=largest_associations(),
        figures=read_figures(),
        failures=failures,
        failure_count=count,
        backups=read_backups(),
        disk=_disk(),
    )


def read_backups() -> Backups:
    """What is written down of backups, in one statement over shared tables."""
    with enter_public(), connection.cursor() as cursor:
        cursor.execute(LAST_BACKUPS)
        rows = cursor.fetchall()
    found = [LastBackup(slug, at) for slug, at in rows if at is not None]
    return Backups(
        youngest=found[-1] if found else None,
        longest_ago=tuple(found[:SHOWN_BACKUPS]),
        never=tuple(slug for slug, at in rows if at is None),
    )


def _sizes(asked: tuple[AskedAssociation, ...]) -> dict[int, int]:
    classes = Counter(max(size for size in SIZES if size <= one.premises) for one in asked)
    return {size: classes[size] for size in SIZES}


def _failures() -> tuple[tuple[Failure, ...], int]:
    since = timezone.now() - FAILURES_OF
    with enter_public():
        failed = Job.objects.filter(state=JobState.FAILED, finished_at__gte=since)
        latest = failed.select_related("association").order_by("-finished_at", "id")[:SHOWN_FAILURES]
        found = tuple(
            Failure(str(job.association.slug), job.kind, job.failure, job.finished_at)
            for job in latest
            if job.finished_at is not None
        )
        return found, failed.count()


def _disk() -> Disk:
    """Of the folder that is to hold the files, or of what it lies in as long as there is none."""
    folder = settings.FILES_DIR
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    return Disk(usage.total, usage.free)
