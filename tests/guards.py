"""Guards of the whole suite: what fails a test whatever it is about.

- no_network: a connection beyond loopback and Unix sockets, and a name asked of the network;
- complete_forms: a page with a form that is posted without a CSRF token;
- ordered_slices: the first rows of a query that says no order, and so may give others the next time.

Elsewhere: unknown template variables (pytest-django's --fail-on-template-vars in pyproject.toml), naive datetimes
and unordered lists in pages (warnings are errors, pyproject.toml). tests/test_guards.py shows that each bites.
"""

import ipaddress
import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import QuerySet
from django.http import HttpResponse
from django.test import Client

POST_FORM = re.compile(r"<form\b[^>]*\bmethod=[\"']?post\b.*?</form>", re.IGNORECASE | re.DOTALL)
HTMX_POST = re.compile(r"<(?!form\b)[a-z]+\b[^>]*\bhx-(?:post|put|patch|delete)=[^>]*>", re.IGNORECASE)
TOKEN = re.compile(r"name=[\"']csrfmiddlewaretoken[\"'] value=[\"']\w{32,}")


class NetworkRefusedError(RuntimeError):
    """A test tried to leave the machine."""


class IncompleteFormError(AssertionError):
    """A page has a form that is posted without a CSRF token."""


class UnorderedSliceError(AssertionError):
    """A query takes some of its rows without an order."""


class NetworkGuard:
    """Hears of every connection of this process; refuses and remembers those that leave the machine."""

    def __init__(self) -> None:
        self.is_on = False
        self.refused: list[str] = []

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        """The audit hook (sys.addaudithook): it cannot be taken off, so it is switched."""
        if not self.is_on or not event.startswith("socket."):
            return
        if event in {"socket.connect", "socket.sendto"}:
            target = arguments[1]
        elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
            target = arguments[:1]
        else:
            return
        if isinstance(target, tuple) and target and not is_local(target[0]):
            self.refused.append(str(target[0]))
            raise NetworkRefusedError(f"a test may not reach {target[0]}")


def is_local(host: object) -> bool:
    """Whether the host is this machine, by a name or address that needs no asking."""
    if host in {None, "", b""}:
        return True
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


GUARD = NetworkGuard()
sys.addaudithook(GUARD.hear)


@pytest.fixture(autouse=True)
def no_network() -> Iterator[None]:
    """Fails a test that tried to leave the machine, even where its code swallowed the refusal."""
    GUARD.refused.clear()
    GUARD.is_on = True
    yield
    GUARD.is_on = False
    if GUARD.refused:
        pytest.fail(f"the test tried to reach {GUARD.refused}")


@pytest.fixture(autouse=True)
def complete_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page that a test's browser gets has its CSRF tokens."""
    request = Client.request

    def checked(self: Client, **given: Any) -> Any:
        response = request(self, **given)
        refuse_incomplete_forms(response)  # type: ignore[arg-type]  # the test client's response is one
        return response

    monkeypatch.setattr(Client, "request", checked)


@pytest.fixture(autouse=True)
def ordered_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever takes some of the rows says which come first."""
    take = QuerySet.__getitem__

    def checked(self: Any, key: Any) -> Any:
        is_read = self._result_cache is not None
        if not is_read and not self.ordered and not self.query.is_empty() and key != slice(None):
            raise UnorderedSliceError(f"{self.model.__name__} rows {key} without an order")
        return take(self, key)

    monkeypatch.setattr(QuerySet, "__getitem__", checked)


def refuse_incomplete_forms(response: HttpResponse) -> None:
    """Raise IncompleteFormError for a form or htmx element that posts without a token."""
    if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
        return
    html = response.content.decode(response.charset)
    if "csrfmiddlewaretoken" in html and not POST_FORM.search(html) and not HTMX_POST.search(html):
        raise IncompleteFormError("a token without a form that is posted: it would end in an address")
    for form in POST_FORM.findall(html):
        if not TOKEN.search(form):
            raise IncompleteFormError(f"no CSRF token in {form[:200]}")
    outside = POST_FORM.sub("", html)
    for element in HTMX_POST.findall(outside):
        if "X-CSRFToken" not in element and "X-CSRFToken" not in html:
            raise IncompleteFormError(f"no CSRF token sent by {element[:200]}")
