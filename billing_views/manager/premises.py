"""Lokale: every premises with its people, newest balances per fund and the way to its owner's pages."""

import datetime as dt
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from associations.ledger.latest import latest_balances
from associations.premises.listing import holdings_by_premises, search_premises
from associations.profile.models import Fund
from billing_views.manager.batch_sentences import say_premises
from billing_views.manager.entry import StaffRequest, in_association
from billing_views.manager.frame import manager_page
from billing_views.manager.notices import PRINTERS
from billing_views.manager.paging import choose_stretch, link_pages
from billing_views.manager.premises_rows import PremisesPage, describe_premises
from billing_views.parts.formatting import format_day

PER_PAGE = 50


@require_safe
@in_association(is_snapshot=True)
def show_premises(request: HttpRequest, slug: str) -> HttpResponse:
    """Fifty premises at a time, in their natural order; `?szukaj=` looks into codes, addresses and names."""
    search = request.GET.get("szukaj", "").strip()
    rows = search_premises(search)
    total = rows.count()
    stretch = choose_stretch(request, total=total, size=PER_PAGE)
    premises = list(rows[stretch.offset : stretch.offset + stretch.size])
    ids = [one.pk for one in premises]
    grant = cast("StaffRequest", request).grant
    funds, lines = describe_premises(
        premises,
        holdings_by_premises(ids, today=timezone.localdate()),
        latest_balances(ids),
        list(Fund.objects.order_by("position", "code")),
        base_url=f"/a/{slug}/",
        may_import=grant.can_upload,
    )
    view = PremisesPage(
        page=manager_page(request, _("Lokale"), current="premises"),
        search=search,
        caption=_caption(total, search, lines.as_of),
        funds=funds,
        lines=lines,
        pages=link_pages(request, stretch),
        notices_url=f"/a/{slug}/zawiadomienia/" if grant.role in PRINTERS else None,
    )
    return TemplateResponse(request, "manager/premises.html", {"view": view, "page": view.page})


def _caption(total: int, search: str, as_of: dt.date | None) -> str:
    found = say_premises(total)
    if search:
        found = _("{found} dla „{search}”").format(found=found, search=search)
    if as_of is None:
        return found
    return _("{found}, salda na {day}").format(found=found, day=format_day(as_of))
