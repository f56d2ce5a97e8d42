"""Downloads: a file as it came, and problems for a spreadsheet."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from associations.audit.models import AuditEntry
from associations.imports.models import BatchState, ImportBatch, Problem
from associations.spreadsheets import guard_cell
from saas.tenancy.switching import AssociationRef, enter_association

MakeBatch = Callable[..., ImportBatch]


@pytest.fixture
def stored(settings: Any, tmp_path: Path, make_batch: MakeBatch, sloneczna: AssociationRef) -> ImportBatch:
    """A batch whose only file lies where uploads lie."""
    settings.FILES_DIR = tmp_path
    batch = make_batch()
    path = tmp_path / sloneczna.schema_name / f"imports/{batch.pk}/1"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"<script>Kod lokalu;Ma\r\n")
    return batch


def test_a_file_is_downloaded_as_it_came_and_never_shown(
    manager: Any, stored: ImportBatch, sloneczna: AssociationRef
) -> None:
    answer = manager.get(f"/a/sloneczna/importy/{stored.pk}/pliki/1/")

    assert b"".join(answer.streaming_content) == b"<script>Kod lokalu;Ma\r\n"
    assert answer["Content-Disposition"] == 'attachment; filename="ksiegowania-2026-10.csv"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    with enter_association(sloneczna):
        entry = AuditEntry.objects.get(action="import.file_downloaded")
    assert (entry.actor_name, entry.target) == ("Marek Wójcik", str(stored.pk))


def test_a_file_that_is_gone_is_404(
    manager: Any, make_batch: MakeBatch, settings: Any, tmp_path: Path
) -> None:
    settings.FILES_DIR = tmp_path
    batch = make_batch()

    for number in (1, 2, 99999):
        assert manager.get(f"/a/sloneczna/importy/{batch.pk}/pliki/{number}/").status_code == 404


def test_the_office_downloads_nothing(sign_in: Any, stored: ImportBatch, sloneczna: AssociationRef) -> None:
    clerk = sign_in(sloneczna, role="office")

    for rest in ("pliki/1/", "problemy.csv"):
        assert clerk.get(f"/a/sloneczna/importy/{stored.pk}/{rest}").status_code == 403


def test_problems_come_as_csv_with_their_places(
    manager: Any, make_batch: MakeBatch, sloneczna: AssociationRef
) -> None:
    batch = make_batch(BatchState.BLOCKED, error_count=1, warning_count=1)
    with enter_association(sloneczna):
        fields = {
            "batch": batch,
            "is_from_reading": True,
            "code": "x",
            "file_number": 1,
            "file_name": "a.csv",
        }
        Problem.objects.create(severity="warning", reason="Suma różni się o 1,00 zł.", **fields)
        Problem.objects.create(
            severity="error", row=18, column="Ma", value="=1+1", reason="To nie kwota; popraw.", **fields
        )

    answer = manager.get(f"/a/sloneczna/importy/{batch.pk}/problemy.csv")

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="problemy-sloneczna-{batch.pk}.csv"'
    assert answer.content.decode().splitlines() == [
        "\ufeffPlik;Arkusz;Wiersz;Kolumna;Wartość;Waga;Co jest nie tak;Czy chodzi o;Kod lokalu",
        'a.csv;;18;Ma;\'=1+1;błąd;"To nie kwota; popraw.";;',
        "a.csv;;;;;ostrzeżenie;Suma różni się o 1,00 zł.;;",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 204,50", "1 204,50"),
        ("-123,45", "-123,45"),
        ("-cmd", "'-cmd"),
        ("-1 204,50", "-1 204,50"),
        ("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"),
        ("=1+1", "'=1+1"),
        ("+48 600", "'+48 600"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("", ""),
    ],
)
def test_a_spreadsheet_takes_no_value_for_a_formula(text: str, expected: str) -> None:
    assert guard_cell(text) == expected
