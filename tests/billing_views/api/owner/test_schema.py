"""OpenAPI of the owners' API describes every address and answer, apart from the managers', and is shown offline."""

import warnings
from typing import Any

from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema

from billing_views.api.owner.schema import describe_api
from tests.isolation.routes import list_routes

HERE, APEX = "sloneczna.localhost", "localhost"


def operations() -> dict[str, dict[str, Any]]:
    return {
        f"{method} {path}": found
        for path, one in describe_api()["paths"].items()
        for method, found in one.items()
    }


def test_schema_is_valid_and_made_without_a_warning() -> None:
    describe_api.cache_clear()
    GENERATOR_STATS.reset()

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        validate_schema(describe_api())  # type: ignore[no-untyped-call]

    assert not GENERATOR_STATS


def test_every_address_is_described_and_only_reads() -> None:
    served = {
        one.pattern
        for one in list_routes("association")
        if one.pattern.startswith("api/v1/") and not one.pattern.endswith(("schema/", "docs/"))
    }

    assert len(describe_api()["paths"]) == len(served)
    assert {name.split()[0] for name in operations()} == {"get"}


def test_every_answer_is_described() -> None:
    for name, operation in operations().items():
        assert {"200", "401", "403", "404", "429"} <= set(operation["responses"]), name
        assert "$ref" in operation["responses"]["200"]["content"]["application/json"]["schema"], name
        assert list(operation["responses"]["404"]["content"]) == ["application/problem+json"]
        assert operation["security"] == [{"token": []}, {"session": []}]
        assert operation["summary"]


def test_money_is_text_everywhere() -> None:
    """No float: a reader that adds figures up as numbers has to choose to."""
    text = str(describe_api()["components"]["schemas"])

    assert "'type': 'number'" not in text
    assert "'format': 'double'" not in text
    balance = describe_api()["components"]["schemas"]["Balance"]["properties"]["amount"]
    assert balance["type"] == "string"
    assert "niedopłatę" in balance["description"]


def test_owners_and_managers_descriptions_are_apart(db: None) -> None:
    owners = Client(headers={"host": HERE}).get("/api/v1/schema/")
    managers = Client(headers={"host": APEX}).get("/api/v1/schema/")

    assert owners.headers["Content-Type"] == "application/vnd.oai.openapi+json"
    assert owners.json() == describe_api()
    assert "imports" not in owners.content.decode()
    assert "holdings" not in managers.content.decode()
    assert "API właściciela" not in managers.content.decode()


def test_docs_page_loads_nothing_from_elsewhere(db: None) -> None:
    page = Client(headers={"host": HERE}).get("/api/v1/docs/")

    assert page.status_code == 200
    assert "API właściciela" in page.content.decode()
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "http://" not in page.content.decode()
    assert "https://" not in page.content.decode()
