"""`manage.py suspend_association SLUG [--resume]`: close or open the doors of an association."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction

from associations.profile.models import AssociationState
from associations.profile.queries import current_profile
from associations.profile.suspension import resume_association, suspend_association
from saas.jobs.actions import wake_jobs
from saas.management.operator_command import OperatorCommand
from saas.staff.command_line import OPERATOR, need_association
from saas.tenancy.switching import enter_association


class Command(OperatorCommand):
    """Takes effect with the next request; nothing is lost, and jobs wait until the doors open again."""

    help = "Suspend an association, or with --resume let it in again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which, and in what direction."""
        parser.add_argument("slug", help="the association")
        parser.add_argument("--resume", action="store_true", help="open the doors again")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Act and print."""
        slug, is_resumed = options["slug"], options["resume"]
        association = need_association(slug)
        with transaction.atomic(), enter_association(association):
            if current_profile().state == AssociationState.ARCHIVED:
                raise CommandError(f"{slug} is archived: archive_association {slug} --undo comes first.")
            if current_profile().state == AssociationState.READ_ONLY:
                raise CommandError(f"{slug} is being moved: move_association {slug} --cancel comes first.")
            change = resume_association if is_resumed else suspend_association
            is_changed = change(actor=OPERATOR)
            if is_resumed:
                wake_jobs(association=association)
        state = "active" if is_resumed else "suspended"
        if options["json"]:
            self.stdout.write(json.dumps({"slug": slug, "state": state, "changed": is_changed}))
        else:
            self.stdout.write(f"{slug}: {state}{'' if is_changed else ' already'}")
