"""`manage.py backup_association SLUG …`: one file with everything an association has."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from saas.keeping.backing_up import WrittenBackup
from saas.keeping.command_line import as_json, said_plainly
from saas.keeping.models import BackupPurpose
from saas.keeping.records import configured_recipients, default_path, make_backup
from saas.keeping.sealing import read_recipient
from saas.management.operator_command import OperatorCommand
from saas.staff.command_line import need_association


class Command(OperatorCommand):
    """One snapshot of tables and files; the association works on meanwhile."""

    help = "Back up an association into one file: tables, files, and a manifest with checksums."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which, where to, to whom."""
        parser.add_argument("slug", help="the association")
        parser.add_argument("--to", help="a file that is not there yet, or a folder; else KARTOTEKA_BACKUPS")
        parser.add_argument(
            "--recipient",
            action="append",
            default=[],
            help="seal to this public key (age1…) instead of KARTOTEKA_BACKUP_RECIPIENT; may be repeated",
        )
        parser.add_argument("--open", action="store_true", help="do not seal it, whatever the settings say")
        parser.add_argument("--wait", type=float, default=0.0, help="seconds to wait for another operator")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write and print."""
        if options["open"] and options["recipient"]:
            raise CommandError("--open and --recipient contradict each other.")
        association = need_association(options["slug"])
        with said_plainly():
            keys = [read_recipient(word) for word in options["recipient"]]
            if not keys and not options["open"]:
                keys = configured_recipients()
            target = Path(options["to"]) if options["to"] else None
            if target and target.is_dir():
                target /= default_path(association, is_sealed=bool(keys)).name
            written = make_backup(
                association,
                purpose=BackupPurpose.OPERATOR,
                target=target,
                recipients=keys,
                wait_seconds=options["wait"],
            )
        self.stdout.write(as_json(_said(written)) if options["json"] else _sentence(written))


def _said(written: WrittenBackup) -> dict[str, Any]:
    return {
        "path": str(written.path),
        "made_at": written.made_at.isoformat(),
        "bytes": written.size,
        "sha256": written.sha256,
        "sealed": written.is_sealed,
        "rows": written.rows,
        "files": written.files,
        "tables": {name: [table.rows, table.digest] for name, table in written.tables.items()},
    }


def _sentence(written: WrittenBackup) -> str:
    kind = "sealed" if written.is_sealed else "not sealed"
    return (
        f"{written.path}: {written.rows} rows, {written.files} files, {written.size} bytes, {kind}\n"
        f"sha256 {written.sha256}"
    )
