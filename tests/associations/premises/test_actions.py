"""Holdings follow the titles and keep their ids where the first day stays."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from associations.premises.actions import rebuild_holdings
from associations.premises.models import Holding, Title
from saas.tenancy.switching import AssociationRef
from tests.factories import day, make_person, make_premises, make_title

pytestmark = pytest.mark.usefixtures("in_sloneczna")


def holdings(code: str) -> list[tuple[dt.date | None, dt.date | None, list[str]]]:
    return [
        (row.starts_on, row.ends_on, [m.person.code for m in row.members.order_by("person__code")])
        for row in Holding.objects.filter(premises__code=code)
    ]


def test_rebuild_makes_the_holdings_of_new_titles() -> None:
    premises, ann, eve = make_premises("1"), make_person("ann"), make_person("eve")
    make_title(premises, ann, "2009-01-01", "2025-10-31")
    make_title(premises, eve, "2025-11-01")

    rebuild_holdings([premises.id])

    assert holdings("1") == [
        (day("2009-01-01"), day("2025-10-31"), ["ann"]),
        (day("2025-11-01"), None, ["eve"]),
    ]


def test_rebuild_keeps_the_id_of_the_seller_and_adds_the_buyer() -> None:
    premises, ann, eve = make_premises("1"), make_person("ann"), make_person("eve")
    sold = make_title(premises, ann, "2009-01-01")
    rebuild_holdings([premises.id])
    before = Holding.objects.get(premises=premises)
    Title.objects.filter(id=sold.id).update(ends_on=day("2025-10-31"))
    make_title(premises, eve, "2025-11-01")

    rebuild_holdings([premises.id])

    assert Holding.objects.get(starts_on=day("2009-01-01")).id == before.id
    assert holdings("1") == [
        (day("2009-01-01"), day("2025-10-31"), ["ann"]),
        (day("2025-11-01"), None, ["eve"]),
    ]


def test_rebuild_exchanges_members_of_a_kept_holding_and_removes_vanished_ones() -> None:
    premises, ann, eve = make_premises("1"), make_person("ann"), make_person("eve")
    wrong = make_title(premises, ann, "2009-01-01")
    make_title(premises, ann, "2024-01-01", "2024-12-31", is_current=False)
    rebuild_holdings([premises.id])
    Title.objects.filter(id=wrong.id).update(is_current=False)
    make_title(premises, eve, "2009-01-01")

    rebuild_holdings([premises.id])
    assert holdings("1") == [(day("2009-01-01"), None, ["eve"])]

    Title.objects.filter(premises=premises).update(is_current=False)
    rebuild_holdings([premises.id])
    assert holdings("1") == []


def test_rebuild_leaves_other_premises_alone(in_sloneczna: AssociationRef) -> None:
    one, two, ann = make_premises("1"), make_premises("2"), make_person("ann")
    make_title(one, ann)
    make_title(two, ann)

    rebuild_holdings([one.id])

    assert holdings("2") == []


@pytest.fixture
def thirty_premises() -> list[int]:
    ids = []
    for number in range(30):
        premises = make_premises(f"p{number}")
        make_title(premises, make_person(f"o{number}"))
        ids.append(premises.id)
    return ids


def test_rebuild_asks_no_question_per_premises(thirty_premises: list[int]) -> None:
    with CaptureQueriesContext(
        connection,
    ) as one:
        rebuild_holdings(thirty_premises[:1])
    with CaptureQueriesContext(connection) as many:
        rebuild_holdings(thirty_premises)

    assert len(many) == len(one) <= 8
