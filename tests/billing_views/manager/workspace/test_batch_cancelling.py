"""The page of a running batch: how far it is, how long it still takes, and the button that calls it off."""

import datetime as dt
import re
from typing import Any

import pytest
from django.utils import timezone

from associations.imports.cancelling import PUBLISH_CANCELLED
from associations.imports.models import BatchState, ImportBatch
from saas.jobs.actions import enqueue_job
from saas.jobs.models import Job, JobKind
from saas.tenancy.switching import AssociationRef, enter_association
from tests.billing_views.manager.workspace.conftest import MakeBatch, SignIn

RUNNING = (BatchState.UPLOADED, BatchState.READING, BatchState.PUBLISHING, BatchState.UNDOING)


def address(batch: ImportBatch, rest: str = "") -> str:
    return f"/a/sloneczna/importy/{batch.pk}/{rest}"


def stored(batch: ImportBatch, association: AssociationRef) -> ImportBatch:
    with enter_association(association):
        return ImportBatch.objects.get(pk=batch.pk)


def test_progress_says_phase_rows_share_and_time_that_is_left(manager: Any, make_batch: MakeBatch) -> None:
    batch = make_batch(
        BatchState.READING,
        phase="reading",
        phase_started_at=timezone.now() - dt.timedelta(seconds=10),
        progress_done=25,
        progress_total=100,
        progress_rows=12_345,
    )

    for page in (manager.text(address(batch)), manager.text(address(batch, "postep/"))):
        text = page.replace("\u00a0", " ")
        assert "Wczytywanie plików: 25%" in text
        assert re.search(r"12 345 wierszy z plików, zostało około 3[05] s\.", text)


def test_nothing_is_said_of_a_time_that_is_not_known(manager: Any, make_batch: MakeBatch) -> None:
    page = manager.text(address(make_batch(BatchState.PUBLISHING, phase="publishing")))

    assert "Publikowanie" in page
    assert "zostało" not in page


def test_page_renews_itself_without_scripts(manager: Any, make_batch: MakeBatch) -> None:
    renewal = '<noscript><meta http-equiv="refresh"'

    assert renewal in manager.text(address(make_batch(BatchState.READING)))
    assert renewal not in manager.text(address(make_batch(BatchState.READY)))


@pytest.mark.parametrize("state", BatchState)
def test_button_stands_where_something_runs(manager: Any, make_batch: MakeBatch, state: BatchState) -> None:
    batch = make_batch(state)

    assert (f'action="{address(batch, "anuluj/")}"' in manager.text(address(batch))) == (state in RUNNING)


def test_waiting_publication_is_cancelled_and_may_be_asked_for_again(
    manager: Any, make_batch: MakeBatch, sloneczna: AssociationRef
) -> None:
    batch = make_batch()
    manager.post(address(batch, "publikuj/"))

    answers = [manager.post(address(batch, "anuluj/")) for _ in range(2)]

    assert {answer["Location"] for answer in answers} == {address(batch)}
    assert [job.state for job in Job.objects.order_by("pk")] == ["cancelled"]
    assert (stored(batch, sloneczna).state, stored(batch, sloneczna).failure) == ("ready", PUBLISH_CANCELLED)
    page = manager.text(address(batch))
    assert "Publikacja została anulowana." in page
    assert 'class="notice bad"' not in page
    assert "Opublikuj 4 wpisy" in page


def test_running_job_is_asked_and_the_page_says_so(
    manager: Any, make_batch: MakeBatch, sloneczna: AssociationRef
) -> None:
    batch = make_batch(BatchState.READING, phase="reading", progress_done=5, progress_total=10)
    job = enqueue_job(association=sloneczna, kind=JobKind.READ_BATCH, batch_id=batch.pk)
    Job.objects.filter(pk=job.pk).update(
        state="running", lease_token=job.pk, lease_until=timezone.now() + dt.timedelta(minutes=1)
    )

    manager.post(address(batch, "anuluj/"))

    job.refresh_from_db()
    assert (job.state, job.is_cancel_requested) == ("running", True)
    assert stored(batch, sloneczna).state == "reading"
    assert "Anulowanie" in manager.text(address(batch))


def test_bookkeeper_who_may_not_publish_cannot_call_off_a_publication(
    sign_in: SignIn, make_batch: MakeBatch, sloneczna: AssociationRef
) -> None:
    bookkeeper = sign_in(sloneczna, role="bookkeeper")
    publishing, reading = make_batch(BatchState.PUBLISHING), make_batch(BatchState.READING)

    for batch in (publishing, reading):
        bookkeeper.post(address(batch, "anuluj/"))

    assert stored(publishing, sloneczna).state == "publishing"
    assert stored(reading, sloneczna).state == "cancelled"


def test_cancelled_batch_is_read_again_or_rejected(
    manager: Any, make_batch: MakeBatch, sloneczna: AssociationRef
) -> None:
    batch, other = make_batch(BatchState.CANCELLED), make_batch(BatchState.CANCELLED)

    page = manager.text(address(batch))
    manager.post(address(batch, "sprawdz-ponownie/"))
    manager.post(address(batch, "sprawdz-ponownie/"))
    manager.post(address(other, "odrzuc/"))

    assert "Sprawdzanie anulowane." in page
    assert stored(batch, sloneczna).state == "uploaded"
    assert [(job.kind, job.batch_id) for job in Job.objects.order_by("pk")] == [("read_batch", batch.pk)]
    assert stored(other, sloneczna).state == "rejected"


def test_published_batch_is_not_read_again(
    manager: Any, make_batch: MakeBatch, sloneczna: AssociationRef
) -> None:
    batch = make_batch(BatchState.PUBLISHED)

    manager.post(address(batch, "sprawdz-ponownie/"))

    assert stored(batch, sloneczna).state == "published"
    assert not Job.objects.exists()
