"""What the operator commands about staff share: who acts, how accounts and associations are named, links."""

import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from associations.audit.actors import Actor
from saas.staff.actions import issue_link
from saas.staff.mail import can_send, send_link
from saas.staff.models import LinkPurpose, StaffUser
from saas.staff.queries import find_staff
from saas.tenancy.models import Association
from saas.tenancy.switching import AssociationRef

OPERATOR = Actor(kind="operator", id=None, name="operator")


def need_staff(email: str) -> StaffUser:
    """The account with this e-mail; raises CommandError."""
    user = find_staff(email)
    if user is None:
        raise CommandError(f"Nie ma konta {email}. / There is no account {email}.")
    return user


def need_association(slug: str) -> AssociationRef:
    """The association with this slug; raises CommandError."""
    row = Association.objects.filter(slug=slug).first()
    if row is None:
        raise CommandError(f"Nie ma spółdzielni ani wspólnoty „{slug}”. / There is no association {slug}.")
    return AssociationRef(id=row.id, slug=str(row.slug), schema_name=str(row.schema_name))


def read_password() -> str:
    """The first line of standard input where it is good enough for a password; raises CommandError."""
    password = sys.stdin.readline().rstrip("\r\n")
    try:
        validate_password(password)
    except ValidationError as error:
        raise CommandError("Hasło / password: " + " ".join(error.messages)) from None
    return password


def issue_and_mail(user: StaffUser, purpose: LinkPurpose) -> str:
    """A link for the account, mailed where a mail server is configured; its address is returned either way."""
    address = issue_link(actor=OPERATOR, user=user, purpose=purpose)
    if can_send():
        try:
            send_link(user=user, purpose=purpose, address=address)
        except OSError as error:
            print(f"List nie został wysłany / not mailed: {error}", file=sys.stderr)  # noqa: T201 - a command
    return address
