"""The tables of the page „Stan platformy": figures as words, each from the one status of the platform."""

from decimal import Decimal

from django.utils.translation import gettext as _

from billing_views.manager.batch_sentences import say_moment
from billing_views.parts.formatting import format_quantity
from billing_views.parts.tables import Cell, CellState, Column, Table
from saas.observing.status import PlatformStatus

STEP = 1024
MINUTE, HOUR = 60, 3600
LONG_WAIT = 300
"""Seconds after which a small job has been waiting for too long."""
MOST_CONNECTIONS = Decimal("0.8")


def draw_parts(status: PlatformStatus) -> Table:
    """Whether what the platform stands on answers."""
    names = {
        "database": _("Baza danych"),
        "migrations": _("Tabele wspólne"),
        "valkey": _("Valkey (dzwonek kolejki)"),
        "disk": _("Dysk plików"),
    }
    rows = tuple(
        (
            Cell(names.get(part.name, part.name)),
            Cell(_("działa"), None, "paid") if part.is_ok else Cell(_("nie działa"), None, "owed"),
        )
        for part in status.parts
    )
    return Table(_("Części platformy"), (Column(_("Część"), "what"), Column(_("Stan"), "sum")), rows)


def draw_associations(status: PlatformStatus) -> Table:
    """How many there are by state and by premises."""
    states = {
        "active": _("czynne"),
        "read_only": _("przenoszone"),
        "suspended": _("zawieszone"),
        "archived": _("zarchiwizowane"),
        "unreadable": _("nie odpowiadają"),
    }
    sizes = {0: _("bez lokali"), 1: _("do 99 lokali"), 100: _("100–999 lokali"), 1000: _("od 1000 lokali")}
    rows = [(states.get(state, state), count) for state, count in status.states.items()]
    rows += [(sizes.get(size, str(size)), count) for size, count in status.sizes.items()]
    return Table(
        _("Wspólnoty i spółdzielnie według stanu i wielkości"),
        (Column(_("Które"), "what"), Column(_("Ile"), "sum")),
        tuple((Cell(name), Cell(format_quantity(count))) for name, count in rows),
        empty=_("Nie ma jeszcze danych."),
    )


def draw_queue(status: PlatformStatus) -> Table:
    """What waits for a worker, and for how long."""
    rows = tuple(
        (
            Cell(name_kind(queue.kind), None, "", _("duże") if queue.size_class == "large" else ""),
            Cell(format_quantity(queue.length)),
            Cell(
                say_seconds(queue.oldest_seconds), None, _wait_state(queue.size_class, queue.oldest_seconds)
            ),
        )
        for queue in status.figures.queues
    )
    return Table(
        _("Kolejka zadań (w toku: {n})").format(n=format_quantity(status.figures.running)),
        (
            Column(_("Zadanie"), "what"),
            Column(_("Czeka"), "num", _("Czeka")),
            Column(_("Najdłużej"), "num", _("Najdłużej")),
        ),
        rows,
        empty=_("Nic nie czeka."),
    )


def draw_ended(status: PlatformStatus) -> Table:
    """What ended within the last hour, and how long people waited for it."""
    states = {"done": _("wykonane"), "failed": _("nieudane"), "cancelled": _("anulowane")}
    rows = tuple(
        (
            Cell(name_kind(one.kind), None, "", states.get(one.state, one.state)),
            Cell(format_quantity(one.count)),
            Cell(say_seconds(one.median_seconds)),
            Cell(say_seconds(one.slow_seconds)),
            Cell() if one.work_seconds is None else Cell(say_seconds(one.work_seconds)),
        )
        for one in status.figures.ended
    )
    return Table(
        _("Zakończone w ostatniej godzinie, od zlecenia do końca"),
        (
            Column(_("Zadanie"), "what"),
            Column(_("Ile"), "num", _("Ile")),
            Column(_("Połowa do"), "num", _("Połowa do")),
            Column(_("95% do"), "num", _("95% do")),
            Column(_("Sama praca"), "num", _("Sama praca")),
        ),
        rows,
        empty=_("W ostatniej godzinie nic się nie zakończyło."),
    )


