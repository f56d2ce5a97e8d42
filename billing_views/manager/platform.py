"""Stan platformy: how the platform is, for its operators. Read only; slugs, counts and codes, nobody's data."""

from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

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
from saas.observing.status import PlatformStatus, read_platform_status

KEEP_SECONDS = 60
MANY = 200
"""With more associations than this the page shows what was read within the last minute: asking takes seconds."""
KEY = "platform-status"
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
    view = describe(manager_page(request, _("Stan platformy"), current="platform"), recent_status())
    return TemplateResponse(request, "manager/platform.html", {"view": view, "page": view.page})


def recent_status() -> PlatformStatus:
    """The status as it is; of many associations one of the last minute, where Valkey keeps it."""
    try:
        kept: PlatformStatus | None = cache.get(KEY)
    except (RedisError, OSError):
        return read_platform_status()
    if kept is not None:
        return kept
    status = read_platform_status()
    if status.count > MANY:
        cache.set(KEY, status, timeout=KEEP_SECONDS)
    return status


def describe(page: ManagerPage, status: PlatformStatus) -> PlatformPage:
    """The page for this status."""
    return PlatformPage(
        page=page,
        asked_at=_("Stan z {moment}").format(moment=say_moment(status.at)),
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
    found = []
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


def _name_some(slugs: tuple[str, ...]) -> str:
    rest = len(slugs) - NAMED
    names = ", ".join(slugs[:NAMED])
    return names if rest <= 0 else _("{names} i jeszcze {n}").format(names=names, n=format_quantity(rest))
