"""Polish first; English one click away, and only where somebody asked for it."""

import pytest
from django.conf import settings
from django.test import Client

pytestmark = pytest.mark.django_db
APEX = {"host": "localhost"}


def test_page_is_polish_whatever_the_browser_prefers() -> None:
    response = Client().get("/logowanie/", headers=APEX | {"accept-language": "en-US,en;q=0.9"})

    assert response.headers["Content-Language"] == "pl"
    assert 'lang="pl"' in response.content.decode()


def test_chosen_language_is_kept_and_an_unknown_one_is_not() -> None:
    client = Client()

    client.post("/jezyk/", {"language": "en", "next": "/logowanie/"}, headers=APEX)
    assert client.get("/logowanie/", headers=APEX).headers["Content-Language"] == "en"

    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "xx"
    assert client.get("/logowanie/", headers=APEX).headers["Content-Language"] == "pl"


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_language_link_leads_nowhere_else(target: str) -> None:
    response = Client().post("/jezyk/", {"language": "en", "next": target}, headers=APEX)

    assert (response.status_code, response.headers["Location"]) == (302, "/")
