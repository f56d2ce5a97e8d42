"""The registry of associations, in public: which exist, under which hosts, in which schema.

Only facts that do not change with the association's life are here. Its name, kind, state and switches stand in
its own schema (associations.profile), so that a schema can be moved with all it needs.
"""

import uuid

from django.core.validators import RegexValidator
from django.db import models
from django_tenants.models import DomainMixin, TenantMixin

SLUG_PATTERN = r"^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?$"


class Association(TenantMixin):  # type: ignore[misc]  # django-tenants ships no types
    """A housing association (spółdzielnia or wspólnota): the tenant."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.CharField(max_length=50, unique=True, validators=[RegexValidator(SLUG_PATTERN)])
    created_at = models.DateTimeField(auto_now_add=True)

    # Schemas come from saas.tenancy.provisioning alone, and are never dropped by deleting a row.
    auto_create_schema = False
    auto_drop_schema = False

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(schema_name__regex=r"^[a-z][a-z0-9_]{0,50}$"),
                name="association_schema_name",
            ),
            models.CheckConstraint(condition=models.Q(slug__regex=SLUG_PATTERN), name="association_slug"),
        ]

    def __str__(self) -> str:
        return str(self.slug)


class Domain(DomainMixin):  # type: ignore[misc]
    """A host under which owners reach an association: lower case, no port, no trailing dot."""

    class Meta:
        ordering = ["domain"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(domain__regex=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$"),
                name="domain_normal_form",
            )
        ]
