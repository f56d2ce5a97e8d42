"""Writing of rows derived from the registries; the registries themselves are written by imports alone."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import islice

from django.db import transaction

from associations.premises.calculations import HoldingSpan, TitleSpan, holdings_of
from associations.premises.models import Holding, HoldingMember, Title

CHUNK = 2_000


def rebuild_holdings(premises_ids: Collection[int]) -> None:
    """Bring the holdings of these premises to what their current titles say; others are not looked at.

    A holding whose premises and first day stay keeps its id, and with it every address that leads to it.
    Runs inside the transaction of the publication or undo that changed the titles, which is what is audited.
    """
    with transaction.atomic():
        for ids in _chunks(sorted(set(premises_ids))):
            _rebuild(ids)


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    rest = iter(ids)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _rebuild(ids: list[int]) -> None:
    wanted = _wanted_holdings(ids)
    standing = {
        (holding.premises_id, holding.starts_on): holding
        for holding in Holding.objects.filter(premises_id__in=ids).order_by("id")
    }
    Holding.objects.filter(
        id__in=[holding.id for key, holding in standing.items() if key not in wanted]
    ).delete()
    kept = {key: holding for key, holding in standing.items() if key in wanted}
    moved = [holding for key, holding in kept.items() if holding.ends_on != wanted[key].ends_on]
    for holding in moved:
        holding.ends_on = wanted[holding.premises_id, holding.starts_on].ends_on
    Holding.objects.bulk_update(moved, ["ends_on"])
    missing = [
        Holding(premises_id=key[0], starts_on=span.starts_on, ends_on=span.ends_on)
        for key, span in wanted.items()
        if key not in kept
    ]
    created = Holding.objects.bulk_create(missing)
    everyone = [*kept.values(), *created]
    _set_members({holding.id: wanted[holding.premises_id, holding.starts_on].persons for holding in everyone})


def _wanted_holdings(ids: list[int]) -> dict[tuple[int, object], HoldingSpan[int]]:
    titles: dict[int, list[TitleSpan[int]]] = defaultdict(list)
    rows = Title.objects.filter(premises_id__in=ids, is_current=True).order_by("id")
    for premises, person, starts_on, ends_on in rows.values_list(
        "premises_id", "person_id", "starts_on", "ends_on"
    ):
        titles[premises].append(TitleSpan(person, starts_on, ends_on))
    return {
        (premises, span.starts_on): span for premises, spans in titles.items() for span in holdings_of(spans)
    }


def _set_members(persons_of: dict[int, frozenset[int]]) -> None:
    wanted = {(holding, person) for holding, persons in persons_of.items() for person in persons}
    rows = HoldingMember.objects.filter(holding_id__in=persons_of).order_by("id")
    standing = {(holding, person): pk for pk, holding, person in rows.values_list("id", "holding", "person")}
    HoldingMember.objects.filter(id__in=[standing[key] for key in standing.keys() - wanted]).delete()
    HoldingMember.objects.bulk_create(
        HoldingMember(holding_id=holding, person_id=person)
        for holding, person in sorted(wanted - standing.keys())
    )
