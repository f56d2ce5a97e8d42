"""`manage.py issue_starter_password SLUG PERSON_CODE`: a starter password from the command line."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from associations.owners.actions import IssuedPassword, issue_starter_password, record_handover
from associations.owners.models import IssueMethod, StarterPasswordIssue
from associations.premises.models import Person
from saas.management.operator_command import OperatorCommand
from saas.staff.command_line import OPERATOR, need_association
from saas.tenancy.switching import enter_association


class Command(OperatorCommand):
    """Prints login and password once; who runs it answers for handing them over."""

    help = "Issue a starter password (hasło startowe) to a person; it is printed once and stored hashed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, and how."""
        parser.add_argument("slug", help="the association")
        parser.add_argument("person_code", help="the person's code in the accounting program")
        parser.add_argument("--new-login", action="store_true", help="replace the login, too")
        parser.add_argument("--received-by", default="", help="who received it, with identity checked")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Issue, record the handover if named, print."""
        slug, code = options["slug"], options["person_code"]
        with enter_association(need_association(slug)):
            person = Person.objects.filter(code=code, is_current=True).first()
            if person is None:
                raise CommandError(f"W „{slug}” nie ma osoby o kodzie {code}. / No person {code} in {slug}.")
            issued = issue_starter_password(
                actor=OPERATOR, person=person, new_login=options["new_login"], method=IssueMethod.IN_PERSON
            )
            if options["received_by"].strip():
                issue = StarterPasswordIssue.objects.get(pk=issued.issue_id)
                record_handover(
                    actor=OPERATOR, issue=issue, received_by=options["received_by"], is_identity_checked=True
                )
        self._print(slug, code, issued, is_json=options["json"])

    def _print(self, slug: str, code: str, issued: IssuedPassword, *, is_json: bool) -> None:
        expires_at = issued.expires_at.isoformat(timespec="seconds")
        if is_json:
            answer = {
                "slug": slug,
                "person_code": code,
                "login": issued.login,
                "password": issued.password,
                "expires_at": expires_at,
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        self.stdout.write(f"login:     {issued.login}")
        self.stdout.write(f"hasło:     {issued.grouped}")
        self.stdout.write(f"ważne do:  {expires_at}")
