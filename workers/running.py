"""The edge of all work behind: take a job, run its handler, and settle what became of it."""

import logging
import traceback
from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection

from associations.charges.notice_actions import fail_notices, mark_notices_cancelled
from associations.imports.cancelling import mark_cancelled
from associations.imports.progress import mark_interrupted
from associations.profile.queries import current_profile
from saas.jobs.leases import (
    Claim,
    JobCancelledError,
    LeaseLostError,
    claim_job,
    drop_job,
    fail_job,
    return_job,
    return_stale_jobs,
)
from saas.jobs.models import JobKind, SizeClass
from saas.logs import working_on
from saas.tenancy.switching import enter_association, set_public
from workers.jobs import JobContext, JobStoppedError, LargeSlotTakenError
from workers.keeping import LeaseKeeper

logger = logging.getLogger(__name__)
Handler = Callable[[JobContext], None]

HANDLERS: dict[str, str] = {
    JobKind.READ_BATCH: "workers.importing:read_batch",
    JobKind.PUBLISH_BATCH: "workers.importing:publish_batch",
    JobKind.UNDO_BATCH: "workers.importing:undo_batch",
    JobKind.SEND_MAIL: "workers.mail:send_mail",
    JobKind.PRINT_NOTICES: "workers.notices:print_notices",
}
# The machine's errors, not the file's: the same job may succeed a moment later.
# COPY raises psycopg's own classes, past Django's translation.
PASSING_ERRORS = (
    OperationalError,
    InterfaceError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
    OSError,
    MemoryError,
)
# Django translates what its cursors raise, COPY raises psycopg's own.
DATABASE_ERRORS = (DatabaseError, psycopg.Error)
QUERY_CANCELED = "57014"
SUSPENDED_PAUSE_SECONDS = 60
RETRY_PAUSE_SECONDS = 2


def reap_jobs() -> int:
    """Give jobs of dead workers to the living, settle those that were cancelled; how many there were."""
    return return_stale_jobs(on_failure=_say_interrupted, on_cancelled=_put_back)


def _say_interrupted(claim: Claim, reason: str = "") -> None:
    if claim.batch_id is not None:
        mark_interrupted(batch_id=claim.batch_id, reason=reason)
    elif claim.kind == JobKind.PRINT_NOTICES:
        fail_notices(run_id=int(claim.options["run_id"]))


def _put_back(claim: Claim) -> None:
    if claim.batch_id is not None:
        mark_cancelled(batch_id=claim.batch_id)
    elif claim.kind == JobKind.PRINT_NOTICES:
        mark_notices_cancelled(run_id=int(claim.options["run_id"]))


def run_one_job(handlers: Mapping[str, str] = HANDLERS) -> bool:
    """Take the oldest job that can be taken and run it; False where there was none."""
    claim = claim_job(sizes=settings.JOB_SIZES)
    if claim is None:
        return False
    with working_on(job=str(claim.job_id), association=claim.association.slug):
        _run_claimed(claim, handlers)
    return True


def _run_claimed(claim: Claim, handlers: Mapping[str, str]) -> None:
    logger.info(
        "job %s: %s of batch %s in %s begins (attempt %s)",
        claim.job_id,
        claim.kind,
        claim.batch_id,
        claim.association.schema_name,
        claim.attempts,
    )
    try:
        _run(claim, handlers)
    finally:
        set_public()


def _run(claim: Claim, handlers: Mapping[str, str]) -> None:
    """Run the handler and settle the job. Logs carry ids, classes and places of errors, never their texts."""
    try:
        _notice_a_dead_client()
        with enter_association(claim.association):
            is_active = current_profile().is_active
        if not is_active:
            return_job(claim, pause_seconds=SUSPENDED_PAUSE_SECONDS, is_counted=False)
            return
        _handle(claim, handlers)
        logger.info("job %s: done", claim.job_id)
    except LeaseLostError:
        logger.warning("job %s: lost to another worker; nothing of this run is kept", claim.job_id)
    except JobCancelledError:
        _settle(claim, lambda: drop_job(claim, on_cancelled=_put_back))
        logger.info("job %s: cancelled", claim.job_id)
    except LargeSlotTakenError:
        _settle(claim, lambda: return_job(claim, is_counted=False, size_class=SizeClass.LARGE))
        logger.info("job %s: larger than it seemed; waits for a slot of large ones", claim.job_id)
    except Exception as error:  # noqa: BLE001 - the edge: whatever it was, the job must not stay running
        _log_error(claim, error)
        _settle(claim, partial(_give_up, claim, error))
    except BaseException:
        # The worker is told to end: the connection may be in the middle of a statement.
        logger.warning("job %s: interrupted; given back", claim.job_id)
        _settle(claim, lambda: return_job(claim, is_counted=False))
        raise


def _handle(claim: Claim, handlers: Mapping[str, str]) -> None:
    module, _, name = handlers[claim.kind].partition(":")
    handler: Handler = getattr(import_module(module), name)
    with LeaseKeeper(claim) as keeper, enter_association(claim.association):
        context = JobContext(claim, keeper)
        try:
            handler(context)
        except DATABASE_ERRORS as error:
            if not _is_interrupted(error):
                raise
            if not context.is_finished:
                _say_why(context, error)
    if not context.is_finished:
        raise RuntimeError("the handler returned without context.finishing()")


def _is_interrupted(error: Exception) -> bool:
    """Whether a statement was ended from outside, as the lease keeper does."""
    return getattr(error.__cause__ or error, "sqlstate", None) == QUERY_CANCELED


def _say_why(context: JobContext, error: Exception) -> None:
    """Raise why the keeper ended the statement; the error itself where somebody else did."""
    context.check()
    raise error


def _give_up(claim: Claim, error: Exception) -> None:
    """Back to the queue where another try may help, else failed with its batch."""
    if isinstance(error, PASSING_ERRORS) and claim.attempts < settings.JOB_MAX_ATTEMPTS:
        return_job(claim, pause_seconds=RETRY_PAUSE_SECONDS * claim.attempts)
        return
    reason = error.reason if isinstance(error, JobStoppedError) else ""
    code = error.code if isinstance(error, JobStoppedError) else type(error).__name__
    fail_job(
        claim,
        failure=code,
        on_failure=partial(_say_interrupted, reason=reason),
    )


def _settle(claim: Claim, settle: Callable[[], None]) -> None:
    """End or return the job on a fresh connection; where that fails too, the lease runs out by itself."""
    connection.close()
    set_public()
    try:
        settle()
    except (LeaseLostError, DatabaseError, InterfaceError) as error:
        logger.warning("job %s: not settled (%s); its lease decides", claim.job_id, type(error).__name__)


def _notice_a_dead_client() -> None:
    """Let the server end this session's statement soon after the worker was killed, before its lease ends.

    Otherwise a long statement of a dead worker could still write while the next worker runs the same job.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET client_connection_check_interval = '1s'")


def _log_error(claim: Claim, error: Exception) -> None:
    """Class and places only: texts of database errors quote rows."""
    places = [
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    code = getattr(error.__cause__ or error, "sqlstate", None) or getattr(error, "code", "")
    logger.error(
        "job %s: %s %s at %s", claim.job_id, type(error).__name__, code, " < ".join(reversed(places[-6:]))
    )
