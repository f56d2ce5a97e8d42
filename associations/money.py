"""Money as exact decimals: the one place that rounds.

Sign: balance = Σ credit − Σ debit; minus means underpayment (niedopłata).
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

GROSZ = Decimal("0.01")
ZERO = Decimal("0.00")


def round_to_grosz(amount: Decimal) -> Decimal:
    """Rounded half up, away from zero at the half, to two decimals."""
    return amount.quantize(GROSZ, rounding=ROUND_HALF_UP)


def add_up(amounts: Iterable[Decimal]) -> Decimal:
    """The exact sum, with two decimals also where there is nothing to add."""
    return sum(amounts, ZERO)


def line_amount(quantity: Decimal, rate: Decimal) -> Decimal:
    """Quantity × rate of one charge line, rounded half up: what the supplied amount is compared with."""
    return round_to_grosz(quantity * rate)
