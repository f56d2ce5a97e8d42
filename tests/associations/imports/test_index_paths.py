"""Pages of one premises or one batch are served by indexes, however large the association is."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection

from associations.imports.queries import batch_problems
from associations.imports.standing import NOW, Standing, standing_at_end_of
from saas.tenancy.switching import AssociationRef, enter_association

pytestmark = pytest.mark.django_db
GONE_BY = standing_at_end_of(dt.date(2026, 10, 1))
TABLES = {
    "ledger_postingedition": "posting_edition_open",
    "ledger_balanceedition": "balance_edition_open",
    "charges_chargeedition": "charge_edition_open",
    "meters_readingedition": "reading_edition_open",
    "meters_settlementedition": "settlement_edition_open",
}


def explain(statement: str, params: Sequence[Any]) -> str:
    """The plan of a server that reads no table from its beginning where there is another way."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN (COSTS OFF) {statement}", params)
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(("standing", "has_former"), [(NOW, False), (GONE_BY, True)])
def test_what_stands_or_stood_for_one_premises_is_found_by_index(
    sloneczna: AssociationRef, table: str, standing: Standing, has_former: bool
) -> None:
    condition, params = standing.sql("e")

    with enter_association(sloneczna):
        plan = explain(
            f"SELECT e.month FROM {table} e WHERE e.premises_id = %s AND {condition}", (1, *params)
        )

    former = f"{table.partition('_')[2]}_former"
    assert (TABLES[table] in plan, former in plan) == (True, has_former)
    assert f"Seq Scan on {table}" not in plan


def test_problems_of_a_batch_are_read_in_the_order_of_their_index(sloneczna: AssociationRef) -> None:
    with enter_association(sloneczna):
        statement, params = batch_problems(1)[90_000:90_050].query.sql_with_params()
        plan = explain(statement, params)

    assert "Index Scan using problem_listed" in plan
    assert "Sort" not in plan
