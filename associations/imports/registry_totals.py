"""Control totals of a registry of amounts (payments by bank statements): rows and sum in the files, before and after.

The scope is the payments that the files name; one that two files of a package name stands once afterwards, and the
difference says so. Each statement is shown with its balances, which were found to agree when it was read.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from associations.imports.catalogue import RegistryDataset
from associations.imports.models import ImportTable


def describe_registry_totals(
    item: RegistryDataset, batch_id: int, tables: Iterable[ImportTable]
) -> dict[str, Any]:
    """Rows, sums and statements for the batch's summary; nothing where the registry has no amounts, or no row."""
    if not item.sum_column or not any(table.dataset == item.dataset for table in tables):
        return {}
    spec, column = item.main, item.sum_column
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH source AS MATERIALIZED ({spec.source})
            SELECT (SELECT count(*) FROM {item.staged_table} WHERE batch_id = %(batch)s),
                   count(t.id), count(*),
                   (SELECT coalesce(sum({column}), 0) FROM {item.staged_table} WHERE batch_id = %(batch)s),
                   coalesce(sum(t.{column}), 0), coalesce(sum(s.{column}), 0)
            FROM source s LEFT JOIN {spec.table} t ON {spec.same_key("t", "s")} AND t.is_current
            """,
            {"batch": batch_id},
        )
        rows_in_file, rows_before, rows_after, in_file, before, after = cursor.fetchone()
    total = {
        "label": item.sum_label,
        "in_file": f"{in_file:.2f}",
        "before": f"{before:.2f}",
        "after": f"{after:.2f}",
        "change": f"{after - before:.2f}",
        "difference": f"{after - in_file:.2f}",
        "file_total": None,
        "file_difference": None,
    }
    return {
        "row_totals": {"in_file": rows_in_file, "before": rows_before, "after": rows_after},
        "totals": [total],
        "statements": [one for table in tables for one in table.totals.get("statements", ())],
    }
