"""„Co się zmieniło i dlaczego": the difference of a month of charges and its causes in words."""

from django.utils.translation import gettext

from associations.charges.calculations import ChargeRow
from associations.charges.changes import Cause, ComponentChange, MonthChanges
from associations.periods import Month
from billing_views.owner.periods import say_in_month
from billing_views.parts.formatting import (
    NO_BREAK_SPACE,
    format_quantity,
    format_rate,
    format_unit,
    format_zloty,
)
from billing_views.parts.plurals import say_count


def say_changes(changes: MonthChanges, month: Month, before: Month) -> tuple[str, ...]:
    """Sentences: how much more or less than in the month before, mainly why, what rose and what fell."""
    when, then = say_in_month(month), say_in_month(before)
    if not changes.changed:
        words = gettext("%(when)s opłata jest taka sama jak %(then)s.") % {"when": when, "then": then}
        return (_begin(words),)
    if not changes.difference:
        words = gettext("%(when)s opłata razem jest taka sama jak %(then)s, ale zmieniły się jej składniki.")
        return (_begin(words % {"when": when, "then": then}), *_say_sums(changes))
    return (_say_total(changes, when, then), *_say_main(changes), *_say_sums(changes))


def say_change(one: ComponentChange) -> str:
    """Why a component's amount changed: `stawka z 5,70 na 6,05 zł/m²`; both causes with their parts in złote."""
    if one.before is None:
        return gettext("nowy składnik")
    if one.now is None:
        return gettext("tego składnika już nie ma")
    return _say_cause(one, one.now, one.before)


def _say_cause(one: ComponentChange, now: ChargeRow, before: ChargeRow) -> str:
    if one.cause is Cause.SAME:
        return gettext("bez zmian")
    if one.cause is Cause.AMOUNT:
        return _say_other_amount(now, before)
    if one.cause is Cause.BASIS:
        return gettext("inny sposób naliczania: %(before)s, teraz %(now)s") % {
            "before": _product(before),
            "now": _product(now),
        }
    parts = []
    if one.cause in (Cause.RATE, Cause.BOTH):
        parts.append(_say_rates(now, before))
    if one.cause in (Cause.QUANTITY, Cause.BOTH):
        parts.append(_say_quantities(now, before))
    if one.cause is Cause.BOTH and one.by_rate is not None and one.by_quantity is not None:
        amounts = (format_zloty(part, is_signed=True) for part in (one.by_rate, one.by_quantity))
        parts = [f"{words}: {amount}" for words, amount in zip(parts, amounts, strict=True)]
    return "; ".join(parts)


def with_unit(figure: str, unit: str) -> str:
    """`48,5 m²`; an empty text without a figure."""
    return f"{figure}{NO_BREAK_SPACE}{format_unit(unit)}".strip() if figure else ""


def _say_total(changes: MonthChanges, when: str, then: str) -> str:
    text = (
        gettext("%(when)s opłata wzrosła o %(amount)s: z %(before)s %(then)s do %(now)s.")
        if changes.difference > 0
        else gettext("%(when)s opłata spadła o %(amount)s: z %(before)s %(then)s do %(now)s.")
    )
    return _begin(
        text
        % {
            "when": when,
            "then": then,
            "amount": format_zloty(abs(changes.difference)),
            "before": format_zloty(changes.before),
            "now": format_zloty(changes.now),
        }
    )


def _say_main(changes: MonthChanges) -> tuple[str, ...]:
    if changes.main is None:
        return ()
    words = {
        "cause": _name_cause(changes.main),
        "component": changes.main.row.name or changes.main.row.code,
        "difference": format_zloty(changes.main.difference, is_signed=True),
    }
    if len(changes.changed) == 1:
        return (gettext("Przyczyna: %(cause)s – %(component)s (%(difference)s).") % words,)
    return (gettext("Główna przyczyna: %(cause)s – %(component)s (%(difference)s).") % words,)


def _say_sums(changes: MonthChanges) -> tuple[str, ...]:
    """What rose and what fell, where more than one component did."""
    if len(changes.changed) == 1:
        return ()
    risen = sum(one.difference > 0 for one in changes.components)
    fallen = sum(one.difference < 0 for one in changes.components)
    found = []
    if risen:
        count = say_count(risen, *_component_forms())
        found.append(
            gettext("Wzrosło: %(count)s, razem o %(amount)s.")
            % {"count": count, "amount": format_zloty(changes.rise)}
        )
    if fallen:
        count = say_count(fallen, *_component_forms())
        found.append(
            gettext("Spadło: %(count)s, razem o %(amount)s.")
            % {"count": count, "amount": format_zloty(-changes.fall)}
        )
    return tuple(found)


def _component_forms() -> tuple[str, str, str]:
    return gettext("{n} składnik"), gettext("{n} składniki"), gettext("{n} składników")


def _name_cause(one: ComponentChange) -> str:
    now, before = one.now, one.before
    if now is None or before is None:
        return gettext("nowy składnik") if before is None else gettext("składnik, którego już nie ma")
    if one.cause is Cause.RATE:
        return gettext("wyższa stawka") if (now.rate or 0) > (before.rate or 0) else gettext("niższa stawka")
    if one.cause is Cause.QUANTITY:
        is_more = (now.quantity or 0) > (before.quantity or 0)
        return gettext("większa ilość") if is_more else gettext("mniejsza ilość")
    if one.cause is Cause.BOTH:
        return gettext("inna stawka i ilość")
    return gettext("inny sposób naliczania") if one.cause is Cause.BASIS else gettext("inna kwota")


def _say_rates(now: ChargeRow, before: ChargeRow) -> str:
    unit = format_unit(now.unit)
    return gettext("stawka z %(before)s na %(now)s zł%(unit)s") % {
        "before": format_rate(before.rate),
        "now": format_rate(now.rate),
        "unit": f"/{unit}" if unit else "",
    }


def _say_quantities(now: ChargeRow, before: ChargeRow) -> str:
    return gettext("ilość z %(before)s na %(now)s") % {
        "before": format_quantity(before.quantity),
        "now": with_unit(format_quantity(now.quantity), now.unit),
    }


def _say_other_amount(now: ChargeRow, before: ChargeRow) -> str:
    """The amount alone, or what was supplied beside it and does not explain it."""
    if None in (now.rate, before.rate, now.quantity, before.quantity):
        return gettext("inna kwota; stawki lub ilości nie podano")
    if (now.rate, now.quantity) == (before.rate, before.quantity):
        return gettext("inna kwota przy tej samej stawce i ilości")
    return gettext("inna kwota, niż wynika z ilości i stawki")


def _product(row: ChargeRow) -> str:
    quantity, rate = with_unit(format_quantity(row.quantity), row.unit), format_rate(row.rate)
    if not (quantity and rate):
        return quantity or format_unit(row.unit)
    return f"{quantity} × {rate}{NO_BREAK_SPACE}zł"


def _begin(sentence: str) -> str:
    """A sentence that begins with a month begins with a capital letter."""
    return sentence[:1].upper() + sentence[1:]
