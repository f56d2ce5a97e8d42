"""Entries of the audit log as Polish sentences. An act without a sentence here is shown by its code."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from associations.audit.models import AuditEntry
from billing_views.manager.batch_sentences import say_entries, say_files, say_premises

Details = Mapping[str, Any]
VALUE_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Act:
    """What happened, what it leads to, and its particulars."""

    text: str
    url: str | None = None
    detail: str = ""


def describe_act(entry: AuditEntry, slug: str) -> Act:
    """The sentence of an entry, with a link to the batch or person that it is about."""
    sentences = _sentences()
    text = sentences.get(entry.action) or _("Zdarzenie: {code}").format(code=entry.action)
    return Act(text=text, url=_address(entry, slug), detail=_say_details(entry))


def name_actor_kind(kind: str) -> str:
    """Who acts: a member of staff, an owner, an operator at the command line, the program."""
    return {
        "staff": _("pracownik"),
        "owner": _("właściciel"),
        "operator": _("operator"),
        "system": _("portal"),
    }.get(kind, kind)


# Acts that lead to one page whatever they are about.
_PAGES = {
    "import_profile": "importy/profile/",
    "year": "zamkniete-lata/",
    "fund_account": "ustawienia/rachunki/",
}


def _sentences() -> dict[str, str]:
    return {
        "import.uploaded": _("Wgrano pliki"),
        "import.asked_publishing": _("Zlecono publikację paczki"),
        "import.declared": _("Zapisano ustalenia do paczki"),
        "import.published": _("Opublikowano paczkę"),
        "import.asked_undoing": _("Zlecono cofnięcie publikacji"),
        "import.undone": _("Cofnięto publikację paczki"),
        "import.rejected": _("Odrzucono paczkę"),
        "import.cancelled": _("Anulowano pracę nad paczką"),
        "import.read_again": _("Zlecono ponowne sprawdzenie paczki"),
        "import.file_downloaded": _("Pobrano plik z paczki"),
        "import.corrected": _("Poprawiono wczytanie plików"),
        "import_profile.remembered": _("Zapamiętano profil wczytywania"),
        "import_profile.renamed": _("Zmieniono nazwę profilu wczytywania"),
        "import_profile.forgotten": _("Usunięto profil wczytywania"),
        "import_profile.shared": _("Udostępniono profil wczytywania"),
        "import_profile.received": _("Przyjęto profil wczytywania z innej wspólnoty lub spółdzielni"),
        "year.closed": _("Zamknięto rok"),
        "year.reopened": _("Otwarto zamknięty rok"),
        "profile.updated": _("Zmieniono ustawienia"),
        "fund_account.changed": _("Zmieniono rachunek bankowy funduszu"),
        "profile.logo_set": _("Wgrano nowy znak"),
        "profile.logo_removed": _("Usunięto znak"),
        "starter_password.issued": _("Wydano hasło startowe"),
        "starter_password.handed_over": _("Potwierdzono odbiór hasła startowego"),
        "password.changed": _("Właściciel zmienił hasło"),
        "sessions.ended": _("Zakończono sesje właściciela"),
        "session.ended": _("Właściciel wylogował urządzenie"),
        "account.deactivated": _("Zamknięto dostęp właściciela"),
        "totp.confirmed": _("Właściciel włączył kod z telefonu"),
        "totp.removed": _("Wyłączono właścicielowi kod z telefonu"),
        "recovery_codes.renewed": _("Właściciel utworzył kody zapasowe"),
        "recovery_code.used": _("Właściciel użył kodu zapasowego"),
        "email.asked": _("Właściciel podał adres e-mail"),
        "email.confirmed": _("Właściciel potwierdził adres e-mail"),
        "email.removed": _("Właściciel usunął adres e-mail"),
        "email.wishes_changed": _("Właściciel zmienił powiadomienia e-mail"),
        "email.unsubscribed": _("Właściciel zrezygnował z wiadomości e-mail"),
        "owner_token.created": _("Właściciel utworzył klucz osobisty"),
        "owner_token.revoked": _("Właściciel unieważnił klucz osobisty"),
        "holding.previewed": _("Obejrzano podgląd stron właściciela"),
        "data_copy.made": _("Właściciel pobrał kopię swoich danych"),
        "notices.ordered": _("Zlecono zawiadomienia o opłatach"),
        "notices.cancelled": _("Anulowano drukowanie zawiadomień o opłatach"),
        "notices.downloaded": _("Pobrano zawiadomienia o opłatach"),
        "grant.given": _("Nadano uprawnienia"),
        "grant.changed": _("Zmieniono uprawnienia"),
        "grant.revoked": _("Odebrano uprawnienia"),
        "association.created": _("Utworzono wspólnotę lub spółdzielnię"),
        "association.suspended": _("Wstrzymano portal"),
        "association.resumed": _("Wznowiono portal"),
        "association.read_only": _("Na czas przenosin pozwolono tylko czytać"),
        "association.archived": _("Zamknięto portal i przeniesiono dane do archiwum"),
        "association.unarchived": _("Wyjęto dane z archiwum"),
    }


def _address(entry: AuditEntry, slug: str) -> str | None:
    if entry.action.startswith("import.") and entry.target.isdigit():
        return f"/a/{slug}/importy/{entry.target}/"
    if entry.action == "holding.previewed" and entry.target.isdigit():
        return f"/a/{slug}/podglad/{entry.target}/kartoteka/"
    page = _PAGES.get(entry.action.partition(".")[0])
    if page:
        return f"/a/{slug}/{page}"
    kind, _colon, number = entry.target.partition(":")
    if kind == "person" and number.isdigit():
        return f"/a/{slug}/osoby/{number}/"
    return None


def _say_details(entry: AuditEntry) -> str:
    say = _DETAILS.get(entry.action)
    return say(entry.target, entry.details) if say else ""


def _say_upload(target: str, details: Details) -> str:
    return _("paczka {number}, {files}").format(number=target, files=say_files(details.get("files", 0)))


def _say_batch(target: str, details: Details) -> str:
    parts = [_("paczka {number}").format(number=target)]
    if details.get("rows"):
        parts.append(say_entries(details["rows"]))
    if details.get("left_out"):
        parts.append(_("pominięto {premises} z błędami").format(premises=say_premises(details["left_out"])))
    if details.get("without_premises_with_errors"):
        parts.append(_("bez lokali z błędami"))
    if details.get("accepts_renames"):
        parts.append(_("zmienione nazwiska potwierdzone jako poprawki"))
    return ", ".join(parts)


def _say_declared(target: str, details: Details) -> str:
    words = {
        "is_addition": _("dopisanie"),
        "adds_again": _("ten sam plik dopisany jeszcze raz"),
        "closes_undated_titles": _("potwierdzone tytuły bez daty"),
        "ends_missing_titles": _("zakończone tytuły, których plik nie podaje"),
    }
    parts = [_say_batch(target, {}), *(text for name, text in words.items() if details.get(name))]
    if details.get("correction"):
        parts.append(_("poprawki nazwisk: {n}").format(n=details["correction"]))
    if details.get("other"):
        parts.append(_("inne osoby pod znanym kodem: {n}").format(n=details["other"]))
    return ", ".join(parts)


def _say_year(target: str, details: Details) -> str:
    return f"{target}, {details['reason']}" if details.get("reason") else target


def _say_file(target: str, details: Details) -> str:
    return _("paczka {number}, plik {file}").format(number=target, file=details.get("file", ""))


def _say_settings(_target: str, details: Details) -> str:
    changes = details.get("fields", {})
    return "; ".join(_say_change(name, change) for name, change in changes.items())


def _say_change(name: str, change: Mapping[str, Any]) -> str:
    label = _field_labels().get(name, name)
    if "after" not in change:
        return label
    return _("{field}: było „{before}”, jest „{after}”").format(
        field=label, before=_say_value(change.get("before")), after=_say_value(change["after"])
    )


def _say_account(target: str, details: Details) -> str:
    none = _("brak")
    return _("{field}: było „{before}”, jest „{after}”").format(
        field=details.get("name", target),
        before=details.get("before") or none,
        after=details.get("after") or none,
    )


def _say_value(value: Any) -> str:
    if isinstance(value, bool):
        return _("tak") if value else _("nie")
    text = str(value)
    return text if len(text) <= VALUE_SHOWN else f"{text[:VALUE_SHOWN]}…"


def _field_labels() -> dict[str, str]:
    return {
        "brand_color": _("Kolor"),
        "privacy_text": _("Dopisek do strony „Prywatność”"),
        "accessibility_text": _("Dopisek do deklaracji dostępności"),
        "name": _("Pełna nazwa"),
        "nip": _("NIP"),
        "due_day": _("Dzień płatności"),
        "office_address": _("Adres biura"),
        "office_hours": _("Godziny otwarcia"),
        "office_phone": _("Telefon"),
        "office_email": _("E-mail"),
        "information_text": _("Tekst zakładki „Informacje”"),
        "allows_letters_by_post": _("Hasła startowe listem"),
        "balance_includes_interest": _("Saldo zawiera odsetki"),
    }


def _say_issue(_target: str, details: Details) -> str:
    method = {"in_person": _("osobiście w biurze"), "letter": _("listem")}.get(details.get("method", ""), "")
    parts = [method] if method else []
    if details.get("is_login_new"):
        parts.append(_("z nowym loginem"))
    return ", ".join(parts)


def _say_handover(_target: str, details: Details) -> str:
    return _("tożsamość sprawdzona") if details.get("is_identity_checked") else ""


def _say_grant(target: str, details: Details) -> str:
    role = {
        "manager": _("zarządca"),
        "bookkeeper": _("księgowość"),
        "office": _("biuro"),
        "reader": _("wgląd"),
    }.get(details.get("role", ""), "")
    return f"{target}, {role}" if role else target


_DETAILS: dict[str, Callable[[str, Details], str]] = {
    "import.uploaded": _say_upload,
    "import.asked_publishing": _say_batch,
    "import.published": _say_batch,
    "import.asked_undoing": _say_batch,
    "import.undone": _say_batch,
    "import.rejected": _say_batch,
    "import.corrected": _say_batch,
    "import.declared": _say_declared,
    "import.file_downloaded": _say_file,
    "year.closed": _say_year,
    "year.reopened": _say_year,
    "profile.updated": _say_settings,
    "fund_account.changed": _say_account,
    "starter_password.issued": _say_issue,
    "starter_password.handed_over": _say_handover,
    "grant.given": _say_grant,
    "grant.changed": _say_grant,
    "grant.revoked": _say_grant,
}
