"""How large an import is: over 50 000 rows it never gets the last slot (settings.JOB_LARGE_SLOTS).

Before reading, rows are estimated from the bytes of the files. A small job that turns out to be large while it is
read becomes a large one, or waits for a slot of theirs (JobContext.count_rows). Publishing and undoing go by the
rows that were read.
"""

from collections.abc import Iterable

from django.db.models import Sum

from associations.imports.models import ImportBatch, ImportFile, ImportTable
from saas.jobs.actions import enqueue_job
from saas.jobs.models import Job, JobKind, SizeClass
from saas.tenancy.switching import AssociationRef

LARGE_ROWS = 50_000
BYTES_PER_ROW = 80
"""Of CSV, DBF and XML: a posting takes 83 bytes, a charge line 104; the shortest decide."""
PACKED_BYTES_PER_ROW = 30
"""Of files that are compressed in themselves: 50 000 rows are about 1.5 MB."""
PACKED = (".zip", ".xlsx", ".ods")


def size_class_of_rows(rows: int) -> SizeClass:
    """Large from 50 001 rows on."""
    return SizeClass.LARGE if rows > LARGE_ROWS else SizeClass.SMALL


def estimate_rows(files: Iterable[tuple[str, int]]) -> int:
    """How many rows files of these names and sizes in bytes may hold: rather too many than too few."""
    return sum(
        size // (PACKED_BYTES_PER_ROW if name.lower().endswith(PACKED) else BYTES_PER_ROW)
        for name, size in files
    )


def enqueue_batch_job(*, association: AssociationRef, kind: JobKind, batch: ImportBatch) -> Job:
    """Ask a worker to read, publish or undo the batch as large as it is; inside the association."""
    if kind == JobKind.READ_BATCH:
        files = ImportFile.objects.filter(batch=batch).order_by("number").values_list("name", "size")
        rows = estimate_rows(files)
    else:
        rows = ImportTable.objects.filter(batch=batch).aggregate(rows=Sum("row_count"))["rows"] or 0
    return enqueue_job(
        association=association, kind=kind, batch_id=batch.pk, size_class=size_class_of_rows(rows)
    )
