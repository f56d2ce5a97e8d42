"""Addresses of the apex: sign-in, the account, the overview, one association under /a/<slug>/."""

from django.urls import URLPattern, URLResolver, include, path

import billing_views.addresses  # noqa: F401 - the converters
from billing_views.face import show_colors
from billing_views.language import set_language
from billing_views.manager import account, api_tokens, factor_setup, invitations, platform, sign_in
from billing_views.manager.entry import open_page

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("billing_views.manager.workspace")),
    path("api/v1/", include("billing_views.api.urls")),
    path("a/<slug:slug>/", include("billing_views.manager.people_urls")),
    path("a/<slug:slug>/", include("billing_views.manager.notices_urls")),
    path("a/<slug:slug>/podglad/<int:holding_id>/", include("billing_views.owner.urls")),
    path("barwy/<color:color>.css", open_page(show_colors), name="colors"),
    path("logowanie/", sign_in.sign_in, name="sign_in"),
    path("kod/", sign_in.enter_code, name="second_factor"),
    path("wyloguj/", sign_in.sign_out, name="sign_out"),
    path("jezyk/", open_page(set_language), name="language"),
    path("zaproszenie/<str:token>/", invitations.accept_invitation, name="invitation"),
    path("nowe-haslo/", invitations.ask_for_link, name="forgotten_password"),
    path("nowe-haslo/<str:token>/", invitations.set_new_password, name="new_password"),
    path("platforma/", platform.show_platform, name="platform"),
    path("konto/", account.show_account, name="account"),
    path("konto/haslo/", account.change_password, name="account_password"),
    path("konto/wyloguj-wszedzie/", account.sign_out_everywhere, name="account_sessions"),
    path("konto/programy/", api_tokens.show_tokens, name="api_tokens"),
    path("konto/programy/<uuid:token_id>/uniewaznij/", api_tokens.revoke, name="api_token_revoke"),
    path("konto/drugi-skladnik/", factor_setup.set_up_totp, name="set_up_totp"),
    path("konto/drugi-skladnik/wylacz/", factor_setup.take_totp_off, name="remove_totp"),
    path("konto/kody-zapasowe/", factor_setup.renew_codes, name="recovery_codes"),
]
