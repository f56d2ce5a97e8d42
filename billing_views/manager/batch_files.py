"""Downloads of a batch: its files as they were uploaded, and the list of its problems as CSV."""

import csv
import io
import re
from typing import cast

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from associations.audit.actions import record_act
from associations.imports.access import open_batch, open_file
from associations.imports.models import Problem, Severity
from associations.imports.queries import batch_problems
from associations.imports.storage import path_of
from billing_views.manager.batch import SEES_IMPORTS
from billing_views.manager.entry import StaffRequest, in_association

BYTE_ORDER_MARK = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
NEGATIVE_NUMBER = re.compile(r"-[0-9][0-9 .,\u00a0]*")


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
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(
        [
            _("Plik"),
            _("Arkusz"),
            _("Wiersz"),
            _("Kolumna"),
            _("Wartość"),
            _("Waga"),
            _("Co jest nie tak"),
            _("Kod lokalu"),
        ]
    )
    for problem in batch_problems(batch.pk).iterator(chunk_size=2_000):
        writer.writerow([guard_cell(cell) for cell in _cells(problem)])
    name = f"problemy-{slug}-{batch_id}.csv"
    return HttpResponse(
        BYTE_ORDER_MARK + text.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def guard_cell(text: str) -> str:
    """The text for a spreadsheet: what it would take for a formula begins with an apostrophe."""
    is_formula = text.startswith(FORMULA_STARTS) and not NEGATIVE_NUMBER.fullmatch(text)
    return f"'{text}" if is_formula else text


def _cells(problem: Problem) -> list[str]:
    return [
        problem.file_name,
        problem.sheet,
        "" if problem.row is None else str(problem.row),
        problem.column,
        problem.value,
        _("ostrzeżenie") if problem.severity == Severity.WARNING else _("błąd"),
        problem.reason,
        problem.premises_code,
    ]
