"""Zawiadomienia o opłatach: order the notices of a month for many premises, watch the worker, fetch the papers."""

from typing import cast

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from associations.charges.models import NoticeRun
from associations.charges.notice_actions import (
    UNDER_WAY,
    mark_notices_cancelled,
    name_job,
    note_cancellation,
    note_download,
    order_notices,
)
from associations.charges.notice_files import find_file, open_part
from associations.charges.notices import newest_runs, notice_choices, open_run, premises_of_run
from billing_views.manager.entry import StaffRequest, in_association
from billing_views.manager.frame import manager_page
from billing_views.manager.notices_form import NoticesForm
from billing_views.manager.notices_page import describe_notices, describe_run, name_month_of, run_progress
from saas.jobs.actions import cancel_job, enqueue_job
from saas.jobs.models import JobKind, JobState, SizeClass
from saas.jobs.queries import job_status
from saas.staff import roles

PRINTERS = (roles.MANAGER, roles.BOOKKEEPER, roles.OFFICE)
LARGE_PREMISES = 2_000
"""From here on a run takes more than half a minute of a processor: it never gets the last slot."""


@require_http_methods(["GET", "HEAD", "POST"])
@in_association(*PRINTERS)
def notices(request: HttpRequest, slug: str) -> HttpResponse:
    """The form and the last runs; a POST orders a run and shows it."""
    staff = cast("StaffRequest", request)
    choices = notice_choices()
    form = NoticesForm(choices, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        run = _order(staff, form)
        return HttpResponseRedirect(f"/a/{slug}/zawiadomienia/{run.pk}/")
    page = manager_page(
        request, _("Zawiadomienia o opłatach"), current="premises", back_url=f"/a/{slug}/lokale/"
    )
    view = describe_notices(newest_runs(), slug, has_months=bool(choices.months))
    return TemplateResponse(request, "manager/notices.html", {"page": page, "view": view, "form": form})


@require_safe
@in_association(*PRINTERS)
def show_run(request: HttpRequest, slug: str, run_id: int) -> HttpResponse:
    """How far a run is, or its papers."""
    run = open_run(run_id)
    is_kept = find_file(_schema(request), run.file_name) is not None
    title = _("Zawiadomienia za %(month)s") % {"month": name_month_of(run)}
    page = manager_page(request, title, current="premises", back_url=f"/a/{slug}/zawiadomienia/")
    view = describe_run(run, slug, is_kept=is_kept)
    return TemplateResponse(request, "manager/notices_run.html", {"page": page, "view": view})


@require_safe
@in_association(*PRINTERS)
def show_progress(request: HttpRequest, slug: str, run_id: int) -> HttpResponse:
    """The bar alone, asked for every second; when the work is over it has the page loaded anew."""
    run = open_run(run_id)
    if run.state not in UNDER_WAY:
        return HttpResponseClientRefresh()
    return render(request, "parts/progress.html", {"progress": run_progress(run, slug)})


@require_POST
@in_association(*PRINTERS)
def cancel(request: HttpRequest, slug: str, run_id: int) -> HttpResponse:
    """Cancel a waiting run at once; a running one stops within seconds and keeps nothing."""
    run = open_run(run_id)
    with transaction.atomic():
        if run.state in UNDER_WAY and run.job_id and cancel_job(job_id=run.job_id):
            note_cancellation(actor=cast("StaffRequest", request).actor, run_id=run_id)
            status = job_status(run.job_id)
            if status is None or status.state == JobState.CANCELLED:
                mark_notices_cancelled(run_id=run_id)
            messages.success(request, _("Drukowanie zostało anulowane."))
    return HttpResponseRedirect(f"/a/{slug}/zawiadomienia/{run_id}/")


@require_safe
@in_association(*PRINTERS)
def download_part(request: HttpRequest, slug: str, run_id: int, number: int) -> HttpResponse:
    """One PDF of a run; noted in the audit log."""
    run = open_run(run_id)
    path = find_file(_schema(request), run.file_name)
    if path is None or not 1 <= number <= len(run.parts):
        raise Http404(_("Tego pliku już nie ma."))
    with open_part(path, number) as (content, _size):
        pdf = content.read()
    note_download(actor=cast("StaffRequest", request).actor, run_id=run_id, part=number)
    name = f"{_file_stem(slug, run)}-{number:03}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


@require_safe
@in_association(*PRINTERS)
def download_all(request: HttpRequest, slug: str, run_id: int) -> HttpResponse:
    """Every PDF of a run in one ZIP; noted in the audit log."""
    run = open_run(run_id)
    path = find_file(_schema(request), run.file_name)
    if path is None:
        raise Http404(_("Tego pliku już nie ma."))
    note_download(actor=cast("StaffRequest", request).actor, run_id=run_id, part=None)
    answer = FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=f"{_file_stem(slug, run)}.zip",
        content_type="application/zip",
    )
    # Bytes of a file, not rows: streaming them needs no association.
    return cast("HttpResponse", answer)


def _order(staff: StaffRequest, form: NoticesForm) -> NoticeRun:
    with transaction.atomic():
        run = order_notices(
            actor=staff.actor,
            month=form.month,
            property_id=form.property_id,
            building_id=form.building_id,
        )
        is_large = len(premises_of_run(run)) > LARGE_PREMISES
        job = enqueue_job(
            association=staff.association,
            kind=JobKind.PRINT_NOTICES,
            options={"run_id": run.pk},
            size_class=SizeClass.LARGE if is_large else SizeClass.SMALL,
        )
        name_job(run_id=run.pk, job_id=job.pk)
    return run


def _schema(request: HttpRequest) -> str:
    return cast("StaffRequest", request).association.schema_name


def _file_stem(slug: str, run: NoticeRun) -> str:
    return f"{slug}-zawiadomienia-{run.month:%Y-%m}"
