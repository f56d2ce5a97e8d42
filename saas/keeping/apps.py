"""Keeping as a Django app: what it records stands in public."""

from django.apps import AppConfig


class KeepingConfig(AppConfig):
    """Records of backups and of what was erased."""

    name = "saas.keeping"
    label = "keeping"
