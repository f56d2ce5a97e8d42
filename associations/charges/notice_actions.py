"""Ordering notices of charges in bulk, and what their worker writes down: the only writers of NoticeRun."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from associations.audit.actions import record_act
from associations.audit.actors import Actor
from associations.charges.models import NoticeRun, NoticeState
from associations.periods import Month

UNDER_WAY = (NoticeState.WAITING, NoticeState.RUNNING)


def order_notices(
    *, actor: Actor, month: Month, property_id: int | None = None, building_id: int | None = None
) -> NoticeRun:
    """A new run; the caller enqueues its job in the same transaction and names it (`name_job`)."""
    run = NoticeRun.objects.create(
        month=month.first_day,
        property_id=property_id,
        building_id=building_id,
        created_by_id=actor.id,
        created_by_name=actor.name,
    )
    record_act(
        actor=actor, action="notices.ordered", target=str(run.pk), month=f"{month.year}-{month.number:02}"
    )
    return run


def name_job(*, run_id: int, job_id: uuid.UUID) -> None:
    """Remember which job does it."""
    NoticeRun.objects.filter(pk=run_id).update(job_id=job_id)


def record_notice_progress(*, run_id: int, done: int, total: int) -> None:
    """How many premises were looked at; skipped once the run has ended, or while its result locks the row."""
    with transaction.atomic():
        free = NoticeRun.objects.select_for_update(skip_locked=True).filter(pk=run_id, state__in=UNDER_WAY)
        if free.values_list("pk", flat=True).first():
            NoticeRun.objects.filter(pk=run_id).update(state=NoticeState.RUNNING, done=done, total=total)


def finish_notices(
    *, run_id: int, file_name: str, parts: Sequence[dict[str, Any]], total: int, notice_count: int
) -> None:
    """The file is complete; called in the transaction that ends the job."""
    _end(
        run_id,
        NoticeState.DONE,
        file_name=file_name,
        parts=list(parts),
        done=total,
        total=total,
        notice_count=notice_count,
    )


def fail_notices(*, run_id: int) -> None:
    """The job ended without a result."""
    _end(run_id, NoticeState.FAILED)


def fail_unfinished_notices(*, using: str) -> None:
    """No job is there for any run under way: the association was restored from a backup."""
    rows = NoticeRun.objects.using(using).filter(state__in=UNDER_WAY)
    rows.update(state=NoticeState.FAILED, finished_at=timezone.now())


def mark_notices_cancelled(*, run_id: int) -> None:
    """The job was cancelled; nothing of it is kept."""
    _end(run_id, NoticeState.CANCELLED)


def note_cancellation(*, actor: Actor, run_id: int) -> None:
    """Write down who cancelled."""
    record_act(actor=actor, action="notices.cancelled", target=str(run_id))


def note_download(*, actor: Actor, run_id: int, part: int | None) -> None:
    """Write down who took the papers, or one part of them, out of the portal."""
    details: dict[str, Any] = {} if part is None else {"part": part}
    record_act(actor=actor, action="notices.downloaded", target=str(run_id), **details)


def _end(run_id: int, state: NoticeState, **values: Any) -> None:
    rows = NoticeRun.objects.filter(pk=run_id, state__in=UNDER_WAY)
    rows.update(state=state, finished_at=timezone.now(), **values)
