"""deploy/Caddyfile: what it says, and a real Caddy with it in front of two web services (where one is installed)."""

import http.client
import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from saas.health import ADDRESSES
from saas.keeping.domains import PROOF_PATH, proof_of
from saas.keeping.models import DomainClaim
from saas.tenancy.models import Domain
from saas.tenancy.switching import AssociationRef
from tests.browser.site import answers, unused_port
from tests.deploy.composed import DEPLOY
from tests.deploy.running import Process, Start
from tests.worker_process import wait_until

CADDYFILE = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
APEX, OWN_BELOW = "portal.example", "sloneczna.portal.example"
OWN, WAITING, STRANGE = "portal.lipowa.example", "www.sloneczna.example", "www.strange.example"
TOKEN = "a" * 40
needs_caddy = pytest.mark.skipif(
    not (shutil.which("caddy") and shutil.which("openssl")), reason="no Caddy (and openssl) on this machine"
)
Answer = tuple[int, str, http.client.HTTPMessage]


def test_it_keeps_the_platforms_addresses_and_asks_the_right_one() -> None:
    kept = re.search(r"@platform path (.+)", CADDYFILE)
    asked = re.search(r"\bask http://(.+)/internal/certificate\n", CADDYFILE)

    assert kept is not None
    patterns = kept[1].split()
    for address in ADDRESSES:
        assert any(address == one or (one.endswith("*") and address.startswith(one[:-1])) for one in patterns)
    assert asked is not None
    assert f"\nhttp://{asked[1]} {{\n\tbind 127.0.0.1\n" in CADDYFILE
    assert CADDYFILE.count("import portal") == 3
    assert "header_up X-Request-ID {http.request.uuid}" in CADDYFILE
    assert "header_up X-Forwarded-For {remote_host}" in CADDYFILE


def test_without_tls_it_passes_on_the_proofs_of_hosts_alone() -> None:
    plain = CADDYFILE.partition("\nhttp:// {")[2].partition("\n}")[0]

    assert re.findall(r"handle (\S+) {\s+import processes", plain) == [f"{PROOF_PATH}*"]
    assert plain.count("import") == 1
    assert "redir https://{host}{uri} 308" in plain


