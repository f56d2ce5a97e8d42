"""A batch as a resource: state, progress, problems; publishing, undoing, cancelling, declaring."""

import datetime as dt
import json
from typing import Any

import pytest
from django.utils import timezone

from associations.imports.models import BatchState, ImportBatch, Problem
from saas.jobs.models import Job
from saas.tenancy.switching import AssociationRef, enter_association
from tests.billing_views.api.conftest import MakeBatch, MakeProgram, Program
from tests.billing_views.manager.workspace.conftest import make_summary


def stored(batch: ImportBatch, association: AssociationRef) -> ImportBatch:
    with enter_association(association):
        return ImportBatch.objects.get(pk=batch.pk)


def test_batch_tells_its_preview_with_figures_as_texts(program: Program, make_batch: MakeBatch) -> None:
    told = program.get(f"{make_batch().pk}/").json()

    assert (told["state"], told["state_label"], told["is_running"]) == (
        "ready",
        "czeka na publikację",
        False,
    )
    assert told["progress"] is None
    assert told["summary"]["datasets"][0]["totals"][0]["in_file"] == "20118.32"
    assert (told["can_publish"], told["can_publish_without_premises_with_errors"]) == (True, False)


def test_running_batch_tells_phase_rows_and_remaining_time(program: Program, make_batch: MakeBatch) -> None:
    batch = make_batch(
        BatchState.READING,
        phase="reading",
        phase_started_at=timezone.now() - dt.timedelta(seconds=10),
        progress_done=25,
        progress_total=100,
        progress_rows=12_345,
    )

    progress = program.get(f"{batch.pk}/").json()["progress"]

    assert progress.pop("remaining_seconds") in {30, 31, 32}
    assert progress == {"phase": "reading", "label": "Wczytywanie plików", "rows": 12_345, "percent": 25}


def test_batches_are_listed_by_pages_and_state(program: Program, make_batch: MakeBatch) -> None:
    batches = [make_batch(state) for state in (BatchState.READY, BatchState.FAILED, BatchState.READY)]

    pages = [program.get(data={"page_size": 2, "page": page}).json() for page in (1, 2)]
    ready = program.get(data={"state": "ready"}).json()

    assert [row["id"] for page in pages for row in page["results"]] == [row.pk for row in reversed(batches)]
    assert (pages[0]["count"], pages[0]["pages"]) == (3, 2)
    assert [row["id"] for row in ready["results"]] == [batches[2].pk, batches[0].pk]


@pytest.mark.parametrize(
    "query", [{"state": "?"}, {"page": "0"}, {"page": "x"}, {"page_size": "1001"}, {"page": "9" * 30}]
)
def test_bad_query_is_refused(program: Program, query: dict[str, str]) -> None:
    answer = program.get(data=query)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_problems_are_listed_errors_first_and_filtered(
    program: Program, make_batch: MakeBatch, sloneczna: AssociationRef
) -> None:
    batch = make_batch(BatchState.BLOCKED, error_count=1, warning_count=1)
    with enter_association(sloneczna):
        for severity, code, row in (("warning", "unit", 2), ("error", "bad_date", 5)):
            Problem.objects.create(
                batch=batch,
                severity=severity,
                is_from_reading=True,
                code=code,
                dataset="charges",
                row=row,
                reason="Nie ma trzynastego miesiąca.",
                suggestion="10.12.2026",
            )

    both = program.get(f"{batch.pk}/problems/").json()
    one = program.get(f"{batch.pk}/problems/", data={"severity": "warning"}).json()
    none = program.get(f"{batch.pk}/problems/", data={"code": "bad_date", "dataset": "postings"}).json()

    assert [problem["row"] for problem in both["results"]] == [5, 2]
    assert both["results"][0]["suggestion"] == "10.12.2026"
    assert [problem["code"] for problem in one["results"]] == ["unit"]
    assert none["count"] == 0


def test_publishing_asks_a_worker_and_refuses_the_second_time(
    program: Program, make_batch: MakeBatch, sloneczna: AssociationRef
) -> None:
    batch = make_batch()

    first = program.post(f"{batch.pk}/publish/")
    second = program.post(f"{batch.pk}/publish/")

    assert (first.status_code, first.json()["state"]) == (202, "publishing")
    assert (second.status_code, second.json()["code"]) == (409, "not_publishable")
    assert [job.kind for job in Job.objects.order_by("pk")] == ["publish_batch"]
    assert stored(batch, sloneczna).asked_by_id == program.user.pk


def test_a_program_may_name_the_preview_that_it_read(program: Program, make_batch: MakeBatch) -> None:
    batch = make_batch()
    mark = program.get(f"{batch.pk}/").json()["preview"]

    refused = program.post(f"{batch.pk}/publish/", {"seen": "0" * len(mark)})
    accepted = program.post(f"{batch.pk}/publish/", {"seen": mark})

    assert (refused.status_code, refused.json()["code"]) == (409, "other_preview")
    assert (accepted.status_code, accepted.json()["preview"]) == (202, "")


