"""Batches and problems as the API tells them: plain values for the serializers, read inside the association."""

import datetime as dt
import math
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError

from associations.imports.consents import (
    count_changed_accounts,
    count_vanishing,
    has_open_repetition,
    has_open_successions,
    mark_of_preview,
    unanswered_people,
)
from associations.imports.models import BatchState, ImportBatch
from associations.imports.phases import RUNNING_STATES, name_phase, percent_done, remaining_seconds
from billing_views.manager.batch_sentences import name_state
from saas.staff.access import StaffGrant

PAGE_SIZE, LARGEST_PAGE = 50, 1_000
LAST_PAGE = 1_000_000
PUBLISHABLE = (BatchState.READY, BatchState.BLOCKED)


def describe_import(batch: ImportBatch, *, grant: StaffGrant, now: dt.datetime) -> dict[str, Any]:
    """The batch with its files, as ImportSerializer writes it."""
    state, summary = BatchState(batch.state), batch.summary
    may_publish = grant.can_publish and state in PUBLISHABLE
    address = f"/api/v1/associations/{grant.association.slug}/imports/{batch.pk}/"
    return {
        "id": batch.pk,
        "state": state,
        "state_label": name_state(state),
        "is_running": state in RUNNING_STATES,
        "source": batch.source,
        "created_at": batch.created_at,
        "created_by": batch.created_by_name,
        "files": [
            {"number": file.number, "name": file.name, "size": file.size, "sha256": file.sha256}
            for file in batch.files.all()
        ],
        "progress": _describe_progress(batch, state, now) if state in RUNNING_STATES else None,
        "error_count": batch.error_count,
        "warning_count": batch.warning_count,
        "can_publish": bool(may_publish and summary.get("can_publish")),
        "can_publish_without_premises_with_errors": bool(may_publish and summary.get("can_publish_without")),
        "open_consents": _open_consents(batch) if state in PUBLISHABLE else [],
        "declarations": batch.declarations,
        "summary": summary,
        "preview": mark_of_preview(batch) if state in PUBLISHABLE else "",
        "failure": batch.failure,
        "links": {
            "self": address,
            **{
                name: f"{address}{name}/"
                for name in ("problems", "declarations", "publish", "undo", "cancel")
            },
            "page": f"/a/{grant.association.slug}/importy/{batch.pk}/",
        },
    }


def _describe_progress(batch: ImportBatch, state: BatchState, now: dt.datetime) -> dict[str, Any]:
    return {
        "phase": batch.phase,
        "label": name_phase(state, batch.phase),
        "rows": batch.progress_rows,
        "percent": percent_done(batch),
        "remaining_seconds": remaining_seconds(batch, now),
    }


def _open_consents(batch: ImportBatch) -> list[str]:
    """Consents of publishing, and declarations that have to be made before."""
    summary: Mapping[str, Any] = batch.summary
    asked = {
        "accepts_renames": bool(unanswered_people(summary)),
        "closes_undated_titles": has_open_successions(summary, batch.declarations),
        "adds_again": has_open_repetition(summary, batch.declarations),
        "confirms_vanishing": bool(count_vanishing(summary)),
        "confirms_accounts": bool(count_changed_accounts(summary)),
    }
    return [name for name, is_open in asked.items() if is_open]


def page_of(
    rows: QuerySet[Any], query: Mapping[str, str], describe: Callable[[Any], dict[str, Any]]
) -> dict[str, Any]:
    """One page of the rows: `page` from 1, `page_size` up to 1000; raises ValidationError for other values."""
    size = _read_number(query, "page_size", PAGE_SIZE, LARGEST_PAGE)
    page = _read_number(query, "page", 1, LAST_PAGE)
    count = rows.count()
    return {
        "count": count,
        "page": page,
        "pages": max(1, math.ceil(count / size)),
        "results": [describe(row) for row in rows[(page - 1) * size : page * size]],
    }


def _read_number(query: Mapping[str, str], name: str, default: int, largest: int) -> int:
    text = query.get(name, "")
    if not text:
        return default
    if not (
        text.isascii() and text.isdigit() and len(text) <= len(str(largest)) and 1 <= int(text) <= largest
    ):
        raise ValidationError({name: [f"1–{largest}"]})
    return int(text)
