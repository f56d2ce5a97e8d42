"""How the platform is, as one value: what `manage.py platform_status` prints and the operators' page shows.

Slugs, counts, codes and times; no association's data, nobody's name.
"""

import datetime as dt
import shutil
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.utils import timezone

from saas.jobs.models import Job, JobState
from saas.observing.associations import StoredAssociation
from saas.observing.figures import PlatformFigures, read_figures
from saas.observing.readiness import Part, check_parts
from saas.observing.surveys import Survey, kept_survey, take_survey
from saas.tenancy.models import Association
from saas.tenancy.switching import enter_public

FAILURES_OF = dt.timedelta(days=7)
SHOWN_FAILURES = 20
SHOWN_BACKUPS = 5
LAST_BACKUPS = """
    SELECT a.slug, max(b.made_at)
      FROM tenancy_association a
      LEFT JOIN keeping_backup b ON b.association_id = a.id AND b.removed_at IS NULL
     GROUP BY a.slug ORDER BY 2, 1"""
FEW = 50
"""So many associations a page may ask by itself, each in its schema, where nobody asked them in the background."""


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
    """The platform at one moment, but for what associations say of themselves: that is as of `asked_at`.

    `count`: associations in all. `sizes`: how many by the smallest number of premises of their class. `behind`: slugs of
    associations that lack migrations. `largest`: as of `asked_at`, too. All of these are empty where `asked_at` is None:
    nobody asked yet. `kept_at`: when they were last asked in the background, `is_late`: too long ago. `failures`: the
    latest of the last week, `failure_count` all.
    """

    at: dt.datetime
    asked_at: dt.datetime | None
    kept_at: dt.datetime | None
    is_late: bool
    count: int
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


def read_platform_status(*, using: str) -> PlatformStatus:
    """Ask everything now, the associations over that connection. Raises DatabaseError without a database."""
    return _describe(kept_survey(), take_survey(using=using))


def recall_platform_status() -> PlatformStatus:
    """In a few statements, however many associations there are: of them what they said last in the background.

    Where that is long ago or never was, up to FEW of them are asked now.
    """
    kept = kept_survey()
    if (kept is None or kept.is_late) and _count_associations() <= FEW:
        return _describe(kept, take_survey())
    return _describe(kept, kept)


def _describe(kept: Survey | None, shown: Survey | None) -> PlatformStatus:
    failures, failure_count = _failures()
    return PlatformStatus(
        at=timezone.now(),
        asked_at=shown.asked_at if shown else None,
        kept_at=kept.asked_at if kept else None,
        is_late=kept is not None and kept.is_late,
        count=_count_associations(),
        parts=check_parts(),
        states=shown.states if shown else {},
        sizes=shown.sizes if shown else {},
        behind=shown.behind if shown else (),
        unreadable=shown.unreadable if shown else (),
        largest=shown.largest if shown else (),
        figures=read_figures(),
        failures=failures,
        failure_count=failure_count,
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


def _count_associations() -> int:
    with enter_public():
        return int(Association.objects.count())


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
