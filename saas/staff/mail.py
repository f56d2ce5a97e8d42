"""Letters to staff (listy e-mail): the link for a forgotten password, and invitations."""

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _

from saas.staff.models import LinkPurpose, StaffUser


def can_send() -> bool:
    """Whether a mail server is configured; else operator commands print the links."""
    return bool(settings.EMAIL_HOST)


def send_link(*, user: StaffUser, purpose: LinkPurpose, address: str) -> None:
    """Send the link in the language that is active; raises what the mail server answers."""
    if purpose == LinkPurpose.INVITATION:
        subject = _("Zaproszenie do Otwartej Kartoteki")
        reason = _("Utworzono dla Ciebie konto w Otwartej Kartotece. Ustaw hasło w ciągu 7 dni:")
    else:
        subject = _("Nowe hasło do Otwartej Kartoteki")
        reason = _("Ktoś, zapewne Ty, prosi o nowe hasło do Otwartej Kartoteki. Ustaw je w ciągu 2 godzin:")
    ending = _("Link działa raz. Jeśli to nie Ty, nic nie rób: dotychczasowe hasło nadal obowiązuje.")
    send_mail(subject, f"{reason}\n\n{address}\n\n{ending}\n", None, [user.email])
