"""The handler of SEND_MAIL: the association's due mails, one by one, through Django's mail backend.

A mail is claimed and committed before it is handed over, so that a worker killed in between does not send it twice
(docs/decisions.md). One job sends MAILS_AT_ONCE at most and asks for another, so that imports wait for no mailing.
"""

import logging
import smtplib
from email.utils import formataddr, parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone, translation

from associations.notifications.calculations import RETRY_PAUSES
from associations.notifications.queries import WISHES, is_mail_due, is_mail_set_up
from associations.notifications.sending import (
    Envelope,
    claim_mail,
    forget_dead_runs,
    give_up,
    leave_unknown,
    mark_sent,
    put_all_off,
    put_back,
)
from associations.notifications.texts import Letter, Portal, compose
from associations.notifications.tokens import confirmation_token, sign_unsubscription
from associations.profile.models import AssociationProfile
from associations.profile.queries import current_profile
from saas.jobs.actions import enqueue_job
from saas.jobs.models import JobKind
from saas.tenancy.hosts import primary_host
from saas.tenancy.switching import AssociationRef
from workers.jobs import JobContext

logger = logging.getLogger(__name__)
MAILS_AT_ONCE = 200
SERVER_PAUSE = RETRY_PAUSES[1]
PERMANENT = 500
"""Answers of a mail server from here on mean: never."""
HANGS_UP = 421
"""With this answer the server ends the conversation (RFC 5321, 3.8): nothing more goes over this line."""


def send_mail(context: JobContext) -> None:
    """Send what is due, and ask for another job where something is left."""
    with context.holding():
        forget_dead_runs()
    is_left = is_mail_set_up() and _send_some(context)
    with context.finishing():
        if is_left and is_mail_due():
            enqueue_job(association=context.association, kind=JobKind.SEND_MAIL)


def _send_some(context: JobContext) -> bool:
    """Send up to MAILS_AT_ONCE; False where no mail server answers."""
    if not is_mail_due():
        return False
    server = get_connection()
    try:
        server.open()
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("no mail server answers (%s)", type(error).__name__)
        now = timezone.now()
        with context.holding():
            put_all_off(until=now + SERVER_PAUSE, now=now)
        return False
    try:
        return _send_with(context, server)
    finally:
        server.close()


def _send_with(context: JobContext, server: BaseEmailBackend) -> bool:
    profile, home = current_profile(), _home_of(context.association)
    for _ in range(MAILS_AT_ONCE):
        context.check()
        with context.holding():
            envelope = claim_mail(now=timezone.now())
        if envelope is None:
            return False
        if not _hand_over(context, server, envelope, _write(envelope, profile, home)):
            # The line is dead: what is left is for the next job.
            return True
    return True


def _hand_over(
    context: JobContext, server: BaseEmailBackend, envelope: Envelope, message: EmailMessage
) -> bool:
    """Give the mail to the server and write down what became of it; whether the line still stands."""
    try:
        server.send_messages([message])
    except OSError as error:  # smtplib's exceptions, too
        if isinstance(error, (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)):
            return _take_refusal(context, envelope, error) != HANGS_UP
        # No answer: it may have been taken.
        with context.holding():
            leave_unknown(envelope, failure=type(error).__name__)
        return False
    except ValueError as error:
        # Raised before a word is said: headers that cannot be written, as of an address that no program reads.
        with context.holding():
            give_up(envelope, failure=type(error).__name__)
        return True
    with context.holding():
        mark_sent(envelope)
    return True


def _take_refusal(
    context: JobContext,
    envelope: Envelope,
    error: smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused,
) -> int:
    """The server said no: for ever from 500 on, else for now. Its answer."""
    if isinstance(error, smtplib.SMTPResponseException):
        code = error.smtp_code
    else:
        code = max(answer[0] for answer in error.recipients.values())
    with context.holding():
        if code >= PERMANENT:
            give_up(envelope, failure=f"smtp_{code}")
        else:
            put_back(envelope, failure=f"smtp_{code}", now=timezone.now())
    return int(code)


def _write(envelope: Envelope, profile: AssociationProfile, home: str) -> EmailMessage:
    """The mail in the account's language, with the headers by which programs unsubscribe (RFC 8058)."""
    kinds = [kind for kind in envelope.kinds if kind in WISHES]
    unsubscribe = (
        f"{home}/e-mail/wypisz/{sign_unsubscription(envelope.account_id, kinds)}/" if kinds else None
    )
    confirm = (
        f"{home}/e-mail/potwierdz/{confirmation_token(envelope.confirmation_id)}/"
        if envelope.confirmation_id
        else None
    )
    # A name in two lines would be a header of its own.
    name = " ".join(profile.name.split())
    portal = Portal(name, home, f"{home}/konto/powiadomienia/", unsubscribe, confirm)
    with translation.override(envelope.language or settings.LANGUAGE_CODE):
        letter: Letter = compose(envelope, portal)
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    domain = sender.rpartition("@")[2] or "localhost"
    headers = {
        "Auto-Submitted": "auto-generated",
        # The same for every try of the same mail.
        "Message-ID": f"<{envelope.message_ids[0]}.{envelope.account_id.hex}@{domain}>",
    }
    if unsubscribe:
        headers |= {
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return EmailMessage(
        letter.subject,
        letter.body,
        formataddr((name, sender)),
        [envelope.address],
        headers=headers,
        reply_to=[profile.office_email] if profile.office_email else None,
    )


def _home_of(association: AssociationRef) -> str:
    """The association's first host at the scheme and port of the platform; no slash at the end."""
    platform = urlsplit(settings.APEX_URL)
    port = f":{platform.port}" if platform.port else ""
    return f"{platform.scheme}://{primary_host(association)}{port}"
