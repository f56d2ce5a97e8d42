"""Watched folders (foldery wymiany): files that an accounting program puts there by SFTP become packages.

`<DROP_DIR>/<slug>/` belongs to one association. Once nothing in it has changed for DROP_QUIET_SECONDS, its files are
taken as one package: their digests, the batch and its job are written in one transaction, then they are moved to
`przyjete/<date>/`. A watcher that dies in between finds the digests again and only moves. How files are touched:
saas.management.drop_files; the reports beside them: saas.management.drop_reports.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils.timezone import localdate

from associations.audit.actors import Actor
from associations.imports.actions import MAX_FILES, create_batch
from associations.imports.models import BatchSource, DroppedFile, ImportBatch, ImportFile
from associations.imports.storage import drop_batch_files
from associations.profile.models import AssociationProfile
from associations.profile.queries import current_profile
from saas.jobs.models import JobKind
from saas.jobs.sizing import enqueue_batch_job
from saas.management.drop_files import (
    REPORT_END,
    ChangedMeanwhileError,
    Found,
    FoundFile,
    digest_of,
    exists_in,
    identity_of,
    is_data,
    is_meant,
    look_into,
    move_file,
    number_name,
    open_folder,
    remove_content,
    remove_file,
    spell_name,
    taken_folder,
)
from saas.management.drop_reports import (
    BAD_NAME,
    TOO_LARGE,
    is_kept_as_it_came,
    report_refused,
    report_repeated,
)
from saas.tenancy.listing import all_refs
from saas.tenancy.switching import AssociationRef, enter_association

logger = logging.getLogger(__name__)
FOLDER = Actor(kind="system", id=None, name="folder wymiany")
Digests = dict[str, str]


def watched_folders() -> Iterator[tuple[AssociationRef, int]]:
    """Every active association that has a drop folder, with the folder's descriptor, open while it is looked at.

    A folder that cannot be opened (rights that an SFTP server set otherwise) keeps those after it from nothing.
    """
    with suppress(FileNotFoundError), open_folder(str(settings.DROP_DIR)) as root:
        for association in all_refs():
            try:
                with open_folder(association.slug, root) as folder:
                    if _is_active(association):
                        yield association, folder
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError as error:
                logger.warning("drop folder of %s: %s", association.slug, type(error).__name__)


def _is_active(association: AssociationRef) -> bool:
    """No where its schema does not answer, as while it is moved or restored: the next pass asks again."""
    try:
        with enter_association(association):
            return current_profile().is_active
    except (DatabaseError, AssociationProfile.DoesNotExist) as error:
        logger.warning("drop folder of %s: %s", association.slug, type(error).__name__)
        return False


def take_folder(association: AssociationRef, folder: int) -> ImportBatch | None:
    """Take what lies in the folder as one package, if all of it is at rest; None where nothing is new.

    Files that were taken before under this name with this content are only moved. Raises OSError and
    ChangedMeanwhileError, and keeps nothing then; the next pass begins anew.
    """
    seen = look_into(folder)
    _refuse(folder, seen)
    waiting = [entry for entry in seen if is_data(entry.name)]
    if not waiting or not is_at_rest(seen):
        return None
    found = _first_package([entry for entry in waiting if entry.size <= settings.UPLOAD_MAX_BYTES])
    if not found:
        return None
    with enter_association(association):
        digests = {entry.name: digest_of(folder, entry.name) for entry in found}
        if not set(found) <= set(look_into(folder)):
            raise ChangedMeanwhileError
        batch = _record(association, folder, found, digests)
        # Only now: what is committed is never lost, what is not committed stays where it lies.
        for name, sha256 in digests.items():
            _move(folder, name, sha256)
    return batch


def _refuse(folder: int, seen: Sequence[Found]) -> None:
    """Say once beside each file that is never taken why; only when all is at rest, it may still be renamed."""
    if not is_at_rest(seen):
        return
    for entry in seen:
        if is_meant(entry.name) and not is_data(entry.name):
            report_refused(folder, spell_name(entry.name), BAD_NAME)
        elif is_data(entry.name) and entry.size > settings.UPLOAD_MAX_BYTES:
            report_refused(folder, entry.name, TOO_LARGE)


def is_at_rest(seen: Sequence[Found]) -> bool:
    """Whether none of the files, unfinished uploads included, has changed for DROP_QUIET_SECONDS."""
    now = time.time()
    return all(now - entry.changed_at >= settings.DROP_QUIET_SECONDS for entry in seen)


def _first_package(waiting: Sequence[Found]) -> list[Found]:
    """As many of the files as one package takes; the rest is the next one."""
    found: list[Found] = []
    size = 0
    for entry in waiting:
        size += entry.size
        if size > settings.UPLOAD_MAX_BYTES or len(found) == MAX_FILES:
            break
        found.append(entry)
    return found


def _record(
    association: AssociationRef, folder: int, found: Sequence[Found], digests: Digests
) -> ImportBatch | None:
    """Write down what is new as one batch with its job, in one transaction; None where all of it is known."""
    with transaction.atomic():
        _wait_for_other_watchers(association)
        known = set(DroppedFile.objects.filter(name__in=digests).values_list("name", "sha256"))
        fresh = [entry for entry in found if (entry.name, digests[entry.name]) not in known]
        if not fresh:
            return None
        files = [FoundFile(entry.name, entry.size, folder) for entry in fresh]
        batch = create_batch(actor=FOLDER, files=files, source=BatchSource.FOLDER)
        kept = ImportFile.objects.filter(batch=batch).order_by("number").values_list("name", "sha256")
        if dict(kept) != {entry.name: digests[entry.name] for entry in fresh}:
            drop_batch_files(batch.pk)
            raise ChangedMeanwhileError
        DroppedFile.objects.bulk_create(
            [DroppedFile(name=name, sha256=sha256, batch=batch) for name, sha256 in kept]
        )
        enqueue_batch_job(association=association, kind=JobKind.READ_BATCH, batch=batch)
    logger.info("drop folder of %s: batch %s of %s files", association.slug, batch.pk, len(fresh))
    return batch


def _wait_for_other_watchers(association: AssociationRef) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"drop {association.schema_name}"]
        )


def _move(folder: int, name: str, sha256: str) -> None:
    """Away to `przyjete/<date>/`; a file that is gone, or is another one by now, is left to the next pass."""
    row = DroppedFile.objects.get(name=name, sha256=sha256)
    day, target = place_of(row)
    with suppress(ChangedMeanwhileError), taken_folder(folder, day) as taken:
        seen = identity_of(folder, name)
        if digest_of(folder, name) != sha256:
            return
        is_repeated = exists_in(taken, target) or exists_in(taken, target + REPORT_END)
        moved = move_file(name, folder, f"ponownie {name}" if is_repeated else target, taken)
        if identity_of(taken, moved) != seen:
            # Exchanged for another between two looks: that one has been nobody's yet.
            move_file(moved, taken, name, folder)
            return
        remove_file(folder, name + REPORT_END)
        if is_repeated:
            report_repeated(taken, moved, row)
        if not is_kept_as_it_came(row):
            remove_content(taken, sha256)


def place_of(row: DroppedFile) -> tuple[str, str]:
    """The date's folder and the name under which a taken file lies there."""
    day = localdate(row.taken_at)
    namesakes = DroppedFile.objects.filter(name=row.name, pk__lt=row.pk).order_by("pk")
    number = sum(localdate(at) == day for at in namesakes.values_list("taken_at", flat=True)) + 1
    return day.isoformat(), number_name(row.name, number)
