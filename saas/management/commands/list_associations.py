"""`manage.py list_associations`: all associations of the platform."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from saas.management.operator_command import OperatorCommand
from saas.tenancy.listing import list_associations


class Command(OperatorCommand):
    """One line, or one JSON object of an array, per association."""

    help = "List all associations: slug, kind, state, name."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The form of the answer."""
        parser.add_argument("--json", action="store_true", help="print a JSON array")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask and print."""
        found = list_associations()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
            return
        for one in found:
            self.stdout.write(f"{one.slug:30}  {one.kind:11}  {one.state:10}  {one.name}")
