"""Writing down what reading a batch brings: staged rows, tables, totals and problems. Harmless when repeated."""

import hashlib
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from associations.imports.catalogue import Catalogue
from associations.imports.models import BatchState, ImportBatch, ImportFile, ImportTable, Problem
from associations.imports.publishing import clear_staging
from associations.imports.storage import path_of


def begin_reading(catalogue: Catalogue, batch_id: int) -> list[ImportFile]:
    """Forget what an earlier reading left and return the files of the batch, in order."""
    clear_staging(catalogue, batch_id)
    with transaction.atomic():
        Problem.objects.filter(batch_id=batch_id).delete()
        ImportTable.objects.filter(batch_id=batch_id).delete()
        ImportBatch.objects.filter(pk=batch_id, state=BatchState.UPLOADED).update(state=BatchState.READING)
    return list(ImportFile.objects.filter(batch_id=batch_id).order_by("number"))


def stage_rows(
    catalogue: Catalogue, batch_id: int, dataset: str, columns: tuple[str, ...], block: bytes
) -> None:
    """Load one block of COPY text (file_no, sheet, line_no, then the dataset's columns) into its staging table."""
    names = ", ".join(("batch_id", "file_no", "sheet", "line_no", *columns))
    prefix = b"%d\t" % batch_id
    # Newlines inside values are escaped in COPY text: every b"\n" ends a row.
    keyed = prefix + block[:-1].replace(b"\n", b"\n" + prefix) + b"\n"
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {catalogue.staged_tables[dataset]} ({names}) FROM STDIN") as copy,
    ):
        copy.write(keyed)


def record_tables(tables: list[ImportTable]) -> None:
    """Keep which tables were recognised in which files."""
    ImportTable.objects.bulk_create(tables)


def record_problems(batch_id: int, problems: list[dict[str, Any]]) -> None:
    """Keep what was wrong with rows and files."""
    Problem.objects.bulk_create(
        [Problem(batch_id=batch_id, is_from_reading=True, **problem) for problem in problems],
        batch_size=1_000,
    )


def replace_stored_file(file: ImportFile, cleaned: Path) -> None:
    """Keep `cleaned` in place of the uploaded bytes: the PESEL column is gone before anybody can download it."""
    target = path_of(file)
    cleaned.replace(target)
    content = target.read_bytes()
    file.size, file.sha256 = len(content), hashlib.sha256(content).hexdigest()
    file.save(update_fields=["size", "sha256"])


def forget_stored_file(file: ImportFile) -> None:
    """Keep nothing of a file whose PESEL column cannot be cut out; what was read of it stays."""
    path_of(file).unlink(missing_ok=True)
    file.stored_as = ""
    file.save(update_fields=["stored_as"])
