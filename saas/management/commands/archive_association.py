"""`manage.py archive_association SLUG [--undo]`: keep an association that nobody reads any more."""

from argparse import ArgumentParser
from typing import Any

from saas.keeping.archiving import put_away, take_out
from saas.keeping.command_line import as_json, said_plainly
from saas.management.operator_command import OperatorCommand
from saas.staff.command_line import OPERATOR, need_association


class Command(OperatorCommand):
    """Takes effect with the next request; jobs that wait are cancelled, nothing is deleted."""

    help = "Archive an association, or with --undo take it out again, suspended."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which, and in what direction."""
        parser.add_argument("slug", help="the association")
        parser.add_argument("--undo", action="store_true", help="take it out of the archive")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Act and print."""
        association = need_association(options["slug"])
        with said_plainly():
            is_changed = (take_out if options["undo"] else put_away)(association, actor=OPERATOR)
        state = ("suspended" if is_changed else "not archived") if options["undo"] else "archived"
        if options["json"]:
            self.stdout.write(as_json({"slug": association.slug, "state": state, "changed": is_changed}))
        else:
            self.stdout.write(
                f"{association.slug}: {state}{'' if is_changed or options['undo'] else ' already'}"
            )
