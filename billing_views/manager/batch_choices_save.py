"""Saving what the manager says of a batch: it is read and checked again, and its page shows the new preview."""

from typing import cast

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from associations.imports.access import open_batch
from associations.imports.declarations import declare
from associations.imports.rules import ImportRuleError
from billing_views.manager.batch_choices import ChoicesForm
from billing_views.manager.entry import StaffRequest, in_association
from saas.jobs.models import JobKind
from saas.jobs.sizing import enqueue_batch_job
from saas.staff import roles


@require_POST
@in_association(*roles.IMPORTERS)
def save_choices(request: HttpRequest, slug: str, batch_id: int) -> HttpResponse:
    """Keep the answers and ask a worker to check the batch with them."""
    staff, batch = cast("StaffRequest", request), open_batch(batch_id)
    form = ChoicesForm(batch, request.POST)
    address = HttpResponseRedirect(f"/a/{slug}/importy/{batch.pk}/")
    if not form.is_valid():
        messages.error(request, _("Podaj dzień, na który plik pokazuje stan osób i tytułów."))
        return address
    try:
        with transaction.atomic():
            declare(actor=staff.actor, batch=batch, declarations=form.declarations())
            enqueue_batch_job(association=staff.association, kind=JobKind.READ_BATCH, batch=batch)
    except ImportRuleError as refusal:
        messages.error(request, refusal.message)
    return address
