"""Readings and settlements as values, and which meters were exchanged (wymiana licznika)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

INSTALLED = "installed"
REMOVED = "removed"
ESTIMATED = "estimated"
SETTLEMENT = "settlement"


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """A reading as supplied; `kind` is a value of meters.models.ReadingKind."""

    medium: str
    serial: str
    read_on: dt.date
    value: Decimal
    consumption: Decimal | None
    unit: str
    kind: str
    document: str


@dataclass(frozen=True, slots=True)
class SettlementRow:
    """A settlement as supplied; result: plus is to be paid, minus is returned."""

    medium: str
    period_from: dt.date
    period_to: dt.date
    document: str
    consumption: Decimal | None
    unit: str
    cost: Decimal | None
    advances: Decimal | None
    result: Decimal
    due_on: dt.date | None

    @property
    def expected_result(self) -> Decimal | None:
        """Cost − advances, where both were supplied: what an owner can check the result with."""
        return None if self.cost is None or self.advances is None else self.cost - self.advances


@dataclass(frozen=True, slots=True)
class Exchange:
    """A meter that gave way to another on one day."""

    medium: str
    on: dt.date
    removed: str
    removed_at: Decimal
    installed: str
    installed_at: Decimal


def find_exchanges(readings: Iterable[ReadingRow]) -> tuple[Exchange, ...]:
    """Removals with the installation that followed: of the same medium, on the same day or the nearest after."""
    rows = sorted(readings, key=lambda row: row.read_on)
    installed = [row for row in rows if row.kind == INSTALLED]
    exchanges = []
    for old in rows:
        if old.kind != REMOVED:
            continue
        new = next(
            (
                row
                for row in installed
                if row.medium == old.medium and row.serial != old.serial and row.read_on >= old.read_on
            ),
            None,
        )
        if new:
            installed.remove(new)
            exchanges.append(Exchange(old.medium, new.read_on, old.serial, old.value, new.serial, new.value))
    return tuple(exchanges)
