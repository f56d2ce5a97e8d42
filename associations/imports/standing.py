"""Which published rows stand: those whose batch is the open edition's of their premises, month and part."""

from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, QuerySet

Row = TypeVar("Row", bound=Model)


def standing(rows: QuerySet[Row], editions: QuerySet[Any], part: str) -> QuerySet[Row]:
    """Of these rows those that owners see.

    `editions` is the whole edition table of the rows, `part` the rows' column that editions call their part.

    Narrow the rows to one premises and a period first: the editions are then found in the index of the open ones.
    """
    opened = editions.filter(
        premises_id=OuterRef("premises_id"),
        month=OuterRef("month"),
        part_id=OuterRef(f"{part}_id"),
        batch_id=OuterRef("batch_id"),
        closed_by=None,
    ).order_by()
    return rows.filter(Exists(opened))
