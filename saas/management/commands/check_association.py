"""`manage.py check_association SLUG`: what stands in an association, and what disagrees in it."""

import datetime as dt
import json
from argparse import ArgumentParser
from decimal import Decimal
from typing import Any

from associations.control import control_association
from associations.money import round_to_grosz
from saas.management.operator_command import OperatorCommand
from saas.staff.command_line import need_association
from saas.tenancy.snapshots import read_snapshot
from saas.tenancy.switching import enter_association


class Command(OperatorCommand):
    """Reads in one snapshot. Disagreements are the manager's to settle: the exit code stays 0."""

    help = "Count the rows that stand, add up their amounts and list what disagrees."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which association, and the form of the answer."""
        parser.add_argument("slug", help="the association")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask and print."""
        association = need_association(options["slug"])
        with enter_association(association), read_snapshot():
            found = control_association()
        sums = {name: str(round_to_grosz(amount)) for name, amount in found.sums.items()}
        entries = [{key: as_json(value) for key, value in one.items()} for one in found.disagreements]
        if options["json"]:
            said = {"rows": found.rows, "sums": sums, "disagreements": entries}
            self.stdout.write(json.dumps(said, ensure_ascii=False, indent=1))
            return
        for name, figure in [*found.rows.items(), *((f"sum of {key}", value) for key, value in sums.items())]:
            self.stdout.write(f"{name:18} {figure:>18}")
        for entry in entries:
            self.stdout.write("  ".join(f"{key}: {value}" for key, value in entry.items()))
        self.stdout.write(f"{len(entries)} disagreements")


def as_json(value: object) -> object:
    """Amounts as text with two decimals, dates in ISO form."""
    if isinstance(value, Decimal):
        return str(round_to_grosz(value))
    return value.isoformat() if isinstance(value, dt.date) else value
