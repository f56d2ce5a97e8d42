"""`manage.py list_interest_rates`: the rates of statutory interest that pages compute with."""

import json
from argparse import ArgumentParser
from typing import Any

from django.utils.timezone import localdate

from saas.management.operator_command import OperatorCommand
from saas.rates.queries import list_rates


class Command(OperatorCommand):
    """One line, or one JSON object of an array, per rate, oldest first."""

    help = "List the rates of statutory interest: from which day, percent a year, where from."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The form of the answer."""
        parser.add_argument("--json", action="store_true", help="print a JSON array")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask and print."""
        found = list_rates(localdate())
        if options["json"]:
            rows = [
                {
                    "effective_from": one.rate.effective_from.isoformat(),
                    "annual_percent": f"{one.rate.annual_percent:f}",
                    "source": one.rate.source,
                    "origin": one.origin,
                    "is_in_force": one.is_in_force,
                }
                for one in found
            ]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        for one in found:
            mark = "*" if one.is_in_force else " "
            percent = f"{one.rate.annual_percent:f}%"
            self.stdout.write(
                f"{mark} {one.rate.effective_from}  {percent:>7}  {one.origin:8}  {one.rate.source}"
            )
