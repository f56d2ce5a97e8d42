"""What changed between two months of charges, component by component, and why (skąd zmiana opłaty).

Amounts as supplied; a difference is new − old, plus: more to pay. No database, no clock.

How a difference is split where both rate (stawka) and quantity (ilość) changed: the new quantity at the old rate is
the step between the two months.

    by quantity = new quantity × old rate − old amount
    by rate     = new amount − new quantity × old rate

The product is rounded half up as every charge line is, and both parts always add up to the difference. Where the old
amount is not its quantity × rate (part of a month, a discount), the step is old amount × new quantity / old quantity.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from associations.charges.calculations import ChargeRow, key_rows
from associations.money import ZERO, add_up, line_amount, round_to_grosz

_PLAIN_POWERS = str.maketrans({"²": "2", "³": "3", "^": None, ".": None, " ": None})


class Cause(StrEnum):
    """Why a component's amount is another one."""

    SAME = "same"
    NEW = "new"
    GONE = "gone"
    RATE = "rate"
    QUANTITY = "quantity"
    BOTH = "both"
    BASIS = "basis"
    """Another unit: persons became cubic metres, so rates and quantities cannot be compared."""
    AMOUNT = "amount"
    """Only the amount differs, or what was supplied does not explain it."""


@dataclass(frozen=True, slots=True)
class ComponentChange:
    """A component (składnik) of two months; `now` is None for one that is gone, `before` for a new one.

    `by_rate` and `by_quantity` add up to `difference`; both are None where the cause is neither.
    """

    now: ChargeRow | None
    before: ChargeRow | None
    difference: Decimal
    cause: Cause
    by_rate: Decimal | None = None
    by_quantity: Decimal | None = None

    @property
    def row(self) -> ChargeRow:
        """The newer of the two: it names the component."""
        found = self.now or self.before
        if found is None:
            raise ValueError("a change needs a row")
        return found


@dataclass(frozen=True, slots=True)
class MonthChanges:
    """Two months beside each other; `components` by fund, in their order, those that are gone last in their fund."""

    before: Decimal
    now: Decimal
    components: tuple[ComponentChange, ...]

    @property
    def difference(self) -> Decimal:
        """New total − old total."""
        return self.now - self.before

    @property
    def changed(self) -> tuple[ComponentChange, ...]:
        """The components of which anything is another."""
        return tuple(one for one in self.components if one.cause is not Cause.SAME)

    @property
    def rise(self) -> Decimal:
        """The sum of what rose."""
        return add_up(one.difference for one in self.components if one.difference > 0)

    @property
    def fall(self) -> Decimal:
        """The sum of what fell, zero or less; `rise` and `fall` add up to `difference`."""
        return add_up(one.difference for one in self.components if one.difference < 0)

    @property
    def main(self) -> ComponentChange | None:
        """What moved the total most, in the total's direction; None where the total stayed."""
        sign = self.difference
        same_way = [one for one in self.components if one.difference * sign > 0]
        return max(same_way, key=lambda one: abs(one.difference), default=None)


def compare_months(now: Sequence[ChargeRow], before: Sequence[ChargeRow]) -> MonthChanges:
    """Every component of either month beside itself: found by fund, code, else name, and order."""
    components = sorted(
        (_compare(*pair) for pair in _pair_rows(now, before)),
        key=lambda one: (one.row.fund.position, one.row.fund.id, one.now is None),
    )
    return MonthChanges(
        before=add_up(row.amount for row in before),
        now=add_up(row.amount for row in now),
        components=tuple(components),
    )


def _pair_rows(
    now: Sequence[ChargeRow], before: Sequence[ChargeRow]
) -> list[tuple[ChargeRow | None, ChargeRow | None]]:
    former, present = dict(key_rows(before)), dict(key_rows(now))
    # Programs begin to write codes, or change them: what no code finds is looked for by name.
    left = {
        (row.fund, row.name): key for key, row in reversed(former.items()) if row.name and key not in present
    }
    pairs: list[tuple[ChargeRow | None, ChargeRow | None]] = []
    for key, row in present.items():
        found = key if key in former else left.pop((row.fund, row.name), None)
        pairs.append((row, former.pop(found, None) if found else None))
    return [*pairs, *((None, row) for row in former.values())]


def _compare(now: ChargeRow | None, before: ChargeRow | None) -> ComponentChange:
    if before is None or now is None:
        difference = (now.amount if now else ZERO) - (before.amount if before else ZERO)
        return ComponentChange(now, before, difference, Cause.NEW if now else Cause.GONE)
    difference = now.amount - before.amount
    cause = _find_cause(now, before)
    by_quantity = _quantity_part(now, before, cause, difference)
    by_rate = None if by_quantity is None else difference - by_quantity
    return ComponentChange(now, before, difference, cause, by_rate, by_quantity)


def _find_cause(now: ChargeRow, before: ChargeRow) -> Cause:
    if _is_other_unit(now.unit, before.unit):
        return Cause.BASIS
    is_known = None not in (now.rate, before.rate, now.quantity, before.quantity)
    is_rate, is_quantity = now.rate != before.rate, now.quantity != before.quantity
    if is_known and is_rate and is_quantity:
        return Cause.BOTH
    if is_known and (is_rate or is_quantity):
        return _single_cause(now, before, is_rate=is_rate)
    return Cause.AMOUNT if now.amount != before.amount else Cause.SAME


def _single_cause(now: ChargeRow, before: ChargeRow, *, is_rate: bool) -> Cause:
    """Rate or quantity, unless the amount went the other way: then they do not explain it."""
    expected = _product(now) - _product(before)
    if expected * (now.amount - before.amount) < 0:
        return Cause.AMOUNT
    return Cause.RATE if is_rate else Cause.QUANTITY


def _quantity_part(now: ChargeRow, before: ChargeRow, cause: Cause, difference: Decimal) -> Decimal | None:
    if cause is Cause.RATE:
        return ZERO
    if cause is Cause.QUANTITY:
        return difference
    if cause is not Cause.BOTH or now.quantity is None or before.quantity is None or before.rate is None:
        return None
    if before.amount == line_amount(before.quantity, before.rate):
        return line_amount(now.quantity, before.rate) - before.amount
    if not before.quantity:
        return None
    return round_to_grosz(before.amount * now.quantity / before.quantity) - before.amount


def _product(row: ChargeRow) -> Decimal:
    return (row.quantity or ZERO) * (row.rate or ZERO)


def _is_other_unit(one: str, other: str) -> bool:
    """Whether both are named and differ in more than spelling: `m2` is `m²`."""
    left, right = (unit.casefold().translate(_PLAIN_POWERS) for unit in (one, other))
    return bool(left and right and left != right)
