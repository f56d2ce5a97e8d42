"""„Nowy numer rachunku”: what owners read for 60 days after a bank account changed, on every page that names money."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.utils.timezone import localdate
from django.utils.translation import gettext

from associations.imports.standing import HERE
from associations.premises.access import OpenHolding
from associations.premises.account_changes import AnnouncedChange, announced_changes
from associations.profile.bank_accounts import format_nrb
from associations.profile.models import AssociationProfile
from billing_views.owner.words import name_fund
from billing_views.parts.formatting import format_day
from billing_views.parts.notices import Notice


def notices_of_holding(holding: OpenHolding, profile: AssociationProfile) -> tuple[Notice, ...]:
    """Changed accounts of the premises; a former owner is told none. One query where nothing changed."""
    today = localdate()
    if holding.ends_on and holding.ends_on < today:
        return ()
    found = announced_changes({holding.premises.pk: holding.starts_on}, today=today)
    return draw_notices(found.get(holding.premises.pk, ()), profile)


def draw_notices(changes: Sequence[AnnouncedChange], profile: AssociationProfile) -> tuple[Notice, ...]:
    """A notice per changed account of one premises."""
    return tuple(_draw_notice(one, profile, "") for one in changes)


def draw_notices_of_several(
    changes: Mapping[str, Sequence[AnnouncedChange]], profile: AssociationProfile
) -> tuple[Notice, ...]:
    """A notice per changed account of premises by their codes; those that share it are named together."""
    codes: dict[AnnouncedChange, list[str]] = defaultdict(list)
    for code, of_premises in changes.items():
        for one in of_premises:
            codes[one].append(code)
    return tuple(_draw_notice(one, profile, _name_premises(of_one)) for one, of_one in codes.items())


def _draw_notice(one: AnnouncedChange, profile: AssociationProfile, whose: str) -> Notice:
    text = " ".join((*_say_former(one), _say_whom_to_ask(profile)))
    return Notice(title=_say_change(one, whose), text=text)


def _name_premises(codes: Sequence[str]) -> str:
    if len(codes) == 1:
        return gettext("lokal %(code)s") % {"code": codes[0]}
    return gettext("lokale %(codes)s") % {"codes": ", ".join(codes)}


def _say_change(one: AnnouncedChange, whose: str) -> str:
    words = {
        "day": format_day(one.changed_on),
        "fund": ", ".join(filter(None, (name_fund(one.fund), whose))),
        "number": format_nrb(one.change.present, blank=" "),
    }
    if not one.change.present:
        return gettext("Od %(day)s numer rachunku (%(fund)s) poda biuro.") % words
    if one.change.is_back:
        return gettext("Od %(day)s znów obowiązuje numer rachunku (%(fund)s): %(number)s.") % words
    return gettext("Od %(day)s nowy numer rachunku (%(fund)s): %(number)s.") % words


def _say_former(one: AnnouncedChange) -> list[str]:
    numbers = ", ".join(format_nrb(number, blank=" ") for number in one.change.former)
    since = one.change.wrong_since
    if one.change.is_back and since:
        return [
            gettext("Od %(day)s portal pokazywał inny numer: %(numbers)s. Nie wpłacaj na niego.")
            % {"day": format_day(since.astimezone(HERE).date()), "numbers": numbers}
        ]
    return [gettext("Poprzedni numer: %(numbers)s.") % {"numbers": numbers}]


def _say_whom_to_ask(profile: AssociationProfile) -> str:
    if profile.office_phone:
        return gettext("Biuro potwierdza zmianę pod numerem %(phone)s; nie ufaj pismom z innym numerem.") % {
            "phone": profile.office_phone
        }
    return gettext("Zmianę potwierdza biuro; nie ufaj pismom z innym numerem rachunku.")
