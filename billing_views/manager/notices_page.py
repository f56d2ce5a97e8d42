"""Runs of notices as their pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from associations.charges.models import NoticeRun, NoticeState
from associations.charges.notice_actions import UNDER_WAY
from billing_views.parts.formatting import format_day, format_month_words, format_quantity
from billing_views.parts.notices import EmptyState
from billing_views.parts.plurals import say_count
from billing_views.parts.progress import Progress
from billing_views.parts.tables import Cell, CellState, Column, Table

STATES: dict[str, CellState] = {
    NoticeState.WAITING: "wait",
    NoticeState.RUNNING: "wait",
    NoticeState.DONE: "paid",
    NoticeState.FAILED: "owed",
    NoticeState.CANCELLED: "plain",
}


@dataclass(frozen=True, slots=True)
class NoticesPage:
    """Context of `manager/notices.html`; `empty` where no month has charges."""

    runs: Table | None
    empty: EmptyState | None


@dataclass(frozen=True, slots=True)
class RunPage:
    """Context of `manager/notices_run.html`: a bar while it lasts, then the papers, or a sentence."""

    about: str
    progress: Progress | None
    cancel_url: str | None
    sentence: str
    all_url: str | None
    parts: Table | None


def describe_notices(runs: Sequence[NoticeRun], slug: str, *, has_months: bool) -> NoticesPage:
    """The last runs as a table."""
    table = None
    if runs:
        table = Table(
            caption=_("Ostatnie wydruki"),
            columns=(
                Column(_("Miesiąc"), "what"),
                Column(_("Lokale")),
                Column(_("Zlecono")),
                Column(_("Zawiadomienia"), "num", _("zawiadomień")),
                Column(_("Stan"), "sum"),
            ),
            rows=tuple(_draw_run(run, slug) for run in runs),
        )
    empty = None if has_months else EmptyState(_("Nie ma jeszcze opłat, o których można zawiadomić."))
    return NoticesPage(table, empty)


def describe_run(run: NoticeRun, slug: str, *, is_kept: bool) -> RunPage:
    """`is_kept`: whether the papers can still be downloaded."""
    here = _address(run, slug)
    is_under_way = run.state in UNDER_WAY
    has_papers = run.state == NoticeState.DONE and is_kept
    return RunPage(
        about=_("%(scope)s, zlecono %(when)s, %(who)s")
        % {"scope": _name_scope(run), "when": _say_when(run), "who": run.created_by_name},
        progress=run_progress(run, slug) if is_under_way else None,
        cancel_url=f"{here}anuluj/" if is_under_way else None,
        sentence=_say_outcome(run, is_kept=is_kept),
        all_url=f"{here}plik/" if has_papers else None,
        parts=_draw_parts(run, here) if has_papers else None,
    )


def run_progress(run: NoticeRun, slug: str) -> Progress:
    """The bar: without a length until a worker has counted the premises."""
    here = _address(run, slug)
    percent = 100 * run.done // run.total if run.total else None
    label = _("Czeka w kolejce") if run.state == NoticeState.WAITING else _("Przygotowanie zawiadomień")
    detail = ""
    if run.total:
        detail = _("%(done)s z %(total)s lokali.") % {
            "done": format_quantity(run.done),
            "total": format_quantity(run.total),
        }
    return Progress(
        label=label if percent is None else f"{label}: {percent}%",
        percent=percent,
        poll_url=f"{here}postep/",
        page_url=here,
        detail=detail,
    )


def name_month_of(run: NoticeRun) -> str:
    """`październik 2026`."""
    return format_month_words(run.month)


def _say_outcome(run: NoticeRun, *, is_kept: bool) -> str:
    if run.state == NoticeState.FAILED:
        return _("Drukowanie nie powiodło się z powodu błędu po stronie portalu. Zleć je jeszcze raz.")
    if run.state == NoticeState.CANCELLED:
        return _("Drukowanie zostało anulowane; nie powstał żaden plik.")
    if run.state != NoticeState.DONE:
        return ""
    if not run.notice_count:
        return _("W tym miesiącu i zakresie nie ma opłat, o których można zawiadomić.")
    if not is_kept:
        return _("Pliki przechowuje się przez dobę i zostały już usunięte. Zleć wydruk jeszcze raz.")
    return say_count(
        run.notice_count,
        _("Gotowe {n} zawiadomienie, w kolejności kodów lokali. Plik zostanie usunięty po dobie."),
        _("Gotowe {n} zawiadomienia, w kolejności kodów lokali. Pliki zostaną usunięte po dobie."),
        _("Gotowych {n} zawiadomień, w kolejności kodów lokali. Pliki zostaną usunięte po dobie."),
    )


def _draw_run(run: NoticeRun, slug: str) -> tuple[Cell, ...]:
    return (
        Cell(name_month_of(run), url=_address(run, slug)),
        Cell(_name_scope(run)),
        Cell(_say_when(run), note=run.created_by_name),
        Cell(format_quantity(run.notice_count) if run.state == NoticeState.DONE else ""),
        Cell(_(NoticeState(run.state).label), state=STATES[run.state]),
    )


def _draw_parts(run: NoticeRun, here: str) -> Table:
    return Table(
        caption=_("Części"),
        columns=(
            Column(_("Plik"), "what"),
            Column(_("Lokale")),
            Column(_("Zawiadomienia"), "num", _("zawiadomień")),
        ),
        rows=tuple(
            (
                Cell(_("Część %(number)s (PDF)") % {"number": number}, url=f"{here}pliki/{number}/"),
                Cell(f"{part['first']} – {part['last']}"),
                Cell(format_quantity(part["count"])),
            )
            for number, part in enumerate(run.parts, start=1)
        ),
    )


def _name_scope(run: NoticeRun) -> str:
    if run.building:
        return _("budynek %(name)s") % {"name": run.building.code}
    if run.property:
        return _("nieruchomość %(name)s") % {"name": run.property.code}
    return _("wszystkie lokale")


def _say_when(run: NoticeRun) -> str:
    here = localtime(run.created_at)
    return f"{format_day(here.date())} {here:%H:%M}"


def _address(run: NoticeRun, slug: str) -> str:
    return f"/a/{slug}/zawiadomienia/{run.pk}/"
