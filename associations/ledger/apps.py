"""The ledger as a Django app."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Accounts, postings, balances and interest."""

    name = "associations.ledger"
