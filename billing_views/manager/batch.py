"""The page of one batch (paczka) and its progress while a worker has it."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.utils.timezone import now
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh

from associations.imports.access import open_batch
from associations.imports.models import BatchState, PublicationKind
from associations.imports.phases import RUNNING_STATES
from associations.imports.queries import (
    batch_files,
    batch_tables,
    last_publication,
)
from billing_views.manager.batch_choices import describe_choices
from billing_views.manager.batch_history import describe_history
from billing_views.manager.batch_page import (
    Addresses,
    BatchRows,
    describe_batch,
)
from billing_views.manager.batch_problems import list_problems
from billing_views.manager.batch_progress import describe_progress
from billing_views.manager.entry import StaffRequest, in_association
from billing_views.manager.frame import manager_page
from saas.staff import roles

SEES_IMPORTS = (*roles.IMPORTERS, roles.READER)


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
        "choices": describe_choices(batch, cast("StaffRequest", request).grant),
        "problems": None if view.progress else list_problems(request, batch, rows.files, view.url),
        "history": describe_history(batch, slug),
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
