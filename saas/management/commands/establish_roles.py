"""`manage.py establish_roles [SLUG …]`: see that every association has its role and its rights, as the owner role."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import DatabaseError, transaction

from saas.management.operator_command import OperatorCommand
from saas.staff.command_line import need_association
from saas.tenancy.granting import grant_runtime, take_back_runtime
from saas.tenancy.listing import all_refs
from saas.tenancy.roles import OWNER, RolesError, has_roles


class Command(OperatorCommand):
    """Each association in its own transaction; goes on past a failure, names it, and then exits with 1."""

    help = (
        "Create missing roles of associations and grant them their rights (KARTOTEKA_ROLES); may be repeated."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which, and how far."""
        parser.add_argument("slugs", nargs="*", help="the associations; all of them where none is named")
        parser.add_argument(
            "--take-back",
            action="store_true",
            help="leave the runtime role itself without rights; when no process runs without roles any more",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Grant, take back and print."""
        if options["take_back"] and not has_roles():
            raise CommandError("KARTOTEKA_ROLES is off: the runtime role needs its own rights.")
        refs = [need_association(slug) for slug in options["slugs"]] or all_refs()
        outcome: dict[str, str] = {}
        for ref in refs:
            try:
                with transaction.atomic(using=OWNER):
                    grant_runtime(ref.schema_name, using=OWNER)
                    if options["take_back"]:
                        take_back_runtime(ref.schema_name, using=OWNER)
                outcome[ref.slug] = "ok"
            except RolesError as error:
                raise CommandError(str(error)) from None
            except DatabaseError as error:
                outcome[ref.slug] = f"failed: {type(error.__cause__ or error).__name__}: {error}".strip()
        if options["json"]:
            self.stdout.write(json.dumps(outcome))
        else:
            self.stdout.writelines(f"{slug}: {state}" for slug, state in outcome.items())
        failed = [f"{slug}: {state}" for slug, state in outcome.items() if state != "ok"]
        if failed:
            raise CommandError("Not every association has its role. " + "; ".join(failed))
