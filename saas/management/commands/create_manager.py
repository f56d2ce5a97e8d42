"""`manage.py create_manager EMAIL --name NAME`: an account of staff; grant_manager then opens associations."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from saas.management.operator_command import OperatorCommand
from saas.staff.actions import create_staff
from saas.staff.command_line import OPERATOR, issue_and_mail, read_password
from saas.staff.errors import StaffError
from saas.staff.models import LinkPurpose


class Command(OperatorCommand):
    """Without a password on standard input it prints an invitation link (and mails it where mail is set up)."""

    help = "Create an account for a manager (zarządca) or a worker; without a grant it opens nothing."
    is_operator = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and how the first password comes about."""
        parser.add_argument("email", help="signs in with it")
        parser.add_argument("--name", required=True, help="as colleagues and logs show it")
        how = parser.add_mutually_exclusive_group()
        how.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input"
        )
        how.add_argument("--invite", action="store_true", help="print an invitation link (the default)")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Create, invite, print."""
        password = read_password() if options["password_stdin"] else None
        try:
            user = create_staff(
                actor=OPERATOR,
                email=options["email"],
                name=options["name"],
                password=password,
                is_operator=self.is_operator,
            )
        except StaffError as error:
            raise CommandError(str(error)) from None
        link = None if password is not None else issue_and_mail(user, LinkPurpose.INVITATION)
        if options["json"]:
            answer = {"id": str(user.id), "email": user.email, "name": user.name, "invitation": link}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        self.stdout.write(f"konto / account: {user.email}")
        if link:
            self.stdout.write(f"zaproszenie / invitation (7 dni / days): {link}")
