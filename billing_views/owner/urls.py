"""Addresses below a holding: mounted at `/lokal/<holding_id>/` and under a manager's preview."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from billing_views.owner import (
    accounting,
    charges,
    explanation,
    information,
    interest,
    ledger,
    ledger_search,
    media,
    paying,
    personal,
    switching,
)


class MonthConverter:
    """1 to 12, with or without a leading zero."""

    regex = "0?[1-9]|1[0-2]"

    @staticmethod
    def to_python(value: str) -> int:
        """The number."""
        return int(value)

    @staticmethod
    def to_url(value: int) -> str:
        """Without a leading zero."""
        return str(value)


class YearConverter:
    """Years of four digits from 1900 to 2999: what `datetime.date` holds and people mean."""

    regex = "(?:19|2[0-9])[0-9]{2}"

    @staticmethod
    def to_python(value: str) -> int:
        """The number."""
        return int(value)

    @staticmethod
    def to_url(value: int) -> str:
        """Four digits."""
        return str(value)


register_converter(MonthConverter, "month")
register_converter(YearConverter, "year")

urlpatterns: list[URLPattern | URLResolver] = [
    path("kartoteka/", ledger.show_ledger, name="ledger"),
    path("kartoteka/<year:year>/", ledger.show_ledger, name="ledger_year"),
    path("kartoteka/szukaj/", ledger_search.show_search, name="ledger_search"),
    path("skad-saldo/<int:fund_id>/", explanation.show_explanation, name="explanation"),
    path("odsetki/<int:fund_id>/", interest.show_interest, name="interest"),
    path("oplaty/", charges.show_charges, name="charges"),
    path("oplaty/<year:year>/", charges.show_charges, name="charges_year"),
    path("oplaty/<year:year>/<month:month>/", charges.show_charges, name="charges_month"),
    path("ksiegowosc/", accounting.show_accounting, name="accounting"),
    path("ksiegowosc/<year:year>/<int:account_id>/", accounting.show_details, name="accounting_details"),
    path("media/", media.show_media, name="media"),
    path("przelew/", paying.show_paying, name="paying"),
    path("dane/", personal.show_personal, name="personal"),
    path("informacje/", information.show_information, name="information"),
    path("zmien/", switching.show_choice, name="switch"),
    path("", include("billing_views.owner.download_urls")),
]
