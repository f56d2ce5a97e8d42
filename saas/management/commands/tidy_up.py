"""`manage.py tidy_up`: what workers also do once a day."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from saas.jobs.tidying import tidy_up
from saas.management.operator_command import OperatorCommand


class Command(OperatorCommand):
    """Deletes and says how much."""

    help = "Delete jobs that ended over 30 days ago, expired sessions, old upload keys and files never read."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How to print."""
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Once."""
        tidied = tidy_up()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(tidied)))
            return
        self.stdout.write(
            f"jobs: {tidied.jobs}, sessions: {tidied.sessions}, upload keys: {tidied.upload_keys},"
            f" files never read: {tidied.unread_files}, mails: {tidied.mails}, sign-ins: {tidied.sign_ins}"
        )
