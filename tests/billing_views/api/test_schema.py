"""OpenAPI describes what there is, and is offered with a page that loads nothing from elsewhere."""

import json
from io import StringIO

from django.core.management import call_command
from django.test import Client

from billing_views.api.urls import urlpatterns


def test_schema_is_valid_and_describes_every_address() -> None:
    out = StringIO()

    call_command(
        *("spectacular", "--urlconf", "saas.urls_apex", "--format", "openapi-json"),
        *("--validate", "--fail-on-warn"),
        stdout=out,
    )

    schema = json.loads(out.getvalue())
    assert len(schema["paths"]) == len(urlpatterns) - 2
    operations = [operation for path in schema["paths"].values() for operation in path.values()]
    assert all(operation["security"] == [{"token": []}] for operation in operations)
    upload = schema["paths"]["/api/v1/associations/{slug}/imports/"]["post"]
    assert {"200", "201", "401", "404", "413", "422"} <= set(upload["responses"])
    assert "application/problem+json" in upload["responses"]["422"]["content"]


def test_schema_and_its_page_are_served_to_everybody(db: None) -> None:
    client = Client(headers={"host": "localhost"})

    schema, page = client.get("/api/v1/schema/"), client.get("/api/v1/docs/")

    assert (schema.status_code, page.status_code) == (200, 200)
    assert "http://" not in page.content.decode()
    assert "https://" not in page.content.decode()
