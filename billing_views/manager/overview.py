"""The overview after sign-in: the associations that the signed-in person works for, with the state of each."""

from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from associations.imports.models import BatchState
from associations.profile.models import AssociationState
from billing_views.manager.batch_sentences import say_problems
from billing_views.manager.entry import StaffRequest, staff_page
from billing_views.manager.frame import manager_page
from billing_views.manager.overview_rows import AssociationRow, Standing, judge, read_rows
from billing_views.parts.cards import Fact
from billing_views.parts.formatting import format_day, format_quantity
from billing_views.parts.notices import EmptyState
from billing_views.parts.page import ManagerPage
from billing_views.parts.plurals import choose_form
from billing_views.parts.tables import Cell, Column, Table
from saas.staff.access import list_grants

SEARCH_FROM = 10
"""With more associations than this, the page offers a search."""

WITH_PROBLEMS = (BatchState.READY, BatchState.BLOCKED, BatchState.FAILED, BatchState.PUBLISHED)
"""Problems of a batch that was rejected or undone are nobody's concern any more."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page shows; `empty` instead of the table where there is nothing to list."""

    page: ManagerPage
    facts: tuple[Fact, ...]
    table: Table | None
    empty: EmptyState | None
    has_search: bool
    search: str


@require_safe
@staff_page
def show_overview(request: HttpRequest) -> HttpResponse:
    """Name, kind, premises, as-of date, last import and its problems of every association held."""
    search = request.GET.get("szukaj", "").strip()
    rows = read_rows(list_grants(cast("StaffRequest", request).user))
    view = describe(
        manager_page(request, _("Wspólnoty i spółdzielnie"), current="associations"), rows, search
    )
    return TemplateResponse(request, "manager/overview.html", {"view": view, "page": view.page})


def describe(page: ManagerPage, rows: list[AssociationRow], search: str) -> Overview:
    """The page for these associations; the search looks into names and addresses of portals."""
    wanted = search.casefold()
    shown = [row for row in rows if wanted in row.name.casefold() or wanted in row.slug]
    return Overview(
        page=page,
        facts=_facts(rows) if rows else (),
        table=_table(shown) if shown else None,
        empty=None if shown else _nothing(has_any=bool(rows)),
        has_search=len(rows) > SEARCH_FROM,
        search=search,
    )


def _facts(rows: list[AssociationRow]) -> tuple[Fact, ...]:
    standings = [judge(row, timezone.localdate()) for row in rows]
    premises = sum(row.premises_count for row in rows)
    return (
        Fact(format_quantity(len(rows)), _("w zarządzie")),
        Fact(format_quantity(premises), choose_form(premises, _("lokal"), _("lokale"), _("lokali"))),
        Fact(format_quantity(standings.count(Standing.BAD)), _("do poprawienia")),
        Fact(format_quantity(standings.count(Standing.WAITING)), _("do publikacji")),
    )


def _nothing(*, has_any: bool) -> EmptyState:
    if has_any:
        return EmptyState(
            _("Nic nie znaleziono"), _("Żadna nazwa nie zawiera szukanych słów."), "/", _("Pokaż wszystkie")
        )
    return EmptyState(
        _("Nie masz jeszcze dostępu do żadnej wspólnoty ani spółdzielni"),
        _("Dostęp nadaje operator platformy. Gdy go nada, wspólnota lub spółdzielnia pojawi się tutaj."),
    )


def _table(rows: list[AssociationRow]) -> Table:
    columns = (
        Column(_("Wspólnota lub spółdzielnia"), "what"),
        Column(_("Lokale"), "num", _("Lokale")),
        Column(_("Stan na"), "keep", _("Stan na")),
        Column(_("Import"), "keep"),
        Column(_("Problemy"), "keep", _("Problemy")),
    )
    return Table(_("Stan danych"), columns, tuple(_row(row) for row in rows))


def _row(row: AssociationRow) -> tuple[Cell, ...]:
    kind = _("spółdzielnia") if row.is_cooperative else _("wspólnota")
    desk = f"/a/{row.slug}/"
    closed = {
        AssociationState.SUSPENDED: (_("zawieszona"), _("portal wstrzymany przez operatora")),
        AssociationState.ARCHIVED: (_("w archiwum"), _("portal zamknięty, dane przechowywane")),
    }
    if row.state in closed:
        word, told = closed[AssociationState(row.state)]
        stopped = Cell(word, None, "plain", told)
        return (Cell(row.name, None, "", kind), Cell(), Cell(), stopped, Cell())
    return (
        Cell(row.name, desk, "", kind),
        Cell(format_quantity(row.premises_count)),
        Cell(format_day(row.as_of)),
        _import_cell(row),
        _problems_cell(row, desk),
    )


def _import_cell(row: AssociationRow) -> Cell:
    today = timezone.localdate()
    published = (
        _("opublikowano {day}").format(day=format_day(timezone.localdate(row.published_at)))
        if row.published_at
        else ""
    )
    age = (today - row.as_of).days if row.as_of else 0
    uploaded = format_day(timezone.localdate(row.uploaded_at)) if row.uploaded_at else ""
    return {
        Standing.MOVING: Cell(_("przenoszona"), None, "plain", _("przez kilka minut tylko do odczytu")),
        Standing.BAD: Cell(_("wymaga uwagi"), None, "owed", _("paczka z {day}").format(day=uploaded)),
        Standing.RUNNING: Cell(_("trwa import"), None, "plain", row.progress),
        Standing.WAITING: Cell(
            _("czeka na publikację"), None, "wait", _("paczka z {day}").format(day=uploaded)
        ),
        Standing.EMPTY: Cell(_("brak danych"), None, "plain", _("nic nie opublikowano")),
        Standing.STALE: Cell(_("dane sprzed {n} dni").format(n=age), None, "wait", published),
        Standing.FRESH: Cell(_("dane aktualne"), None, "paid", published),
    }[judge(row, today)]


def _problems_cell(row: AssociationRow, desk: str) -> Cell:
    if row.batch_state not in WITH_PROBLEMS:
        return Cell()
    words = say_problems(row.error_count, row.warning_count)
    return Cell(words, f"{desk}importy/{row.batch_id}/" if words and row.may_see_imports else None)
