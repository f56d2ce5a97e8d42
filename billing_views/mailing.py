"""Having the mails sent that a request has caused: at once, not at the round of the workers."""

from associations.notifications.queries import is_mail_due, is_mail_set_up
from saas.jobs.actions import enqueue_job
from saas.jobs.models import JobKind
from saas.tenancy.switching import AssociationRef


def send_mail_soon(association: AssociationRef) -> None:
    """Ask a worker for it where something is due; inside the association."""
    if is_mail_set_up() and is_mail_due():
        enqueue_job(association=association, kind=JobKind.SEND_MAIL)
