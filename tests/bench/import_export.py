"""The measure beside: django-import-export in its bulk mode, writing the same rows into the same table.

As fast as it fairly goes: ready keys in the file (no look-ups), bulk_create in large batches, no comparison with what
stands, no reports, one transaction. It checks nothing, groups nothing and cannot take anything back.
"""

import time
from pathlib import Path
from typing import Any

import tablib  # type: ignore[import-untyped]
from django.apps import apps
from django.db import connection, models, transaction
from import_export.fields import Field  # type: ignore[import-untyped]
from import_export.resources import ModelResource, modelresource_factory  # type: ignore[import-untyped]
from import_export.widgets import IntegerWidget  # type: ignore[import-untyped]
from psycopg import sql

from saas.tenancy.switching import AssociationRef, enter_association
from tests.bench.surroundings import Surroundings

OPTIONS = {
    "use_bulk": True,
    "batch_size": 5_000,
    "skip_diff": True,
    "skip_html_diff": True,
    "force_init_instance": True,
    "import_id_fields": (),
    "exclude": ("id",),
}


class RowResource(ModelResource):  # type: ignore[misc]  # the package has no types
    """Without its last step: it sets the table's sequence, which the running program may not."""

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """Leave the sequence as the database left it."""


def import_rows(
    around: Surroundings, association: AssociationRef, table: str, batch_id: int, *, rows: int
) -> float:
    """Rows a second, from a CSV file of so many published rows into their own table; nothing of it is kept."""
    model = next(model for model in apps.get_models() if model._meta.db_table == table)
    path = around.generated / "rows.csv"
    with enter_association(association), transaction.atomic():
        _write_csv(path, model, batch_id, rows)
        began = time.perf_counter()
        dataset = tablib.Dataset().load(path.read_text(encoding="utf-8"), format="csv")
        found = _resource(model).import_data(dataset, raise_errors=True, use_transactions=False)
        with connection.cursor() as cursor:
            # What a COMMIT would do: the keys of payers are checked.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        seconds = time.perf_counter() - began
        transaction.set_rollback(True)
    path.unlink()
    if found.totals["new"] != rows:
        raise AssertionError(f"{rows} rows were given and {found.totals['new']} written")
    return rows / seconds


def _write_csv(path: Path, model: type[models.Model], batch_id: int, rows: int) -> None:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in fields)
    statement = sql.SQL(
        "COPY (SELECT {} FROM {} WHERE batch_id = {} LIMIT {}) TO STDOUT (FORMAT csv, HEADER)"
    )
    query = statement.format(
        columns,
        sql.Identifier(model._meta.db_table),
        sql.Literal(batch_id),
        sql.Literal(rows),
    )
    with path.open("wb") as target, connection.cursor() as cursor, cursor.copy(query) as copy:
        for piece in copy:
            target.write(piece)


def _resource(model: type[models.Model]) -> Any:
    """Keys are taken as they stand in the file: fetching what they name would cost a query a row."""
    keys = {
        field.name: Field(column_name=field.column, attribute=field.column, widget=IntegerWidget())
        for field in model._meta.concrete_fields
        if field.is_relation
    }
    return modelresource_factory(model, RowResource, meta_options=OPTIONS, custom_fields=keys)()
