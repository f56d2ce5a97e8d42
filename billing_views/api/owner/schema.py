"""OpenAPI of the owners' API and a page that shows it: without data, open to everybody, apart from the managers'."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularSwaggerSplitView

TITLE = "Otwarta Kartoteka: API właściciela"
DESCRIPTION = (
    "Te same dane, które właściciel widzi na stronach swojego lokalu, tylko do odczytu. Kwoty są tekstami w złotych "
    "z dwoma miejscami po kropce; saldo = wpłaty − obciążenia, minus oznacza niedopłatę. Daty w formacie RRRR-MM-DD; "
    "null znaczy: nie przekazano. Sald różnych funduszy nie należy sumować."
)
MEDIA_TYPE = "application/vnd.oai.openapi+json"


class OwnerSchemaGenerator(SchemaGenerator):
    """The description of what lies on an association's host, with its own title and ways in."""

    def get_schema(self, request: Any = None, public: bool = False) -> Any:  # noqa: FBT002 - the parent's signature
        """The generated description under the names of this API."""
        schema = super().get_schema(request=request, public=public)  # type: ignore[no-untyped-call]
        schema["info"] = {"title": TITLE, "version": "1", "description": DESCRIPTION}
        ways_in: list[dict[str, list[str]]] = [{"token": []}, {"session": []}]
        schema["security"] = ways_in
        for path in schema["paths"].values():
            for operation in path.values():
                operation["security"] = ways_in
        schema["components"]["securitySchemes"] = {
            "token": {"type": "http", "scheme": "bearer", "description": "Klucz osobisty: ko_…"},
            "session": {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
        }
        return schema


@cache
def describe_api() -> dict[str, Any]:
    """The description, made once: it is the same for everybody, on every host and in every language."""
    generator = OwnerSchemaGenerator(urlconf="saas.urls_association")  # type: ignore[no-untyped-call]
    found: dict[str, Any] = generator.get_schema(request=None, public=True)
    return found


@csrf_exempt
@require_safe
def show_schema(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """OpenAPI 3 as JSON."""
    return JsonResponse(describe_api(), content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False})


show_docs = require_safe(
    SpectacularSwaggerSplitView.as_view(url_name="api_schema", template_name="api/docs.html", title=TITLE)
)

for _view in (show_schema, show_docs):
    _view.door_entry = "open"  # type: ignore[attr-defined]  # read by the isolation tests
