"""A cell that cannot be read, as a value; and what a cell may hold."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

# No bool among the cells: True == 1 == 1.0 as a dictionary key. Formats write "PRAWDA" or "FAŁSZ" instead.
Cell = str | Decimal | float | int | date | datetime | None
Share = tuple[int, int]
Value = str | Decimal | int | date | bool | Share | None


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a cell is refused, or (is_warning) what was changed in the value that stands in `value`."""

    code: str
    reason: str
    is_warning: bool = False
    value: Value = None


def warning(code: str, reason: str, value: Value) -> Fault:
    """A cell that is read as `value`, with a remark that the manager should see."""
    return Fault(code, reason, is_warning=True, value=value)