@needs_caddy
def test_caddy_finds_nothing_wrong(tmp_path: Path) -> None:
    """As delivered, but for the place of the wildcard certificate."""
    make_wildcard(tmp_path)
    (tmp_path / "Caddyfile").write_text(CADDYFILE.replace("/etc/caddy/certificates", str(tmp_path)))

    done = subprocess.run(
        ["caddy", "validate", "--adapter", "caddyfile", "--config", str(tmp_path / "Caddyfile")],
        env=caddy_environment(tmp_path, [8001, 8002]), capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    formatted = subprocess.run(
        ["caddy", "fmt", str(DEPLOY / "Caddyfile")], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.returncode == 0, done.stderr
    assert formatted.stdout == CADDYFILE


class Proxy:
    """A running Caddy, asked as a browser would, and the two services behind it."""

    def __init__(self, folder: Path, *, plain: int, secure: int, services: list[Process]) -> None:
        self.folder, self.plain, self.secure, self.services = folder, plain, secure, services

    def ask(self, host: str, path: str = "/logowanie/", **headers: str) -> Answer:
        """Over TLS, with a certificate that is verified for the host; raises ssl.SSLError where there is none."""
        trust = ssl.create_default_context(cafile=str(self.folder / "wildcard.pem"))
        trust.load_verify_locations(str(self.folder / "pki/authorities/local/root.crt"))
        with (
            socket.create_connection(("127.0.0.1", self.secure), timeout=10) as raw,
            trust.wrap_socket(raw, server_hostname=host) as secured,
        ):
            connection = http.client.HTTPConnection(host)
            connection.sock = secured
            return read(connection, path, headers)

    def ask_plainly(self, host: str, path: str) -> Answer:
        """Without TLS."""
        connection = http.client.HTTPConnection("127.0.0.1", self.plain, timeout=10)
        return read(connection, path, {"Host": host})


def read(connection: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> Answer:
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    try:
        return answer.status, answer.read().decode(), answer.headers
    finally:
        connection.close()


def is_served(proxy: Proxy) -> bool:
    try:
        return proxy.ask(APEX)[0] == 200
    except ssl.SSLError:
        return False


def make_wildcard(folder: Path) -> None:
    """A certificate of our own making for every association's own host, where the Caddyfile looks for it."""
    made = [str(folder / "wildcard.pem"), "-keyout", str(folder / "wildcard.key")]
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-subj", "/CN=wildcard", "-addext", f"subjectAltName=DNS:*.{APEX}", "-days", "2", "-out", *made],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip


def caddy_environment(folder: Path, ports: list[int]) -> dict[str, str]:
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "KARTOTEKA_HOST": APEX,
        "KARTOTEKA_ACME_EMAIL": "operator@portal.example",
        "KARTOTEKA_UPSTREAMS": " ".join(f"127.0.0.1:{port}" for port in ports),
    }


@pytest.fixture
def proxy(start: Start, tmp_path: Path, sloneczna: AssociationRef, lipowa: AssociationRef) -> Iterator[Proxy]:
    """The Caddyfile with ports of this test's and certificates of Caddy's own authority instead of a public one's."""
    for host, association in ((OWN, lipowa), (OWN_BELOW, sloneczna)):
        Domain(domain=host, tenant_id=association.id, is_primary=False).save_base(force_insert=True)
    DomainClaim.objects.create(host=WAITING, association_id=sloneczna.id, token=TOKEN)
    plain, secure, asked, *ports = (unused_port() for _ in range(5))
    services = [
        start(
            name,
            KARTOTEKA_BIND=f"127.0.0.1:{port}",
            KARTOTEKA_WEB_PROCESSES="1",
            TMPDIR=str(tmp_path),
            KARTOTEKA_HOST=APEX,
        )
        for name, port in zip(("web-a", "web-b"), ports, strict=True)
    ]
    make_wildcard(tmp_path)
    here = (
        f"{{\n\tadmin off\n\tdefault_bind 127.0.0.1\n\tlocal_certs\n\tskip_install_trust\n"
        f"\tstorage file_system {tmp_path}\n\thttp_port {plain}\n\thttps_port {secure}"
    )
    text = CADDYFILE.replace("\n{", f"\n{here}", 1).replace("/etc/caddy/certificates", str(tmp_path))
    text = text.replace("127.0.0.1:2020", f"127.0.0.1:{asked}")
    (tmp_path / "Caddyfile").write_text(text)
    for service, port in zip(services, ports, strict=True):
        service.wait_for_port(port)
    with (tmp_path / "caddy.log").open("wb") as log:
        caddy = subprocess.Popen(
            ["caddy", "run", "--adapter", "caddyfile", "--config", str(tmp_path / "Caddyfile")],
            env=caddy_environment(tmp_path, ports), stdout=log, stderr=log,
        )  # fmt: skip
    try:
        why = (tmp_path / "caddy.log").read_text
        wait_until(lambda: answers(secure) or caddy.poll() is not None, seconds=30, because=why)
        wait_until((tmp_path / "pki/authorities/local/root.crt").exists, seconds=30, because=why)
        found = Proxy(tmp_path, plain=plain, secure=secure, services=services)
        # The apex has its certificate, and the services are known to be ready, a moment after the port is open.
        wait_until(lambda: is_served(found), seconds=30, because=why)
        yield found
    finally:
        caddy.kill()
        caddy.wait(10)


@needs_caddy
def test_hosts_of_ours_are_served_and_others_get_no_certificate(proxy: Proxy) -> None:
    for host in (APEX, OWN_BELOW, OWN):
        status, text, headers = proxy.ask(host)
        assert (host, status) == (host, 200)
        assert re.fullmatch(r"[0-9a-f-]{36}", headers["X-Request-ID"])
        assert ("Lipowa" in text) == (host == OWN)

    for host in (WAITING, STRANGE):
        with pytest.raises(ssl.SSLError):
            proxy.ask(host)


@needs_caddy
def test_a_waiting_host_shows_its_proof_without_tls_and_nothing_else(proxy: Proxy) -> None:
    status, text, _headers = proxy.ask_plainly(WAITING, PROOF_PATH + TOKEN)

    assert (status, text) == (200, proof_of(TOKEN, WAITING))
    assert proxy.ask_plainly(STRANGE, PROOF_PATH + TOKEN)[0] == 404
    for host in (WAITING, OWN, APEX):
        status, _text, headers = proxy.ask_plainly(host, "/logowanie/?next=/konto/")
        assert (status, headers["Location"]) == (308, f"https://{host}/logowanie/?next=/konto/")


@needs_caddy
@pytest.mark.parametrize("path", sorted(ADDRESSES))
def test_the_platforms_own_addresses_are_not_for_visitors(proxy: Proxy, path: str) -> None:
    for host in (APEX, OWN):
        assert proxy.ask(host, f"{path}?domain={OWN}")[:2] == (404, "")


@needs_caddy
def test_while_one_service_is_away_the_other_serves(proxy: Proxy) -> None:
    """As an upgrade replaces them."""
    assert proxy.ask(APEX)[0] == 200

    assert proxy.services[0].end() == 0

    assert {proxy.ask(APEX)[0] for _ in range(20)} == {200}
    # An own domain's first visitor gets a certificate, and a stranger's host still none.
    assert proxy.ask(OWN)[0] == 200
    with pytest.raises(ssl.SSLError):
        proxy.ask(STRANGE)
