"""What all operator commands share: who acts, and how an association is named."""

from django.core.management.base import CommandError

from associations.audit.actors import Actor
from saas.tenancy.models import Association
from saas.tenancy.switching import AssociationRef, enter_public

OPERATOR = Actor(kind="operator", id=None, name="manage.py")


def find_association(slug: str) -> AssociationRef:
    """The association with this slug; raises CommandError."""
    with enter_public():
        row = Association.objects.filter(slug=slug).first()
    if row is None:
        raise CommandError(f"There is no association {slug!r}; list_associations shows all.")
    return AssociationRef(id=row.id, slug=row.slug, schema_name=row.schema_name)
