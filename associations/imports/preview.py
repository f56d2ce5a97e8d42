"""What a batch would do: counts, control totals, notes; the summary that a manager reads before publishing."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from associations.imports.additions import NO_COPIES, copied_figures, is_addition
from associations.imports.catalogue import Catalogue, RegistryDataset
from associations.imports.change_sql import Source
from associations.imports.changes import ChangeSpec, count_changes
from associations.imports.editions import EditionSpec
from associations.imports.models import ImportTable, Problem, Severity
from associations.imports.registries import count_outcome
from associations.imports.registry_totals import describe_registry_totals
from associations.imports.totals import Totals, describe_totals, part_names, read_totals

NAMED_PARTS = 20


def count_staged(table: str, batch_id: int) -> int:
    """How many rows of the batch the staging table holds."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE batch_id = %s", [batch_id])
        return int(cursor.fetchone()[0])


def build_summary(catalogue: Catalogue, batch_id: int, premises: Mapping[str, int]) -> dict[str, Any]:
    """The preview of a checked batch; figures as strings with two decimals.

    `premises`: of how many the rows of each dataset of figures are.
    """
    tables = list(ImportTable.objects.filter(batch_id=batch_id).order_by("id"))
    errors = Problem.objects.filter(batch_id=batch_id, severity=Severity.ERROR)
    bad_premises = sorted(
        set(errors.exclude(premises_code="").order_by().values_list("premises_code", flat=True))
    )
    named = {table.dataset for table in tables}
    datasets = [
        *(
            _registry_entry(item, batch_id, tables)
            for item in catalogue.registry_datasets
            if item.dataset in named
        ),
        *(
            _edition_entry(spec, batch_id, bad_premises, tables)
            | {"premises": premises.get(spec.editions.dataset, 0)}
            for spec in catalogue.changes
            if spec.editions.dataset in named
        ),
    ]
    touches = any(
        count.new or count.changed
        for count in (
            count_outcome(s, batch_id) for s in catalogue.registries if not named.isdisjoint(s.datasets)
        )
    )
    changes = touches or any(entry["new"] or entry["changed"] or entry["gone"] for entry in datasets)
    return {
        "datasets": datasets,
        "premises_with_errors": bad_premises,
        **_verdict(catalogue, batch_id, bad_premises, changes=changes),
    }


def _verdict(
    catalogue: Catalogue, batch_id: int, bad_premises: list[str], *, changes: bool
) -> dict[str, bool]:
    errors = Problem.objects.filter(batch_id=batch_id, severity=Severity.ERROR)
    has_errors = errors.exists()
    # Only errors of single premises in datasets of figures can be left out; an unknown premises always blocks.
    figures = [spec.dataset for spec in catalogue.editions]
    blocks = errors.filter(premises_code="").exists() or errors.exclude(dataset__in=figures).exists()
    # A bad row may be meant for any premises where its own code is wrong, too.
    blocks = blocks or _has_unknown(bad_premises, batch_id)
    return {
        "can_publish": not has_errors and changes,
        "can_publish_without": has_errors and not blocks and changes,
        "is_unchanged": not has_errors and not changes,
    }


def _has_unknown(premises_codes: list[str], batch_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM unnest(%s::text[]) AS bad (code)"
            " WHERE NOT EXISTS (SELECT 1 FROM premises_premises p WHERE p.code = bad.code AND p.is_current)"
            " AND NOT EXISTS (SELECT 1 FROM premises_stagedpremises n"
            " WHERE n.batch_id = %s AND n.premises_code = bad.code))",
            [premises_codes, batch_id],
        )
        return bool(cursor.fetchone()[0])


def _registry_entry(item: RegistryDataset, batch_id: int, tables: Iterable[ImportTable]) -> dict[str, Any]:
    rows = count_staged(item.staged_table, batch_id)
    outcome = count_outcome(item.main, batch_id)
    # Rows whose premises or person come with this very batch are not found by the source yet: they are new. Where
    # the source finds every row, what it gives less are repetitions: a payment in two statements of the package.
    new = outcome.new if item.is_source_whole else max(rows - outcome.changed - outcome.same, 0)
    return {
        "dataset": item.dataset,
        "label": item.label,
        "rows": rows,
        "new": new,
        "changed": outcome.changed,
        "same": rows - new - outcome.changed if item.is_source_whole else outcome.same,
        "gone": 0,
        "premises": 0,
        "period": None,
        "parts": [],
        "notes": [],
        "totals": [],
        **describe_registry_totals(item, batch_id, tables),
    }


def _edition_entry(
    compared: ChangeSpec, batch_id: int, bad_premises: list[str], tables: Iterable[ImportTable]
) -> dict[str, Any]:
    spec = compared.editions
    params: dict[str, Any] = {"batch": batch_id, "dataset": spec.dataset, "bad": bad_premises}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce(sum(row_count) FILTER (WHERE outcome = 'new'), 0),
                   coalesce(sum(row_count) FILTER (WHERE outcome = 'changed'), 0),
                   coalesce(sum(row_count) FILTER (WHERE outcome = 'same'), 0),
                   min(month), max(month), array_agg(DISTINCT part_code)
            FROM imports_stagedgroup WHERE batch_id = %(batch)s AND dataset = %(dataset)s
            """,
            params,
        )
        new, changed, same, first, last, parts = cursor.fetchone()
    copied = copied_figures(spec, batch_id) if is_addition(batch_id) else NO_COPIES
    totals = read_totals(spec, batch_id, left_out=bad_premises, is_addition=bool(copied.rows))
    if copied.rows:
        # An addition: the standing rows that it carries along are neither in the file nor changed.
        new, changed = new + changed - copied.rows, 0
    return {
        "dataset": spec.dataset,
        "label": spec.label,
        "rows": new + changed + same,
        "new": new,
        "changed": changed,
        "same": same,
        "gone": totals.gone,
        # Row by row: of a month that differs most rows are often the same.
        "row_changes": count_changes(compared, Source(batch_id)) if changed else None,
        "period": [first.isoformat(), last.isoformat()] if first else None,
        "parts": sorted(parts or []),
        "notes": _scope_notes(spec, batch_id, totals),
        **describe_totals(spec, totals, batch_id, tables),
    }


def _scope_notes(spec: EditionSpec, batch_id: int, totals: Totals) -> list[str]:
    """„Plik zawiera tylko konto 204-2; konto 204-1 zostaje bez zmian.”, where another part has figures."""
    parts = sorted(totals.by_part)
    if not parts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT t.{spec.part_key} FROM {spec.part_table} t WHERE NOT t.{spec.part_key} = ANY(%(parts)s)"
            f" AND EXISTS (SELECT 1 FROM {spec.edition_table} e"
            " WHERE e.part_id = t.id AND e.closed_by_id IS NULL AND e.row_count > 0) ORDER BY 1 LIMIT 20",
            {"parts": parts},
        )
        others = [row[0] for row in cursor.fetchall()]
    if not others:
        return []
    own = _name_parts(spec, batch_id, parts[:NAMED_PARTS])
    stays = "zostaje" if len(others) == 1 else "zostają"
    return [f"Plik zawiera tylko {own}; {_name_parts(spec, batch_id, others)} {stays} bez zmian."]


def _name_parts(spec: EditionSpec, batch_id: int, parts: list[str]) -> str:
    """„konto 204-1”, „konta 204-1, 204-2”; funds and media by their names."""
    if spec.staged_part != "account_code":
        return ", ".join(f"„{name}”" for name, _fund in part_names(spec, batch_id, parts).values())
    return f"{'konto' if len(parts) == 1 else 'konta'} {', '.join(parts)}"
