"""`manage.py grant_manager EMAIL SLUG --role ROLE`: let an account work in an association."""

import datetime as dt
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from saas.management.operator_command import OperatorCommand
from saas.staff.command_line import OPERATOR, need_association, need_staff
from saas.staff.errors import StaffError
from saas.staff.granting import grant_access
from saas.staff.roles import EVERYONE, MANAGER


class Command(OperatorCommand):
    """Gives the role, or changes the one held."""

    help = "Give an account a role in an association (rola: manager, bookkeeper, office, reader)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, where, as what, for how long."""
        parser.add_argument("email", help="the account")
        parser.add_argument("slug", help="the association")
        parser.add_argument("--role", choices=EVERYONE, default=MANAGER, help="default: manager")
        parser.add_argument("--may-publish", action="store_true", help="lets a bookkeeper publish imports")
        parser.add_argument("--hours", type=float, help="the grant ends by itself; a must for an operator")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Grant and print."""
        user, association = need_staff(options["email"]), need_association(options["slug"])
        hours = options["hours"]
        expires_at = timezone.now() + dt.timedelta(hours=hours) if hours is not None else None
        try:
            grant = grant_access(
                actor=OPERATOR,
                user=user,
                association=association,
                role=options["role"],
                may_publish=options["may_publish"],
                expires_at=expires_at,
            )
        except StaffError as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            answer = {
                "email": user.email,
                "slug": association.slug,
                "role": grant.role,
                "may_publish": grant.may_publish,
                "expires_at": expires_at.isoformat(timespec="seconds") if expires_at else None,
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        self.stdout.write(f"{user.email}: {association.slug}, {grant.role}")
