"""The links below every page of the owners' door."""

from django.urls import reverse
from django.utils.translation import gettext

from billing_views.parts.page import Tab


def footer_links() -> tuple[Tab, ...]:
    """Informacje, prywatność, cookies, dostępność: open to everybody, signed in or not."""
    return (
        Tab(gettext("Informacje o portalu"), reverse("welcome")),
        Tab(gettext("Prywatność"), reverse("privacy")),
        Tab(gettext("Pliki cookies"), reverse("cookies")),
        Tab(gettext("Deklaracja dostępności"), reverse("accessibility")),
    )
