"""The platform as a Django app: it carries the operator commands."""

from django.apps import AppConfig


class SaasConfig(AppConfig):
    """No models of its own; those are in saas.tenancy, saas.staff and saas.jobs."""

    name = "saas"
    label = "saas"
