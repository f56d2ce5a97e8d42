"""Rates of statutory interest as data of the platform."""

import os

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured

FORMER_VARIABLE = "KARTOTEKA_INTEREST_RATES"


class RatesConfig(AppConfig):
    """One table in public."""

    name = "saas.rates"
    label = "rates"

    def ready(self) -> None:
        """Stop where rates would be left out silently: a file of them was named by the former variable."""
        if os.environ.get(FORMER_VARIABLE):
            msg = (
                f"{FORMER_VARIABLE} is read no longer: unset it, run `manage.py migrate_public` and "
                f"`manage.py load_interest_rates {os.environ[FORMER_VARIABLE]}`"
            )
            raise ImproperlyConfigured(msg)
