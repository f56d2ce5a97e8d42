"""`manage.py issue_password_link EMAIL`: a single-use link where there is no mail, or where a phone is lost."""

import json
from argparse import ArgumentParser
from typing import Any

from saas.management.operator_command import OperatorCommand
from saas.staff.command_line import OPERATOR, issue_and_mail, need_staff
from saas.staff.models import LinkPurpose
from saas.staff.second_factor import remove_totp


class Command(OperatorCommand):
    """Prints the link; who runs it answers for whom it goes to."""

    help = "Issue a link that sets a new password once, within two hours (an invitation: seven days)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and whether the second factor goes."""
        parser.add_argument("email", help="the account")
        parser.add_argument("--invite", action="store_true", help="an invitation that lasts seven days")
        parser.add_argument(
            "--reset-second-factor",
            action="store_true",
            help="phone and recovery codes are lost: take both off",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Reset where asked, issue, print."""
        user = need_staff(options["email"])
        if options["reset_second_factor"]:
            remove_totp(actor=OPERATOR, user=user)
        purpose = LinkPurpose.INVITATION if options["invite"] else LinkPurpose.PASSWORD
        link = issue_and_mail(user, purpose)
        answer = {"email": user.email, "link": link}
        self.stdout.write(json.dumps(answer, ensure_ascii=False) if options["json"] else link)
