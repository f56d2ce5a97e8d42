"""Wrong and damaged files through the real web server and a real worker: every problem said, nothing lost.

No request ends in 500, no worker dies, and the earlier figures stand.
"""

import http.client
import io
import re
import secrets
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from tests.browser.site import Site, serve_site
from tests.cast import Member, Role
from tests.html_pages import read_html
from tests.samples_database import SAMPLES, Samples
from tests.worker_process import StartWorker, WorkerProcess

pytestmark = pytest.mark.xdist_group("browser")

IMPORTS = "/a/sloneczna/importy/"
TOKEN = "b" * 32
MEGABYTE = 1024 * 1024
POSTINGS = "Kod lokalu;Kod osoby;Konto;Data księgowania;Termin płatności;Dokument;Opis;Winien;Ma\r\n"
PREMISES = "Nieruchomość;Budynek;Adres;Nr lokalu;Kod lokalu;Rodzaj;Powierzchnia;Udział;Liczba osób\r\n"


def zipped(name: str, content: bytes) -> bytes:
    """A whole archive with one file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def cut(content: bytes) -> bytes:
    """The first two thirds, as of an upload that broke off."""
    return content[: len(content) * 2 // 3]


XLSX = (SAMPLES / "wspolnota" / "lipowa-12.xlsx").read_bytes()
CSV = (SAMPLES / "spoldzielnia" / "ksiegowania-2025.csv").read_bytes()
# What is uploaded, and words that the page must say of it.
BAD_FILES: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "uszkodzony.zip": (cut(zipped("ksiegowania.csv", CSV)), ("Plik jest uszkodzony",)),
    "smieci.zip": (b"PK\x03\x04" + bytes(range(256)) * 40, ("Plik jest uszkodzony",)),
    "uciety.xlsx": (cut(XLSX), ("Plik jest uszkodzony",)),
    "pusty.csv": (b"", ("pusty",)),
    "zdjecie.csv": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 64, ()),
    "przepisy.csv": (b"Danie;Czas\r\nPierogi;60\r\n", ()),
    "nieznany-lokal.csv": (
        f"{POSTINGS}9999-999;17000010;204-1;01.09.2026;;PK 1;Opłata;10,00;0\r\n".encode(),
        ("9999-999",),
    ),
    "wrzesien.csv": (
        f"{POSTINGS}0401-001;17000010;204-1;31.09.2026;;PK 1;Opłata;10,00;0\r\n"
        "0401-001;17000010;204-1;30.09.2026;;PK 2;Opłata;dziesięć;0\r\n".encode(),
        ("31.09.2026", "dziesięć"),
    ),
    "podwojny-lokal.csv": (
        f"{PREMISES}N1;B01;ul. Słoneczna 2;1;0401-001;mieszkalny;53,02;0,032293;1\r\n"
        "N1;B01;ul. Słoneczna 4;1;0401-001;mieszkalny;54,02;0,032293;1\r\n".encode(),
        ("0401-001",),
    ),
}


class Visitor:
    """Plain HTTP with a session and a CSRF token."""

    def __init__(self, site: Site, member: Member) -> None:
        self.site, self.member = site, member

    def ask(
        self, method: str, path: str, body: Iterator[bytes] | bytes = b"", **headers: str
    ) -> tuple[int, str, str]:
        """Status, address redirected to, and content."""
        cookies = f"{django_settings.SESSION_COOKIE_NAME}={self.member.session}"
        cookies += f"; {django_settings.CSRF_COOKIE_NAME}={TOKEN}"
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=60)
        try:
            host = {"Host": f"{self.member.host}:{self.site.port}", "Cookie": cookies}
            connection.request(method, path, body=body, headers=host | headers)
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Location", ""), answer.read().decode(errors="replace")
        finally:
            connection.close()

    def upload(self, *files: tuple[str, bytes]) -> tuple[int, str, str]:
        """Send the upload form."""
        edge = secrets.token_hex(16)
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{TOKEN}\r\n'.encode()
        ]
        for name, content in files:
            head = f'--{edge}\r\nContent-Disposition: form-data; name="uploads"; filename="{name}"\r\n\r\n'
            parts += [head.encode(), content, b"\r\n"]
        body = b"".join([*parts, f"--{edge}--\r\n".encode()])
        return self.ask("POST", IMPORTS, body, **{"Content-Type": f"multipart/form-data; boundary={edge}"})

    def judged(self, address: str) -> str:
        """The words of a batch's page once a worker has judged it."""
        for _ in range(150):
            status, _, content = self.ask("GET", address)
            assert status == 200
            (main,) = read_html(content).all("main")
            if "postep-pasek" not in content:
                return main.text
            time.sleep(0.2)
        raise AssertionError(f"never judged: {main.text}")


