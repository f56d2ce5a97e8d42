"""Zestawienie mediów of a year: readings with consumption, exchanged meters, settlements."""

from collections.abc import Sequence
from itertools import groupby

from associations.meters.calculations import Exchange, ReadingRow, SettlementRow, find_exchanges
from associations.meters.models import ReadingKind
from billing_views.parts.formatting import (
    NO_BREAK_SPACE,
    format_day,
    format_money,
    format_quantity,
    format_unit,
    widest_places,
)
from billing_views.printouts.paper import Block, Facts, Paper, PaperColumn, PaperTable, Sentence
from billing_views.printouts.place_words import MADE_BY_PORTAL, PaperPlace

READINGS = (
    PaperColumn("Data"),
    PaperColumn("Licznik", wide=True),
    PaperColumn("Stan", "figure"),
    PaperColumn("Zużycie", "figure"),
    PaperColumn("Rodzaj"),
    PaperColumn("Dokument"),
)
SETTLEMENTS = (
    PaperColumn("Medium", wide=True),
    PaperColumn("Okres"),
    PaperColumn("Dokument"),
    PaperColumn("Zużycie", "figure"),
    PaperColumn("Koszt, zł", "figure"),
    PaperColumn("Zaliczki, zł", "figure"),
    PaperColumn("Wynik, zł", "figure"),
)


def compose_media(
    place: PaperPlace, year: int, readings: Sequence[ReadingRow], settlements: Sequence[SettlementRow]
) -> Paper:
    """Settlements first, as on the page; then a table per medium."""
    blocks: list[Block] = [Facts(place.pairs)]
    if settlements:
        caption = f"Rozliczenia za okresy zakończone w roku {year}"
        blocks.append(PaperTable(caption, SETTLEMENTS, tuple(_draw_settlement(one) for one in settlements)))
    for medium, found in groupby(readings, key=lambda row: row.medium):
        blocks.append(_draw_readings(medium, list(found)))
    blocks += [Sentence(_say_exchange(one), "note") for one in find_exchanges(readings)]
    blocks += [
        Sentence(_say_correction(one), "note") for one in readings if one.consumption and one.consumption < 0
    ]
    blocks.append(Sentence(MADE_BY_PORTAL, "note"))
    return Paper(title=f"Zestawienie mediów, rok {year}", blocks=tuple(blocks), foot=place.foot)


def say_result(row: SettlementRow) -> str:
    """`25,41 do zwrotu`: without a sign, the direction in words."""
    words = "do zapłaty" if row.result > 0 else "do zwrotu" if row.result < 0 else "rozliczone"
    return f"{format_money(abs(row.result))} {words}"


def _draw_settlement(row: SettlementRow) -> tuple[str, ...]:
    return (
        row.medium,
        f"{format_day(row.period_from)} – {format_day(row.period_to)}",
        row.document,
        _with_unit(format_quantity(row.consumption), row.unit),
        format_money(row.cost),
        format_money(row.advances),
        say_result(row),
    )


def _draw_readings(medium: str, rows: Sequence[ReadingRow]) -> PaperTable:
    places = widest_places(quantity for row in rows for quantity in (row.value, row.consumption))
    return PaperTable(
        caption=f"Odczyty: {medium}",
        columns=READINGS,
        rows=tuple(
            (
                format_day(row.read_on),
                row.serial,
                _with_unit(format_quantity(row.value, places=places), row.unit),
                _with_unit(format_quantity(row.consumption, places=places), row.unit),
                str(ReadingKind(row.kind).label),
                row.document,
            )
            for row in rows
        ),
    )


def _say_correction(one: ReadingRow) -> str:
    return (
        f"Zużycie ujemne {format_day(one.read_on)} ({one.medium}, licznik {one.serial}): korekta wcześniejszego odczytu"
        " albo błąd, który wyjaśni biuro."
    )


def _say_exchange(one: Exchange) -> str:
    return (
        f"Wymiana licznika {format_day(one.on)} ({one.medium}): zdemontowano {one.removed} przy stanie"
        f" {format_quantity(one.removed_at)}, zamontowano {one.installed} przy stanie"
        f" {format_quantity(one.installed_at)}."
    )


def _with_unit(quantity: str, unit: str) -> str:
    return f"{quantity}{NO_BREAK_SPACE}{format_unit(unit)}".strip() if quantity else ""
