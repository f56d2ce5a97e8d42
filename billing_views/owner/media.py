"""Media: readings of a year (odczyty), exchanged meters, and settlements (rozliczenia)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext

from associations.meters.calculations import ESTIMATED, Exchange, ReadingRow, SettlementRow, find_exchanges
from associations.meters.models import ReadingKind
from associations.meters.queries import MediaYears, media_years, readings_of_year, settlements_of_year
from billing_views.owner.accounting import chosen_number
from billing_views.owner.entry import owner_page
from billing_views.owner.place import Links, Place
from billing_views.owner.words import say_no_data
from billing_views.parts.choices import Choice, ChoiceForm, Option
from billing_views.parts.formatting import (
    NO_BREAK_SPACE,
    format_day,
    format_quantity,
    format_unit,
    widest_places,
)
from billing_views.parts.notices import EmptyState
from billing_views.parts.page import Page


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """A reading as `owner/media.html` prints it."""

    row: ReadingRow
    value: str
    consumption: str
    kind: str
    is_estimated: bool


@dataclass(frozen=True, slots=True)
class MediumReadings:
    """The readings of one medium in a year, with a sentence per exchanged meter."""

    caption: str
    lines: tuple[ReadingLine, ...]
    exchanges: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SettlementLine:
    """A settlement as `owner/media.html` prints it; `result` without sign, its direction in words."""

    row: SettlementRow
    consumption: str
    result: Decimal
    direction: str
    state: str


@dataclass(frozen=True, slots=True)
class MediaPage:
    """Context of `owner/media.html`."""

    page: Page
    form: ChoiceForm | None
    readings: tuple[MediumReadings, ...]
    settlements: tuple[SettlementLine, ...]
    settlements_caption: str
    empty: EmptyState | None


@owner_page
def show_media(request: HttpRequest, place: Place) -> HttpResponse:
    """Readings and settlements of the year and medium chosen (`?rok=&medium=`); the latest year, all media first."""
    known = media_years(place.holding)
    year = chosen_number(request.GET.get("rok"), known.years) or (known.years[-1] if known.years else None)
    medium = chosen_number(request.GET.get("medium"), [key for key, _ in known.media])
    readings = readings_of_year(place.holding, year, medium) if year else []
    settlements = settlements_of_year(place.holding, year, medium) if year else []
    context = _compose(place, known, year, medium, readings, settlements)
    return TemplateResponse(request, "owner/media.html", {"page": context.page, "media": context})


def _compose(
    place: Place,
    known: MediaYears,
    year: int | None,
    medium: int | None,
    readings: Sequence[ReadingRow],
    settlements: Sequence[SettlementRow],
) -> MediaPage:
    here = Links.path_of("media") + (f"?rok={year}" if year else "")
    page = place.page(gettext("Media"), "media", here=here, back_url=place.links.to("ledger"))
    if year is None:
        return MediaPage(page, None, (), (), "", EmptyState(say_no_data(place.profile)))
    nothing = gettext("Brak odczytów i rozliczeń za rok %(year)s.") % {"year": year}
    return MediaPage(
        page=page,
        form=_draw_form(place.links, known, year, medium),
        readings=draw_readings(readings, year),
        settlements=tuple(_draw_settlement(row) for row in settlements),
        settlements_caption=gettext("Rozliczenia za okresy zakończone w roku %(year)s") % {"year": year},
        empty=None if readings or settlements else EmptyState(nothing),
    )


def draw_readings(readings: Sequence[ReadingRow], year: int) -> tuple[MediumReadings, ...]:
    """One table per medium, in the order of the rows."""
    by_medium: dict[str, list[ReadingRow]] = {}
    for row in readings:
        by_medium.setdefault(row.medium, []).append(row)
    exchanges = find_exchanges(readings)
    return tuple(
        MediumReadings(
            caption=gettext("Odczyty: %(medium)s, rok %(year)s") % {"medium": medium, "year": year},
            lines=_draw_lines(rows),
            exchanges=tuple(_say_exchange(one) for one in exchanges if one.medium == medium),
        )
        for medium, rows in by_medium.items()
    )


def _draw_form(links: Links, known: MediaYears, year: int, medium: int | None) -> ChoiceForm:
    years = tuple(Option(str(one), str(one), one == year) for one in reversed(known.years))
    media = (
        Option("", gettext("wszystkie media"), medium is None),
        *(Option(str(key), name, key == medium) for key, name in known.media),
    )
    return ChoiceForm(
        action_url=links.base + Links.path_of("media"),
        choices=(Choice("rok", gettext("Rok"), years), Choice("medium", gettext("Medium"), media)),
        kept=links.kept,
    )


def _draw_lines(rows: Sequence[ReadingRow]) -> tuple[ReadingLine, ...]:
    places = widest_places(quantity for row in rows for quantity in (row.value, row.consumption))
    return tuple(_draw_reading(row, places) for row in rows)


def _draw_reading(row: ReadingRow, places: int) -> ReadingLine:
    return ReadingLine(
        row=row,
        value=_with_unit(row.value, row.unit, places),
        consumption=_with_unit(row.consumption, row.unit, places),
        kind=gettext(ReadingKind(row.kind).label),
        is_estimated=row.kind == ESTIMATED,
    )


def _draw_settlement(row: SettlementRow) -> SettlementLine:
    direction, state = gettext("rozliczone"), "even"
    if row.result > 0:
        direction, state = gettext("do zapłaty"), "owed"
    elif row.result < 0:
        direction, state = gettext("do zwrotu"), "paid"
    return SettlementLine(row, _with_unit(row.consumption, row.unit), abs(row.result), direction, state)


def _say_exchange(one: Exchange) -> str:
    return gettext(
        "Wymiana licznika %(day)s: zdemontowano %(removed)s przy stanie %(removed_at)s, "
        "zamontowano %(installed)s przy stanie %(installed_at)s."
    ) % {
        "day": format_day(one.on),
        "removed": one.removed,
        "removed_at": format_quantity(one.removed_at),
        "installed": one.installed,
        "installed_at": format_quantity(one.installed_at),
    }


def _with_unit(quantity: Decimal | None, unit: str, places: int = 0) -> str:
    text = format_quantity(quantity, places=places)
    return f"{text}{NO_BREAK_SPACE}{format_unit(unit)}".strip() if text else ""
