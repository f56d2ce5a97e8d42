"""Addresses of the association's door. Pages below a premises have a list of their own (urls.py)."""

from django.urls import URLPattern, URLResolver, include, path

import billing_views.addresses  # noqa: F401 - the converters
from billing_views.face import show_colors, show_logo
from billing_views.language import set_language
from billing_views.owner.account_email import confirm_by_link
from billing_views.owner.account_keys import revoke_key, show_keys
from billing_views.owner.account_mails import unsubscribe_by_link
from billing_views.owner.data_copy import download_copy
from billing_views.owner.information import show_welcome
from billing_views.owner.legal import show_accessibility, show_cookies, show_privacy
from billing_views.owner.password import change_own_password, show_forgotten
from billing_views.owner.second_step import enter_code
from billing_views.owner.sign_in import sign_in, sign_out
from billing_views.owner.switching import open_first_holding

urlpatterns: list[URLPattern | URLResolver] = [
    path("", show_welcome, name="welcome"),
    path("logowanie/", sign_in, name="sign_in"),
    path("logowanie/kod/", enter_code, name="second_step"),
    path("nie-pamietam-hasla/", show_forgotten, name="forgotten"),
    path("wyloguj/", sign_out, name="sign_out"),
    path("haslo/", change_own_password, name="password"),
    path("konto/", include("billing_views.owner.account_urls")),
    path("e-mail/potwierdz/<str:token>/", confirm_by_link, name="confirm_email"),
    path("e-mail/wypisz/<str:token>/", unsubscribe_by_link, name="unsubscribe"),
    path("jezyk/", set_language, name="language"),
    path("prywatnosc/", show_privacy, name="privacy"),
    path("cookies/", show_cookies, name="cookies"),
    path("dostepnosc/", show_accessibility, name="accessibility"),
    path("barwy/<color:color>.css", show_colors, name="colors"),
    path("znak/<digest:digest>.png", show_logo, name="logo"),
    path("konto/klucze/", show_keys, name="account_keys"),
    path("konto/klucze/<uuid:token_id>/uniewaznij/", revoke_key, name="account_key_revoke"),
    path("konto/kopia-danych/", download_copy, name="data_copy"),
    path("start/", open_first_holding, name="start"),
    path("lokal/<int:holding_id>/", include("billing_views.owner.urls")),
]
