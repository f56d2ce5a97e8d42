"""The two sample sets through the real import path: figures exact, the same again changes nothing, undo restores."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from associations.imports.models import BatchState, Problem
from saas.tenancy.switching import enter_association
from tests.workers.importing.conftest import SAMPLES, Importer

TABLES = {
    "charges": ("charges_chargeline", "charges_chargeedition", "fund_id"),
    "postings": ("ledger_posting", "ledger_postingedition", "account_id"),
    "balances": ("ledger_balance", "ledger_balanceedition", "fund_id"),
    "readings": ("meters_reading", "meters_readingedition", "medium_id"),
    "settlements": ("meters_settlement", "meters_settlementedition", "medium_id"),
}


def standing_rows(dataset: str) -> list[tuple[Any, ...]]:
    """What owners see now: the rows of open editions, without their origin."""
    rows, editions, part = TABLES[dataset]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT to_jsonb(r) - 'id' - 'batch_id' - 'line_no' - 'file_no' FROM {rows} r JOIN {editions} e"
            f" ON e.premises_id = r.premises_id AND e.month = r.month AND e.part_id = r.{part}"
            " AND e.batch_id = r.batch_id WHERE e.closed_by_id IS NULL ORDER BY 1"
        )
        return list(cursor.fetchall())


def standing_figures() -> dict[str, list[tuple[Any, ...]]]:
    """Everything that an owner could see, registries included."""
    figures = {dataset: standing_rows(dataset) for dataset in TABLES}
    with connection.cursor() as cursor:
        for table in ("premises_premises", "premises_person", "premises_title", "ledger_account"):
            cursor.execute(f"SELECT to_jsonb(r) FROM {table} r WHERE is_current ORDER BY 1")
            figures[table] = cursor.fetchall()
        cursor.execute(
            "SELECT premises_id, starts_on, ends_on, (SELECT array_agg(person_id ORDER BY person_id)"
            " FROM premises_holdingmember m WHERE m.holding_id = h.id) FROM premises_holding h ORDER BY 1, 2"
        )
        figures["holdings"] = cursor.fetchall()
    return figures


def control_of(sample: str) -> dict[str, Any]:
    return dict(json.loads((SAMPLES / sample / "control.json").read_text(encoding="utf-8")))


def files_of(sample: str) -> list[Path]:
    return sorted(path for path in (SAMPLES / sample).iterdir() if path.name != "control.json")


@pytest.mark.parametrize("sample", ["spoldzielnia", "wspolnota"])
def test_sample_is_published_with_the_rows_of_its_control_file(
    sloneczna_imports: Importer, sample: str
) -> None:
    batch = sloneczna_imports.upload(*files_of(sample))
    with enter_association(sloneczna_imports.association):
        assert [problem.reason for problem in Problem.objects.filter(severity="error")] == []
    assert batch.state == BatchState.READY

    published = sloneczna_imports.publish(batch)

    assert published.state == BatchState.PUBLISHED
    with enter_association(sloneczna_imports.association):
        counts = {dataset: len(standing_rows(dataset)) for dataset in TABLES}
    assert counts == {dataset: control_of(sample)["rows"][dataset] for dataset in TABLES}


def test_same_files_again_change_nothing_and_say_so(sloneczna_imports: Importer) -> None:
    sloneczna_imports.publish(sloneczna_imports.upload(*files_of("spoldzielnia")))

    again = sloneczna_imports.upload(*files_of("spoldzielnia"))

    assert again.state == BatchState.UNCHANGED
    assert [(d["new"], d["changed"], d["gone"]) for d in again.summary["datasets"]] == [(0, 0, 0)] * 8


def test_resorted_file_is_the_same_file(sloneczna_imports: Importer) -> None:
    sloneczna_imports.publish(sloneczna_imports.upload(*files_of("spoldzielnia")))
    header, *lines = (
        (SAMPLES / "spoldzielnia" / "ksiegowania-2025.csv").read_bytes().splitlines(keepends=True)
    )

    again = sloneczna_imports.upload(("ksiegowania-2025.csv", header + b"".join(reversed(lines))))

    assert again.state == BatchState.UNCHANGED


def test_undo_of_the_first_batch_leaves_an_empty_association(sloneczna_imports: Importer) -> None:
    with enter_association(sloneczna_imports.association):
        before = standing_figures()
    published = sloneczna_imports.publish(sloneczna_imports.upload(*files_of("spoldzielnia")))
    with enter_association(sloneczna_imports.association):
        assert standing_figures() != before

    undone = sloneczna_imports.undo(published)

    assert undone.state == BatchState.UNDONE
    with enter_association(sloneczna_imports.association):
        assert standing_figures() == before


def test_batch_comes_again_after_its_undo(sloneczna_imports: Importer) -> None:
    published = sloneczna_imports.publish(sloneczna_imports.upload(*files_of("spoldzielnia")))
    with enter_association(sloneczna_imports.association):
        figures = standing_figures()
    sloneczna_imports.undo(published)

    again = sloneczna_imports.publish(sloneczna_imports.upload(*files_of("spoldzielnia")))

    assert again.state == BatchState.PUBLISHED
    with enter_association(sloneczna_imports.association):
        assert standing_figures() == figures
