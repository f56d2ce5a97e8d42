"""Amounts as people type them; what is wrong is a value, never an exception."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from associations.payments.amounts import LARGEST, SMALLEST, AmountFault, read_amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1 234,56", "1234.56"),
        ("1\u00a0234,56 zł", "1234.56"),
        ("1\u202f234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1234", "1234.00"),
        ("12,5", "12.50"),
        ("0,01", "0.01"),
        ("9 999 999,99 PLN", "9999999.99"),
        ("007", "7.00"),
    ],
)
def test_an_amount_is_read_as_written_in_poland(text: str, amount: str) -> None:
    assert str(read_amount(text)) == amount


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("abc", AmountFault.NOT_AN_AMOUNT),
        ("1.234", AmountFault.NOT_AN_AMOUNT),
        ("1,234,56", AmountFault.NOT_AN_AMOUNT),
        ("12,345", AmountFault.NOT_AN_AMOUNT),
        ("-5", AmountFault.NOT_AN_AMOUNT),
        ("1e5", AmountFault.NOT_AN_AMOUNT),
        ("٣", AmountFault.NOT_AN_AMOUNT),
        ("NaN", AmountFault.NOT_AN_AMOUNT),
        ("zł", AmountFault.NOT_AN_AMOUNT),
        ("'; DROP TABLE", AmountFault.NOT_AN_AMOUNT),
        ("9" * 10_000, AmountFault.NOT_AN_AMOUNT),
        ("0", AmountFault.TOO_SMALL),
        ("0,00", AmountFault.TOO_SMALL),
        ("10000000", AmountFault.TOO_LARGE),
    ],
)
def test_what_cannot_be_paid_says_why(text: str, fault: AmountFault) -> None:
    assert read_amount(text) is fault


def test_nothing_typed_is_no_amount_and_no_fault() -> None:
    assert read_amount("") is read_amount("  ") is None


@given(st.text(max_size=60))
def test_any_text_gives_an_amount_within_limits_or_a_fault(text: str) -> None:
    found = read_amount(text)

    assert found is None or isinstance(found, AmountFault) or SMALLEST <= found <= LARGEST


@given(st.decimals(SMALLEST, LARGEST, places=2))
def test_what_pages_print_is_read_back(amount: Decimal) -> None:
    assert read_amount(f"{amount:,}".replace(",", "\u00a0").replace(".", ",")) == amount
