"""What a batch has staged. Read only."""

from django.db import connection

from associations.imports.catalogue import Catalogue
from associations.imports.models import ImportTable


def staged_datasets(catalogue: Catalogue, batch_id: int) -> list[str]:
    """The datasets that the batch has staged rows of, in the catalogue's order."""
    with connection.cursor() as cursor:
        present = []
        for name, table in catalogue.staged_tables.items():
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {table} WHERE batch_id = %s)", [batch_id])
            if cursor.fetchone()[0]:
                present.append(name)
    return present


def named_datasets(catalogue: Catalogue, batch_id: int) -> set[str]:
    """The datasets that the batch has staged rows or a table of, however empty."""
    tables = ImportTable.objects.filter(batch_id=batch_id).order_by()
    return {*staged_datasets(catalogue, batch_id), *tables.values_list("dataset", flat=True).distinct()}
