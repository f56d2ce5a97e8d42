"""Addresses of what is downloaded below a holding: papers end with `pdf/`, tables with `csv/` or `xlsx/`."""

from django.urls import URLPattern, URLResolver, path, register_converter

from billing_views.owner import documents, downloads, papers


class TableFormConverter:
    """The forms of a table."""

    regex = "csv|xlsx"

    @staticmethod
    def to_python(value: str) -> str:
        """As it is."""
        return value

    @staticmethod
    def to_url(value: str) -> str:
        """As it is."""
        return value


register_converter(TableFormConverter, "form")
MONTH = "oplaty/<year:year>/<month:month>/"
ACCOUNTS = "ksiegowosc/<year:year>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("dokumenty/", documents.show_documents, name="documents"),
    path("kartoteka/<year:year>/pdf/", papers.print_ledger, name="ledger_paper"),
    path("kartoteka/<year:year>/<form:form>/", downloads.download_ledger, name="ledger_file"),
    path(f"{MONTH}pdf/", papers.print_charges, name="charges_paper"),
    path(f"{MONTH}<form:form>/", downloads.download_month, name="charges_month_file"),
    path(f"{MONTH}miesiace/<form:form>/", downloads.download_months, name="charges_months_file"),
    path("oplaty/<year:year>/<form:form>/", downloads.download_charges, name="charges_year_file"),
    path(f"{ACCOUNTS}<form:form>/", downloads.download_accounts, name="accounts_file"),
    path(f"{ACCOUNTS}<int:account_id>/<form:form>/", downloads.download_account, name="account_file"),
    path("media/<year:year>/pdf/", papers.print_media, name="media_paper"),
    path("media/<year:year>/odczyty/<form:form>/", downloads.download_readings, name="readings_file"),
    path(
        "media/<year:year>/rozliczenia/<form:form>/", downloads.download_settlements, name="settlements_file"
    ),
    path("saldo/pdf/", papers.print_confirmation, name="balance_paper"),
    path("saldo/<form:form>/", downloads.download_balances, name="balances_file"),
    path("wplaty/<form:form>/", downloads.download_payments, name="payments_file"),
    path("dane/<form:form>/", downloads.download_held, name="held_file"),
]
