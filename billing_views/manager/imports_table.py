"""The history of batches (paczki) as a table, for the page of imports and for the desk."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from associations.imports.models import BatchState
from associations.imports.queries import BatchEntry
from billing_views.manager.batch_sentences import (
    say_day,
    say_files,
    say_moment,
    say_problems,
    state_cell,
)
from billing_views.manager.batch_summary import name_batch, read_summary
from billing_views.parts.formatting import format_quantity
from billing_views.parts.tables import Cell, Column, Table

NAMES_SHOWN = 2
OPEN_STATES = (BatchState.READY, BatchState.BLOCKED, BatchState.PUBLISHED, BatchState.FAILED)


def batch_table(caption: str, batches: Sequence[BatchEntry], *, imports_url: str) -> Table:
    """One row per batch: its name with files, state, who uploaded it when, rows and problems."""
    columns = (
        Column(_("Paczka"), "what"),
        Column(_("Stan")),
        Column(_("Wgrano"), "keep", _("Wgrano")),
        Column(_("Wiersze"), "num", _("Wiersze")),
        Column(_("Problemy"), "text", _("Problemy")),
    )
    rows = tuple(_row(batch, imports_url) for batch in batches)
    return Table(caption, columns, rows, empty=_("Nie wgrano jeszcze żadnych plików."))


def _row(batch: BatchEntry, imports_url: str) -> tuple[Cell, ...]:
    summary = read_summary(batch.summary)
    published = (
        _("{day}, {who}").format(day=say_day(batch.published_at), who=batch.published_by)
        if batch.published_at and batch.state == BatchState.PUBLISHED
        else ""
    )
    problems = say_problems(batch.error_count, batch.warning_count) if batch.state in OPEN_STATES else ""
    return (
        Cell(name_batch(batch.id, summary), f"{imports_url}{batch.id}/", "", _name_files(batch.file_names)),
        state_cell(batch.state, published),
        Cell(say_moment(batch.created_at), None, "", batch.created_by),
        Cell(format_quantity(summary.rows) if summary.rows else ""),
        Cell(problems),
    )


def _name_files(names: Sequence[str]) -> str:
    """„lokale.csv, osoby.csv i 12 innych plików”."""
    if len(names) <= NAMES_SHOWN + 1:
        return ", ".join(names)
    shown = ", ".join(names[:NAMES_SHOWN])
    return _("{names} i jeszcze {files}").format(names=shown, files=say_files(len(names) - NAMES_SHOWN))
