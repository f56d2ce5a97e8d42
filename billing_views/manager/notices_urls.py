"""Addresses of notices in bulk, below /a/<slug>/."""

from django.urls import URLPattern, URLResolver, path

from billing_views.manager import notices

RUN = "zawiadomienia/<int:run_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("zawiadomienia/", notices.notices, name="notices"),
    path(RUN, notices.show_run, name="notice_run"),
    path(f"{RUN}postep/", notices.show_progress, name="notice_run_progress"),
    path(f"{RUN}anuluj/", notices.cancel, name="notice_run_cancel"),
    path(f"{RUN}plik/", notices.download_all, name="notice_run_file"),
    path(f"{RUN}pliki/<int:number>/", notices.download_part, name="notice_run_part"),
]
