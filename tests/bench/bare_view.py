"""The measure of an owner's pages: bare Django views that show the same rows, and the addresses they are added to.

Session and user are loaded, a query per table reads the rows, a plain template shows them. No editions, no holdings,
no choice of periods, no style.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import render
from django.urls import path

from associations.charges.models import ChargeLine
from associations.ledger.models import Balance, Posting
from associations.meters.models import Reading, Settlement
from associations.premises.models import Title, TransferAccount
from saas.urls_association import *  # noqa: F403 - the error handlers belong to the urlconf too
from saas.urls_association import urlpatterns

COLUMNS = ("account_id", "posted_on", "document", "description", "debit", "credit")
Rows = Iterable[tuple[Any, ...]]


def bare_ledger(request: HttpRequest, premises_id: int, year: int) -> HttpResponse:
    """A year's postings of one premises with the running balance per account."""
    if not request.user.is_authenticated:
        return HttpResponseForbidden()
    rows: list[dict[str, Any]] = list(
        Posting.objects.filter(premises_id=premises_id, month__range=(f"{year}-01-01", f"{year}-12-31"))
        .order_by("account_id", "posted_on", "id")
        .values(*COLUMNS)
    )
    balances: dict[int, Decimal] = {}
    for row in rows:
        balance = balances.get(row["account_id"], Decimal(0)) + row["credit"] - row["debit"]
        row["balance"] = balances[row["account_id"]] = balance
    return render(request, "bench/bare_ledger.html", {"rows": rows, "year": year})


def bare_rows(request: HttpRequest, kind: str, premises_id: int, year: int) -> HttpResponse:
    """The rows of another page, table by table."""
    if not request.user.is_authenticated:
        return HttpResponseForbidden()
    tables = [list(rows) for rows in READERS[kind](premises_id, year)]
    return render(request, "bench/bare_rows.html", {"tables": tables, "year": year})


def _charges(premises_id: int, year: int) -> Iterable[Rows]:
    """Two months side by side, and the twelve sums of the picture."""
    lines = ChargeLine.objects.filter(premises_id=premises_id)
    names = ("component_name", "quantity", "unit", "rate", "amount")
    yield lines.filter(month=f"{year}-11-01").order_by("line_no").values_list(*names)
    yield lines.filter(month=f"{year}-12-01").order_by("line_no").values_list(*names)
    of_year = lines.filter(month__range=(f"{year}-01-01", f"{year}-12-31"))
    yield of_year.order_by("month", "line_no").values_list("month", "fund", "amount")


def _accounting(premises_id: int, year: int) -> Iterable[Rows]:
    yield _postings(premises_id, year).values_list("account_id", "debit", "credit")


def _details(premises_id: int, year: int) -> Iterable[Rows]:
    first = _postings(premises_id, year).values_list("account_id", flat=True)[:1]
    yield _postings(premises_id, year).filter(account_id__in=list(first)).values_list(*COLUMNS, "due_on")


def _media(premises_id: int, year: int) -> Iterable[Rows]:
    """The readings of the year, of the one before, which stands beside it, and of that before; the settlements.

    The page's tables of months have a row of their own for each medium and month: the sums.
    """
    readings = Reading.objects.filter(premises_id=premises_id).order_by("medium_id", "read_on", "id")
    names = ("medium__name", "meter__serial", "read_on", "value", "consumption", "unit", "kind", "document")
    yield readings.filter(month__range=(f"{year - 2}-01-01", f"{year}-12-31")).values_list(*names)
    of_months = readings.filter(month__range=(f"{year - 1}-01-01", f"{year}-12-31"))
    yield (
        of_months.order_by("medium__name", "month")
        .values("medium__name", "month")
        .annotate(used=Sum("consumption"))
        .values_list("medium__name", "month", "used")
    )
    settlements = Settlement.objects.filter(premises_id=premises_id).order_by("medium_id", "period_to", "id")
    yield settlements.filter(month__range=(f"{year}-01-01", f"{year}-12-31")).values_list(
        *("medium__name", "period_from", "period_to", "document", "cost", "advances", "result")
    )


def _personal(premises_id: int, year: int) -> Iterable[Rows]:
    yield (
        Title.objects.filter(premises_id=premises_id)
        .order_by("id")
        .values_list("person__name", "person__email", "kind", "starts_on", "ends_on", "premises__code")
    )
    yield _accounts(premises_id)


def _paying(premises_id: int, year: int) -> Iterable[Rows]:
    yield (
        Balance.objects.filter(premises_id=premises_id, month__year=year)
        .order_by("-month")
        .values_list("fund__name", "as_of", "amount", "interest")
    )
    yield _accounts(premises_id)


def _fund(premises_id: int, year: int) -> Iterable[Rows]:
    """Everything that was ever posted: what a balance is made of."""
    everything = Posting.objects.filter(premises_id=premises_id).order_by("account_id", "posted_on", "id")
    yield everything.filter(account__fund__code="main").values_list(*COLUMNS, "due_on", "batch_id")


def _periods(premises_id: int, year: int) -> Iterable[Rows]:
    """Of which months there is anything, and the balances."""
    for table in (ChargeLine, Posting, Reading, Settlement):
        months = table.objects.filter(premises_id=premises_id).order_by("month")
        yield months.values_list("month").distinct()
    yield (
        Balance.objects.filter(premises_id=premises_id)
        .order_by("-month")
        .values_list("fund__name", "as_of", "amount")
    )


def _accounts(premises_id: int) -> Rows:
    return (
        TransferAccount.objects.filter(premises_id=premises_id)
        .order_by("id")
        .values_list("fund__name", "nrb")
    )


def _postings(premises_id: int, year: int) -> Any:
    own = Posting.objects.filter(premises_id=premises_id, month__range=(f"{year}-01-01", f"{year}-12-31"))
    return own.order_by("account_id", "posted_on", "id")


READERS: dict[str, Callable[[int, int], Iterable[Rows]]] = {
    "charges": _charges,
    "accounting": _accounting,
    "details": _details,
    "media": _media,
    "personal": _personal,
    "paying": _paying,
    "fund": _fund,
    "periods": _periods,
}

urlpatterns += [
    path("bare/<int:premises_id>/<int:year>/", bare_ledger),
    path("plain/<int:premises_id>/<int:year>/", bare_ledger),
    path("bare/<str:kind>/<int:premises_id>/<int:year>/", bare_rows),
]
