"""What a batch would do: counts, control totals, notes; the summary that a manager reads before publishing."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import connection

from associations.imports.additions import copied_figures
from associations.imports.catalogue import Catalogue, RegistryDataset
from associations.imports.editions import EditionSpec
from associations.imports.models import ImportTable, Problem, Severity
from associations.imports.registries import count_outcome


def count_staged(table: str, batch_id: int) -> int:
    """How many rows of the batch the staging table holds."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE batch_id = %s", [batch_id])
        return int(cursor.fetchone()[0])


def build_summary(catalogue: Catalogue, batch_id: int) -> dict[str, Any]:
    """The preview of a checked batch; figures as strings with two decimals."""
    tables = list(ImportTable.objects.filter(batch_id=batch_id).order_by("id"))
    errors = Problem.objects.filter(batch_id=batch_id, severity=Severity.ERROR)
    bad_premises = sorted(
        set(errors.exclude(premises_code="").order_by().values_list("premises_code", flat=True))
    )
    datasets = [
        entry
        for entry in (
            *(_registry_entry(item, batch_id) for item in catalogue.registry_datasets),
            *(_edition_entry(spec, batch_id, bad_premises, tables) for spec in catalogue.editions),
        )
        if entry["rows"] or any(table.dataset == entry["dataset"] for table in tables)
    ]
    touches = any(
        count.new or count.changed for count in (count_outcome(s, batch_id) for s in catalogue.registries)
    )
    changes = touches or any(entry["new"] or entry["changed"] or entry["gone"] for entry in datasets)
    return {
        "datasets": datasets,
        "premises_with_errors": bad_premises,
        "renames": Problem.objects.filter(batch_id=batch_id, code="person_renamed").count(),
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


def _registry_entry(item: RegistryDataset, batch_id: int) -> dict[str, Any]:
    rows = count_staged(item.staged_table, batch_id)
    outcome = count_outcome(item.main, batch_id)
    # Rows whose premises or person come with this very batch are not found by the source yet: they are new.
    return {
        "dataset": item.dataset,
        "label": item.label,
        "rows": rows,
        "new": max(rows - outcome.changed - outcome.same, 0),
        "changed": outcome.changed,
        "same": outcome.same,
        "gone": 0,
        "premises": 0,
        "period": None,
        "parts": [],
        "notes": [],
        "totals": [],
    }


def _edition_entry(
    spec: EditionSpec, batch_id: int, bad_premises: list[str], tables: Iterable[ImportTable]
) -> dict[str, Any]:
    params: dict[str, Any] = {"batch": batch_id, "dataset": spec.dataset, "bad": bad_premises}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce(sum(row_count) FILTER (WHERE outcome = 'new'), 0),
                   coalesce(sum(row_count) FILTER (WHERE outcome = 'changed'), 0),
                   coalesce(sum(row_count) FILTER (WHERE outcome = 'same'), 0),
                   count(DISTINCT premises_code), min(month), max(month),
                   array_agg(DISTINCT part_code), coalesce(sum(first_sum), 0), coalesce(sum(second_sum), 0),
                   coalesce(sum(first_sum) FILTER (WHERE NOT premises_code = ANY(%(bad)s)), 0),
                   coalesce(sum(second_sum) FILTER (WHERE NOT premises_code = ANY(%(bad)s)), 0)
            FROM imports_stagedgroup WHERE batch_id = %(batch)s AND dataset = %(dataset)s
            """,
            params,
        )
        new, changed, same, premises, first, last, parts, *sums = cursor.fetchone()
    gone, standing = _standing(spec, params)
    copied = copied_figures(spec, batch_id)
    if copied.rows:
        # An addition: the standing rows that it carries along are neither in the file nor changed.
        kept = copied_figures(spec, batch_id, but_of=bad_premises)
        new, changed, standing = new + changed - copied.rows, 0, (-kept.first_sum, -kept.second_sum)
    in_file = {"first_sum": sums[0] - copied.first_sum, "second_sum": sums[1] - copied.second_sum}
    after = {"first_sum": sums[2] + standing[0], "second_sum": sums[3] + standing[1]}
    return {
        "dataset": spec.dataset,
        "label": spec.label,
        "rows": new + changed + same,
        "new": new,
        "changed": changed,
        "same": same,
        "gone": gone,
        "premises": premises,
        "period": [first.isoformat(), last.isoformat()] if first else None,
        "parts": sorted(parts or []),
        "notes": _scope_notes(spec, sorted(parts or [])),
        "totals": [
            _total(label, in_file[column], after[column], _file_total(tables, spec.dataset, field))
            for label, column, field in spec.totals
        ],
    }


def _standing(spec: EditionSpec, params: dict[str, Any]) -> tuple[int, tuple[Decimal, Decimal]]:
    """Rows that would vanish, and the sums of premises left out, which keep what stands in the file's scope."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH span AS MATERIALIZED (
                SELECT min(month) AS first_month, max(month) AS last_month FROM imports_stagedgroup
                WHERE batch_id = %(batch)s AND dataset = %(dataset)s)
            SELECT coalesce(sum(e.row_count) FILTER (WHERE g.outcome = 'gone'), 0),
                   coalesce(sum(e.first_sum) FILTER (WHERE p.code = ANY(%(bad)s)), 0),
                   coalesce(sum(e.second_sum) FILTER (WHERE p.code = ANY(%(bad)s)), 0)
            FROM {spec.edition_table} e
            JOIN premises_premises p ON p.id = e.premises_id
            JOIN {spec.part_table} t ON t.id = e.part_id
            JOIN span ON e.month BETWEEN span.first_month AND span.last_month
            LEFT JOIN imports_stagedgroup g
              ON g.batch_id = %(batch)s AND g.dataset = %(dataset)s AND g.premises_code = p.code
             AND g.month = e.month AND g.part_code = t.{spec.part_key}
            WHERE e.closed_by_id IS NULL
              AND (g.outcome = 'gone' OR p.code = ANY(%(bad)s))
            """,
            params,
        )
        gone, first, second = cursor.fetchone()
    return gone, (first, second)


def _scope_notes(spec: EditionSpec, parts: list[str]) -> list[str]:
    """„Plik zawiera tylko konto 204-2; konto 204-1 zostaje bez zmian.”, where another part has figures."""
    if not parts or spec.dataset != "postings":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT t.{spec.part_key} FROM {spec.part_table} t WHERE t.is_current"
            f" AND NOT t.{spec.part_key} = ANY(%(parts)s) AND EXISTS (SELECT 1 FROM {spec.edition_table} e"
            " WHERE e.part_id = t.id AND e.closed_by_id IS NULL AND e.row_count > 0) ORDER BY 1 LIMIT 20",
            {"parts": parts},
        )
        others = [row[0] for row in cursor.fetchall()]
    if not others:
        return []
    own = "konto " + parts[0] if len(parts) == 1 else "konta " + ", ".join(parts[:20])
    if len(others) == 1:
        return [f"Plik zawiera tylko {own}; konto {others[0]} zostaje bez zmian."]
    return [f"Plik zawiera tylko {own}; konta {', '.join(others)} zostają bez zmian."]


def _file_total(tables: Iterable[ImportTable], dataset: str, field: str) -> Decimal | None:
    """The sum that the file's own totals rows state, where they do."""
    stated = [table.totals[field] for table in tables if table.dataset == dataset and field in table.totals]
    return sum((Decimal(value) for value in stated), Decimal(0)) if stated else None


def _total(label: str, in_file: Decimal, after: Decimal, file_total: Decimal | None) -> dict[str, str | None]:
    return {
        "label": label,
        "in_file": f"{in_file:.2f}",
        "after": f"{after:.2f}",
        "difference": f"{after - in_file:.2f}",
        "file_total": None if file_total is None else f"{file_total:.2f}",
    }
