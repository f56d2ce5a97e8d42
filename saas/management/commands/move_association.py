"""`manage.py move_association SLUG --there COMMAND`: to another installation; run again, it goes on where it stood."""

import shlex
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from saas.keeping.command_line import as_json, said_plainly
from saas.keeping.domains import list_hosts
from saas.keeping.moving import cancel_move, move_association, read_move
from saas.management.operator_command import OperatorCommand
from saas.staff.command_line import OPERATOR, need_association


class Command(OperatorCommand):
    """Copies while all goes on, lets nobody write here for the last copy, opens the doors there, archives here."""

    help = "Move an association to another installation, which is reached by a command for its manage.py."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which, where to."""
        parser.add_argument("slug", help="the association; it has the same slug there")
        parser.add_argument(
            "--there", help="for example 'ssh kartoteka@new.example /srv/kartoteka/manage.py'"
        )
        parser.add_argument(
            "--cancel", action="store_true", help="let people write here again; the copy stays"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take the steps that are left, and print."""
        association = need_association(options["slug"])
        with said_plainly():
            if options["cancel"]:
                move = cancel_move(association, actor=OPERATOR)
                self.stdout.write(f"{move.slug}: the move was cancelled after the step {move.step}")
                return
            there = shlex.split(options["there"] or "")
            if not there and read_move(association.slug) is None:
                raise CommandError("Name the other installation with --there.")
            say = (lambda _: None) if options["json"] else self.stdout.write
            move = move_association(association, there=there, actor=OPERATOR, say=say)
        own = [host.host for host in list_hosts(association) if host.is_verified][1:]
        if options["json"]:
            said = {
                "slug": move.slug,
                "step": move.step,
                "sha256": move.sha256,
                "rows": move.rows,
                "own_hosts": own,
            }
            self.stdout.write(as_json(said))
        else:
            self.stdout.write(
                f"{move.slug}: moved, {move.rows} rows; archived here. To do there: grants of staff"
            )
            self.stdout.writelines(
                f"and its host {host}: association_domains {move.slug} add" for host in own
            )
