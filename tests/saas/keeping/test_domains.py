"""Own hosts: served only when they were proved."""

import io
import json
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from django.core.management import CommandError
from django.test import Client

from saas.keeping import proofs
from saas.keeping.models import DomainClaim
from saas.tenancy.hosts import forget_hosts
from saas.tenancy.models import Domain
from saas.tenancy.switching import AssociationRef
from tests.saas.management.conftest import Run

pytestmark = pytest.mark.usefixtures("committed_db")
HOST = "osiedle.example"


class Site(BaseHTTPRequestHandler):
    """The world behind port 80: whatever is asked for is answered by `answers`, by path."""

    answers: dict[str, tuple[int, str]] = {}

    def do_GET(self) -> None:
        status, body = self.answers.get(self.path, (404, "nothing"))
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *words: Any) -> None:
        """Quiet."""


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, tuple[int, str]]]:
    """The DNS says that HOST is here; its answers by path."""
    server = HTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.serve_forever, daemon=True).start()
    look_up = socket.getaddrinfo

    def resolve(host: Any, *words: Any, **options: Any) -> Any:
        return look_up("127.0.0.1" if host == HOST else host, *words, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(proofs, "PORT", server.server_port)
    monkeypatch.setattr(Site, "answers", {})
    yield Site.answers
    server.shutdown()
    server.server_close()


def hosts(run: Run, *words: str) -> list[dict[str, Any]]:
    return list(json.loads(run("association_domains", "lipowa", *words, "--json"))["hosts"])


def own_answer(host: str, path: str) -> tuple[int, str]:
    """What the platform itself answers there."""
    forget_hosts()
    answer = Client(headers={"host": host}).get(path)
    return answer.status_code, answer.content.decode()


def test_a_host_whose_dns_leads_here_is_verified_and_served(
    run: Run, lipowa: AssociationRef, world: dict[str, tuple[int, str]]
) -> None:
    _, claimed = hosts(run, "add", "Osiedle.Example.")
    path = f"/.well-known/otwarta-kartoteka/{claimed['token']}"
    assert (claimed["host"], claimed["is_verified"]) == (HOST, False)
    assert own_answer(HOST, "/logowanie/")[0] == 404
    with pytest.raises(CommandError, match="answers 404: nothing was changed"):
        run("association_domains", "lipowa", "verify", HOST)
    world[path] = own_answer(HOST, path)

    assert [host["is_verified"] for host in hosts(run, "verify", HOST)] == [True, True]

    assert own_answer(HOST, "/logowanie/")[0] == 200
    assert own_answer(HOST, path)[0] == 404
    assert not DomainClaim.objects.exists()


def test_the_proof_is_shown_under_its_token_and_host_alone(run: Run, lipowa: AssociationRef) -> None:
    _, claimed = hosts(run, "add", HOST)
    path = "/.well-known/otwarta-kartoteka/"

    assert own_answer(HOST, path + claimed["token"]) == (200, claimed["proof"])
    assert own_answer("lipowa.localhost", path + claimed["token"])[0] == 404
    assert own_answer(HOST, path + "0" * 40)[0] == 404
    assert own_answer(HOST, path)[0] == 404
    assert claimed["token"] not in claimed["proof"]


def test_a_site_that_echoes_the_address_proves_nothing(
    run: Run, lipowa: AssociationRef, world: dict[str, tuple[int, str]]
) -> None:
    _, claimed = hosts(run, "add", HOST)
    path = f"/.well-known/otwarta-kartoteka/{claimed['token']}"
    world[path] = (200, f"you asked for {path}")

    with pytest.raises(CommandError, match="does not show the proof yet"):
        run("association_domains", "lipowa", "verify", HOST)

    assert not Domain.objects.filter(domain=HOST).exists()


def test_a_txt_record_that_the_operator_asked_for_is_a_proof(
    run: Run, lipowa: AssociationRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, claimed = hosts(run, "add", HOST)
    monkeypatch.setattr("sys.stdin", io.StringIO('"v=spf1 -all"\n'))
    with pytest.raises(CommandError, match="does not show the proof yet"):
        run("association_domains", "lipowa", "verify", HOST, "--txt-stdin")

    monkeypatch.setattr("sys.stdin", io.StringIO(f'"{claimed["proof"]}"\n'))

    assert hosts(run, "verify", HOST, "--txt-stdin")[1]["is_verified"]


def test_a_host_of_somebody_else_is_refused(
    run: Run, lipowa: AssociationRef, sloneczna: AssociationRef
) -> None:
    Domain(domain="sloneczna.example", tenant_id=sloneczna.id, is_primary=False).save_base()
    hosts(run, "add", HOST)
    for words, reason in (
        (("sloneczna", "add", HOST), "claimed by another association"),
        (("sloneczna", "verify", HOST), "not waiting for a proof"),
        (("lipowa", "add", "sloneczna.example"), "is served already"),
        (("lipowa", "add", "sloneczna.localhost"), "below the platform's own host"),
        (("lipowa", "add", "localhost"), "is not the name of a host"),
        (("lipowa", "remove", "sloneczna.localhost"), "is not a host of lipowa"),
        (("lipowa", "primary", HOST), "is not served"),
        (("lipowa", "remove", "lipowa.localhost"), "make another one primary first"),
        (("lipowa", "add"), "Name the host to add"),
    ):
        with pytest.raises(CommandError, match=reason):
            run("association_domains", *words)


def test_a_served_host_becomes_primary_and_is_removed(
    run: Run, lipowa: AssociationRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, claimed = hosts(run, "add", HOST)
    monkeypatch.setattr("sys.stdin", io.StringIO(claimed["proof"]))
    run("association_domains", "lipowa", "verify", HOST, "--txt-stdin")

    assert [(host["host"], host["is_primary"]) for host in hosts(run, "primary", HOST)] == [
        (HOST, True),
        ("lipowa.localhost", False),
    ]
    with pytest.raises(CommandError, match="make another one primary first"):
        run("association_domains", "lipowa", "remove", HOST)
    run("association_domains", "lipowa", "primary", "lipowa.localhost")
    assert [host["host"] for host in hosts(run, "remove", HOST)] == ["lipowa.localhost"]
    assert own_answer(HOST, "/logowanie/")[0] == 404
