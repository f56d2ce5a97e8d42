"""The page of one batch (paczka) and its progress while a worker has it."""

from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh

from associations.imports.access import open_batch
from associations.imports.models import BatchState, ImportBatch, PublicationKind, Severity
from associations.imports.queries import (
    RUNNING_STATES,
    batch_files,
    batch_problems,
    batch_tables,
    last_publication,
)
from billing_views.manager.batch_page import (
    Addresses,
    BatchRows,
    BatchView,
    describe_batch,
    describe_problems,
)
from billing_views.manager.batch_progress import describe_progress
from billing_views.manager.batch_sentences import say_problems
from billing_views.manager.entry import StaffRequest, in_association
from billing_views.manager.frame import manager_page
from billing_views.manager.paging import choose_stretch, link_pages
from billing_views.parts.page import Tab
from billing_views.parts.tables import Pagination, Problem
from saas.staff import roles

PROBLEMS_PER_PAGE = 50
SEES_IMPORTS = (*roles.IMPORTERS, roles.READER)
SEVERITIES = {"bledy": Severity.ERROR, "ostrzezenia": Severity.WARNING}


@dataclass(frozen=True, slots=True)
class ProblemList:
    """One page of a batch's problems; `filters` only where there are errors and warnings."""

    caption: str
    rows: tuple[Problem, ...]
    filters: tuple[Tab, ...]
    pages: Pagination
    csv_url: str


@require_safe
@in_association(*SEES_IMPORTS, is_snapshot=True)
def show_batch(request: HttpRequest, slug: str, batch_id: int) -> HttpResponse:
    """State, preview, problems, files and what may be done with the batch."""
    batch = open_batch(batch_id)
    addresses = Addresses(f"/a/{slug}/importy/", batch_id)
    state = BatchState(batch.state)
    rows = BatchRows(
        batch=batch,
        files=batch_files(batch_id),
        tables=batch_tables(batch_id),
        published=last_publication(batch_id, PublicationKind.PUBLISH)
        if state == BatchState.PUBLISHED
        else None,
        undone=last_publication(batch_id, PublicationKind.UNDO) if state == BatchState.UNDONE else None,
    )
    view = describe_batch(rows, cast("StaffRequest", request).grant, addresses)
    context: dict[str, object] = {
        "view": view,
        "problems": _list_problems(request, batch, view),
        "page": manager_page(request, view.title, current="imports", back_url=addresses.imports),
    }
    return TemplateResponse(request, "manager/batch.html", context)


@require_safe
@in_association(*SEES_IMPORTS)
def show_progress(request: HttpRequest, slug: str, batch_id: int) -> HttpResponse:
    """The progress bar alone, asked for every second; when the work is over it has the page loaded anew."""
    batch = open_batch(batch_id)
    if batch.state not in RUNNING_STATES:
        return HttpResponseClientRefresh()
    progress = describe_progress(batch, Addresses(f"/a/{slug}/importy/", batch_id).page, now())
    return render(request, "parts/progress.html", {"progress": progress})


def _list_problems(request: HttpRequest, batch: ImportBatch, view: BatchView) -> ProblemList | None:
    if not (batch.error_count or batch.warning_count) or view.progress:
        return None
    chosen = request.GET.get("waga", "")
    severity = SEVERITIES.get(chosen)
    totals = {None: batch.error_count + batch.warning_count, Severity.ERROR: batch.error_count}
    total = totals.get(severity, batch.warning_count)
    stretch = choose_stretch(request, total=total, size=PROBLEMS_PER_PAGE)
    rows = batch_problems(batch.pk, severity=severity)[stretch.offset : stretch.offset + stretch.size]
    filters = (("", _("Wszystkie")), ("bledy", _("Tylko błędy")), ("ostrzezenia", _("Tylko ostrzeżenia")))
    has_both = bool(batch.error_count and batch.warning_count)
    return ProblemList(
        caption=_("Do sprawdzenia: {problems}").format(
            problems=say_problems(batch.error_count, batch.warning_count)
        ),
        rows=describe_problems(rows),
        filters=tuple(
            Tab(
                label,
                f"{view.url}?waga={value}#problemy" if value else f"{view.url}#problemy",
                value == chosen,
            )
            for value, label in filters
        )
        if has_both
        else (),
        pages=link_pages(request, stretch),
        csv_url=f"{view.url}problemy.csv",
    )
