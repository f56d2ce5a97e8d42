"""What a person holds, where to pay, and how little is read of others."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from associations.premises.models import Title, TransferAccount
from associations.premises.queries import held_premises, transfer_accounts
from associations.profile.models import Fund
from tests.factories import fund, make_holding, make_person, make_premises

pytestmark = pytest.mark.usefixtures("in_sloneczna")

NRB = "85102010550000000000000001"
OTHER_NRB = "71102010550000000000700011"


def test_present_holdings_come_first_with_own_titles_and_names_of_others() -> None:
    ann, jan = make_person("ann"), make_person("jan", "Nowak Jan")
    flat, sold = make_premises("0900"), make_premises("0100")
    make_holding(sold, ann, starts="2001-01-01", ends="2005-12-31")
    make_holding(flat, ann, jan, starts="2009-01-01")
    Title.objects.filter(person=jan).update(share_denominator=7)

    held = held_premises(ann.pk)

    assert [(one.premises.code, one.co_owners) for one in held] == [("0900", ("Nowak Jan",)), ("0100", ())]
    assert [[title.share_denominator for title in one.titles] for one in held] == [[1], [1]]


def test_two_holdings_of_one_premises_have_the_title_of_their_time() -> None:
    ann, premises = make_person("ann"), make_premises("1")
    make_holding(premises, ann, starts="2001-01-01", ends="2005-12-31")
    make_holding(premises, ann, starts="2009-01-01")

    starts = [[str(title.starts_on) for title in one.titles] for one in held_premises(ann.pk)]

    assert starts == [["2009-01-01"], ["2001-01-01"]]


def test_held_premises_cost_two_queries_and_read_nothing_private_of_others() -> None:
    ann, jan = make_person("ann"), make_person("jan", phone="600 999 999")
    for number in range(3):
        make_holding(make_premises(f"p{number}"), ann, jan)

    with CaptureQueriesContext(connection) as queries:
        held_premises(ann.pk)

    assert len(queries) == 2
    assert not any("email" in query["sql"] or "phone" in query["sql"] for query in queries)


def test_a_premises_pays_to_its_own_account_else_to_the_funds() -> None:
    own, common = make_premises("1"), make_premises("2")
    Fund.objects.filter(code="repair").update(bank_account=OTHER_NRB)
    TransferAccount.objects.create(premises=own, fund=fund("repair"), nrb=NRB)
    TransferAccount.objects.create(premises=own, fund=fund("main"), nrb=NRB)

    found = transfer_accounts([own.pk, common.pk])

    assert [(one.fund.name, one.nrb) for one in found[own.pk]] == [
        ("Fundusz podstawowy", NRB),
        ("Fundusz remontowy", NRB),
    ]
    assert [(one.fund.name, one.nrb) for one in found[common.pk]] == [("Fundusz remontowy", OTHER_NRB)]


def test_a_premises_without_any_account_has_no_entry() -> None:
    assert transfer_accounts([make_premises("1").pk]) == {}
