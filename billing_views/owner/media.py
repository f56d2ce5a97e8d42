"""Media: readings of a year with consumption (odczyty), and settlements (rozliczenia)."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext

from associations.meters.queries import MediaOfYear, MediaYears, media_of_year, media_years
from billing_views.owner.accounting import chosen_number
from billing_views.owner.entry import owner_page
from billing_views.owner.file_links import PageFiles, files_of_media
from billing_views.owner.media_readings import MediumReadings, draw_media
from billing_views.owner.media_settlements import SettlementLine, address_of_year, draw_settlements
from billing_views.owner.periods import year_links
from billing_views.owner.place import Links, Place
from billing_views.owner.words import say_no_media
from billing_views.parts.choices import Choice, ChoiceForm, Option
from billing_views.parts.notices import EmptyState
from billing_views.parts.page import Page
from billing_views.parts.period_links import PeriodLinks


@dataclass(frozen=True, slots=True)
class MediaPage:
    """Context of `owner/media.html`."""

    page: Page
    years: PeriodLinks | None = None
    form: ChoiceForm | None = None
    readings: tuple[MediumReadings, ...] = ()
    settlements: tuple[SettlementLine, ...] = ()
    settlements_caption: str = ""
    files: PageFiles | None = None
    empty: EmptyState | None = None


@owner_page
def show_media(request: HttpRequest, place: Place) -> HttpResponse:
    """Readings and settlements of the year and medium chosen (`?rok=&medium=`); the latest year, all media first."""
    known = media_years(place.holding)
    year = chosen_number(request.GET.get("rok"), known.years) or (known.years[-1] if known.years else None)
    medium = chosen_number(request.GET.get("medium"), [key for key, _ in known.media])
    found = media_of_year(place.holding, year, medium) if year else None
    context = _compose(place, known, medium, found) if found else _without_data(place)
    return TemplateResponse(request, "owner/media.html", {"page": context.page, "media": context})


def _without_data(place: Place) -> MediaPage:
    page = place.page(gettext("Media"), "media", back_url=place.links.to("ledger"))
    text = gettext("Lokal bez liczników (np. garaż, miejsce postojowe, komórka) nie ma odczytów.")
    return MediaPage(page, empty=EmptyState(say_no_media(place.profile), text))


def _compose(place: Place, known: MediaYears, medium: int | None, found: MediaOfYear) -> MediaPage:
    links, year = place.links, found.year
    here = f"{Links.path_of('media')}?rok={year}"
    nothing = EmptyState(
        gettext("Brak odczytów i rozliczeń za rok %(year)s.") % {"year": year},
        url=links.to("media"),
        link=gettext("Pokaż ostatnie dane"),
    )
    return MediaPage(
        page=place.page(gettext("Media"), "media", here=here, back_url=links.to("ledger")),
        years=year_links(year, known.years, lambda one: address_of_year(links, one, medium)),
        form=_draw_form(links, known, year, medium),
        readings=draw_media(found.media),
        settlements=draw_settlements(
            found.settlements, links, {name: key for key, name in known.media}, known.years
        ),
        settlements_caption=gettext("Rozliczenia za okresy zakończone w roku %(year)s") % {"year": year},
        files=_files_of(links, found),
        empty=None if found.media or found.settlements else nothing,
    )


def _files_of(links: Links, found: MediaOfYear) -> PageFiles | None:
    """The files hold all media of the year, also where the page shows one of them."""
    if not found.media and not found.settlements:
        return None
    return files_of_media(
        links, found.year, has_readings=bool(found.media), has_settlements=bool(found.settlements)
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
