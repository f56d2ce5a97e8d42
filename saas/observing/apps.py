"""Observing as a Django app: what associations said of themselves last stands in public."""

from django.apps import AppConfig


class ObservingConfig(AppConfig):
    """One table of one row."""

    name = "saas.observing"
    label = "observing"
