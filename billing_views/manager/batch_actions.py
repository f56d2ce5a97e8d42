"""What people do with a batch: publish, reject, undo. Each is a POST that may safely come twice."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from associations.catalogue import CATALOGUE
from associations.imports.access import open_batch
from associations.imports.actions import reject_batch, request_publication, request_undo
from associations.imports.cancelling import READABLE_AGAIN, read_again
from associations.imports.models import BatchState, ImportBatch
from associations.imports.phases import RUNNING_STATES
from associations.imports.queries import list_named_batches
from associations.imports.rules import ImportRuleError
from associations.imports.undo_obstacles import closed_years_of, find_undo_obstacles
from billing_views.manager.batch_sentences import say_moment
from billing_views.manager.batch_summary import name_batch, read_summary
from billing_views.manager.entry import StaffRequest, in_association
from billing_views.manager.frame import manager_page
from billing_views.parts.notices import Notice
from billing_views.parts.page import Tab
from saas.jobs.cancelling import cancel_batch, may_cancel
from saas.jobs.models import JobKind
from saas.jobs.sizing import enqueue_batch_job
from saas.staff import roles

AFTER_PUBLISHING = (BatchState.PUBLISHING, BatchState.PUBLISHED, BatchState.UNCHANGED)
AFTER_UNDOING = (BatchState.UNDOING, BatchState.UNDONE)
AFTER_REJECTING = (BatchState.REJECTED,)
AFTER_CANCELLING = tuple(state for state in BatchState if state not in RUNNING_STATES)
AFTER_READING_AGAIN = tuple(state for state in BatchState if state not in READABLE_AGAIN)


@require_POST
@in_association(*roles.IMPORTERS)
def publish(request: HttpRequest, slug: str, batch_id: int) -> HttpResponse:
    """Ask a worker to publish, as the button says: wholly, or without the premises that have errors."""
    staff, batch = cast("StaffRequest", request), open_batch(batch_id)
    if not staff.grant.can_publish:
        return _forbid(request, slug, batch)

    def act() -> None:
        request_publication(
            actor=staff.actor,
            batch=batch,
            without_premises_with_errors=request.POST.get("zakres") == "bez-bledow",
            confirms_vanishing=request.POST.get("znika") == "tak",
            confirms_accounts=request.POST.get("rachunki") == "tak",
            seen=request.POST.get("podglad", ""),
        )
        enqueue_batch_job(association=staff.association, kind=JobKind.PUBLISH_BATCH, batch=batch)

    return _act(request, slug, batch, act, settled=AFTER_PUBLISHING)


@require_POST
@in_association(*roles.IMPORTERS)
def reject(request: HttpRequest, slug: str, batch_id: int) -> HttpResponse:
    """Put the batch aside; nothing of it was published."""
    staff, batch = cast("StaffRequest", request), open_batch(batch_id)
    return _act(
        request, slug, batch, lambda: reject_batch(actor=staff.actor, batch=batch), settled=AFTER_REJECTING
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_association(*roles.IMPORTERS)
def undo(request: HttpRequest, slug: str, batch_id: int) -> HttpResponse:
    """GET asks to confirm, or names the later batches that stand in the way; POST asks a worker to undo."""
    staff, batch = cast("StaffRequest", request), open_batch(batch_id)
    if not staff.grant.can_publish:
        return _forbid(request, slug, batch)
    if request.method != "POST":
        if batch.state != BatchState.PUBLISHED:
            return HttpResponseRedirect(_address(slug, batch))
        return _confirm_undo(request, slug, batch)

    def act() -> None:
        request_undo(actor=staff.actor, batch=batch)
        enqueue_batch_job(association=staff.association, kind=JobKind.UNDO_BATCH, batch=batch)

    return _act(request, slug, batch, act, settled=AFTER_UNDOING)


@require_POST
@in_association(*roles.IMPORTERS)
def cancel(request: HttpRequest, slug: str, batch_id: int) -> HttpResponse:
    """Have the worker stop: what was published stays as it was. One that has just finished wins."""
    staff, batch = cast("StaffRequest", request), open_batch(batch_id)
    if not may_cancel(staff.grant, BatchState(batch.state)):
        return _forbid(request, slug, batch)
    return _act(
        request,
        slug,
        batch,
        lambda: cancel_batch(actor=staff.actor, association=staff.association, batch_id=batch.pk),
        settled=AFTER_CANCELLING,
    )


@require_POST
@in_association(*roles.IMPORTERS)
def check_again(request: HttpRequest, slug: str, batch_id: int) -> HttpResponse:
    """Have the kept files of a cancelled or interrupted batch read anew."""
    staff, batch = cast("StaffRequest", request), open_batch(batch_id)

    def act() -> None:
        read_again(actor=staff.actor, batch=batch)
        enqueue_batch_job(association=staff.association, kind=JobKind.READ_BATCH, batch=batch)

    return _act(request, slug, batch, act, settled=AFTER_READING_AGAIN)


def _act(
    request: HttpRequest,
    slug: str,
    batch: ImportBatch,
    act: Callable[[], Any],
    *,
    settled: tuple[BatchState, ...],
) -> HttpResponse:
    """Do it in one transaction and go back to the batch; refused for being done already is no error."""
    try:
        with transaction.atomic():
            act()
    except ImportRuleError as refusal:
        if open_batch(batch.pk).state not in settled:
            messages.error(request, refusal.message)
    return HttpResponseRedirect(_address(slug, batch))


def _forbid(request: HttpRequest, slug: str, batch: ImportBatch) -> HttpResponse:
    messages.error(request, _("Twoja rola nie pozwala publikować ani cofać publikacji. Zrobi to zarządca."))
    return HttpResponseRedirect(_address(slug, batch))


def _confirm_undo(request: HttpRequest, slug: str, batch: ImportBatch) -> HttpResponse:
    obstacles = list_named_batches(find_undo_obstacles(CATALOGUE, batch.pk))
    name = name_batch(batch.pk, read_summary(batch.summary))
    context = {
        "page": manager_page(
            request, _("Cofnij publikację"), current="imports", back_url=_address(slug, batch)
        ),
        "name": name,
        "batch_url": _address(slug, batch),
        "refusal": _refuse_undo(slug, batch, has_obstacles=bool(obstacles)),
        "obstacles": [
            Tab(
                _("{name}, wgrana {when}").format(
                    name=name_batch(entry.id, read_summary(entry.summary)), when=say_moment(entry.created_at)
                ),
                f"/a/{slug}/importy/{entry.id}/",
            )
            for entry in obstacles
        ],
    }
    return TemplateResponse(request, "manager/batch_undo.html", context)


def _refuse_undo(slug: str, batch: ImportBatch, *, has_obstacles: bool) -> Notice | None:
    title = _("Tej publikacji nie można teraz cofnąć.")
    if has_obstacles:
        text = _("Zależą od niej paczki opublikowane później. Cofnij najpierw je, od najnowszej.")
        return Notice(title, text, "bad")
    years = closed_years_of(CATALOGUE, batch.pk)
    if not years:
        return None
    text = _("Zmieniłoby to dane zamkniętych lat: {years}. Otwórz je najpierw, podając powód.")
    return Notice(
        title,
        text.format(years=", ".join(str(year) for year in years)),
        "bad",
        f"/a/{slug}/zamkniete-lata/",
        _("Zamknięte lata"),
    )


def _address(slug: str, batch: ImportBatch) -> str:
    return f"/a/{slug}/importy/{batch.pk}/"
