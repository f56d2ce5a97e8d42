"""Uploads: kept once, whatever is sent twice; refused with the sentences of the page."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections

from associations.audit.models import AuditEntry
from associations.imports.models import ImportBatch, ImportFile, UploadRequest
from saas.jobs.models import Job
from saas.tenancy.switching import AssociationRef, enter_association
from tests.billing_views.api.conftest import BALANCES, MakeProgram, Program

FILE = ("salda.csv", BALANCES)


def count_batches(association: AssociationRef) -> int:
    with enter_association(association):
        return ImportBatch.objects.count()


def test_upload_is_one_batch_that_a_worker_will_read(program: Program, sloneczna: AssociationRef) -> None:
    answer = program.upload(FILE, ("salda-2.csv", BALANCES + b"\n"), key="październik")

    told = answer.json()
    assert answer.status_code == 201
    assert (told["state"], told["is_running"], told["source"]) == ("uploaded", True, "api")
    assert [file["name"] for file in told["files"]] == ["salda.csv", "salda-2.csv"]
    assert told["progress"]["label"] == "Paczka czeka w kolejce na sprawdzenie"
    assert told["links"]["self"] == f"/api/v1/associations/sloneczna/imports/{told['id']}/"
    job = Job.objects.get()
    assert (job.kind, job.batch_id, job.association_id) == ("read_batch", told["id"], sloneczna.id)
    with enter_association(sloneczna):
        act = AuditEntry.objects.get(action="import.uploaded")
        assert act.actor_name == "Anna Kowalska"


def test_same_request_again_is_the_same_batch(program: Program, sloneczna: AssociationRef) -> None:
    first, again = (program.upload(FILE, key="k-1") for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert (count_batches(sloneczna), Job.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    "other",
    [
        {"files": [("salda.csv", BALANCES + b" ")]},
        {"files": [("inne.csv", BALANCES)]},
        {"files": [FILE, FILE]},
        {"files": [FILE], "is_addition": "true"},
    ],
    ids=["content", "name", "more files", "declaration"],
)
def test_other_content_under_a_known_key_is_refused(
    program: Program, sloneczna: AssociationRef, other: dict[str, Any]
) -> None:
    program.upload(FILE, key="k-1")

    files = other.pop("files")
    answer = program.upload(*files, key="k-1", **other)

    assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")
    assert "podaj nowy klucz" in answer.json()["detail"]
    assert (count_batches(sloneczna), Job.objects.count()) == (1, 1)


def test_key_belongs_to_its_token(
    program: Program, make_program: MakeProgram, sloneczna: AssociationRef
) -> None:
    answers = [asking.upload(FILE, key="k-1") for asking in (program, make_program(sloneczna))]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert count_batches(sloneczna) == 2


def test_without_a_key_every_upload_is_new(program: Program, sloneczna: AssociationRef) -> None:
    answers = [program.upload(FILE) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert count_batches(sloneczna) == 2


def test_requests_at_the_same_moment_make_one_batch(
    committed_db: None, sloneczna: AssociationRef, make_program: MakeProgram
) -> None:
    program = make_program(sloneczna)

    def send(_: int) -> Any:
        try:
            return program.upload(FILE, key="k-1")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(send, range(6)))

    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    with enter_association(sloneczna):
        assert (ImportBatch.objects.count(), ImportFile.objects.count(), UploadRequest.objects.count()) == (
            1,
            1,
            1,
        )
    assert Job.objects.count() == 1


def test_addition_is_declared_with_the_upload(program: Program, sloneczna: AssociationRef) -> None:
    answer = program.upload(FILE, is_addition="true")

    assert answer.json()["declarations"] == {"is_addition": True}


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"files": []}, 400, "no_file"),
        ({"files": [(f"{number}.csv", b"x") for number in range(101)]}, 400, "too_many_files"),
        ({"files": [FILE], "key": "k" * 201}, 400, "bad_key"),
        ({"files": [FILE], "is_addition": "może"}, 400, "invalid"),
    ],
)
def test_bad_upload_is_refused_and_nothing_is_kept(
    program: Program, sloneczna: AssociationRef, sent: dict[str, Any], status: int, code: str
) -> None:
    files = sent.pop("files")

    answer = program.upload(*files, **sent)

    assert (answer.status_code, answer.json()["code"], answer.json()["status"]) == (status, code, status)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (count_batches(sloneczna), Job.objects.count()) == (0, 0)


def test_body_over_the_limit_is_refused_before_it_is_kept(
    program: Program, sloneczna: AssociationRef, settings: Any
) -> None:
    settings.UPLOAD_MAX_BYTES = 1_000

    by_length = program.upload(("duzy.csv", b"x" * 2 * 1024 * 1024))
    by_size = program.upload(("spory.csv", b"x" * 2_000))

    for answer in (by_length, by_size):
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert "100 MB" in by_length.json()["detail"]
    assert count_batches(sloneczna) == 0


@pytest.mark.parametrize("content_type", ["application/json", "text/csv"])
def test_body_that_is_no_form_is_refused(program: Program, content_type: str) -> None:
    answer = program.ask("post", data=b"{}", content_type=content_type)

    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


def test_broken_form_is_refused(program: Program) -> None:
    answer = program.ask("post", data=b"--x", content_type="multipart/form-data; boundary=")

    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")
