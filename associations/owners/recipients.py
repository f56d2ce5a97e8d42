"""Who gets a letter with a starter password: people who hold premises today and cannot sign in yet.

Former owners are left out of letters in bulk; the office issues theirs one by one.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from associations.owners.queries import AccessFilter, filter_people, premises_of
from associations.premises.models import Building, HoldingMember, Person, Premises

LETTERS_AT_ONCE = 200
"""A password costs a hash of about 30 ms: so many fit into one request."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Name and address for the envelope, and the codes of the premises held today."""

    person_id: int
    name: str
    address: str
    premises: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BuildingCount:
    """How many people of a building are without a password of their own."""

    building_id: int
    code: str
    address: str
    never_issued: int
    expired: int


def people_for_letters(
    chosen: AccessFilter, *, now: dt.datetime, today: dt.date, building_id: int | None = None
) -> QuerySet[Person]:
    """People of that state who hold something today, in the order of their premises, to be dealt out by stairs."""
    held = _members_today(today)
    if building_id is not None:
        held = held.filter(holding__premises__building_id=building_id)
    own = held.filter(person_id=OuterRef("pk"))
    first = own.order_by("holding__premises__sort_key", "holding__premises_id").values(
        "holding__premises__sort_key"
    )[:1]
    people = filter_people(chosen, now=now).filter(Exists(own.order_by("id")))
    return people.annotate(place=Subquery(first)).order_by("place", "sort_key", "id")


def recipients_of(people: Sequence[Person], *, today: dt.date) -> dict[int, Recipient]:
    """Name, address and premises by person; one query. A person without premises has an empty address."""
    held = premises_of([person.pk for person in people], today=today)
    found = {}
    for person in people:
        theirs = [one for one in held[person.pk] if one.is_present] or list(held[person.pk])
        homes = sorted(theirs, key=lambda one: not one.is_flat)
        address = next((one.address for one in homes if one.address), "")
        codes = tuple(one.code for one in theirs)
        found[person.pk] = Recipient(person.pk, person.name, address, codes)
    return found


def count_by_building(*, now: dt.datetime, today: dt.date) -> tuple[BuildingCount, ...]:
    """Buildings with people to write to, by code; one query. Who holds in two buildings counts in both."""
    rows = (
        _members_today(today)
        .filter(person__is_current=True, holding__premises__building__isnull=False)
        .values("holding__premises__building_id")
        .annotate(
            never_issued=Count("person_id", distinct=True, filter=_at_person(AccessFilter.NEVER_ISSUED, now)),
            expired=Count("person_id", distinct=True, filter=_at_person(AccessFilter.EXPIRED, now)),
        )
        .order_by("holding__premises__building_id")
        .values_list("holding__premises__building_id", "never_issued", "expired")
    )
    figures = {building_id: (never_issued, expired) for building_id, never_issued, expired in rows}
    buildings = Building.objects.filter(pk__in=[pk for pk, found in figures.items() if any(found)])
    return tuple(
        BuildingCount(building.pk, building.code, building.address, *figures[building.pk])
        for building in buildings.annotate(address=_first_address()).order_by("code", "id")
    )


def _members_today(today: dt.date) -> QuerySet[HoldingMember]:
    return HoldingMember.objects.filter(
        Q(holding__starts_on__isnull=True) | Q(holding__starts_on__lte=today),
        Q(holding__ends_on__isnull=True) | Q(holding__ends_on__gte=today),
        holding__premises__is_current=True,
    )


def _at_person(chosen: AccessFilter, now: dt.datetime) -> Q:
    if chosen is AccessFilter.NEVER_ISSUED:
        return Q(person__account__isnull=True)
    return Q(person__account__is_active=True, person__account__must_change_password=True) & ~Q(
        person__account__starter_expires_at__gt=now
    )


def _first_address() -> Subquery:
    premises = Premises.objects.filter(building_id=OuterRef("pk"), is_current=True).exclude(address="")
    return Subquery(premises.order_by("sort_key", "id").values("address")[:1])
