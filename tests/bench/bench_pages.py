"""Pages of an owner through gunicorn, each beside a bare view of the same rows in the same server.

Measured is the time inside the application. Requests come in small blocks that take turns, so that a busy moment of
the machine falls on all alike; the first of each block is dropped.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from http.client import HTTPConnection
from typing import Any

from django.db.models import Count

from associations.ledger.models import Posting
from associations.owners.actions import issue_starter_password
from associations.premises.models import Holding, Title
from associations.profile.models import Fund
from saas.local.visitor import Visitor
from saas.tenancy.switching import AssociationRef, enter_association
from tests.bench.actor import BENCH
from tests.bench.measuring import median, percentile_95, ratio
from tests.bench.queueing import BenchError

BLOCK = 6
MOST_ROWS = 120
BARE, PLAIN, LEDGER = "bare: ledger", "bare: ledger, Django's middleware", "ledger of a year"
# Page → the bare view of the same rows that it is compared with (tests.bench.bare_view).
TWINS = {
    LEDGER: BARE,
    "charges of a month": "bare: charges",
    "accounting of a year": "bare: accounting",
    "documents of an account": "bare: details",
    "media of a year": "bare: media",
    "data for a transfer": "bare: paying",
    "personal data": "bare: personal",
    "where a balance comes from": "bare: fund",
    "interest day by day": "bare: fund",
    "documents to download": "bare: periods",
}


@dataclass(frozen=True, slots=True)
class Site:
    """An association to look at as one of its owners; `paths` by the name of the page."""

    name: str
    host: str
    cookie: str
    paths: dict[str, str]


@dataclass(frozen=True, slots=True)
class PageFigure:
    """One page: seconds inside the application, and how many times the bare view of the same association."""

    site: str
    page: str
    rows: int
    size: int
    queries: int
    seconds: float
    seconds_95: float
    cpu: float
    of_bare: float | None
    of_bare_cpu: float | None
    of_plain: float | None

    def document(self) -> dict[str, Any]:
        """For the JSON file."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Answer:
    """A page with what it took."""

    body: str
    headers: dict[str, str]


def open_site(name: str, association: AssociationRef, port: int, year: int) -> Site:
    """Sign an owner in, by a starter password and one of their own, and find the pages of their premises."""
    host = f"{association.slug}.localhost"
    with enter_association(association):
        holding = _busiest_holding(year)
        title = Title.objects.filter(premises=holding.premises_id).select_related("person").order_by("id")[0]
        issued = issue_starter_password(actor=BENCH, person=title.person)
        postings = Posting.objects.filter(premises=holding.premises_id, month__year=year)
        account = postings.order_by("account_id").values_list("account_id", flat=True)[0]
        fund = Fund.objects.values_list("pk", flat=True).get(code="main")
    visitor, own = Visitor(host, port), secrets.token_urlsafe(12)
    visitor.open("/logowanie/")
    visitor.submit({"login": issued.login, "password": issued.password})
    visitor.submit({"new_password": own, "new_password_again": own})
    below, view = f"/lokal/{holding.pk}", f"{holding.premises_id}/{year}/"
    paths = {
        LEDGER: f"{below}/kartoteka/{year}/",
        BARE: f"/bare/{view}",
        PLAIN: f"/plain/{view}",
        "charges of a month": f"{below}/oplaty/{year}/12/",
        "accounting of a year": f"{below}/ksiegowosc/?rok={year}",
        "documents of an account": f"{below}/ksiegowosc/{year}/{account}/",
        "media of a year": f"{below}/media/?rok={year}",
        "data for a transfer": f"{below}/przelew/",
        "personal data": f"{below}/dane/",
        "where a balance comes from": f"{below}/skad-saldo/{fund}/",
        "interest day by day": f"{below}/odsetki/{fund}/",
        "documents to download": f"{below}/dokumenty/",
    }
    paths |= {twin: f"/bare/{twin.removeprefix('bare: ')}/{view}" for twin in TWINS.values() if twin != BARE}
    cookie = "; ".join(f"{key}={morsel.value}" for key, morsel in visitor.cookies.items())
    return Site(name, f"{host}:{port}", cookie, paths)


def _busiest_holding(year: int) -> Holding:
    """The only holding of the premises with the most rows: the same premises in plans of equal years."""
    counts = (
        Posting.objects.filter(month__year=year)
        .values("premises_id")
        .annotate(rows=Count("id"))
        .filter(rows__lte=MOST_ROWS)
        .order_by("-rows", "premises_id")
    )
    for found in counts[:100]:
        holdings = Holding.objects.filter(premises=found["premises_id"]).order_by("id")
        if len(holdings) == 1:
            return holdings[0]
    raise BenchError("No premises with one holding has postings")


def measure_pages(sites: Sequence[Site], port: int, *, rounds: int) -> list[PageFigure]:
    """Every page of every site, `rounds` blocks each, in turns."""
    pages = [(site, page) for site in sites for page in site.paths]
    for site, page in pages:
        fetch(site, page, port)  # templates compiled, hosts looked up
    first = {(site.name, page): fetch(site, page, port, count=True) for site, page in pages}
    times: dict[tuple[str, str], list[tuple[float, float]]] = {key: [] for key in first}
    for _ in range(rounds):
        for site, page in pages:
            headers = [fetch(site, page, port).headers for _ in range(BLOCK)]
            took = [(float(one["X-Bench-Wall"]), float(one["X-Bench-Cpu"])) for one in headers[1:]]
            times[site.name, page] += took
    return [_figure(site, page, first[site.name, page], times) for site, page in pages]


def _figure(
    site: Site, page: str, answer: Answer, times: dict[tuple[str, str], list[tuple[float, float]]]
) -> PageFigure:
    def middle(of_page: str, which: int) -> float:
        return median([took[which] for took in times[site.name, of_page]])

    seconds, cpu = middle(page, 0), middle(page, 1)
    twin = BARE if page == PLAIN else TWINS.get(page, page)
    return PageFigure(
        site=site.name,
        page=page,
        rows=len(re.findall(r"<tr\b", answer.body)),
        size=len(answer.body.encode()),
        queries=int(answer.headers["X-Bench-Queries"]),
        seconds=seconds,
        seconds_95=percentile_95([took[0] for took in times[site.name, page]]),
        cpu=cpu,
        of_bare=ratio(seconds, middle(twin, 0)),
        of_bare_cpu=ratio(cpu, middle(twin, 1)),
        of_plain=ratio(seconds, middle(PLAIN, 0)) if page in {LEDGER, BARE, PLAIN} else None,
    )


def fetch(site: Site, page: str, port: int, *, count: bool = False) -> Answer:
    """One request; raises BenchError where it does not answer with a page."""
    headers = {"Host": site.host, "Cookie": site.cookie}
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(
            "GET", site.paths[page], headers=headers | ({"X-Bench-Count": "1"} if count else {})
        )
        answer = connection.getresponse()
        body = answer.read().decode()
    finally:
        connection.close()
    if answer.status != 200:
        raise BenchError(f"{site.host}{site.paths[page]} answers {answer.status}")
    return Answer(body, dict(answer.headers.items()))
