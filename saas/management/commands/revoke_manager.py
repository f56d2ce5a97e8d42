"""`manage.py revoke_manager EMAIL SLUG`: an account no longer works in an association, from the next request on."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from saas.management.operator_command import OperatorCommand
from saas.staff.command_line import OPERATOR, need_association, need_staff
from saas.staff.errors import StaffError
from saas.staff.granting import revoke_access


class Command(OperatorCommand):
    """Takes the grant; the account stays."""

    help = "Take an account's grant in an association away."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who and where."""
        parser.add_argument("email", help="the account")
        parser.add_argument("slug", help="the association")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Revoke and print."""
        user, association = need_staff(options["email"]), need_association(options["slug"])
        try:
            revoke_access(actor=OPERATOR, user=user, association=association)
        except StaffError as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            self.stdout.write(json.dumps({"email": user.email, "slug": association.slug, "revoked": True}))
            return
        self.stdout.write(f"{user.email}: {association.slug}, –")
