"""Backups that nobody has to ask for: those due are made in rounds, the oldest first, and old ones end."""

import datetime as dt
import logging
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from saas.keeping.errors import KeepingError
from saas.keeping.models import Backup, BackupPurpose
from saas.keeping.records import configured_recipients, make_backup
from saas.keeping.retention import Retention, choose_expired
from saas.tenancy.locking import AssociationBusyError, lock_association
from saas.tenancy.models import Association
from saas.tenancy.switching import AssociationRef, enter_public

logger = logging.getLogger(__name__)
# The runtime role suffices: a backup only reads.
RUNTIME = "default"
ROUND = "the round of scheduled backups"


@dataclass(slots=True)
class Round:
    """What a round did: slugs backed up, slugs that failed, files that ended; `is_over` where all that was due is done."""

    made: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    removed: int = 0
    is_over: bool = True


def back_up_due(*, seconds: float) -> Round | None:
    """Back up associations whose last scheduled backup is older than BACKUP_HOURS, for about so many seconds.

    Goes on past a failure; the next round tries again. None where another process is at it. Without BACKUP_HOURS
    nothing is due.
    """
    try:
        with enter_public(using=RUNTIME), lock_association(ROUND, using=RUNTIME):
            return _run(time.monotonic() + seconds)
    except AssociationBusyError:
        return None


def _run(end: float) -> Round:
    done, now = Round(), timezone.now()
    recipients = configured_recipients()
    for association in _find_due(now) if settings.BACKUP_HOURS else []:
        if time.monotonic() >= end:
            done.is_over = False
            break
        try:
            make_backup(association, purpose=BackupPurpose.SCHEDULED, recipients=recipients, using=RUNTIME)
        except (KeepingError, DatabaseError) as error:
            logger.warning(
                "not backed up: %s (%s)", association.slug, getattr(error, "code", type(error).__name__)
            )
            done.failed.append(association.slug)
            continue
        done.made.append(association.slug)
        done.removed += _remove_expired(association.id, now, is_living=True)
    for association_id in _find_gone():
        done.removed += _remove_expired(association_id, now, is_living=False)
    return done


def _scheduled() -> QuerySet[Backup]:
    return Backup.objects.using(RUNTIME).filter(purpose=BackupPurpose.SCHEDULED, removed_at=None)


def _find_due(now: dt.datetime) -> list[AssociationRef]:
    last = _scheduled().filter(association_id=OuterRef("pk")).order_by("-made_at").values("made_at")[:1]
    due = Q(last=None) | Q(last__lte=now - dt.timedelta(hours=settings.BACKUP_HOURS))
    rows = Association.objects.using(RUNTIME).annotate(last=Subquery(last)).filter(due)
    return [
        AssociationRef(id=row.id, slug=str(row.slug), schema_name=str(row.schema_name))
        for row in rows.order_by(F("last").asc(nulls_first=True), "slug")
    ]


def _find_gone() -> list[uuid.UUID]:
    """Erased associations of which scheduled backups are left."""
    living = Association.objects.using(RUNTIME).values("pk")
    gone = _scheduled().exclude(association_id__in=living).order_by("association_id")
    return list(gone.values_list("association_id", flat=True).distinct())


def _remove_expired(association_id: uuid.UUID, now: dt.datetime, *, is_living: bool) -> int:
    rows = {
        row.made_at: row for row in _scheduled().filter(association_id=association_id).order_by("made_at")
    }
    keep = Retention(days=settings.BACKUP_KEEP_DAYS, months=settings.BACKUP_KEEP_MONTHS)
    expired = choose_expired(rows, now=now, keep=keep, is_living=is_living)
    for moment in sorted(expired):
        row = rows[moment]
        try:
            Path(row.path).unlink(missing_ok=True)
        except OSError as error:
            logger.warning("an old backup of %s is not removed (%s)", row.slug, type(error).__name__)
            continue
        Backup.objects.using(RUNTIME).filter(pk=row.pk).update(removed_at=now)
    return len(expired)
