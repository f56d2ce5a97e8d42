"""Importy: upload of files as one batch, the history of batches, and what files may contain."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from associations.imports.actions import create_batch
from associations.imports.queries import count_batches, list_batches
from associations.imports.rules import ImportRuleError
from associations.imports.storage import UploadedFile
from billing_views.manager.entry import StaffRequest, in_association
from billing_views.manager.frame import manager_page
from billing_views.manager.imports_help import DATASETS, DatasetHelp
from billing_views.manager.imports_table import batch_table
from billing_views.manager.imports_upload import UploadForm
from billing_views.manager.paging import choose_stretch, link_pages
from billing_views.parts.page import ManagerPage
from billing_views.parts.tables import Pagination, Table
from billing_views.upload_limits import TOO_LARGE, TOO_MANY, refuse_large_body, refuse_many_files
from saas.jobs.models import JobKind
from saas.jobs.sizing import enqueue_batch_job
from saas.staff import roles

PER_PAGE = 20
CONTENT_TOO_LARGE = 413


@dataclass(frozen=True, slots=True)
class ImportsPage:
    """What the page shows; `form` is None for those who may only look."""

    page: ManagerPage
    form: UploadForm | None
    batches: Table
    pages: Pagination
    datasets: tuple[DatasetHelp, ...]
    profiles_url: str


def show_imports(request: HttpRequest, slug: str, form: UploadForm, *, status: int = 200) -> HttpResponse:
    """The page of imports with this form."""
    staff = cast("StaffRequest", request)
    imports_url = f"/a/{slug}/importy/"
    stretch = choose_stretch(request, total=count_batches(), size=PER_PAGE)
    batches = list_batches(limit=stretch.size, offset=stretch.offset)
    view = ImportsPage(
        page=manager_page(request, _("Importy"), current="imports"),
        form=form if staff.grant.can_upload else None,
        batches=batch_table(_("Historia importów"), batches, imports_url=imports_url),
        pages=link_pages(request, stretch),
        datasets=DATASETS,
        profiles_url=f"{imports_url}profile/",
    )
    return TemplateResponse(request, "manager/imports.html", {"view": view, "page": view.page}, status=status)


def refuse_large(request: HttpRequest, slug: str) -> HttpResponse:
    """The page with the sentence that the files are too large; nothing was kept."""
    return show_imports(request, slug, refused_form(str(TOO_LARGE)), status=CONTENT_TOO_LARGE)


def refuse_many(request: HttpRequest, slug: str) -> HttpResponse:
    """The page with the sentence that there are too many files; nothing was kept."""
    return show_imports(request, slug, refused_form(str(TOO_MANY)))


def refused_form(sentence: str) -> UploadForm:
    """The form with this error beside its field."""
    form = UploadForm({}, MultiValueDict())
    form.full_clean()
    form.errors.clear()
    form.add_error("uploads", sentence)
    return form


@csrf_exempt  # checked below, by csrf_protect, once the size of the body is known
@in_association(*roles.IMPORTERS, roles.READER)
@refuse_large_body(refuse_large)
@refuse_many_files(refuse_many)
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest, slug: str) -> HttpResponse:
    """The page; a POST uploads files as one batch and leads to it."""
    if request.method != "POST":
        return show_imports(request, slug, UploadForm())
    if not cast("StaffRequest", request).grant.can_upload:
        raise PermissionDenied
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return show_imports(request, slug, form)
    try:
        batch_id = upload_files(cast("StaffRequest", request), form.cleaned_data["uploads"])
    except ImportRuleError as refusal:
        status = CONTENT_TOO_LARGE if refusal.code == "too_large" else 200
        return show_imports(request, slug, refused_form(refusal.message), status=status)
    return HttpResponseRedirect(f"/a/{slug}/importy/{batch_id}/")


def upload_files(request: StaffRequest, files: Sequence[UploadedFile]) -> int:
    """Keep the files as a batch and ask a worker to read it; returns the number of the batch."""
    with transaction.atomic():
        batch = create_batch(actor=request.actor, files=files)
        enqueue_batch_job(association=request.association, kind=JobKind.READ_BATCH, batch=batch)
    return int(batch.pk)