def test_consents_are_those_of_the_page(
    program: Program, make_batch: MakeBatch, sloneczna: AssociationRef
) -> None:
    summary = make_summary(can_publish=False, can_publish_without=True)
    summary["datasets"][0]["gone"] = 4
    batch = make_batch(BatchState.BLOCKED, error_count=3, summary=summary)

    open_consents = program.get(f"{batch.pk}/").json()["open_consents"]
    refused = [
        program.post(f"{batch.pk}/publish/", sent) for sent in ({}, {"without_premises_with_errors": True})
    ]
    accepted = program.post(
        f"{batch.pk}/publish/", {"without_premises_with_errors": True, "confirms_vanishing": True}
    )

    assert open_consents == ["confirms_vanishing"]
    assert [answer.json()["code"] for answer in refused] == ["not_publishable", "vanishing_not_confirmed"]
    assert accepted.status_code == 202
    consent = stored(batch, sloneczna).consent
    assert (consent["without_premises_with_errors"], consent["confirms_vanishing"]) == (True, True)


def test_declarations_have_the_batch_checked_again(
    program: Program, make_batch: MakeBatch, sloneczna: AssociationRef
) -> None:
    batch = make_batch()

    answer = program.ask(
        "put",
        f"{batch.pk}/declarations/",
        data=json.dumps({"is_addition": True, "people": {"17": "other"}}),
        content_type="application/json",
    )
    nonsense = program.ask(
        "put",
        f"{batch.pk}/declarations/",
        data=json.dumps({"people": {"17": "być może"}}),
        content_type="application/json",
    )

    assert (answer.status_code, answer.json()["state"]) == (202, "uploaded")
    assert stored(batch, sloneczna).declarations == {"is_addition": True, "people": {"17": "other"}}
    assert [job.kind for job in Job.objects.order_by("pk")] == ["read_batch"]
    assert (nonsense.status_code, nonsense.json()["code"]) == (400, "invalid")


def test_published_batch_is_undone(program: Program, make_batch: MakeBatch) -> None:
    batch = make_batch(BatchState.PUBLISHED)

    answers = [program.post(f"{batch.pk}/undo/") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [202, 409]
    assert answers[0].json()["state"] == "undoing"
    assert [job.kind for job in Job.objects.order_by("pk")] == ["undo_batch"]


def test_waiting_work_is_cancelled(program: Program, make_batch: MakeBatch) -> None:
    batch = make_batch()
    program.post(f"{batch.pk}/publish/")

    answers = [program.post(f"{batch.pk}/cancel/") for _ in range(2)]

    assert (answers[0].status_code, answers[0].json()["state"]) == (202, "ready")
    assert "anulowana" in answers[0].json()["failure"]
    assert (answers[1].status_code, answers[1].json()["code"]) == (409, "not_running")
    assert Job.objects.get().state == "cancelled"


@pytest.mark.parametrize(
    ("role", "token_publishes", "grant_publishes", "status"),
    [
        ("manager", True, False, 202),
        ("manager", False, False, 403),
        ("bookkeeper", True, True, 202),
        ("bookkeeper", True, False, 403),
        ("bookkeeper", False, True, 403),
    ],
)
def test_publishing_takes_the_right_of_token_and_grant(
    db: None,
    sloneczna: AssociationRef,
    make_program: MakeProgram,
    make_batch: MakeBatch,
    role: str,
    token_publishes: bool,
    grant_publishes: bool,
    status: int,
) -> None:
    program = make_program(sloneczna, role=role, may_publish=token_publishes, grant_publishes=grant_publishes)
    ready, published, publishing = (
        make_batch(state) for state in (BatchState.READY, BatchState.PUBLISHED, BatchState.PUBLISHING)
    )

    answers = [
        program.post(f"{batch.pk}/{step}/")
        for batch, step in ((ready, "publish"), (published, "undo"), (publishing, "cancel"))
    ]

    assert {answer.status_code for answer in answers} == {status}
    assert program.get(f"{ready.pk}/").json()["can_publish"] is False  # publishing by now, or not allowed


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_do_nothing(program: Program, make_batch: MakeBatch, method: str) -> None:
    answer = program.ask(method, f"{make_batch().pk}/publish/")

    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"accepts_renames": 7.5}', b"\xff"])
def test_malformed_body_is_refused(program: Program, make_batch: MakeBatch, body: bytes) -> None:
    batch = make_batch()

    answer = program.ask("post", f"{batch.pk}/publish/", data=body, content_type="application/json")

    assert answer.status_code == 400
    assert not Job.objects.exists()


def test_queries_do_not_grow_with_the_list(
    program: Program, make_batch: MakeBatch, django_assert_max_num_queries: Any
) -> None:
    for _ in range(5):
        make_batch()

    with django_assert_max_num_queries(20):
        assert len(program.get().json()["results"]) == 5
