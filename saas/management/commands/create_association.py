"""`manage.py create_association`: register an association and build its schema."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from associations.profile.models import AssociationKind
from saas.management.operator_command import OperatorCommand
from saas.staff.command_line import OPERATOR
from saas.tenancy.errors import ProvisioningError
from saas.tenancy.naming import (
    clean_due_day,
    clean_email,
    clean_host,
    clean_line,
    clean_name,
    clean_nip,
    clean_slug,
)
from saas.tenancy.provisioning import NewAssociation, Office, create_association


class Command(OperatorCommand):
    """Takes effect at once: the association's host answers with its welcome page."""

    help = "Create a housing association: its row, its hosts and its schema, in one transaction."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What the association is."""
        parser.add_argument("--name", required=True, help="as owners read it")
        parser.add_argument("--slug", required=True, help="in addresses: <slug>.<host of the platform>")
        parser.add_argument("--kind", required=True, help=" or ".join(AssociationKind.values))
        parser.add_argument(
            "--domain", action="append", default=[], help="a host of its own; may be repeated"
        )
        parser.add_argument("--nip", default="", help="ten digits, hyphens allowed")
        parser.add_argument("--due-day", type=int, default=10, help="day of the month charges fall due")
        parser.add_argument("--office-address", default="", help="where owners go for a password")
        parser.add_argument("--office-hours", default="", help="when they may come")
        parser.add_argument("--office-phone", default="")
        parser.add_argument("--office-email", default="")
        parser.add_argument("--dry-run", action="store_true", help="check the arguments only")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, create, print."""
        try:
            new = self._read(options)
            if not options["dry_run"]:
                create_association(new, actor=OPERATOR)
        except ProvisioningError as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            said = {"slug": new.slug, "name": new.name, "kind": new.kind, "state": "active"}
            self.stdout.write(json.dumps(said, ensure_ascii=False))
        else:
            self.stdout.write(f"{new.slug}: {'could be created' if options['dry_run'] else 'created'}")

    def _read(self, options: dict[str, Any]) -> NewAssociation:
        if options["kind"] not in AssociationKind.values:
            raise CommandError(f"--kind must be {' or '.join(AssociationKind.values)}.")
        return NewAssociation(
            name=clean_name(options["name"]),
            slug=clean_slug(options["slug"]),
            kind=options["kind"],
            domains=tuple(dict.fromkeys(clean_host(domain) for domain in options["domain"])),
            nip=clean_nip(options["nip"]),
            due_day=clean_due_day(options["due_day"]),
            office=Office(
                address=clean_line(options["office_address"], 300),
                hours=clean_line(options["office_hours"], 300),
                phone=clean_line(options["office_phone"], 50),
                email=clean_email(options["office_email"]),
            ),
        )
