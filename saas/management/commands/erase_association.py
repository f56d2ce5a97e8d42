"""`manage.py erase_association SLUG`: an association is gone for good; a certificate says what it was."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from saas.keeping.command_line import as_json, said_plainly
from saas.keeping.erasing import erase_association, find_certificate, finish_erasure
from saas.keeping.models import ErasureCertificate
from saas.management.operator_command import OperatorCommand
from saas.staff.command_line import OPERATOR, need_association
from saas.tenancy.models import Association


class Command(OperatorCommand):
    """Asks for the slug once more. Run again, it ends what was left and prints the certificate anew."""

    help = "Erase a suspended or archived association: tables, files, grants, hosts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which, and the word that it is meant."""
        parser.add_argument("slug", help="the association")
        parser.add_argument("--confirm", help="the slug once more, where nobody can be asked")
        parser.add_argument("--with-backups", action="store_true", help="delete its backups, too")
        parser.add_argument("--json", action="store_true", help="print the certificate as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, erase, print."""
        slug = options["slug"]
        with said_plainly():
            certificate = None if Association.objects.filter(slug=slug).exists() else find_certificate(slug)
            if certificate:
                finish_erasure(certificate, deletes_backups=options["with_backups"])
            else:
                association = need_association(slug)
                self._ask(slug, options["confirm"])
                certificate = erase_association(
                    association, actor=OPERATOR, deletes_backups=options["with_backups"]
                )
        self.stdout.write(as_json(_said(certificate)) if options["json"] else _sentences(certificate))

    def _ask(self, slug: str, confirmed: str | None) -> None:
        if confirmed is None:
            self.stderr.write(f"Everything of {slug} will be erased. Type its slug to confirm: ", ending="")
            self.stderr.flush()
            confirmed = sys.stdin.readline().strip()
        if confirmed != slug:
            raise CommandError("The slug differs: nothing was erased.")


def _said(row: ErasureCertificate) -> dict[str, Any]:
    return {
        "certificate": str(row.id),
        "association": str(row.association_id),
        "slug": row.slug,
        "name": row.name,
        "schema": row.schema_name,
        "erased_at": row.erased_at.isoformat(),
        "by": row.by_name,
        "tables": row.tables,
        "shared_rows": row.shared_rows,
        "domains": row.domains,
        "files": row.file_count,
        "file_bytes": row.file_bytes,
        "last_backup_sha256": row.last_backup_sha256,
        "backups_kept": row.backups_kept,
        "backups_deleted": row.backups_deleted,
    }


def _sentences(row: ErasureCertificate) -> str:
    lines = [
        f"Certificate {row.id}: {row.slug} ({row.name}) was erased at {row.erased_at.isoformat()} by {row.by_name}.",
        f"{sum(row.tables.values())} rows of {len(row.tables)} tables, {row.file_count} files of {row.file_bytes} bytes,",
        f"hosts: {', '.join(row.domains) or 'none'}.",
        *(f"{name}: {rows} rows" for name, rows in row.tables.items() if rows),
        f"SHA-256 of the last backup: {row.last_backup_sha256 or 'there was none'}",
        *(f"A backup is kept: {path}" for path in row.backups_kept),
        *(f"A backup was deleted: {path}" for path in row.backups_deleted),
    ]
    return "\n".join(lines)
