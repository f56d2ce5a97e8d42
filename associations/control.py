"""The whole association checked at one moment: rows that stand, their sums, and what disagrees among them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from associations.catalogue import CATALOGUE
from associations.charges.control import control_charges
from associations.imports.control import find_broken_editions
from associations.ledger.control import control_ledger
from associations.meters.control import control_meters
from associations.premises.control import control_premises

ROWS = ("premises", "people", "accounts", "charges", "postings", "balances", "readings", "settlements")
SUMS = ("charges", "debit", "credit", "balance", "interest")


@dataclass(frozen=True, slots=True)
class AssociationControl:
    """Counts by ROWS, sums in zł by SUMS, disagreements as they were found (at most 1 000 of a kind)."""

    rows: dict[str, int]
    sums: dict[str, Decimal]
    disagreements: tuple[dict[str, Any], ...]


def control_association() -> AssociationControl:
    """Check the association that the connection points at. Reads only; call it inside one snapshot."""
    found = (control_premises(), control_charges(), control_ledger(), control_meters())
    broken = [entry for spec in CATALOGUE.editions for entry in find_broken_editions(spec)]
    rows = {name: count for one in found for name, count in one.rows.items()}
    sums = {name: amount for one in found for name, amount in one.sums.items()}
    return AssociationControl(
        rows={name: rows[name] for name in ROWS},
        sums={name: sums[name] for name in SUMS},
        disagreements=(*(entry for one in found for entry in one.disagreements), *broken),
    )
