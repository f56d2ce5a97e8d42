"""`manage.py verify_backup FILE`: whether a backup is whole and unaltered; needs no database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from saas.keeping.command_line import as_json, identity_from, said_plainly
from saas.keeping.verifying import verify_backup
from saas.management.operator_command import OperatorCommand


class Command(OperatorCommand):
    """Reads all of the file and says what is in it."""

    help = "Check every checksum of a backup and say what it holds."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which, and with what key."""
        parser.add_argument("backup", help="the file")
        parser.add_argument("--key", help="the file of the secret key, for a sealed backup")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify and print."""
        with said_plainly():
            found = verify_backup(Path(options["backup"]), identity_from(options["key"]))
        head = found.head
        if options["json"]:
            said = {
                "slug": head.slug,
                "name": head.name,
                "made_at": head.made_at,
                "rows": found.rows,
                "files": found.files,
                "file_bytes": found.file_bytes,
                "domains": list(head.domains),
                "tables": {name: [table.rows, table.digest] for name, table in found.tables.items()},
            }
            self.stdout.write(as_json(said))
        else:
            self.stdout.write(
                f"whole: {head.slug} ({head.name}) as of {head.made_at}, "
                f"{found.rows} rows in {len(found.tables)} tables, {found.files} files"
            )
