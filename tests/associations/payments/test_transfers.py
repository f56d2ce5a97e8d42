"""What follows from a balance: the amount, the title, the code, and why there is none."""

import datetime as dt
from decimal import Decimal

import pytest

from associations.payments.transfers import (
    AccountState,
    Choice,
    CodeObstacle,
    DueSource,
    FundDue,
    Payer,
    Recipient,
    TransferData,
    make_transfer,
)
from associations.profile.funds import FundLabel

NRB = "85102010550000000000000001"
MAIN = FundLabel(1, "main", "Fundusz podstawowy", 1)
ASSOCIATION = Recipient("Wspólnota Mieszkaniowa Lipowa 12", "ul. Lipowa 12, Kielce", "5260001246")
OCTOBER = dt.date(2026, 10, 31)


def due(balance: str | None, interest: str = "", *, is_included: bool = False) -> FundDue:
    if balance is None:
        return FundDue(MAIN, DueSource.WITHHELD)
    return FundDue(
        MAIN,
        DueSource.SUPPLIED,
        Decimal(balance),
        OCTOBER,
        Decimal(interest) if interest else None,
        is_included,
    )


def transfer(
    owed: FundDue,
    choice: Choice | None = None,
    *,
    nrb: str = NRB,
    recipient: Recipient = ASSOCIATION,
    until: dt.date | None = None,
) -> TransferData:
    return make_transfer(recipient, Payer("0401-034", until), owed, nrb=nrb, choice=choice or Choice())


def test_an_underpayment_is_what_is_paid() -> None:
    found = transfer(due("-268.41"))

    assert (found.amount, found.account, found.obstacle) == (
        Decimal("268.41"), AccountState.GIVEN, CodeObstacle.NONE,
    )  # fmt: skip
    assert found.title == "Lokal 0401-034, fundusz podstawowy, należność na 31.10.2026"
    assert found.code == f"5260001246|PL|{NRB}|026841|WM Lipowa 12|0401-034 fundusz podstawowy|||"


@pytest.mark.parametrize("balance", ["123.45", "0.00", None])
def test_nothing_is_paid_without_a_debt_or_without_a_balance(balance: str | None) -> None:
    found = transfer(due(balance))

    assert (found.amount, found.code, found.obstacle) == (None, "", CodeObstacle.NO_AMOUNT)


def test_interest_is_paid_only_where_chosen_and_never_netted() -> None:
    left_out = transfer(due("-268.41", "3.17"))
    added = transfer(due("-268.41", "3.17"), Choice(with_interest=True))
    beside_an_overpayment = transfer(due("123.45", "3.17"), Choice(with_interest=True))

    assert (left_out.amount, left_out.interest_part) == (Decimal("268.41"), None)
    assert (added.part, added.interest_part, added.amount) == (
        Decimal("268.41"), Decimal("3.17"), Decimal("271.58"),
    )  # fmt: skip
    assert added.title == "Lokal 0401-034, fundusz podstawowy, należność na 31.10.2026, odsetki 3,17"
    assert (beside_an_overpayment.part, beside_an_overpayment.amount) == (None, Decimal("3.17"))
    assert beside_an_overpayment.title == "Lokal 0401-034, fundusz podstawowy, odsetki 3,17 na 31.10.2026"


def test_interest_that_the_balance_contains_is_not_paid_twice() -> None:
    found = transfer(due("-268.41", "3.17", is_included=True), Choice(with_interest=True))

    assert (found.amount, found.interest_part) == (Decimal("268.41"), None)


def test_another_amount_is_a_payment_and_no_settlement_of_the_figure() -> None:
    found = transfer(due("-268.41"), Choice(amount=Decimal("10000.00")))

    assert (found.amount, found.title) == (Decimal("10000.00"), "Lokal 0401-034, fundusz podstawowy, wpłata")
    assert found.code.split("|")[3] == "1000000"


@pytest.mark.parametrize(
    ("nrb", "until", "state"),
    [
        ("", None, AccountState.MISSING),
        ("", dt.date(2025, 10, 31), AccountState.FORMER),
        ("85102010550000000000000002", None, AccountState.WRONG),
    ],
)
def test_a_number_that_cannot_be_paid_to_is_not_shown(
    nrb: str, until: dt.date | None, state: AccountState
) -> None:
    found = transfer(due("-268.41"), nrb=nrb, until=until)

    assert (found.account, found.nrb, found.code, found.obstacle) == (state, "", "", CodeObstacle.NO_ACCOUNT)
    assert found.amount == Decimal("268.41")


def test_an_association_without_nip_has_no_code() -> None:
    found = transfer(due("-268.41"), recipient=Recipient("WM", "", ""))

    assert (found.nrb, found.code, found.obstacle) == (NRB, "", CodeObstacle.NO_NIP)


def test_a_former_owners_title_says_until_when_the_premises_was_theirs() -> None:
    found = transfer(due("-268.41"), until=dt.date(2025, 10, 31))

    assert found.title == "Lokal 0401-034, fundusz podstawowy, rozliczenie do 31.10.2025"
