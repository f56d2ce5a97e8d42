"""`manage.py backup_due_associations`: what beat has workers do every ten minutes, for a server without beat."""

from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError

from saas.keeping.command_line import as_json, said_plainly
from saas.keeping.schedule import back_up_due
from saas.management.operator_command import OperatorCommand


class Command(OperatorCommand):
    """Goes on past a failure, names it, and then exits with 1."""

    help = "Back up every association whose last scheduled backup is older than KARTOTEKA_BACKUP_HOURS."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How long, and how to print."""
        parser.add_argument("--seconds", type=float, default=86_400, help="begin no other after so long")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """One round."""
        with said_plainly():
            done = back_up_due(seconds=options["seconds"])
        if done is None:
            raise CommandError("Another process makes the scheduled backups now.")
        if options["json"]:
            self.stdout.write(as_json(asdict(done)))
        else:
            self.stdout.write(f"made: {len(done.made)}, failed: {len(done.failed)}, removed: {done.removed}")
        if done.failed:
            raise CommandError(f"Not backed up: {', '.join(done.failed)}.")
