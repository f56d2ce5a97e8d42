"""The page of imports: upload of one batch, its limit, history, help, and who may do what."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from associations.audit.models import AuditEntry
from associations.imports.models import BatchState, ImportBatch, ImportFile
from saas.jobs.models import Job, JobKind, SizeClass
from saas.tenancy.switching import AssociationRef, enter_association
from workers.datasets import DATASETS as DECLARED
from workers.datasets.fields import Kind

IMPORTS = "/a/sloneczna/importy/"


@pytest.fixture(autouse=True)
def _files_below_tmp(settings: Any, tmp_path: Any) -> None:
    settings.FILES_DIR = tmp_path / "files"


def a_file(name: str = "lokale.csv", content: bytes = b"Kod lokalu\n1\n") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/csv")


def test_several_files_become_one_batch_with_a_job(manager: Any, sloneczna: AssociationRef) -> None:
    answer = manager.post(IMPORTS, {"uploads": [a_file("lokale.csv"), a_file("osoby.csv")]})

    with enter_association(sloneczna):
        batch = ImportBatch.objects.get()
        names = list(ImportFile.objects.order_by("number").values_list("name", flat=True))
        audited = list(
            AuditEntry.objects.filter(action="import.uploaded").values_list("actor_name", flat=True)
        )
    job = Job.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{IMPORTS}{batch.pk}/")
    assert (batch.state, batch.created_by_name) == (BatchState.UPLOADED, "Marek Wójcik")
    assert names == ["lokale.csv", "osoby.csv"]
    assert audited == ["Marek Wójcik"]
    assert (job.kind, job.batch_id, job.association_id) == (JobKind.READ_BATCH, batch.pk, sloneczna.id)
    assert job.size_class == SizeClass.SMALL


def test_an_upload_without_a_file_is_refused_beside_the_field(
    manager: Any, sloneczna: AssociationRef
) -> None:
    answer = manager.post(IMPORTS)

    assert answer.status_code == 200
    assert "Wybierz co najmniej jeden plik." in answer.content.decode()
    with enter_association(sloneczna):
        assert not ImportBatch.objects.exists()


def test_an_empty_file_is_taken_for_the_worker_to_judge(manager: Any, sloneczna: AssociationRef) -> None:
    answer = manager.post(IMPORTS, {"uploads": [a_file("pusty.csv", b"")]})

    assert answer.status_code == 302
    with enter_association(sloneczna):
        assert ImportFile.objects.get().size == 0


@pytest.mark.parametrize("size", [1_001, 3_000_000], ids=["read and refused", "refused unread"])
def test_files_over_the_limit_give_413_and_nothing_is_kept(
    manager: Any, sloneczna: AssociationRef, settings: Any, size: int
) -> None:
    settings.UPLOAD_MAX_BYTES = 1_000

    answer = manager.post(IMPORTS, {"uploads": [a_file("duzy.csv", b"x" * size)]})

    assert answer.status_code == 413
    assert re.search("(Plik jest za duży|Pliki są za duże): .*100 MB", answer.content.decode())
    assert 'aria-invalid="true"' in answer.content.decode()
    with enter_association(sloneczna):
        assert not ImportBatch.objects.exists()
    assert not Job.objects.exists()
    assert not settings.FILES_DIR.exists()


@pytest.mark.parametrize("count", [100, 101, 150])
def test_more_than_a_hundred_files_are_refused_with_a_sentence(
    manager: Any, sloneczna: AssociationRef, count: int
) -> None:
    files = [a_file(f"plik{number}.csv") for number in range(count)]

    answer = manager.post(IMPORTS, {"uploads": files})

    is_taken = count == 100
    assert answer.status_code == (302 if is_taken else 200)
    assert ("Paczka może mieć najwyżej 100 plików." in answer.content.decode()) != is_taken
    with enter_association(sloneczna):
        assert ImportFile.objects.count() == (100 if is_taken else 0)


def test_an_upload_needs_a_csrf_token(manager: Any, sloneczna: AssociationRef) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    strict.cookies = manager.client.cookies

    answer = strict.post(IMPORTS, {"uploads": [a_file()]})

    assert answer.status_code == 403
    with enter_association(sloneczna):
        assert not ImportBatch.objects.exists()


@pytest.mark.parametrize(
    ("role", "sees", "uploads"),
    [("manager", 200, 302), ("bookkeeper", 200, 302), ("reader", 200, 403), ("office", 403, 403)],
)
def test_who_sees_imports_and_who_uploads(
    sign_in: Any, sloneczna: AssociationRef, role: str, sees: int, uploads: int
) -> None:
    visit = sign_in(sloneczna, role=role)

    page, upload = visit.get(IMPORTS), visit.post(IMPORTS, {"uploads": [a_file()]})

    assert (page.status_code, upload.status_code) == (sees, uploads)
    assert (b'type="file"' in page.content) == (uploads == 302)


def test_history_names_state_files_and_uploader(manager: Any, make_batch: Callable[..., ImportBatch]) -> None:
    batch = make_batch(BatchState.BLOCKED, error_count=2)

    page = manager.text(IMPORTS)

    assert f'href="{IMPORTS}{batch.pk}/"' in page
    assert f"Paczka {batch.pk}: październik 2026" in page
    assert "ksiegowania-2026-10.csv" in page
    assert "zawiera błędy" in page
    assert "2 błędy" in page


def test_history_is_paged_and_survives_wrong_page_numbers(
    manager: Any, make_batch: Callable[..., ImportBatch]
) -> None:
    first = make_batch(BatchState.REJECTED)
    for _ in range(20):
        make_batch(BatchState.REJECTED)

    assert f"{IMPORTS}{first.pk}/" not in manager.text(IMPORTS)
    for number in ("2", "99", "99999999999999999999"):
        page = manager.text(f"{IMPORTS}?strona={number}")
        assert (f"{IMPORTS}{first.pk}/" in page) == (number != "99999999999999999999")
    assert manager.get(f"{IMPORTS}?strona=-1").status_code == 200


def test_query_count_of_the_page_does_not_grow(
    manager: Any, make_batch: Callable[..., ImportBatch], count_queries: Any
) -> None:
    make_batch()
    manager.text(IMPORTS)
    with count_queries() as for_one:
        manager.text(IMPORTS)
    make_batch(), make_batch()

    with count_queries() as for_three:
        manager.text(IMPORTS)

    assert len(for_three) == len(for_one)


def test_the_help_names_every_column_of_every_dataset(manager: Any) -> None:
    text = unescape(manager.get(IMPORTS).content.decode())

    for dataset in DECLARED:
        assert f"<summary>{dataset.label}</summary>" in text
        assert dataset.help in text
        for field in dataset.fields:
            assert field.kind is Kind.DERIVED or field.label in text, field.name
