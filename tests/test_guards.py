"""The guards of the suite bite."""

import socket

import pytest
from django.http import HttpResponse
from django.template import engines

from associations.premises.models import HoldingMember, Premises
from saas.tenancy.switching import AssociationRef
from tests.guards import (
    GUARD,
    IncompleteFormError,
    NetworkRefusedError,
    UnorderedSliceError,
    refuse_incomplete_forms,
)

TOKEN = f'<input type="hidden" name="csrfmiddlewaretoken" value="{"a" * 64}">'


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1"])
def test_connection_beyond_the_machine_is_refused(host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET

    with socket.socket(family) as one, pytest.raises(NetworkRefusedError):
        one.connect((host, 443))

    assert GUARD.refused == [host]
    GUARD.refused.clear()


def test_name_is_not_asked_of_the_network() -> None:
    with pytest.raises(NetworkRefusedError):
        socket.getaddrinfo("example.org", 443)

    GUARD.refused.clear()


def test_loopback_stays_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as one:
        one.connect(server.getsockname())

    assert GUARD.refused == []


@pytest.mark.parametrize(
    "page",
    [
        '<form method="post"><button>Wyślij</button></form>',
        "<form class=a METHOD=POST></form>",
        f'<form method="post">{TOKEN}</form><form method="post"></form>',
        '<button hx-post="/usun/">Usuń</button>',
        f'<form method="get">{TOKEN}</form>',
    ],
)
def test_form_posted_without_a_token_is_refused(page: str) -> None:
    with pytest.raises(IncompleteFormError):
        refuse_incomplete_forms(HttpResponse(page))


@pytest.mark.parametrize(
    "page",
    [
        f'<form method="post">{TOKEN}</form>',
        '<form method="get"></form>',
        f'<form method="post">{TOKEN}<button hx-post="/dalej/"></button></form>',
    ],
)
def test_complete_form_is_let_through(page: str) -> None:
    refuse_incomplete_forms(HttpResponse(page))


def test_unknown_template_variable_fails() -> None:
    template = engines["django"].from_string("{{ page.titel }}")

    with pytest.raises(pytest.fail.Exception):
        template.render({"page": {"title": "Kartoteka"}})


def test_rows_taken_without_an_order_are_refused(in_sloneczna: AssociationRef) -> None:
    with pytest.raises(UnorderedSliceError):
        HoldingMember.objects.all()[:3]

    assert list(Premises.objects.all()[:3]) == []
    assert list(HoldingMember.objects.order_by("pk")[:3]) == []
