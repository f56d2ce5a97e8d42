"""Answers to requests that cannot be served as asked: a page for people, JSON below /api/ for programs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views import defaults

from associations.profile.models import AssociationState
from billing_views.api.problems import (
    BAD_REQUEST,
    UNAVAILABLE,
    answer_closed,
    answer_missing,
    answer_problem,
)

API = "/api/"
SERVER_ERROR = 500
PAGES: dict[str, str] = {
    AssociationState.ARCHIVED: "errors/archived.html",
    AssociationState.READ_ONLY: "errors/read_only.html",
}


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The page for a form that was open too long or came from elsewhere."""
    return render(request, "csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    if _is_for_programs(request):
        return answer_problem(BAD_REQUEST, "bad_request", gettext("Żądanie zostało odrzucone."))
    return defaults.bad_request(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return answer_missing() if _is_for_programs(request) else defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """500."""
    if _is_for_programs(request):
        return answer_problem(SERVER_ERROR, "server_error", gettext("Coś się nie udało po stronie portalu."))
    return defaults.server_error(request)


def closed(request: HttpRequest) -> HttpResponse:
    """503: the association is suspended or archived, or moves and takes nothing in.

    The gate of tenancy knows no pages; it finds this by its number.
    """
    profile = getattr(request, "profile", None)
    if _is_for_programs(request):
        return answer_closed(profile)
    template = PAGES.get(profile.state if profile else "", "errors/suspended.html")
    return render(request, template, {"profile": profile}, status=UNAVAILABLE)


def _is_for_programs(request: HttpRequest) -> bool:
    return request.path_info.startswith(API)