def draw_failures(status: PlatformStatus) -> Table:
    """The latest jobs that failed for good."""
    rows = tuple(
        (
            Cell(one.slug, None, "", name_kind(one.kind)),
            Cell(one.code),
            Cell(say_moment(one.at)),
        )
        for one in status.failures
    )
    return Table(
        _("Ostatnie nieudane zadania (7 dni)"),
        (Column(_("Gdzie"), "what"), Column(_("Kod przyczyny")), Column(_("Kiedy"), "keep")),
        rows,
        empty=_("Wszystkie zadania się powiodły."),
    )


def draw_largest(status: PlatformStatus) -> Table:
    """Who takes the most room at the database server."""
    return Table(
        _("Największe w bazie danych (szacunek serwera)"),
        (Column(_("Gdzie"), "what"), Column(_("Miejsce"), "sum")),
        tuple((Cell(one.slug), Cell(say_bytes(one.stored_bytes))) for one in status.largest),
        empty=_("Nie ma jeszcze danych.") if status.count else _("Nie ma jeszcze wspólnot ani spółdzielni."),
    )


def draw_backups(status: PlatformStatus) -> Table:
    """How old the last backups are, the oldest first."""
    backups = status.backups
    rows = [(Cell(one.slug), Cell(say_moment(one.at))) for one in backups.longest_ago]
    if backups.youngest:
        rows.append((Cell(_("najmłodsza ze wszystkich"), None, "", backups.youngest.slug),
                     Cell(say_moment(backups.youngest.at))))  # fmt: skip
    state: CellState = "owed" if backups.never else "paid"
    without = Cell(format_quantity(len(backups.never)), None, state)
    return Table(
        _("Ostatnie kopie zapasowe, najstarsze najpierw"),
        (Column(_("Gdzie"), "what"), Column(_("Kopia z"), "sum")),
        tuple(rows),
        foot=((Cell(_("Bez żadnej kopii")), without),),
        empty=_("Nie ma jeszcze żadnej kopii."),
    )


def draw_connections(status: PlatformStatus) -> Table:
    """Sessions at the database server."""
    limit = status.figures.max_connections
    most = sum(status.figures.connections.values()) > MOST_CONNECTIONS * limit
    rows = tuple(
        (Cell(name), Cell(format_quantity(count))) for name, count in status.figures.connections.items()
    )
    total = format_quantity(sum(status.figures.connections.values()))
    told = _("{n} z {limit}").format(n=total, limit=format_quantity(limit))
    return Table(
        _("Połączenia z serwerem bazy danych"),
        (Column(_("Baza"), "what"), Column(_("Połączenia"), "sum")),
        rows,
        foot=((Cell(_("Razem")), Cell(told, None, "owed" if most else "")),),
    )


def name_kind(kind: str) -> str:
    """A kind of job as operators read it; one that a later release brought keeps its code."""
    return {
        "read_batch": _("odczyt paczki"),
        "publish_batch": _("publikacja paczki"),
        "undo_batch": _("cofnięcie paczki"),
        "send_mail": _("wysyłka e-maili"),
        "print_notices": _("wydruk zawiadomień"),
    }.get(kind, kind)


def say_seconds(seconds: float) -> str:
    """`12 s`, `7 min`, `3 h`: as exact as it is of use."""
    if seconds < MINUTE:
        return _("{n} s").format(n=format_quantity(round(seconds)))
    if seconds < HOUR:
        return _("{n} min").format(n=format_quantity(round(seconds / MINUTE)))
    return _("{n} h").format(n=format_quantity(round(seconds / HOUR)))


def say_bytes(count: int) -> str:
    """`12,3 GiB`; below one GiB in MiB."""
    gib = Decimal(count) / STEP**3
    if gib >= 1:
        return _("{n} GiB").format(n=format_quantity(round(gib, 1)))
    return _("{n} MiB").format(n=format_quantity(round(Decimal(count) / STEP**2)))


def _wait_state(size_class: str, seconds: float) -> CellState:
    return "owed" if size_class == "small" and seconds > LONG_WAIT else ""
