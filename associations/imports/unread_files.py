"""Files that no worker has read to the end: what they hold is not known, so they are not kept for long.

A PESEL column is cut out, and a file with a PESEL in a text forgotten, when reading ends. Where it never did (a batch
that failed or was cancelled) the file lies as it came: it may be read again for a week, and
goes when the batch is rejected. So do files of no batch: a server that ends between writing them and its commit leaves
such.
"""

import datetime as dt

from django.db.models import QuerySet

from associations.imports.models import BatchState, ImportBatch, ImportFile
from associations.imports.reading import forget_stored_file
from associations.imports.storage import drop_batch_files, kept_batches

KEEP = dt.timedelta(days=7)
UNREAD = (BatchState.FAILED, BatchState.CANCELLED)


def forget_old_unread_files(*, now: dt.datetime) -> int:
    """Forget files of failed and cancelled batches of more than a week ago; how many there were."""
    return _forget(
        ImportFile.objects.filter(batch__state__in=UNREAD, batch__created_at__lt=now - KEEP).exclude(
            stored_as=""
        )
    )


def forget_stray_files(*, now: dt.datetime) -> int:
    """Forget files that have lain for a week and belong to no batch; of how many packages there were."""
    lying = kept_batches(before=now - KEEP)
    strays = lying - set(ImportBatch.objects.filter(pk__in=lying).values_list("pk", flat=True))
    for batch_id in strays:
        drop_batch_files(batch_id)
    return len(strays)


def forget_files_of(batch_id: int) -> int:
    """Forget every kept file of the batch; how many there were."""
    return _forget(ImportFile.objects.filter(batch_id=batch_id).exclude(stored_as=""))


def _forget(files: QuerySet[ImportFile]) -> int:
    found = list(files)
    for file in found:
        forget_stored_file(file)
    return len(found)
