"""Addresses of the owner's account, below /konto/ of the association's door."""

from django.urls import URLPattern, URLResolver, path

from billing_views.owner import account, account_email, account_factor, account_mails, account_sessions

urlpatterns: list[URLPattern | URLResolver] = [
    path("", account.show_account, name="account"),
    path("logowania/", account.show_sign_ins, name="account_sign_ins"),
    path("sesje/<str:handle>/", account_sessions.end_one_session, name="account_session"),
    path("wyloguj-wszedzie/", account_sessions.end_all_sessions, name="account_everywhere"),
    path("e-mail/", account_email.change_address, name="account_email"),
    path("e-mail/usun/", account_email.forget_address, name="account_email_removal"),
    path("powiadomienia/", account_mails.choose_wishes, name="account_mails"),
    path("drugi-skladnik/", account_factor.set_up_factor, name="account_factor"),
    path("drugi-skladnik/wylacz/", account_factor.take_factor_off, name="account_factor_removal"),
    path("kody-zapasowe/", account_factor.renew_codes, name="account_codes"),
]
