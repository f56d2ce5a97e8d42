"""An amount as people type it: `1 234,56`, `1234.56`, `1.234,56 zł`. Pure; what is wrong comes back as a value."""

import re
from decimal import Decimal
from enum import Enum

SMALLEST, LARGEST = Decimal("0.01"), Decimal("9999999.99")
LONGEST_TEXT = 40

_BLANKS = re.compile(r"[\s\u00a0\u202f\u2009]+")
_CURRENCY = re.compile(r"(zł|zl|pln)\.?$", re.IGNORECASE)
# Thousands by dots only where a comma follows: `1.234` might mean either.
_PLAIN = re.compile(r"([0-9]+)(?:[.,]([0-9]{1,2}))?")
_GROUPED = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})+),([0-9]{1,2})")


class AmountFault(Enum):
    """Why a typed amount cannot be paid."""

    NOT_AN_AMOUNT = "not_an_amount"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"


def read_amount(text: str) -> Decimal | AmountFault | None:
    """The amount in złote with two decimals, from 0.01 to 9 999 999.99; None for an empty text; else what is wrong."""
    if len(text) > LONGEST_TEXT:
        return AmountFault.NOT_AN_AMOUNT
    plain = _CURRENCY.sub("", _BLANKS.sub("", text))
    if not plain:
        return AmountFault.NOT_AN_AMOUNT if text.strip() else None
    found = _GROUPED.fullmatch(plain) or _PLAIN.fullmatch(plain)
    if found is None:
        return AmountFault.NOT_AN_AMOUNT
    amount = Decimal(f"{found[1].replace('.', '')}.{(found[2] or '').ljust(2, '0')}")
    if amount < SMALLEST:
        return AmountFault.TOO_SMALL
    return amount if amount <= LARGEST else AmountFault.TOO_LARGE
