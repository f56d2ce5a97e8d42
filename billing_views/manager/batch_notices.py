"""The sentences at the top of a batch's page: what happened to it and what follows."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from associations.imports.cancelling import CANCELLED_NOTES
from associations.imports.models import BatchState, ImportBatch, Publication
from billing_views.manager.batch_sentences import (
    say_entries,
    say_errors,
    say_moment,
    say_premises,
    say_warnings,
)
from billing_views.manager.batch_summary import BatchSummary
from billing_views.parts.notices import Notice
from billing_views.parts.plurals import say_count

CODES_SHOWN = 10


def batch_notices(
    batch: ImportBatch,
    summary: BatchSummary,
    published: Publication | None,
    undone: Publication | None,
    *,
    url: str,
) -> tuple[Notice, ...]:
    """What to say first; a failure of the last attempt stands before everything."""
    state = BatchState(batch.state)
    found = [_say_failure(batch.failure)] if batch.failure else []
    if state == BatchState.FAILED and not batch.failure:
        found.append(Notice(_("Sprawdzanie zostało przerwane."), _unharmed(), "bad"))
    if state == BatchState.BLOCKED:
        found.append(_say_blocked(batch, summary, url))
    if state == BatchState.READY:
        found.extend(_say_ready(batch, summary, url))
    if state == BatchState.PUBLISHED and published:
        found.append(_say_published(published, summary))
    if state == BatchState.UNDONE and undone:
        text = _("Cofnięto {when}, {who}. Właściciele widzą dane sprzed tej paczki.")
        found.append(
            Notice(_("Publikacja cofnięta."), text.format(when=say_moment(undone.at), who=undone.by_name))
        )
    if state == BatchState.UNCHANGED:
        found.append(Notice(_("Nic się nie zmieniło:"), _("te same dane są już opublikowane.")))
    if state == BatchState.CANCELLED:
        text = _("Nic z niej nie zostało opublikowane. Pliki zostały: można je sprawdzić ponownie.")
        found.append(Notice(_("Sprawdzanie anulowane."), text))
    if state == BatchState.REJECTED:
        found.append(Notice(_("Paczka odrzucona."), _("Nic z niej nie zostało opublikowane.")))
    return tuple(found)


def _say_failure(failure: str) -> Notice:
    """What came of the last attempt; one that a person called off is no failure."""
    if failure in CANCELLED_NOTES:
        return Notice(_("Anulowano."), _(failure))
    return Notice(_("Nie udało się."), _(failure), "bad")


def _unharmed() -> str:
    return _("Dotychczasowe dane pozostają bez zmian. Wgraj pliki jeszcze raz.")


def _say_blocked(batch: ImportBatch, summary: BatchSummary, url: str) -> Notice:
    text = _("Popraw dane w programie księgowym i wgraj pliki ponownie.")
    if summary.can_publish_without:
        text += " " + say_count(
            len(summary.premises_with_errors),
            _("Możesz też opublikować dane bez {n} lokalu z błędami: jego dotychczasowe dane pozostaną."),
            _("Możesz też opublikować dane bez {n} lokali z błędami: ich dotychczasowe dane pozostaną."),
            _("Możesz też opublikować dane bez {n} lokali z błędami: ich dotychczasowe dane pozostaną."),
        )
    title = _("Nie można opublikować: {errors}.").format(errors=say_errors(batch.error_count))
    return Notice(title, text, "bad", f"{url}problemy.csv", _("Pobierz opis błędów (CSV)"))


def _say_ready(batch: ImportBatch, summary: BatchSummary, url: str) -> list[Notice]:
    found = []
    if batch.warning_count:
        title = _("Sprawdź przed publikacją: {warnings}.").format(warnings=say_warnings(batch.warning_count))
        text = _("Ostrzeżenia nie wstrzymują publikacji.")
        found.append(Notice(title, text, "info", f"{url}problemy.csv", _("Pobierz listę (CSV)")))
    if summary.gone:
        title = say_count(
            summary.gone,
            _("Zniknie {n} wpis, którego nie ma w plikach."),
            _("Znikną {n} wpisy, których nie ma w plikach."),
            _("Zniknie {n} wpisów, których nie ma w plikach."),
        )
        text = _("Dotyczy tylko okresu i zakresu tych plików; cofnięcie publikacji je przywróci.")
        found.append(Notice(title, text))
    return found


def _say_published(published: Publication, summary: BatchSummary) -> Notice:
    text = _("Właściciele widzą te dane od {when}. Publikacja: {who}.").format(
        when=say_moment(published.at), who=published.by_name
    )
    left_out: Sequence[str] = published.left_out
    # With premises left out the count of the preview is not what was written.
    is_counted = summary.to_write and not left_out
    title = _("Opublikowano {entries}.").format(entries=say_entries(summary.to_write)) if is_counted else ""
    if left_out:
        codes = ", ".join(left_out[:CODES_SHOWN]) + ("…" if len(left_out) > CODES_SHOWN else "")
        text += " " + _("Pominięto {premises} z błędami: {codes}.").format(
            premises=say_premises(len(left_out)), codes=codes
        )
    return Notice(title or _("Opublikowano."), text, "good")
