"""Words about batches (paczki): the state as a pill, counts in Polish forms, phases of the work behind."""

import datetime as dt
from dataclasses import dataclass

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from associations.imports.models import BatchState
from billing_views.manager.batch_summary import BatchSummary
from billing_views.parts.formatting import format_day
from billing_views.parts.plurals import say_count
from billing_views.parts.tables import Cell, CellState

PILLS: dict[BatchState, CellState] = {
    BatchState.UPLOADED: "plain",
    BatchState.READING: "plain",
    BatchState.READY: "wait",
    BatchState.BLOCKED: "owed",
    BatchState.PUBLISHING: "plain",
    BatchState.PUBLISHED: "paid",
    BatchState.UNDOING: "plain",
    BatchState.UNDONE: "plain",
    BatchState.UNCHANGED: "plain",
    BatchState.REJECTED: "plain",
    BatchState.FAILED: "owed",
    BatchState.CANCELLED: "plain",
}


@dataclass(frozen=True, slots=True)
class Pill:
    """A state in words, with the colour that goes with them."""

    text: str
    state: CellState


def name_state(state: BatchState) -> str:
    """The state of a batch as the manager reads it."""
    return _(state.label)


def state_pill(state: BatchState) -> Pill:
    """The state with its colour."""
    return Pill(name_state(state), PILLS[state])


def state_cell(state: BatchState, note: str = "") -> Cell:
    """The state as a cell of a list, with a softer second line."""
    return Cell(name_state(state), None, PILLS[state], note)


def say_moment(instant: dt.datetime) -> str:
    """`02.11.2026, 14:05`."""
    here = localtime(instant)
    return f"{format_day(here.date())}, {here:%H:%M}"


def say_day(instant: dt.datetime) -> str:
    """`02.11.2026`."""
    return format_day(localtime(instant).date())


def say_rows(count: int) -> str:
    """`1 wiersz`, `2 wiersze`, `5 wierszy`."""
    return say_count(count, _("{n} wiersz"), _("{n} wiersze"), _("{n} wierszy"))


def say_entries(count: int) -> str:
    """`1 wpis`, `2 wpisy`, `5 wpisów`."""
    return say_count(count, _("{n} wpis"), _("{n} wpisy"), _("{n} wpisów"))


def say_errors(count: int) -> str:
    """`1 błąd`, `2 błędy`, `5 błędów`."""
    return say_count(count, _("{n} błąd"), _("{n} błędy"), _("{n} błędów"))


def say_warnings(count: int) -> str:
    """`1 ostrzeżenie`, `2 ostrzeżenia`, `5 ostrzeżeń`."""
    return say_count(count, _("{n} ostrzeżenie"), _("{n} ostrzeżenia"), _("{n} ostrzeżeń"))


def say_files(count: int) -> str:
    """`1 plik`, `2 pliki`, `5 plików`."""
    return say_count(count, _("{n} plik"), _("{n} pliki"), _("{n} plików"))


def say_premises(count: int) -> str:
    """`1 lokal`, `2 lokale`, `5 lokali`."""
    return say_count(count, _("{n} lokal"), _("{n} lokale"), _("{n} lokali"))


def say_problems(errors: int, warnings: int) -> str:
    """`3 błędy, 1 ostrzeżenie`; an empty text where there are none."""
    parts = ([say_errors(errors)] if errors else []) + ([say_warnings(warnings)] if warnings else [])
    return ", ".join(parts)


def label_publish(summary: BatchSummary) -> str:
    """What the button says: „Opublikuj 96 wpisów”; where a file only takes away, how much vanishes."""
    if summary.to_write or not summary.gone:
        return say_count(
            summary.to_write,
            _("Opublikuj {n} wpis"),
            _("Opublikuj {n} wpisy"),
            _("Opublikuj {n} wpisów"),
        )
    return say_count(
        summary.gone,
        _("Opublikuj zniknięcie {n} wpisu"),
        _("Opublikuj zniknięcie {n} wpisów"),
        _("Opublikuj zniknięcie {n} wpisów"),
    )
