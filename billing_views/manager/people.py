"""„Osoby i dostępy": everybody in the registry with the state of their access, searched and filtered."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from associations.owners.queries import AccessFilter, count_access, filter_people, people_with_access
from billing_views.manager.entry import StaffRequest, in_association
from billing_views.manager.frame import manager_page
from billing_views.manager.paging import choose_stretch, link_pages
from billing_views.manager.people_table import FILTER_LABELS, PeoplePage, access_facts, access_table
from billing_views.parts.choices import Option
from billing_views.parts.notices import EmptyState
from saas.staff import roles

PER_PAGE = 50


@require_safe
@in_association(*roles.PASSWORD_ISSUERS, roles.READER, is_snapshot=True)
def show_people(request: StaffRequest, slug: str) -> HttpResponse:
    """Fifty people at a time; `?szukaj=` looks into names, logins and codes, `?dostep=` names a list."""
    now = timezone.now()
    search, chosen = request.GET.get("szukaj", "").strip()[:100], _chosen(request)
    people = filter_people(chosen, now=now, search=search)
    total = people.count()
    stretch = choose_stretch(request, total=total, size=PER_PAGE)
    rows = people_with_access(people, offset=stretch.offset, limit=stretch.size, now=now, today=_today(now))
    base_url = f"/a/{slug}/osoby/"
    view = PeoplePage(
        facts=access_facts(count_access(now=now), base_url),
        search=search,
        options=tuple(
            Option(value.value, str(label), is_selected=value is chosen)
            for value, label in FILTER_LABELS.items()
        ),
        table=access_table(rows, total=total, base_url=base_url) if rows else None,
        empty=None if rows else _nothing(is_search=bool(search or chosen)),
        pages=link_pages(request, stretch),
        letters_url=f"/a/{slug}/hasla/" if request.grant.can_issue_passwords else None,
    )
    page = manager_page(request, _("Osoby i dostępy"), current="people")
    return TemplateResponse(request, "manager/people/people.html", {"page": page, "view": view})


def _chosen(request: HttpRequest) -> AccessFilter:
    try:
        return AccessFilter(request.GET.get("dostep", ""))
    except ValueError:
        return AccessFilter.EVERYBODY


def _today(now: dt.datetime) -> dt.date:
    return timezone.localdate(now)


def _nothing(*, is_search: bool) -> EmptyState:
    if is_search:
        return EmptyState(
            _("Nikogo nie znaleziono"),
            _("Zmień szukane słowa albo wybierz inną listę."),
            "?",
            _("Pokaż wszystkich"),
        )
    return EmptyState(
        _("Nie ma jeszcze żadnych osób"),
        _("Osoby i ich tytuły prawne przychodzą z pliku. Po publikacji importu pojawią się tutaj."),
    )
