"""Addresses of the association's door. Pages below a premises have a list of their own (urls.py)."""

from django.urls import URLPattern, URLResolver, include, path

from billing_views.language import set_language
from billing_views.owner.information import show_welcome
from billing_views.owner.password import change_own_password
from billing_views.owner.sign_in import sign_in, sign_out
from billing_views.owner.switching import open_first_holding

urlpatterns: list[URLPattern | URLResolver] = [
    path("", show_welcome, name="welcome"),
    path("logowanie/", sign_in, name="sign_in"),
    path("wyloguj/", sign_out, name="sign_out"),
    path("haslo/", change_own_password, name="password"),
    path("jezyk/", set_language, name="language"),
    path("start/", open_first_holding, name="start"),
    path("lokal/<int:holding_id>/", include("billing_views.owner.urls")),
]
