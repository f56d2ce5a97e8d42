"""The platform as a Django app: it carries the operator commands."""

from django.apps import AppConfig
from django.db.models.signals import post_delete


class SaasConfig(AppConfig):
    """No models of its own; those are in saas.tenancy, saas.staff and saas.jobs."""

    name = "saas"
    label = "saas"

    def ready(self) -> None:
        """Silence django-tenants' listener to every deletion.

        It would drop a schema with its association's row, which nothing here does, and by listening it makes each
        delete() of any model read its rows first.
        """
        # The module of signals needs the app registry to be filled.
        from django_tenants.signals import tenant_delete_callback

        post_delete.disconnect(tenant_delete_callback)
