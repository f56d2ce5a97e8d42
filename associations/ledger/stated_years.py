"""In which years an association's books state openings (bilans otwarcia). Writes nothing."""

from collections.abc import Sequence

from django.db import connection

from associations.premises.access import HoldingScope


def years_with_openings(scope: HoldingScope, years: Sequence[int]) -> frozenset[int]:
    """Those of the years in which the association's books state openings, of whatever premises. One query."""
    standing, params = scope.standing.sql("e")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT y FROM unnest(%s::int[]) AS wanted (y) WHERE EXISTS (SELECT 1 FROM ledger_postingedition e"
            f" WHERE {standing} AND e.opening_count > 0"
            " AND e.month BETWEEN make_date(y, 1, 1) AND make_date(y, 12, 31))",
            [list(years), *params],
        )
        return frozenset(year for (year,) in cursor.fetchall())
