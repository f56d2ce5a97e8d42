"""Popraw wczytanie: the first rows of a table as they were read, and the form that says how to read them better."""

from dataclasses import dataclass, replace
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from associations.imports.access import open_batch, open_table
from associations.imports.corrections import CORRECTABLE_STATES, correct_tables
from associations.imports.models import ImportBatch, ImportTable
from associations.imports.phases import RUNNING_STATES
from associations.imports.rules import ImportRuleError
from billing_views.manager.batch_page import Addresses
from billing_views.manager.batch_progress import describe_progress
from billing_views.manager.batch_sentences import say_rows
from billing_views.manager.entry import StaffRequest, in_association
from billing_views.manager.frame import manager_page
from billing_views.manager.table_correction_form import MAX_COLUMNS, TableForm
from billing_views.manager.table_fields import missing_fields, name_of_dataset, name_of_field
from billing_views.manager.table_reading import say_reading
from saas.jobs.models import JobKind
from saas.jobs.sizing import enqueue_batch_job
from saas.staff import roles
from saas.staff.access import StaffGrant


@dataclass(frozen=True, slots=True)
class ColumnHead:
    """A column: its header and what it was read as ("" for not read)."""

    header: str
    label: str


@dataclass(frozen=True, slots=True)
class TableView:
    """The table as it was read. `form` is None where it may only be looked at; then `heads` say what was read."""

    name: str
    reading: str
    is_unknown: bool
    heads: tuple[ColumnHead, ...]
    rows: tuple[tuple[str, ...], ...]
    more_columns: int
    missing: tuple[str, ...]
    form: TableForm | None
    batch_url: str
    profiles_url: str


@require_http_methods(["GET", "HEAD", "POST"])
@in_association(*roles.IMPORTERS, roles.READER)
def correct_table(request: HttpRequest, slug: str, batch_id: int, number: int, place: int) -> HttpResponse:
    """The table and its form; a POST has a worker read the batch again with what it says."""
    staff, batch = cast("StaffRequest", request), open_batch(batch_id)
    addresses = Addresses(f"/a/{slug}/importy/", batch_id)
    if request.method == "POST":
        return _correct(staff, batch, number, place, addresses)
    if batch.state in RUNNING_STATES:
        return _show_progress(request, batch, addresses)
    table = open_table(batch_id, number, place)
    return _show(request, table, _form_for(batch, table, staff.grant), addresses)


def _correct(
    request: StaffRequest, batch: ImportBatch, number: int, place: int, addresses: Addresses
) -> HttpResponse:
    if not request.grant.can_upload:
        raise PermissionDenied
    if batch.state in RUNNING_STATES:
        return HttpResponseRedirect(addresses.page)
    form = TableForm(open_table(batch.pk, number, place), request.POST)
    if not form.is_valid() and batch.state in CORRECTABLE_STATES:
        return _show(request, form.table, form, addresses)
    return _read_again(request, batch, form, addresses)


def _form_for(batch: ImportBatch, table: ImportTable, grant: StaffGrant) -> TableForm | None:
    """The form, where this person may correct a table of a batch in this state."""
    return TableForm(table) if grant.can_upload and batch.state in CORRECTABLE_STATES else None


def _read_again(
    request: StaffRequest, batch: ImportBatch, form: TableForm, addresses: Addresses
) -> HttpResponse:
    """Back to the table where its columns come anew, else to the batch."""
    table, shows = form.table, form.asks_to_show
    try:
        with transaction.atomic():
            correct_tables(
                actor=request.actor,
                batch=batch,
                options={table.file_number: {table.key: form.options()}},
                remembers=bool(form.cleaned_data.get("remembers")) and not shows,
                profile_name=form.cleaned_data.get("profile_name") or "",
            )
            enqueue_batch_job(association=request.association, kind=JobKind.READ_BATCH, batch=batch)
    except ImportRuleError as refusal:
        messages.error(request, refusal.message)
        return HttpResponseRedirect(addresses.page)
    return HttpResponseRedirect(request.path if shows else addresses.page)


def _show(
    request: HttpRequest, table: ImportTable, form: TableForm | None, addresses: Addresses
) -> HttpResponse:
    page = manager_page(request, _title(form), current="imports", back_url=addresses.page)
    view = describe_table(table, form, addresses)
    return TemplateResponse(request, "manager/table_correction.html", {"page": page, "view": view})


def _show_progress(request: HttpRequest, batch: ImportBatch, addresses: Addresses) -> HttpResponse:
    """While a worker reads, the page renews itself and ends up at the table."""
    progress = replace(describe_progress(batch, addresses.page, now()), page_url=request.path)
    page = manager_page(request, _("Wczytywanie pliku"), current="imports", back_url=addresses.page)
    return TemplateResponse(request, "manager/table_reading.html", {"page": page, "progress": progress})


def _title(form: TableForm | None) -> str:
    return _("Popraw wczytanie") if form else _("Jak wczytano plik")


def describe_table(table: ImportTable, form: TableForm | None, addresses: Addresses) -> TableView:
    """The page's values: rows are padded to the headers, columns beyond the last offered are counted."""
    width = min(len(table.headers), MAX_COLUMNS)
    mapping = [*table.mapping, *[""] * width]
    missing = form.missing() if form else missing_fields(table.dataset, table.headers, table.mapping)
    name, is_left_out = table.file_name, bool(table.options.get("is_left_out"))
    return TableView(
        name=_("{file}, arkusz {sheet}").format(file=name, sheet=table.sheet) if table.sheet else name,
        reading=" · ".join(part for part in (say_reading(table), _say_contents(table)) if part),
        is_unknown=not table.dataset and not is_left_out,
        heads=tuple(
            ColumnHead(header or _("(bez nagłówka)"), name_of_field(table.dataset, mapping[index]))
            for index, header in enumerate(table.headers[:width])
        ),
        rows=tuple(_pad(row, width) for row in table.samples),
        more_columns=len(table.headers) - width,
        missing=tuple(missing) if table.dataset and table.headers and not is_left_out else (),
        form=form,
        batch_url=addresses.page,
        profiles_url=f"{addresses.imports}profile/",
    )


def _say_contents(table: ImportTable) -> str:
    """„Księgowania: 8 888 wierszy”; empty where nothing was recognised."""
    return f"{name_of_dataset(table.dataset)}: {say_rows(table.row_count)}" if table.dataset else ""


def _pad(row: list[Any], width: int) -> tuple[str, ...]:
    return tuple("" if cell is None else str(cell) for cell in [*row, *[""] * width][:width])
