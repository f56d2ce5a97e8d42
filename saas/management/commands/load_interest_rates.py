"""`manage.py load_interest_rates FILE`: rates of statutory interest from NBP's XML file or a CSV file, on disk."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.timezone import localdate

from associations.ledger.rates import RatesFileError
from saas.management.operator_command import OperatorCommand
from saas.rates.actions import RatesError, read_rates_file, record_rates
from saas.rates.command_line import say_changes
from saas.staff.command_line import OPERATOR


class Command(OperatorCommand):
    """All of the file or nothing of it: a file that is wrong leaves every rate as it was."""

    help = (
        "Load rates of statutory interest: NBP's stopy_procentowe_archiwum.xml (reference rate and 5.5 points), or a CSV "
        "file with the columns effective_from,annual_percent,source."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and what may happen."""
        parser.add_argument("file", type=Path, help="the file on this machine; nothing is fetched")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="also where interest of days told of already becomes another",
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would change and record nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, record and print."""
        try:
            rates, is_complete = read_rates_file(options["file"])
            changes = record_rates(
                actor=OPERATOR,
                rates=rates,
                is_complete=is_complete,
                today=localdate(),
                may_rewrite=options["replace"],
                is_trial=options["dry_run"],
                origin=options["file"].name,
            )
        except (RatesError, RatesFileError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(say_changes(changes, as_json=options["json"], is_trial=options["dry_run"]))
