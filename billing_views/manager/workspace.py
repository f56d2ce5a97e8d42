"""Addresses of the overview and of one association's workspace: desk, imports, premises, settings, log."""

from django.urls import path

from billing_views.manager import (
    appearance,
    batch,
    batch_actions,
    batch_changes,
    batch_choices_save,
    batch_files,
    closed_years,
    dashboard,
    fund_accounts,
    imports,
    journal,
    overview,
    premises,
    profiles,
    settings,
    table_correction,
)

BATCH = "a/<slug:slug>/importy/<int:batch_id>/"
PROFILES = "a/<slug:slug>/importy/profile/"

urlpatterns = [
    path("", overview.show_overview, name="overview"),
    path("a/<slug:slug>/", dashboard.show_desk, name="desk"),
    path("a/<slug:slug>/importy/", imports.imports, name="imports"),
    path(BATCH, batch.show_batch, name="batch"),
    path(f"{BATCH}postep/", batch.show_progress, name="batch_progress"),
    path(f"{BATCH}publikuj/", batch_actions.publish, name="batch_publish"),
    path(f"{BATCH}anuluj/", batch_actions.cancel, name="batch_cancel"),
    path(f"{BATCH}sprawdz-ponownie/", batch_actions.check_again, name="batch_check_again"),
    path(f"{BATCH}ustalenia/", batch_choices_save.save_choices, name="batch_choices"),
    path(f"{BATCH}odrzuc/", batch_actions.reject, name="batch_reject"),
    path(f"{BATCH}cofnij/", batch_actions.undo, name="batch_undo"),
    path(f"{BATCH}zmiany/", batch_changes.show_changes, name="batch_changes"),
    path(f"{BATCH}problemy.csv", batch_files.download_problems, name="batch_problems"),
    path(f"{BATCH}pliki/<int:number>/", batch_files.download_file, name="batch_file"),
    path(
        f"{BATCH}pliki/<int:number>/z-uwagami/", batch_files.download_annotated, name="batch_file_annotated"
    ),
    path(f"{BATCH}odczyt/<int:number>/<int:place>/", table_correction.correct_table, name="table_correction"),
    path(PROFILES, profiles.show_profiles, name="import_profiles"),
    path(f"{PROFILES}<int:profile_id>/", profiles.show_profile, name="import_profile"),
    path(f"{PROFILES}<int:profile_id>/nazwa/", profiles.rename, name="import_profile_rename"),
    path(f"{PROFILES}<int:profile_id>/usun/", profiles.forget, name="import_profile_forget"),
    path(f"{PROFILES}<int:profile_id>/udostepnij/", profiles.share_profile, name="import_profile_share"),
    path("a/<slug:slug>/lokale/", premises.show_premises, name="premises_list"),
    path("a/<slug:slug>/ustawienia/", settings.edit_settings, name="settings"),
    path("a/<slug:slug>/ustawienia/wyglad/", appearance.edit_appearance, name="appearance"),
    path("a/<slug:slug>/ustawienia/wyglad/usun-znak/", appearance.drop_logo, name="appearance_drop_logo"),
    path("a/<slug:slug>/znak/<digest:digest>.png", appearance.show_logo_here, name="logo"),
    path("a/<slug:slug>/ustawienia/rachunki/", fund_accounts.show_fund_accounts, name="fund_accounts"),
    path(
        "a/<slug:slug>/ustawienia/rachunki/<int:fund_id>/", fund_accounts.change_account, name="fund_account"
    ),
    path("a/<slug:slug>/zamkniete-lata/", closed_years.closed_years, name="closed_years"),
    path("a/<slug:slug>/dziennik/", journal.show_journal, name="journal"),
]
