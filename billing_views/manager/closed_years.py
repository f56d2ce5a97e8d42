"""Zamknięte lata: which years take no changed figures, and closing and reopening them."""

from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from associations.catalogue import CATALOGUE
from associations.imports.closed_years import YearState, close_year, list_years, reopen_year
from associations.imports.models import YearClosing, YearClosingKind
from associations.imports.rules import ImportRuleError
from billing_views.manager.batch_sentences import say_moment
from billing_views.manager.entry import StaffRequest, in_association
from billing_views.manager.frame import manager_page
from saas.staff import roles

LONGEST_YEAR = 4


@dataclass(frozen=True, slots=True)
class YearLine:
    """A year as the page shows it; `acts` say who closed and reopened it, when and why, the latest first."""

    year: int
    is_closed: bool
    state: str
    acts: tuple[str, ...]


@require_http_methods(["GET", "HEAD", "POST"])
@in_association(*roles.MANAGERS)
def closed_years(request: HttpRequest, slug: str) -> HttpResponse:
    """The years; a POST closes one, or reopens one with a reason."""
    if request.method == "POST":
        _change(cast("StaffRequest", request))
        return HttpResponseRedirect(f"/a/{slug}/zamkniete-lata/")
    page = manager_page(request, _("Zamknięte lata"), current="settings", back_url=f"/a/{slug}/ustawienia/")
    years = tuple(describe_year(year) for year in list_years(CATALOGUE.editions))
    return TemplateResponse(request, "manager/closed_years.html", {"page": page, "years": years})


def describe_year(year: YearState) -> YearLine:
    """The year with its state in words."""
    return YearLine(
        year=year.year,
        is_closed=year.is_closed,
        state=_("zamknięty") if year.is_closed else _("otwarty"),
        acts=tuple(_say_act(act) for act in year.acts),
    )


def _say_act(act: YearClosing) -> str:
    text = (
        _("Zamknięto {when}, {who}.") if act.kind == YearClosingKind.CLOSE else _("Otwarto {when}, {who}.")
    ).format(when=say_moment(act.at), who=act.by_name)
    return text + (" " + _("Powód: {reason}").format(reason=act.reason) if act.reason else "")


def _change(request: StaffRequest) -> None:
    typed = request.POST.get("rok", "")
    # Not int() of whatever came: other digits than ours and a million of them are no year.
    year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_YEAR else 0
    reason = request.POST.get("powod", "")[:500]
    try:
        if request.POST.get("krok") == "otworz":
            reopen_year(actor=request.actor, year=year, reason=reason)
            said = _("Rok {year} jest otwarty: importy mogą go zmieniać.")
        else:
            close_year(actor=request.actor, year=year, reason=reason)
            said = _("Rok {year} jest zamknięty: żaden import go nie zmieni.")
        messages.success(request, said.format(year=year))
    except ImportRuleError as refusal:
        messages.error(request, refusal.message)
