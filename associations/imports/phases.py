"""The phases of a batch's work in words, how far one is and how long it will still take. Pure."""

import datetime as dt
from typing import Protocol

from django.utils.translation import gettext as _

from associations.imports.models import BatchState

RUNNING_STATES = (BatchState.UPLOADED, BatchState.READING, BatchState.PUBLISHING, BatchState.UNDOING)
"""A worker has something to do with the batch."""
CANCELLING = "cancelling"
"""The phase between a cancellation and the moment in which the worker has stopped."""

# A phase's own speed says nothing before so many seconds of it, or so small a share, have passed.
LEAST_SECONDS = 1.5
LEAST_SHARE = 0.02
STEP_SECONDS = 5
MINUTE, TWO_MINUTES = 60, 120


class Progressing(Protocol):
    """What an ImportBatch says of its work."""

    state: str
    phase: str
    phase_started_at: dt.datetime | None
    progress_done: int
    progress_total: int
    progress_rows: int


def name_phase(state: BatchState, phase: str) -> str:
    """What the worker does now, as the manager reads it; an unknown phase falls back on the state."""
    known = {
        "reading": _("Wczytywanie plików"),
        "checking": _("Sprawdzanie wierszy"),
        "comparing": _("Porównywanie z tym, co jest opublikowane"),
        "publishing": _("Publikowanie"),
        "undoing": _("Cofanie publikacji"),
        CANCELLING: _("Anulowanie"),
    }
    by_state = {
        BatchState.UPLOADED: _("Paczka czeka w kolejce na sprawdzenie"),
        BatchState.READING: _("Sprawdzanie plików"),
        BatchState.PUBLISHING: _("Publikowanie"),
        BatchState.UNDOING: _("Cofanie publikacji"),
    }
    return known.get(phase) or by_state.get(state) or _(state.label)


def percent_done(batch: Progressing) -> int | None:
    """How much of the running phase is done, 0 to 100; None where its length is not known."""
    if batch.progress_total <= 0 or batch.phase == CANCELLING:
        return None
    return min(100, max(0, 100 * batch.progress_done // batch.progress_total))


def remaining_seconds(batch: Progressing, now: dt.datetime) -> int | None:
    """How long the running phase will still take at its own speed so far; None while that is not known."""
    if percent_done(batch) is None or batch.phase_started_at is None:
        return None
    passed = (now - batch.phase_started_at).total_seconds()
    share = batch.progress_done / batch.progress_total
    if passed < LEAST_SECONDS or share < LEAST_SHARE or share > 1:
        return None
    return round(passed * (1 - share) / share)


def say_remaining(seconds: int) -> str:
    """„zostało około 20 s”, „zostało około 3 min”: rounded up, so that it is not a promise that fails."""
    if seconds < STEP_SECONDS:
        return _("zostało kilka sekund")
    if seconds < TWO_MINUTES:
        return _("zostało około {seconds} s").format(seconds=-(-seconds // STEP_SECONDS) * STEP_SECONDS)
    return _("zostało około {minutes} min").format(minutes=-(-seconds // MINUTE))
