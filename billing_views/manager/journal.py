"""Dziennik zdarzeń: who did what in one association, the newest first."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from associations.audit.models import AuditEntry
from associations.audit.queries import audit_entries
from billing_views.manager.batch_sentences import say_moment
from billing_views.manager.entry import in_association
from billing_views.manager.frame import manager_page
from billing_views.manager.journal_sentences import describe_act, name_actor_kind
from billing_views.manager.paging import choose_stretch, link_pages
from billing_views.parts.tables import Cell, Column, Table
from saas.staff import roles

PER_PAGE = 50


@require_safe
@in_association(*roles.MANAGERS, is_snapshot=True)
def show_journal(request: HttpRequest, slug: str) -> HttpResponse:
    """Fifty entries at a time."""
    rows = audit_entries()
    stretch = choose_stretch(request, total=rows.count(), size=PER_PAGE)
    columns = (Column(_("Kiedy"), "keep"), Column(_("Co się stało"), "what"), Column(_("Kto")))
    table = Table(
        _("Zdarzenia od najnowszych"),
        columns,
        tuple(_row(entry, slug) for entry in rows[stretch.offset : stretch.offset + stretch.size]),
        empty=_("Nic się jeszcze nie wydarzyło."),
    )
    page = manager_page(request, _("Dziennik zdarzeń"), current="log")
    context = {"page": page, "table": table, "pages": link_pages(request, stretch)}
    return TemplateResponse(request, "manager/journal.html", context)


def _row(entry: AuditEntry, slug: str) -> tuple[Cell, ...]:
    act = describe_act(entry, slug)
    kind = name_actor_kind(entry.actor_kind)
    return (
        Cell(say_moment(entry.at)),
        Cell(act.text, act.url, "", act.detail),
        Cell(entry.actor_name, None, "", "" if kind == entry.actor_name else kind),
    )
