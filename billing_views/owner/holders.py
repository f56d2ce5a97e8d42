"""Who holds the premises that a paper or a list is about: names alone, as co-owners see them of each other."""

from associations.premises.access import OpenHolding
from associations.premises.models import Person


def names_of_holding(holding: OpenHolding) -> tuple[str, ...]:
    """All persons of the holding, in their order. One query."""
    names = dict(Person.objects.filter(pk__in=holding.person_ids).order_by("id").values_list("pk", "name"))
    return tuple(names[person] for person in holding.person_ids if person in names)
