"""The table of a batch's preview: what happens to each dataset."""

from django.utils.translation import gettext as _

from billing_views.manager.batch_summary import BatchSummary, DatasetFigures, describe_period
from billing_views.parts.formatting import format_quantity
from billing_views.parts.tables import Cell, Column, Table


def datasets_table(summary: BatchSummary, *, is_published: bool = False) -> Table | None:
    """Rows of each dataset by what happens to them; None where nothing was recognised."""
    if not summary.datasets:
        return None
    gone = _("Zniknęły") if is_published else _("Znikną")
    columns = (
        Column(_("Dane"), "what"),
        Column(_("Wiersze"), "num", _("Wiersze")),
        Column(_("Nowe"), "num", _("Nowe")),
        Column(_("Zmienione"), "num", _("Zmienione")),
        Column(gone, "num", gone),
        Column(_("Bez zmian"), "num", _("Bez zmian")),
        Column(_("Lokale"), "num", _("Lokale")),
    )
    caption = _("Co się zmieniło") if is_published else _("Co się zmieni")
    return Table(caption, columns, tuple(_dataset_row(figures) for figures in summary.datasets))


def _dataset_row(figures: DatasetFigures) -> tuple[Cell, ...]:
    counts = (figures.rows, *figures.told)
    name = Cell(figures.label, None, "", describe_period(figures.period))
    premises = Cell(format_quantity(figures.premises)) if figures.premises else Cell()
    return (name, *(Cell(format_quantity(count)) for count in counts), premises)
