"""Consumption in words: figures with units, a month beside the same one of the year before, an exchanged meter."""

from decimal import Decimal

from django.utils.translation import gettext

from associations.meters.calculations import Exchange
from associations.meters.consumption import MediumYear, MonthBeside, MonthUse
from associations.periods import Month
from billing_views.owner.periods import say_in_month
from billing_views.parts.formatting import (
    MINUS,
    NO_BREAK_SPACE,
    format_day,
    format_quantity,
    format_unit,
    widest_places,
)


def with_unit(quantity: Decimal | None, unit: str, places: int = 0) -> str:
    """`2,552 m³`; `unit` in the page's language; an allocator's has no dimension; an empty text for None."""
    text = format_quantity(quantity, places=places)
    return f"{text}{NO_BREAK_SPACE}{unit}" if text and unit else text


def say_use(use: MonthUse, unit: str, places: int = 0) -> str:
    """`2,552 m³`, „szacunek" where nobody read the meter, „z korektą" where a reading counts below zero."""
    amount, notes = with_unit(use.amount, unit, places), say_notes(use)
    return f"{amount} ({notes})" if notes else amount


def say_notes(use: MonthUse) -> str:
    """What to know of a month's sum: `szacunek, z korektą`; empty for a plain one."""
    notes = (
        gettext("szacunek") if use.is_estimated else "",
        gettext("z korektą") if use.is_corrected else "",
    )
    return ", ".join(one for one in notes if one)


def say_corrections(medium: MediumYear) -> tuple[str, ...]:
    """That readings are below those before them, and what that means for the sums; nothing where there are none."""
    if not medium.corrections:
        return ()
    days = ", ".join(format_day(one.row.read_on) for one in medium.corrections)
    return (
        gettext(
            "Odczyt niższy od poprzedniego: %(days)s. To korekta wcześniejszego odczytu albo błąd, który wyjaśni biuro;"
            " sumy zużycia są o niego pomniejszone."
        )
        % {"days": days},
    )


def say_difference(beside: MonthBeside, places: int = 0) -> str:
    """`−0,213 (−8%)`; the percentage only where it means something, empty where there is no difference to tell."""
    if beside.difference is None:
        return ""
    if not beside.difference:
        return gettext("tyle samo")
    text = _signed(beside.difference, places)
    return text if beside.percent is None else f"{text} ({_signed(beside.percent)}%)"


def say_latest(medium: MediumYear) -> tuple[str, ...]:
    """What the last month with readings used, beside a year ago, and the sum of the year so far."""
    latest = medium.latest
    if latest is None or latest.use is None:
        return ()
    places = widest_places(one.amount for each in medium.months for one in (each.use, each.before) if one)
    unit = format_unit(medium.unit)
    words = {
        "when": _begin(say_in_month(latest.month)),
        "then": say_in_month(Month(latest.month.year - 1, latest.month.number)),
        "amount": say_use(latest.use, unit, places),
        "difference": with_unit(abs(latest.difference or Decimal(0)), unit, places),
        "share": f" ({abs(latest.percent)}%)" if latest.percent else "",
    }
    return (_choose_sentence(latest) % words, *_say_sum(medium, places))


def say_exchange(one: Exchange) -> str:
    """Which meter gave way to which, and at what readings."""
    return gettext(
        "Wymiana licznika %(day)s: zdemontowano %(removed)s przy stanie %(removed_at)s, "
        "zamontowano %(installed)s przy stanie %(installed_at)s. Zużycie w tym miesiącu to suma obu liczników."
    ) % {
        "day": format_day(one.on),
        "removed": one.removed,
        "removed_at": format_quantity(one.removed_at),
        "installed": one.installed,
        "installed_at": format_quantity(one.installed_at),
    }


def name_medium(medium: MediumYear) -> str:
    """`Zimna woda`: a heading begins with a capital letter."""
    return _begin(medium.medium)


def _choose_sentence(latest: MonthBeside) -> str:
    if latest.difference is None:
        return gettext("%(when)s: %(amount)s.")
    if latest.difference > 0:
        return gettext("%(when)s: %(amount)s, o %(difference)s%(share)s więcej niż %(then)s.")
    if latest.difference < 0:
        return gettext("%(when)s: %(amount)s, o %(difference)s%(share)s mniej niż %(then)s.")
    return gettext("%(when)s: %(amount)s, tyle samo co %(then)s.")


def _say_sum(medium: MediumYear, places: int) -> tuple[str, ...]:
    if medium.total is None or sum(1 for one in medium.months if one.use) == 1:
        return ()
    unit = format_unit(medium.unit)
    words = {
        "year": medium.year,
        "total": with_unit(medium.total, unit, places),
        "before": with_unit(medium.total_before, unit, places),
    }
    if medium.total_before is None:
        return (gettext("W roku %(year)s razem: %(total)s.") % words,)
    return (
        gettext("W roku %(year)s razem: %(total)s, w tych samych miesiącach rok wcześniej: %(before)s.")
        % words,
    )


def _signed(figure: Decimal | int, places: int = 0) -> str:
    sign = "+" if figure > 0 else MINUS if figure < 0 else ""
    return f"{sign}{format_quantity(abs(Decimal(figure)), places=places)}"


def _begin(text: str) -> str:
    return text[:1].upper() + text[1:]
