"""Addresses of the association's door."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [path("", include("billing_views.owner.door"))]
