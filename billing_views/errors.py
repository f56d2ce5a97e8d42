"""Answers to requests that cannot be served as asked."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The page for a form that was open too long or came from elsewhere."""
    return render(request, "csrf.html", status=403)
