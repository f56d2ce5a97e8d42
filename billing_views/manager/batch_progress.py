"""How far a worker is with a batch, as the bar of its page shows it."""

import datetime as dt

from django.utils.translation import gettext as _

from associations.imports.models import BatchState, ImportBatch
from associations.imports.phases import name_phase, percent_done, remaining_seconds, say_remaining
from billing_views.parts.plurals import say_count
from billing_views.parts.progress import Progress


def describe_progress(batch: ImportBatch, page_url: str, now: dt.datetime) -> Progress:
    """The bar: without a length until it is known, with the rows so far and the time that is left."""
    percent = percent_done(batch)
    label = name_phase(BatchState(batch.state), batch.phase)
    return Progress(
        label=label if percent is None else f"{label}: {percent}%",
        percent=percent,
        poll_url=f"{page_url}postep/",
        page_url=page_url,
        detail=_say_detail(batch, now),
    )


def _say_detail(batch: ImportBatch, now: dt.datetime) -> str:
    """„12 000 wierszy, zostało około 20 s”; nothing of what is not known."""
    parts = []
    if batch.progress_rows:
        parts.append(
            say_count(
                batch.progress_rows,
                _("{n} wiersz z plików"),
                _("{n} wiersze z plików"),
                _("{n} wierszy z plików"),
            )
        )
    seconds = remaining_seconds(batch, now)
    if seconds is not None:
        parts.append(say_remaining(seconds))
    return f"{', '.join(parts)}." if parts else ""
