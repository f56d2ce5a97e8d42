"""`manage.py create_backup_key FILE`: a pair of keys for sealed backups."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from saas.keeping.command_line import as_json
from saas.keeping.sealing import make_identity
from saas.management.operator_command import OperatorCommand


class Command(OperatorCommand):
    """The secret key goes into a new file that only its owner reads; the public one is printed."""

    help = "Make a pair of keys: the secret one into FILE, the public one on the screen. As age-keygen does."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("file", help="the file of the secret key; it must not exist")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make, write, print."""
        secret, public = make_identity()
        path = Path(options["file"])
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(f"# public key: {public}\n{secret}\n")
        except OSError as error:
            raise CommandError(f"{path} was not written: {error.strerror}.") from None
        self.stdout.write(as_json({"public": public, "file": str(path)}) if options["json"] else public)
