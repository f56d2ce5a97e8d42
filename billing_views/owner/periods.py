"""Periods of a page: links to neighbouring years and months with a boundary that is text, a form, a month in words."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext

from associations.periods import Month
from billing_views.owner.place import Links
from billing_views.parts.choices import Choice, ChoiceForm, Option
from billing_views.parts.formatting import name_month
from billing_views.parts.period_links import PeriodLink, PeriodLinks


def year_links(year: int, years: Sequence[int], address: Callable[[int], str]) -> PeriodLinks:
    """The years around; a link only where there are data on that side (`years`, ascending)."""
    before = [one for one in years if one < year]
    after = [one for one in years if one > year]
    return PeriodLinks(
        label=gettext("Rok"),
        previous=_year_link(max(before) if before else None, year - 1, address),
        current=str(year),
        following=_year_link(min(after) if after else None, year + 1, address),
    )


def month_links(month: Month, months: Sequence[Month], address: Callable[[Month], str]) -> PeriodLinks:
    """The months around, over the turn of the year; a link only where there are charges (`months`)."""
    before = [one for one in months if one < month]
    after = [one for one in months if one > month]
    return PeriodLinks(
        label=gettext("Miesiąc"),
        previous=_month_link(max(before) if before else None, month.previous, month, address),
        current=name_month(month.number),
        following=_month_link(min(after) if after else None, month.next, month, address),
    )


def month_form(links: Links, years: Sequence[int], month: Month) -> ChoiceForm:
    """Year and month with „Pokaż": the same periods as the links, chosen from lists; works without scripts."""
    return ChoiceForm(
        action_url=links.base + Links.path_of("charges"),
        choices=(
            Choice(
                "rok",
                gettext("Rok"),
                tuple(Option(str(one), str(one), one == month.year) for one in reversed(years)),
            ),
            Choice(
                "miesiac",
                gettext("Miesiąc"),
                tuple(Option(str(one), name_month(one), one == month.number) for one in range(1, 13)),
            ),
        ),
        kept=links.kept,
    )


def _year_link(year: int | None, edge: int, address: Callable[[int], str]) -> PeriodLink:
    return PeriodLink(str(edge), None) if year is None else PeriodLink(str(year), address(year))


def _month_link(month: Month | None, edge: Month, here: Month, address: Callable[[Month], str]) -> PeriodLink:
    shown = month or edge
    label = (
        name_month(shown.number) if shown.year == here.year else f"{name_month(shown.number)} {shown.year}"
    )
    return PeriodLink(label, address(month) if month else None)


def say_in_month(month: Month) -> str:
    """`w październiku 2026`, `we wrześniu 2026`: when something was so, inside a sentence."""
    return f"{_in_months()[month.number - 1]} {month.year}"


def _in_months() -> tuple[str, ...]:
    return (
        gettext("w styczniu"),
        gettext("w lutym"),
        gettext("w marcu"),
        gettext("w kwietniu"),
        gettext("w maju"),
        gettext("w czerwcu"),
        gettext("w lipcu"),
        gettext("w sierpniu"),
        gettext("we wrześniu"),
        gettext("w październiku"),
        gettext("w listopadzie"),
        gettext("w grudniu"),
    )
