"""Stan platformy: how the platform is, for its operators. Read only; slugs, counts and codes, nobody's data."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from billing_views.manager.batch_sentences import say_moment
from billing_views.manager.entry import operator_page
from billing_views.manager.frame import manager_page
from billing_views.manager.platform_tables import (
    draw_associations,
    draw_backups,
    draw_connections,
    draw_ended,
    draw_failures,
    draw_largest,
    draw_parts,
    draw_queue,
    say_bytes,
)
from billing_views.parts.cards import Fact
from billing_views.parts.formatting import format_quantity
from billing_views.parts.notices import Notice
from billing_views.parts.page import ManagerPage
from billing_views.parts.plurals import choose_form, say_count
from billing_views.parts.tables import Table
from saas.observing.status import PlatformStatus, recall_platform_status

NAMED = 10


@dataclass(frozen=True, slots=True)
class PlatformPage:
    """What the page shows."""

    page: ManagerPage
    asked_at: str
    facts: tuple[Fact, ...]
    notices: tuple[Notice, ...]
    tables: tuple[Table, ...]


@require_safe
@operator_page
def show_platform(request: HttpRequest) -> HttpResponse:
    """Associations, queue, failures, tables behind, connections and disk."""
    view = describe(manager_page(request, _("Stan platformy"), current="platform"), recall_platform_status())
    return TemplateResponse(request, "manager/platform.html", {"view": view, "page": view.page})


def describe(page: ManagerPage, status: PlatformStatus) -> PlatformPage:
    """The page for this status."""
    return PlatformPage(
        page=page,
        asked_at=_say_when(status),
        facts=_facts(status),
        notices=tuple(_notices(status)),
        tables=(
            draw_parts(status),
            draw_associations(status),
            draw_queue(status),
            draw_ended(status),
            draw_failures(status),
            draw_backups(status),
            draw_largest(status),
            draw_connections(status),
        ),
    )


def _say_when(status: PlatformStatus) -> str:
    now = _("Stan z {moment}").format(moment=say_moment(status.at))
    if status.asked_at is None:
        return now
    told = _("{now}; dane z baz wspólnot i spółdzielni z {asked}")
    return told.format(now=now, asked=say_moment(status.asked_at))


def _facts(status: PlatformStatus) -> tuple[Fact, ...]:
    count, waiting = status.count, sum(queue.length for queue in status.figures.queues)
    return (
        Fact(format_quantity(count), _("wspólnot i spółdzielni")),
        Fact(
            format_quantity(waiting),
            choose_form(waiting, _("zadanie czeka"), _("zadania czekają"), _("zadań czeka")),
        ),
        Fact(
            format_quantity(status.failure_count),
            choose_form(
                status.failure_count,
                _("nieudane zadanie w 7 dni"),
                _("nieudane zadania w 7 dni"),
                _("nieudanych zadań w 7 dni"),
            ),
        ),
        Fact(say_bytes(status.disk.free), _("wolne na dysku plików")),
    )


def _notices(status: PlatformStatus) -> list[Notice]:
    """What needs somebody."""
    found = list(_clock_notices(status))
    if status.behind:
        title = say_count(
            len(status.behind),
            _("{n} baza czeka na migrację."),
            _("{n} bazy czekają na migrację."),
            _("{n} baz czeka na migrację."),
        )
        text = _("Uruchom manage.py migrate_associations. Dotyczy: {names}.")
        found.append(Notice(title, text.format(names=_name_some(status.behind))))
    if status.unreadable:
        title = _("Nie wszystkie wspólnoty i spółdzielnie odpowiadają.")
        found.append(
            Notice(title, _("Bez odpowiedzi: {names}.").format(names=_name_some(status.unreadable)), "bad")
        )
    if status.figures.expired:
        title = _("Zadania bez pracownika, który je wykonuje: {n}.")
        text = _("Przejmie je następny; jeżeli ta liczba nie maleje, żaden nie działa.")
        found.append(Notice(title.format(n=format_quantity(status.figures.expired)), text, "bad"))
    return found


def _clock_notices(status: PlatformStatus) -> list[Notice]:
    """Where what associations say of themselves is old or not there: the clock or every worker stands still."""
    advice = _(
        "Sprawdź, czy działają celery beat i pracownicy. Dane można też zebrać poleceniem manage.py platform_status --keep."
    )
    if status.asked_at is None:
        title = _("Nie ma jeszcze danych z baz wspólnot i spółdzielni.")
        text = _("Pracownicy zbierają je w tle co kilka minut.")
        return [Notice(title, f"{text} {advice}")]
    if status.is_late and status.kept_at:
        title = _("Dane z baz wspólnot i spółdzielni nie są odświeżane od {moment}.")
        return [Notice(title.format(moment=say_moment(status.kept_at)), advice, "bad")]
    return []


def _name_some(slugs: tuple[str, ...]) -> str:
    rest = len(slugs) - NAMED
    names = ", ".join(slugs[:NAMED])
    return names if rest <= 0 else _("{names} i jeszcze {n}").format(names=names, n=format_quantity(rest))
