"""All associations of the platform, each asked about itself inside its schema."""

from dataclasses import dataclass

from django.db import DatabaseError

from associations.profile.models import AssociationProfile
from saas.tenancy.models import Association, Domain
from saas.tenancy.switching import AssociationRef, enter_association, enter_public


@dataclass(frozen=True, slots=True)
class ListedAssociation:
    """One association; `state` is `unreadable` where its schema does not answer (a move, a failed migration)."""

    slug: str
    name: str
    kind: str
    state: str
    schema: str
    domains: tuple[str, ...]


def all_refs() -> list[AssociationRef]:
    """Every association by slug, without entering it: one query."""
    with enter_public():
        rows = list(Association.objects.order_by("slug"))
    return [AssociationRef(id=row.id, slug=row.slug, schema_name=row.schema_name) for row in rows]


def list_associations() -> list[ListedAssociation]:
    """Every association by slug, with one query inside each."""
    with enter_public():
        rows = list(Association.objects.order_by("slug"))
        hosts: dict[object, list[str]] = {}
        for tenant, host in Domain.objects.order_by("-is_primary", "domain").values_list(
            "tenant_id", "domain"
        ):
            hosts.setdefault(tenant, []).append(host)
    return [_listed(row, tuple(hosts.get(row.pk, ()))) for row in rows]


def _listed(row: Association, domains: tuple[str, ...]) -> ListedAssociation:
    name, kind, state = "", "", "unreadable"
    ref = AssociationRef(id=row.id, slug=row.slug, schema_name=row.schema_name)
    try:
        with enter_association(ref):
            profile = AssociationProfile.objects.get(id=1)
        name, kind, state = profile.name, profile.kind, profile.state
    except (DatabaseError, AssociationProfile.DoesNotExist):
        pass  # the list goes on past a broken one and says so
    return ListedAssociation(row.slug, name, kind, state, row.schema_name, domains)
