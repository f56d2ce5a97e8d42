"""Rates of statutory interest for a page that computes with them, read before the page's own transaction begins."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from associations.ledger.rates import InterestRate
from saas.rates.queries import platform_rates

View = Callable[..., HttpResponse]


def reads_rates(page: View) -> View:
    """Around `owner_page` or `owner_resource`: what is inside finds the rates by `rates_of`.

    Read anew by every request, so that a rate that an operator records counts at once in all processes.
    """

    @wraps(page)
    def with_rates(request: HttpRequest, *args: Any, **parts: Any) -> HttpResponse:
        request.interest_rates = platform_rates()  # type: ignore[attr-defined]
        return page(request, *args, **parts)

    return with_rates


def rates_of(request: HttpRequest) -> tuple[InterestRate, ...]:
    """The rates that reads_rates has put there, oldest first."""
    rates: tuple[InterestRate, ...] = request.interest_rates  # type: ignore[attr-defined]
    return rates
