"""Links to what a page gives to take away: its paper as PDF and its tables as CSV and XLSX.

The addresses stand in billing_views.owner.download_urls. Where a page has no data there is nothing to take away.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from associations.periods import Month
from billing_views.owner.place import Links
from billing_views.parts.formatting import format_month_words

FORMS = ("csv", "xlsx")


@dataclass(frozen=True, slots=True)
class FileLink:
    """`PDF`, `CSV` or `XLSX`; below a table `Wydruk PDF`, `Odczyty CSV`."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class PageFiles:
    """What can be downloaded from a page. `name` says of which period; screen readers hear it with every link."""

    name: str
    links: tuple[FileLink, ...]


def link_paper(links: Links, name: str, label: str = "PDF", **parts: object) -> FileLink:
    """The paper of this name of billing_views.owner.download_urls."""
    return FileLink(label, links.to(name, **parts))


def link_tables(links: Links, name: str, prefix: str = "", **parts: object) -> tuple[FileLink, ...]:
    """The table of this name as CSV and as XLSX."""
    return tuple(
        FileLink(f"{prefix} {form.upper()}".lstrip(), links.to(name, form=form, **parts)) for form in FORMS
    )


def files_of_ledger(links: Links, year: int) -> PageFiles:
    """Of a year with entries."""
    return PageFiles(
        gettext("Kartoteka lokalu, rok %(year)s") % {"year": year},
        (
            link_paper(links, "ledger_paper", gettext("Wydruk PDF"), year=year),
            *link_tables(links, "ledger_file", year=year),
        ),
    )


def files_of_charges(links: Links, month: Month) -> PageFiles:
    """Of a month with charges: the notice and the table of components."""
    parts: dict[str, Any] = {"year": month.year, "month": month.number}
    return PageFiles(
        gettext("Opłata za %(month)s") % {"month": format_month_words(month.first_day)},
        (
            link_paper(links, "charges_paper", gettext("Wydruk PDF"), **parts),
            *link_tables(links, "charges_month_file", **parts),
        ),
    )


def files_of_media(links: Links, year: int, *, has_readings: bool, has_settlements: bool) -> PageFiles:
    """Of a year with readings or settlements; a table only where it has rows."""
    paper = link_paper(links, "media_paper", gettext("Wydruk PDF"), year=year)
    readings = link_tables(links, "readings_file", gettext("Odczyty"), year=year)
    settlements = link_tables(links, "settlements_file", gettext("Rozliczenia"), year=year)
    return PageFiles(
        gettext("Zestawienie mediów, rok %(year)s") % {"year": year},
        (paper, *(readings if has_readings else ()), *(settlements if has_settlements else ())),
    )