@pytest.fixture
def running(
    samples_db: Samples, start_worker: StartWorker, tmp_path: Path
) -> Iterator[tuple[Site, WorkerProcess, Samples]]:
    """The product with both samples published and a worker."""
    worker = start_worker(slots=2)
    with serve_site(tmp_path) as site:
        yield site, worker, samples_db


def test_bad_files_are_told_what_is_wrong_and_nothing_is_lost(
    running: tuple[Site, WorkerProcess, Samples],
) -> None:
    site, worker, samples = running
    manager, owner = Visitor(site, samples[Role.MANAGER]), Visitor(site, samples[Role.NEIGHBOUR])
    ledger = f"/lokal/{samples[Role.NEIGHBOUR].holding_id}/kartoteka/"
    figures = without_tokens(owner.ask("GET", ledger)[2])
    wrong = []

    for name, (content, words) in BAD_FILES.items():
        status, address, _ = manager.upload((name, content))
        said = manager.judged(address) if status == 302 else f"status {status}"
        if "zawiera błędy" not in said or not all(word in said for word in words):
            wrong.append(f"{name}: {said[:600]}")
    status, address, _ = manager.upload(*((name, content) for name, (content, _) in BAD_FILES.items()))
    together = manager.judged(address)
    wrong += [f"{name} is not named among all" for name in BAD_FILES if name not in together]

    assert not wrong, "\n".join(wrong)
    assert without_tokens(owner.ask("GET", ledger)[2]) == figures
    _, address, _ = manager.upload(("ksiegowania-2025.csv", CSV))
    assert "Nic się nie zmieniło" in manager.judged(address)
    assert worker.process.poll() is None
    assert "Traceback" not in site.text + worker.text


def test_file_of_101_megabytes_is_refused_in_a_sentence(
    running: tuple[Site, WorkerProcess, Samples], tmp_path: Path
) -> None:
    site, _, samples = running
    manager = Visitor(site, samples[Role.MANAGER])
    kept = files_below(tmp_path / "files")

    status, _, content = manager.upload(("duzy.csv", b"x" * (101 * MEGABYTE)))

    assert status == 413
    assert "100 MB" in read_html(content).text
    assert files_below(tmp_path / "files") == kept
    assert "Paczka 2" not in manager.ask("GET", IMPORTS)[2]


@pytest.mark.parametrize("path", ["/a/sloneczna/importy/", "/logowanie/", "/jezyk/"])
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="uploads"\r\n\r\n'),
        ("multipart/form-data", b"nothing"),
        ("multipart/form-data; boundary=x", b"\xff\xfe\x00" * 100),
        ("application/x-www-form-urlencoded; charset=nonsense", b"a=%ff&%"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(2000))),
    ],
)
def test_malformed_body_is_no_server_error(samples: Samples, path: str, kind: str, body: bytes) -> None:
    browser = samples[Role.MANAGER].browser()

    answer = browser.generic("POST", path, body, content_type=kind)

    assert answer.status_code in {200, 302, 400, 403}


def files_below(folder: Path) -> set[str]:
    """Every file, by its path."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def without_tokens(content: str) -> str:
    """A page without its CSRF tokens."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", content)
