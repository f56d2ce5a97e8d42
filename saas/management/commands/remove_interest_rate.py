"""`manage.py remove_interest_rate DAY --reason TEXT`: a rate that was recorded, or shipped, by mistake."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from associations.ledger.rates import read_source
from saas.management.operator_command import OperatorCommand
from saas.rates.actions import RatesError, remove_rate
from saas.rates.command_line import read_day
from saas.staff.command_line import OPERATOR


class Command(OperatorCommand):
    """From then on no rate changes on that day; the rate before it goes on."""

    help = "Remove a rate of statutory interest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which one and why."""
        parser.add_argument("day", help="the day from which it is in force, 2027-01-07")
        parser.add_argument("--reason", required=True, help="why; kept with the removal")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove and print."""
        day = read_day(options["day"])
        try:
            former = remove_rate(actor=OPERATOR, day=day, reason=read_source(options["reason"]))
        except (RatesError, ValueError) as error:
            raise CommandError(str(error)) from None
        percent = f"{former.annual_percent:f}"
        if options["json"]:
            self.stdout.write(json.dumps({"removed": day.isoformat(), "annual_percent": percent}))
            return
        self.stdout.write(f"removed    {day}  {percent}%")
