"""Addresses of the association's door."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("billing_views.owner.door")),
    path("api/v1/", include("billing_views.api.owner.urls")),
]
handler400 = "billing_views.errors.bad_request"
handler404 = "billing_views.errors.page_not_found"
handler500 = "billing_views.errors.server_error"
handler503 = "billing_views.errors.closed"
