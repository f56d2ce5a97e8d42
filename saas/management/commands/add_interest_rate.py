"""`manage.py add_interest_rate DAY PERCENT --source TEXT`: one rate of statutory interest, in force from a day on."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils.timezone import localdate

from associations.ledger.rates import InterestRate, read_percent, read_source
from saas.management.operator_command import OperatorCommand
from saas.rates.actions import RatesError, record_rates
from saas.rates.command_line import read_day, say_changes
from saas.staff.command_line import OPERATOR


class Command(OperatorCommand):
    """Every page computes with it from its next request on, in all processes."""

    help = "Add a rate of statutory interest for delay."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The rate, and what may happen."""
        parser.add_argument("day", help="from when it is in force, 2027-01-07")
        parser.add_argument("percent", help="percent a year, 9.25 or 9,25")
        parser.add_argument("--source", required=True, help="where it was announced; owners read it")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="also where interest of days told of already becomes another",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would change and record nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Record and print."""
        day = read_day(options["day"])
        try:
            rate = InterestRate(day, read_percent(options["percent"]), read_source(options["source"]))
            changes = record_rates(
                actor=OPERATOR,
                rates=[rate],
                is_complete=False,
                today=localdate(),
                may_rewrite=options["replace"],
                is_trial=options["dry_run"],
            )
        except (RatesError, ValueError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(say_changes(changes, as_json=options["json"], is_trial=options["dry_run"]))
