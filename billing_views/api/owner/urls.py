"""Addresses of the owners' API below /api/v1/ on an association's host."""

from django.urls import URLPattern, URLResolver, include, path

import billing_views.owner.urls  # noqa: F401 - the converters of years and months
from billing_views.api.owner import schema, views
from billing_views.api.owner.entry import owner_resource
from billing_views.owner.known_rates import reads_rates

below_holding = [
    path("", owner_resource(views.HoldingView.as_view()), name="api_holding"),
    path("balances/", owner_resource(views.BalancesView.as_view()), name="api_balances"),
    path("funds/<int:fund_id>/balance/", owner_resource(views.ExplanationView.as_view()), name="api_balance_explanation"),
    path("funds/<int:fund_id>/interest/", reads_rates(owner_resource(views.InterestView.as_view())), name="api_interest"),
    path("ledger/", owner_resource(views.LedgerYearsView.as_view()), name="api_ledger_years"),
    path("ledger/<year:year>/", owner_resource(views.LedgerView.as_view()), name="api_ledger"),
    path("accounts/", owner_resource(views.AccountsView.as_view()), name="api_accounts"),
    path("charges/", owner_resource(views.ChargedMonthsView.as_view()), name="api_charged_months"),
    path("charges/<year:year>/<month:month>/", owner_resource(views.ChargesView.as_view()), name="api_charges"),
    path("media/", owner_resource(views.MediaView.as_view()), name="api_media"),
    path("readings/<year:year>/", owner_resource(views.ReadingsView.as_view()), name="api_readings"),
    path("settlements/<year:year>/", owner_resource(views.SettlementsView.as_view()), name="api_settlements"),
    path("payments/", owner_resource(views.PaymentsView.as_view()), name="api_payments"),
    path("transfers/", owner_resource(views.TransfersView.as_view()), name="api_transfers"),
]  # fmt: skip

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", schema.show_schema, name="api_schema"),
    path("docs/", schema.show_docs, name="api_docs"),
    path("me/", owner_resource(views.MeView.as_view()), name="api_me"),
    path("holdings/<int:holding_id>/", include(below_holding)),
]
