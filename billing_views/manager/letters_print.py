"""From issued passwords to a PDF: the letterhead from the association's profile, the portal's address, the people."""

import datetime as dt
from collections.abc import Sequence

from django.utils import translation
from django.views.decorators.debug import sensitive_variables

from associations.owners.actions import IssuedPassword
from associations.owners.recipients import recipients_of
from associations.premises.models import Person
from billing_views.manager.entry import StaffRequest
from billing_views.manager.people_table import format_moment_day
from billing_views.parts.formatting import format_day_words
from billing_views.printouts.starter_letter import Letter, LetterHead, print_letters
from saas.tenancy.hosts import primary_host


@sensitive_variables()
def print_issued(
    request: StaffRequest, people: Sequence[Person], issued: Sequence[IssuedPassword], *, today: dt.date
) -> bytes:
    """Letters in the order of `issued`; each holds the data of its person alone."""
    recipients = recipients_of(people, today=today)
    letters = [
        Letter(
            name=recipients[one.person_id].name,
            address=recipients[one.person_id].address,
            premises=recipients[one.person_id].premises,
            login=one.login,
            password=one.grouped,
            valid_until=format_moment_day(one.expires_at),
        )
        for one in issued
    ]
    return print_letters(_head(request, today), letters)


def portal_url(request: StaffRequest) -> str:
    """Where owners of the association sign in: its first host, at the scheme and port of this request."""
    port = request.get_host().rpartition(":")[2]
    host = primary_host(request.association)
    return f"{request.scheme}://{host}" + (f":{port}" if port.isdigit() else "")


def _head(request: StaffRequest, today: dt.date) -> LetterHead:
    profile = request.profile
    with translation.override("pl"):
        written_on = format_day_words(today)
    return LetterHead(
        association=profile.name,
        is_cooperative=profile.is_cooperative,
        office_address=profile.office_address,
        office_hours=profile.office_hours,
        office_phone=profile.office_phone,
        office_email=profile.office_email,
        portal_url=portal_url(request),
        written_on=written_on,
    )
