"""The Django app that carries the templates, styles and template tags of both doors."""

from django.apps import AppConfig


class BillingViewsConfig(AppConfig):
    """Pages and components; without models, so without migrations."""

    name = "billing_views"
    label = "billing_views"
