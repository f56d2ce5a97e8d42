"""The only way a page gets a person or an issue of a starter password: missing and undone give the same 404."""

from django.http import Http404

from associations.owners.models import StarterPasswordIssue
from associations.premises.models import Person


def open_person(person_id: int) -> Person:
    """A current person of the association that the connection points at, with the account if there is one."""
    person = Person.objects.select_related("account").filter(pk=person_id, is_current=True).first()
    if person is None:
        raise Http404
    return person


def open_issue(person_id: int, issue_id: int) -> StarterPasswordIssue:
    """An issue of that person's account."""
    issue = StarterPasswordIssue.objects.filter(pk=issue_id, account__person_id=person_id).first()
    if issue is None:
        raise Http404
    return issue
