"""The measure of the ledger page: a bare Django view that shows the same rows, and the addresses it is added to.

Session and user are loaded, one query reads the rows, a plain template shows the same columns. No editions, no
holdings, no choice of years, no style.
"""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import render
from django.urls import path

from associations.ledger.models import Posting
from saas.urls_association import *  # noqa: F403 - the error handlers belong to the urlconf too
from saas.urls_association import urlpatterns

COLUMNS = ("account_id", "posted_on", "document", "description", "debit", "credit")


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


urlpatterns += [
    path("bare/<int:premises_id>/<int:year>/", bare_ledger),
    path("plain/<int:premises_id>/<int:year>/", bare_ledger),
]
