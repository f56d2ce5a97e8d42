"""Ten years of figures for the page bench: a year that came in by import, copied into the years before it.

What is measured afterwards is reading, so the rows need not have come through files; they lie in the same tables,
under the same indexes and editions.
"""

from django.db import connection, models

from associations.charges.models import ChargeEdition, ChargeLine
from associations.ledger.models import Balance, BalanceEdition, Posting, PostingEdition
from associations.meters.models import Reading, ReadingEdition, Settlement, SettlementEdition
from saas.tenancy.switching import AssociationRef, enter_association

TABLES: tuple[type[models.Model], ...] = (
    *(ChargeLine, ChargeEdition, Posting, PostingEdition, Balance, BalanceEdition),
    *(Reading, ReadingEdition, Settlement, SettlementEdition),
)


def copy_year_back(association: AssociationRef, years: int) -> int:
    """Copy everything that stands into each of so many years before; how many rows of figures there are then."""
    with enter_association(association), connection.cursor() as cursor:
        for table in TABLES:
            original = f"SELECT max(id) FROM {table._meta.db_table}"
            cursor.execute(original)
            last = cursor.fetchone()[0] or 0
            for shift in range(1, years + 1):
                cursor.execute(_copy(table), {"years": shift, "last": last})
            cursor.execute(f"ANALYZE {table._meta.db_table}")
        cursor.execute("SELECT count(*) FROM ledger_posting")
        postings: int = cursor.fetchone()[0]
    return postings


def _copy(table: type[models.Model]) -> str:
    fields = [field for field in table._meta.concrete_fields if not field.primary_key]
    names = ", ".join(str(field.column) for field in fields)
    values = ", ".join(
        f"({field.column} - make_interval(years => %(years)s))::date"
        if type(field) is models.DateField
        else str(field.column)
        for field in fields
    )
    name = table._meta.db_table
    return f"INSERT INTO {name} ({names}) SELECT {values} FROM {name} WHERE id <= %(last)s"
