"""Downloads of a batch: its files as uploaded or with remarks, and the list of its problems as CSV."""

from typing import cast

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from associations.audit.actions import record_act
from associations.imports.access import open_batch, open_file
from associations.imports.annotating import annotate_file
from associations.imports.models import Problem, Severity
from associations.imports.queries import batch_problems
from associations.imports.rules import ImportRuleError
from associations.imports.storage import path_of
from associations.spreadsheets import csv_text
from billing_views.manager.batch import SEES_IMPORTS
from billing_views.manager.entry import StaffRequest, in_association


@require_safe
@in_association(*SEES_IMPORTS)
def download_annotated(request: HttpRequest, slug: str, batch_id: int, number: int) -> HttpResponse:
    """The file with one more column that says what is wrong; a sentence on the batch's page where there is no copy."""
    file = open_file(batch_id, number)
    try:
        copy = annotate_file(file)
    except ImportRuleError as refusal:
        messages.error(
            request,
            _("Nie ma kopii z uwagami pliku „{name}”. {reason}").format(
                name=file.name, reason=refusal.message
            ),
        )
        return HttpResponseRedirect(f"/a/{slug}/importy/{batch_id}/")
    record_act(
        actor=cast("StaffRequest", request).actor,
        action="import.file_downloaded",
        target=str(batch_id),
        file=number,
    )
    answer = FileResponse(
        copy.content, as_attachment=True, filename=copy.name, content_type="application/octet-stream"
    )
    return cast("HttpResponse", answer)


@require_safe
@in_association(*SEES_IMPORTS)
def download_file(request: HttpRequest, slug: str, batch_id: int, number: int) -> HttpResponse:  # noqa: ARG001 - from the address
    """The file as it was uploaded, never shown by the browser; noted in the audit log."""
    file = open_file(batch_id, number)
    path = path_of(file)
    if not path.is_file():
        raise Http404(_("Tego pliku już nie ma."))
    record_act(
        actor=cast("StaffRequest", request).actor,
        action="import.file_downloaded",
        target=str(batch_id),
        file=number,
    )
    answer = FileResponse(
        path.open("rb"), as_attachment=True, filename=file.name, content_type="application/octet-stream"
    )
    # Bytes of a file, not rows: streaming them needs no association.
    return cast("HttpResponse", answer)


@require_safe
@in_association(*SEES_IMPORTS, is_snapshot=True)
def download_problems(request: HttpRequest, slug: str, batch_id: int) -> HttpResponse:  # noqa: ARG001 - from the address
    """All problems of the batch for a spreadsheet: UTF-8 with a mark, semicolons."""
    batch = open_batch(batch_id)
    heads = [
        _("Plik"),
        _("Arkusz"),
        _("Wiersz"),
        _("Kolumna"),
        _("Wartość"),
        _("Waga"),
        _("Co jest nie tak"),
        _("Czy chodzi o"),
        _("Kod lokalu"),
    ]
    problems = batch_problems(batch.pk).iterator(chunk_size=2_000)
    name = f"problemy-{slug}-{batch_id}.csv"
    return HttpResponse(
        csv_text([heads, *map(_cells, problems)]),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _cells(problem: Problem) -> list[str]:
    return [
        problem.file_name,
        problem.sheet,
        "" if problem.row is None else str(problem.row),
        problem.column,
        problem.value,
        _("ostrzeżenie") if problem.severity == Severity.WARNING else _("błąd"),
        problem.reason,
        problem.suggestion,
        problem.premises_code,
    ]
