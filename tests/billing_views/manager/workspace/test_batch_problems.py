"""The problems of a batch on its page: kinds, filters with counts, suggestions, a summary of many."""

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from associations.catalogue import CATALOGUE
from associations.imports.models import BatchState, ImportBatch, Problem
from billing_views.manager.problem_kinds import KINDS, name_kind
from saas.tenancy.switching import AssociationRef, enter_association
from tests.html_pages import read_html, read_tables

MakeBatch = Callable[..., ImportBatch]
ROOT = Path(__file__).parents[4]


def add(batch: ImportBatch, association: AssociationRef, count: int, **fields: Any) -> None:
    """Problems of the batch, from row 2 on, and the batch's counts of them."""
    values = {
        "severity": "error",
        "code": "unknown_premises",
        "dataset": "postings",
        "file_number": 1,
        "file_name": "ksiegowania-2026-10.csv",
        "column": "Kod lokalu",
        "reason": "Nie ma takiego lokalu.",
        **fields,
    }
    with enter_association(association):
        Problem.objects.bulk_create(
            Problem(batch=batch, is_from_reading=False, row=row, **values) for row in range(2, count + 2)
        )
        problems = Problem.objects.filter(batch=batch)
        batch.error_count = problems.filter(severity="error").count()
        batch.warning_count = problems.filter(severity="warning").count()
        batch.save(update_fields=["error_count", "warning_count"])


@pytest.fixture
def mixed(make_batch: MakeBatch, sloneczna: AssociationRef) -> ImportBatch:
    """Twelve unknown premises, three balances that differ, one broken quote."""
    batch = make_batch(BatchState.BLOCKED)
    add(batch, sloneczna, 12, value="412-34", suggestion="0412-034")
    add(
        batch,
        sloneczna,
        3,
        severity="warning",
        code="balance_differs",
        dataset="balances",
        premises_code="0401-001",
        reason="Saldo się nie zgadza.",
    )
    add(batch, sloneczna, 1, code="bad_quotes", dataset="", reason="Źle zamknięty cudzysłów.")
    return batch


def shown(page: str) -> int:
    """How many problems the page lists."""
    return (
        page.count("Nie ma takiego lokalu.")
        + page.count("Saldo się nie zgadza.")
        + page.count("zamknięty cudzysłów.")
    )


def test_kinds_are_named_and_counted(manager: Any, mixed: ImportBatch) -> None:
    page = manager.text(f"/a/sloneczna/importy/{mixed.pk}/")

    for label in (
        "Nieznany lokal (12)",
        "Saldo niezgodne z księgowaniami (3)",
        "Księgowania (12)",
        "Salda (3)",
    ):
        assert f">{label}</option>" in page
    assert shown(page) == 16
    assert page.count("Czy chodzi o 0412-034?") == 12


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?rodzaj=balance_differs", 3),
        ("?zestaw=postings", 12),
        ("?plik=1", 16),
        ("?waga=bledy", 13),
        ("?waga=ostrzezenia&rodzaj=balance_differs", 3),
        ("?lokal=0401", 3),
        ("?lokal=412", 12),
        ("?lokal=412&rodzaj=balance_differs", 0),
        ("?lokal=%00", 16),
        ("?lokal=%25", 0),
        ("?plik=abc&rodzaj=nic&zestaw=nic&waga=nic&strona=-7", 16),
    ],
)
def test_the_address_narrows_the_list(manager: Any, mixed: ImportBatch, query: str, expected: int) -> None:
    page = manager.text(f"/a/sloneczna/importy/{mixed.pk}/{query}")

    assert shown(page) == expected
    assert ("Nie ma takich problemów." in page) == (not expected)


def test_many_problems_are_summed_up_by_kind(
    manager: Any, make_batch: MakeBatch, sloneczna: AssociationRef
) -> None:
    batch = make_batch(BatchState.BLOCKED)
    add(batch, sloneczna, 60)
    few = manager.text(f"/a/sloneczna/importy/{batch.pk}/")
    add(batch, sloneczna, 60, severity="warning", code="amount_differs", dataset="charges")

    page = manager.text(f"/a/sloneczna/importy/{batch.pk}/")

    assert "Problemy według rodzaju" not in few
    [summary] = [
        table for table in read_tables(read_html(page)) if table.caption == "Problemy według rodzaju"
    ]
    assert summary.rows == (
        ("Nieznany lokal", "błąd", "60"),
        ("Ilość × stawka to nie kwota", "ostrzeżenie", "60"),
    )
    assert f"/a/sloneczna/importy/{batch.pk}/?rodzaj=amount_differs#problemy" in page
    assert "?strona=2" in page


def test_pages_keep_what_was_asked_for(
    manager: Any, make_batch: MakeBatch, sloneczna: AssociationRef
) -> None:
    batch = make_batch(BatchState.BLOCKED)
    add(batch, sloneczna, 51)
    add(batch, sloneczna, 1, code="bad_quotes")

    page = manager.text(f"/a/sloneczna/importy/{batch.pk}/?rodzaj=unknown_premises")

    assert "?rodzaj=unknown_premises&amp;strona=2" in page
    assert (
        manager.text(f"/a/sloneczna/importy/{batch.pk}/?rodzaj=unknown_premises&strona=2").count(
            "takiego lokalu"
        )
        == 1
    )


def test_a_copy_is_offered_of_files_with_problems(manager: Any, mixed: ImportBatch) -> None:
    page = manager.text(f"/a/sloneczna/importy/{mixed.pk}/")

    assert f'href="/a/sloneczna/importy/{mixed.pk}/pliki/1/z-uwagami/"' in page


def test_every_check_has_a_name() -> None:
    assert sorted({check.code for check in CATALOGUE.checks} - set(KINDS)) == []


def test_every_fault_of_a_cell_has_a_name() -> None:
    codes: set[str] = set()
    for folder in ("workers/values", "workers/datasets"):
        for path in (ROOT / folder).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Fault", "warning"}:
                    codes.update(
                        ast.literal_eval(arg) for arg in node.args[:1] if isinstance(arg, ast.Constant)
                    )

    assert "not_a_number" in codes
    assert sorted(codes - set(KINDS)) == []


def test_what_keeps_a_file_from_being_read_has_one_name() -> None:
    assert name_kind("suspicious_compression") == "Plik nie do odczytania"
