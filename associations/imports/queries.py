"""Reading imports: the history of batches, one batch with its files, its problems. Writes nothing."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Subquery

from associations.imports.models import (
    BatchState,
    ImportBatch,
    ImportFile,
    ImportProfile,
    ImportTable,
    Problem,
    Publication,
    PublicationKind,
    Severity,
)
from associations.imports.phases import RUNNING_STATES
from associations.imports.profiles import header_key


@dataclass(frozen=True, slots=True)
class BatchEntry:
    """A batch as a list shows it. `published_at` and `published_by` are of its last publication, if any."""

    id: int
    state: BatchState
    created_at: dt.datetime
    created_by: str
    file_names: tuple[str, ...]
    error_count: int
    warning_count: int
    summary: dict[str, Any]
    published_at: dt.datetime | None = None
    published_by: str = ""

    @property
    def is_running(self) -> bool:
        """Whether a worker has something to do with it."""
        return self.state in RUNNING_STATES


@dataclass(frozen=True, slots=True)
class LatestImport:
    """The batch uploaded last; `published_at` is of the association's last publication, of whatever batch."""

    id: int
    state: BatchState
    created_at: dt.datetime
    error_count: int
    warning_count: int
    progress_done: int
    progress_total: int
    published_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class ImportsState:
    """Counts of batches that wait for somebody: `running` for a worker, the others for the manager."""

    running: int
    to_publish: int
    blocked: int
    failed: int
    published: int


def list_batches(*, limit: int, offset: int = 0, states: Sequence[BatchState] = ()) -> list[BatchEntry]:
    """Batches, the newest first, with file names and last publication: three queries whatever the limit."""
    rows = ImportBatch.objects.order_by("-id").prefetch_related("files", "publications")
    if states:
        rows = rows.filter(state__in=states)
    return [_as_entry(batch) for batch in rows[offset : offset + limit]]


def list_named_batches(batch_ids: Sequence[int]) -> list[BatchEntry]:
    """These batches, the newest first."""
    rows = (
        ImportBatch.objects.filter(pk__in=batch_ids).order_by("-id").prefetch_related("files", "publications")
    )
    return [_as_entry(batch) for batch in rows]


def count_batches() -> int:
    """How many batches there ever were."""
    return ImportBatch.objects.count()


def latest_import() -> LatestImport | None:
    """The batch uploaded last, and when anything was last published: one query."""
    published = Publication.objects.filter(kind=PublicationKind.PUBLISH).order_by("-id").values("at")[:1]
    batch = ImportBatch.objects.annotate(last_published_at=Subquery(published)).order_by("-id").first()
    if batch is None:
        return None
    return LatestImport(
        id=batch.pk,
        state=BatchState(batch.state),
        created_at=batch.created_at,
        error_count=batch.error_count,
        warning_count=batch.warning_count,
        progress_done=batch.progress_done,
        progress_total=batch.progress_total,
        published_at=batch.last_published_at,
    )


def count_states() -> ImportsState:
    """How many batches stand where: one query."""
    counted = ImportBatch.objects.aggregate(
        running=Count("id", filter=Q(state__in=RUNNING_STATES)),
        to_publish=Count("id", filter=Q(state=BatchState.READY)),
        blocked=Count("id", filter=Q(state=BatchState.BLOCKED)),
        failed=Count("id", filter=Q(state=BatchState.FAILED)),
        published=Count("id", filter=Q(state=BatchState.PUBLISHED)),
    )
    return ImportsState(**counted)


def batch_files(batch_id: int) -> list[ImportFile]:
    """The files of a batch in their order."""
    return list(ImportFile.objects.filter(batch_id=batch_id).order_by("number"))


def batch_tables(batch_id: int) -> list[ImportTable]:
    """The tables found in the files of a batch with their profiles, in the order of files and sheets."""
    rows = ImportTable.objects.filter(batch_id=batch_id).select_related("profile")
    return list(rows.order_by("file_number", "id"))


def profile_with_headers(headers: Sequence[str]) -> ImportProfile | None:
    """The profile of tables with exactly these headers, if one is remembered."""
    return ImportProfile.objects.filter(header_key=header_key(headers)).first()


def batch_problems(batch_id: int, *, severity: Severity | None = None) -> QuerySet[Problem]:
    """Problems of a batch: errors first, then by file, sheet and row; whole-file problems first."""
    rows = Problem.objects.filter(batch_id=batch_id)
    if severity is not None:
        rows = rows.filter(severity=severity)
    # Spelled alike in the database: "error" sorts before "warning".
    return rows.order_by("severity", "file_number", "sheet", F("row").asc(nulls_first=True), "id")


def last_publication(batch_id: int, kind: PublicationKind) -> Publication | None:
    """When and by whom a batch was last published or undone."""
    return Publication.objects.filter(batch_id=batch_id, kind=kind).order_by("-id").first()


def _as_entry(batch: ImportBatch) -> BatchEntry:
    published = [row for row in batch.publications.all() if row.kind == PublicationKind.PUBLISH]
    last = max(published, key=lambda row: row.pk, default=None)
    return BatchEntry(
        id=batch.pk,
        state=BatchState(batch.state),
        created_at=batch.created_at,
        created_by=batch.created_by_name,
        file_names=tuple(file.name for file in batch.files.all()),
        error_count=batch.error_count,
        warning_count=batch.warning_count,
        summary=batch.summary,
        published_at=last.at if last else None,
        published_by=last.by_name if last else "",
    )
