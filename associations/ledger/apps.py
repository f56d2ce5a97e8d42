"""The ledger as a Django app: a file of interest rates that cannot be used stops the program at its start."""

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from associations.ledger.rates import RatesFileError, statutory_rates


class LedgerConfig(AppConfig):
    """Accounts, postings, balances and interest."""

    name = "associations.ledger"

    def ready(self) -> None:
        """Read the rates, so that no page finds out: raises ImproperlyConfigured naming every wrong row."""
        try:
            statutory_rates(settings.INTEREST_RATES_FILE)
        except RatesFileError as error:
            msg = f"KARTOTEKA_INTEREST_RATES cannot be used:\n{error}"
            raise ImproperlyConfigured(msg) from error
