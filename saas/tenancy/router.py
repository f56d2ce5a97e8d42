"""Which tables belong where: shared apps in public, tenant apps in an association's schema, nothing in both."""

from typing import Any

from django.conf import settings
from django.db import connections
from django_tenants.routers import TenantSyncRouter
from django_tenants.utils import get_public_schema_name


class SchemaRouter(TenantSyncRouter):  # type: ignore[misc]  # django-tenants ships no types
    """As the stock router, for every database alias: migrations run as the owner role, not on `default`."""

    def allow_migrate(
        self, db: str, app_label: str, model_name: str | None = None, **hints: Any
    ) -> bool | None:
        """False where the app's tables do not belong in the schema that the connection points at."""
        schema: str = connections[db].schema_name  # type: ignore[attr-defined]  # django-tenants' own
        is_public = schema == get_public_schema_name()
        apps = settings.SHARED_APPS if is_public else settings.TENANT_APPS
        return None if self.app_in_list(app_label, apps) else False
