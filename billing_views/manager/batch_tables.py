"""Tables of a batch's preview: what happens to each dataset, and control totals."""

from django.utils.translation import gettext as _

from billing_views.manager.batch_summary import BatchSummary, ControlTotal, DatasetFigures, describe_period
from billing_views.parts.formatting import format_money, format_quantity, format_signed_money
from billing_views.parts.tables import Cell, Column, Table


def datasets_table(summary: BatchSummary, *, is_published: bool = False) -> Table | None:
    """Rows of each dataset by what happens to them; None where nothing was recognised."""
    if not summary.datasets:
        return None
    gone = _("Znikły") if is_published else _("Znikną")
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


def totals_table(summary: BatchSummary) -> Table | None:
    """Control totals of all datasets; the file's own totals row has a column only where some file has one."""
    totals = [(figures, total) for figures in summary.datasets for total in figures.totals]
    if not totals:
        return None
    has_file_totals = any(total.file_total is not None for _figures, total in totals)
    columns = [Column(_("Suma"), "what"), Column(_("W pliku"), "num", _("W pliku"))]
    if has_file_totals:
        columns.append(Column(_("Wiersz RAZEM"), "num", _("Wiersz RAZEM")))
    columns += [Column(_("Po imporcie"), "num", _("Po imporcie")), Column(_("Różnica"), "sum", _("Różnica"))]
    rows = tuple(_total_row(figures, total, has_file_totals=has_file_totals) for figures, total in totals)
    return Table(_("Sumy kontrolne w złotych"), tuple(columns), rows)


def _dataset_row(figures: DatasetFigures) -> tuple[Cell, ...]:
    counts = (figures.rows, figures.new, figures.changed, figures.gone, figures.same)
    name = Cell(figures.label, None, "", describe_period(figures.period))
    premises = Cell(format_quantity(figures.premises)) if figures.premises else Cell()
    return (name, *(Cell(format_quantity(count)) for count in counts), premises)


def _total_row(figures: DatasetFigures, total: ControlTotal, *, has_file_totals: bool) -> tuple[Cell, ...]:
    # „Salda: Salda” says nothing more than „Salda”.
    name = total.label if total.label == figures.label else f"{figures.label}: {total.label}"
    cells = [Cell(name), Cell(format_money(total.in_file))]
    if has_file_totals:
        cells.append(Cell(format_money(total.file_total)))
    return (*cells, Cell(format_money(total.after)), Cell(format_signed_money(total.difference)))
