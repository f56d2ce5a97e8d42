"""What the mails say, in the language that is active. No amounts, no addresses of premises, no names of people.

Plain text on purpose: nothing is loaded, nothing is hidden behind a link's words, and every program shows it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from associations.notifications.calculations import WARSAW
from associations.notifications.models import MessageKind
from associations.notifications.sending import Envelope, Told


@dataclass(frozen=True, slots=True)
class Portal:
    """The association as a mail names it, and the addresses that the mail carries."""

    association: str
    url: str
    wishes_url: str
    # None where the mail is not one of those that are asked for.
    unsubscribe_url: str | None = None
    confirm_url: str | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """Subject and body."""

    subject: str
    body: str


def compose(envelope: Envelope, portal: Portal) -> Letter:
    """The mail for a claimed envelope."""
    subject = _subject(envelope.kinds)
    paragraphs = [_("Dzień dobry,"), *_say(envelope.told, portal), *_footer(portal)]
    return Letter(subject, "\n\n".join(paragraphs) + "\n")


def _subject(kinds: Sequence[MessageKind]) -> str:
    if set(kinds) == {MessageKind.NEW_DATA, MessageKind.DUE_DAY}:
        return _("Nowe dane w portalu i zbliżający się termin płatności")
    return {
        MessageKind.CONFIRM_ADDRESS: _("Potwierdź adres e-mail"),
        MessageKind.ADDRESS_CHANGED: _("Zmieniono adres e-mail w portalu"),
        MessageKind.PASSWORD_CHANGED: _("Zmieniono hasło do portalu"),
        MessageKind.NEW_DEVICE: _("Logowanie z nowego urządzenia"),
        MessageKind.NEW_DATA: _("Nowe dane w portalu"),
        MessageKind.DUE_DAY: _("Zbliża się termin płatności"),
    }[kinds[0]]


def _say(told: Sequence[Told], portal: Portal) -> list[str]:
    if told[0].kind in {MessageKind.NEW_DATA, MessageKind.DUE_DAY}:
        return _say_digest(told, portal)
    details = told[0].details
    return {
        MessageKind.CONFIRM_ADDRESS: _say_confirmation,
        MessageKind.ADDRESS_CHANGED: _say_address,
        MessageKind.PASSWORD_CHANGED: _say_password,
        MessageKind.NEW_DEVICE: _say_device,
    }[told[0].kind](details, portal)


def _say_digest(told: Sequence[Told], portal: Portal) -> list[str]:
    words = _dataset_words()
    datasets = {name for one in told for name in one.details.get("datasets", ())}
    said = []
    if any(one.kind == MessageKind.NEW_DATA for one in told):
        names = ", ".join(label for name, label in words.items() if name in datasets)
        said.append(_("w portalu opublikowano nowe dane: %(what)s.") % {"what": names})
    days = sorted(one.details["day"] for one in told if one.kind == MessageKind.DUE_DAY)
    said += [
        _("termin płatności przypada %(day)s.") % {"day": _say_day(dt.date.fromisoformat(day))}
        for day in days
    ]
    if days:
        said.append(_("Jeżeli płatność została już zlecona, nie trzeba nic robić."))
    said.append(_("Kwoty i szczegóły zobaczysz w portalu po zalogowaniu:") + f"\n{portal.url}/start/")
    return said


def _say_confirmation(_details: dict[str, Any], portal: Portal) -> list[str]:
    return [
        _("ktoś, zapewne Ty, podał ten adres e-mail w portalu: %(name)s.") % {"name": portal.association},
        _(
            "Żeby go potwierdzić, otwórz ten adres i naciśnij przycisk. Link działa raz i wygasa po 48 godzinach:"
        )
        + f"\n{portal.confirm_url}",
        _("Jeśli to nie Ty, nic nie rób: bez potwierdzenia nic tu nie wyślemy."),
    ]


def _say_address(details: dict[str, Any], portal: Portal) -> list[str]:
    if details.get("is_removed"):
        what = _("%(moment)s usunięto ten adres e-mail z konta w portalu. Nic więcej tu nie wyślemy.")
    else:
        what = _(
            "%(moment)s w portalu podano i potwierdzono inny adres e-mail. Na ten nic więcej nie wyślemy."
        )
    return [what % {"moment": _say_moment(details["at"])}, _warn(portal)]


def _say_password(details: dict[str, Any], portal: Portal) -> list[str]:
    what = _("%(moment)s zmieniono hasło do Twojego konta w portalu.")
    return [what % {"moment": _say_moment(details["at"])}, _warn(portal)]


def _say_device(details: dict[str, Any], portal: Portal) -> list[str]:
    device = details.get("device") or _("nieznane urządzenie")
    what = _("%(moment)s zalogowano się na Twoje konto z nowego urządzenia: %(device)s.")
    return [what % {"moment": _say_moment(details["at"]), "device": device}, _warn(portal)]


def _warn(portal: Portal) -> str:
    warning = _(
        "Jeśli to nie Ty, zmień hasło i wyloguj inne urządzenia w ustawieniach konta, a jeśli nie możesz się"
        " zalogować, zgłoś to w biurze:"
    )
    return f"{warning}\n{portal.url}/konto/"


def _footer(portal: Portal) -> list[str]:
    lines = [
        _("Nigdy nie prosimy e-mailem o hasło, dane karty ani o przelew na inny rachunek."),
        f"-- \n{portal.association}\n{portal.url}",
    ]
    if portal.unsubscribe_url:
        lines.append(
            _("Nie przysyłajcie takich wiadomości:")
            + f"\n{portal.unsubscribe_url}\n"
            + _("Ustawienia powiadomień:")
            + f"\n{portal.wishes_url}"
        )
    return lines


def _dataset_words() -> dict[str, str]:
    return {
        "charges": _("naliczenia opłat"),
        "postings": _("księgowania"),
        "balances": _("salda"),
        "readings": _("odczyty liczników"),
        "settlements": _("rozliczenia mediów"),
    }


def _say_day(day: dt.date) -> str:
    return f"{day:%d.%m.%Y}"


def _say_moment(text: str) -> str:
    return f"{dt.datetime.fromisoformat(text).astimezone(WARSAW):%d.%m.%Y, %H:%M}"
