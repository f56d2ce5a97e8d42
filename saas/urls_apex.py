"""Addresses of the apex's door."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [path("", include("billing_views.manager.urls"))]
