"""`manage.py restore_association BACKUP --slug NEW | --in-place SLUG`: an association from its backup."""

from argparse import ArgumentParser
from typing import Any

from saas.keeping.command_line import as_json, backup_at, identity_from, said_plainly
from saas.keeping.restoring import Restored, Source, restore_beside, restore_in_place
from saas.management.operator_command import OperatorCommand
from saas.staff.command_line import OPERATOR, need_association
from saas.tenancy.naming import clean_slug


class Command(OperatorCommand):
    """All or nothing; other associations are not touched."""

    help = (
        "Restore a backup under a new slug (suspended, to be looked at), or in the place of its association."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """From what, to where."""
        parser.add_argument("backup", help="the file; - reads standard input")
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument(
            "--slug", help="a slug that is free: beside the living one, or in another installation"
        )
        where.add_argument("--in-place", metavar="SLUG", help="the association to put back to the backup")
        parser.add_argument("--key", help="the file of the secret key, for a sealed backup")
        parser.add_argument("--open", action="store_true", help="with --slug: let owners in at once")
        parser.add_argument(
            "--keep-mails", action="store_true", help="send what waited, as for an association that moves"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Restore and print."""
        with said_plainly(), backup_at(options["backup"]) as path:
            source = Source(path=path, identity=identity_from(options["key"]))
            if options["in_place"]:
                restored = restore_in_place(
                    source,
                    association=need_association(options["in_place"]),
                    actor=OPERATOR,
                    keeps_mails=options["keep_mails"],
                )
            else:
                restored = restore_beside(
                    source,
                    slug=clean_slug(options["slug"]),
                    actor=OPERATOR,
                    is_open=options["open"],
                    keeps_mails=options["keep_mails"],
                )
        self.stdout.write(as_json(_said(restored)) if options["json"] else _sentence(restored))


def _said(restored: Restored) -> dict[str, Any]:
    backup, settled = restored.backup, restored.settled
    return {
        "slug": restored.association.slug,
        "id": str(restored.association.id),
        "state": restored.state,
        "made_at": backup.head.made_at,
        "rows": backup.rows,
        "files": backup.files,
        "sessions_ended": settled.sessions,
        "mails_withdrawn": settled.mails,
        "imports_interrupted": settled.batches,
        "domains_of_backup": list(backup.head.domains),
        "tables": {name: [table.rows, table.digest] for name, table in restored.tables.items()},
    }


def _sentence(restored: Restored) -> str:
    backup, settled = restored.backup, restored.settled
    return (
        f"{restored.association.slug}: restored as of {backup.head.made_at}, {backup.rows} rows, {backup.files} files, "
        f"{restored.state}\n"
        f"ended: {settled.sessions} sessions, {settled.mails} waiting mails, {settled.batches} imports under way"
    )
