"""How large an import is taken for, before and after it was read."""

import pytest

from associations.imports.models import ImportBatch, ImportFile, ImportTable
from saas.jobs.models import JobKind
from saas.jobs.sizing import enqueue_batch_job, estimate_rows, size_class_of_rows
from saas.tenancy.switching import AssociationRef

MEGABYTE = 1024 * 1024


@pytest.mark.parametrize(("rows", "expected"), [(0, "small"), (50_000, "small"), (50_001, "large")])
def test_over_fifty_thousand_rows_is_large(rows: int, expected: str) -> None:
    assert size_class_of_rows(rows) == expected


@pytest.mark.parametrize(
    ("name", "size", "expected"),
    [
        ("ksiegowania.csv", 3 * MEGABYTE, "small"),
        ("ksiegowania.csv", 4 * MEGABYTE, "large"),
        ("paczka.ZIP", MEGABYTE, "small"),
        ("paczka.ZIP", 2 * MEGABYTE, "large"),
        ("lokale.xlsx", 2 * MEGABYTE, "large"),
    ],
)
def test_files_are_judged_by_their_bytes_before_they_are_read(name: str, size: int, expected: str) -> None:
    assert size_class_of_rows(estimate_rows([(name, size)])) == expected


@pytest.mark.parametrize(("rows", "expected"), [((30_000, 20_000), "small"), ((30_000, 20_001), "large")])
def test_publishing_goes_by_the_rows_that_were_read(
    in_sloneczna: AssociationRef, rows: tuple[int, int], expected: str
) -> None:
    batch = ImportBatch.objects.create(created_by_name="Anna Kowalska")
    ImportFile.objects.create(batch=batch, number=1, name="duzy.csv", size=90 * MEGABYTE)
    for number, count in enumerate(rows, start=1):
        ImportTable.objects.create(batch=batch, file_number=number, file_name="duzy.csv", row_count=count)

    reading = enqueue_batch_job(association=in_sloneczna, kind=JobKind.READ_BATCH, batch=batch)
    publishing = enqueue_batch_job(association=in_sloneczna, kind=JobKind.PUBLISH_BATCH, batch=batch)

    assert (reading.size_class, publishing.size_class) == ("large", expected)
