"""OpenAPI: the description of the API and a page that shows it, both without data and open to everybody."""

from typing import Any

from django.views.decorators.http import require_safe
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from billing_views.manager.entry import open_page

API = "/api/v1/"
Endpoint = tuple[str, str, str, Any]


def keep_api_only(endpoints: list[Endpoint]) -> list[Endpoint]:
    """Only what lies below /api/v1/ is described."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith(API)]


show_schema = open_page(require_safe(SpectacularAPIView.as_view()))
show_docs = open_page(
    require_safe(SpectacularSwaggerSplitView.as_view(url_name="api_schema", template_name="api/docs.html"))
)
