"""Changing a fund's bank account: checked, written down, and refused where somebody was faster."""

import uuid

import pytest

from associations.audit.actors import Actor
from associations.audit.models import AuditEntry
from associations.profile.bank_accounts import clean_nrb, format_nrb, is_nrb
from associations.profile.fund_accounts import FundAccountError, change_fund_account, list_fund_accounts
from associations.profile.models import Fund, FundAccountChange

pytestmark = pytest.mark.usefixtures("in_sloneczna")

NRB, OTHER_NRB = "85102010550000000000000001", "71102010550000000000700011"
ZOFIA = Actor("staff", uuid.UUID(int=7), "Zofia Zarządca")


def change(expected: str, nrb: str) -> bool:
    return change_fund_account(
        actor=ZOFIA, fund_id=Fund.objects.get(code="main").pk, expected=expected, nrb=nrb
    )


def test_a_changed_account_stands_in_the_fund_its_history_and_the_audit_log() -> None:
    assert change("", NRB)
    assert change(NRB, OTHER_NRB)

    first = list_fund_accounts()[0]
    assert (first.fund.code, first.fund.bank_account) == ("main", OTHER_NRB)
    assert [(one.before, one.after, one.by_name) for one in first.changes] == [
        (NRB, OTHER_NRB, "Zofia Zarządca"),
        ("", NRB, "Zofia Zarządca"),
    ]
    entry = AuditEntry.objects.filter(action="fund_account.changed").latest("id")
    assert (entry.actor_id, entry.target) == (ZOFIA.id, "main")
    assert (entry.details["before"], entry.details["after"]) == (NRB, OTHER_NRB)


def test_an_account_may_be_taken_away() -> None:
    change("", NRB)

    assert change(NRB, "")
    assert Fund.objects.get(code="main").bank_account == ""


def test_the_same_number_writes_nothing() -> None:
    change("", NRB)

    assert not change(NRB, NRB)
    assert FundAccountChange.objects.count() == 1


@pytest.mark.parametrize(
    ("expected", "nrb", "code"),
    [
        ("", "85102010550000000000000002", "wrong_nrb"),
        ("", "12", "wrong_nrb"),
        (OTHER_NRB, NRB, "changed_meanwhile"),
    ],
)
def test_a_wrong_number_and_one_changed_by_somebody_else_are_refused(
    expected: str, nrb: str, code: str
) -> None:
    with pytest.raises(FundAccountError) as refused:
        change(expected, nrb)

    assert refused.value.code == code
    assert not FundAccountChange.objects.exists()
    assert not AuditEntry.objects.filter(action="fund_account.changed").exists()


def test_a_number_is_read_however_it_was_typed_and_shown_in_groups() -> None:
    typed = "PL85 1020-1055\u00a00000 0000 0000 0001"

    assert clean_nrb(typed) == NRB
    assert format_nrb(NRB).replace("\u00a0", " ") == "85 1020 1055 0000 0000 0000 0001"
    assert [is_nrb(text) for text in (NRB, NRB[:-1] + "2", NRB[:-1], f"{NRB}\n", "٨" * 26, "")] == [True] + [
        False
    ] * 5
