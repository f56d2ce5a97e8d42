"""`manage.py migrate_associations [SLUG …]`: bring associations' tables to the program's state, as the owner role."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from saas.staff.command_line import need_association
from saas.tenancy.listing import all_refs
from saas.tenancy.provisioning import is_behind, migrate_association


class Command(BaseCommand):
    """Each association in its own transaction; goes on past a failure, names it, and then exits with 1."""

    help = "Bring the tables of all associations, or of those named, to the program's state."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which, and how to say it."""
        parser.add_argument("slugs", nargs="*", help="the associations; all of them where none is named")
        parser.add_argument(
            "--check", action="store_true", help="only say which are behind; exit 1 if any is"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate and print."""
        refs = [need_association(slug) for slug in options["slugs"]] or all_refs()
        outcome: dict[str, str] = {}
        for ref in refs:
            try:
                outcome[ref.slug] = "behind" if is_behind(ref) else "ok"
                if outcome[ref.slug] == "behind" and not options["check"]:
                    migrate_association(ref)
                    outcome[ref.slug] = "migrated"
            except DatabaseError as error:
                outcome[ref.slug] = f"failed: {type(error.__cause__ or error).__name__}"
        if options["json"]:
            self.stdout.write(json.dumps(outcome))
        else:
            self.stdout.writelines(f"{slug}: {state}" for slug, state in outcome.items())
        if any(state not in {"ok", "migrated"} for state in outcome.values()):
            raise CommandError("Not every association is at the program's state.")
