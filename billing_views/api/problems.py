"""Errors of the API: one form (application/problem+json) for all of them, with a sentence that people can read."""

import datetime as dt
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response

from associations.imports.rules import ImportRuleError
from associations.profile.models import AssociationProfile, AssociationState
from billing_views.pauses import retry_after

CONTENT_TYPE = "application/problem+json"
ASK_AGAIN = dt.timedelta(hours=1)
"""Of a suspended association: people resume it, so nobody need ask every minute."""
ASK_SOON = dt.timedelta(minutes=2)
"""Of one that moves."""
BAD_REQUEST, UNAUTHORIZED, FORBIDDEN, NOT_FOUND = 400, 401, 403, 404
CONFLICT, TOO_LARGE, UNPROCESSABLE, TOO_MANY, UNAVAILABLE = 409, 413, 422, 429, 503
STATUS_OF_RULE = {
    "too_large": TOO_LARGE,
    "no_file": BAD_REQUEST,
    "too_many_files": BAD_REQUEST,
    "bad_declarations": BAD_REQUEST,
    "bad_key": BAD_REQUEST,
    "key_reused": UNPROCESSABLE,
}
"""Any other broken rule of imports is a conflict with the state of the batch."""


class ApiError(APIException):
    """A refusal with a code for programs and a sentence for people."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail, code)
        self.status_code = status
        self.code = code


def refuse_by_rule(refusal: ImportRuleError) -> ApiError:
    """A broken rule of imports as an answer of the API."""
    return ApiError(STATUS_OF_RULE.get(refusal.code, CONFLICT), refusal.code, refusal.message)


def describe_problem(status: int, code: str, detail: str, **more: Any) -> dict[str, Any]:
    """The members of an error (RFC 9457): `code` for programs, `detail` for people."""
    return {"type": "about:blank", "status": status, "code": code, "detail": detail, **more}


def answer_problem(
    status: int, code: str, detail: str, headers: dict[str, str] | None = None, **more: Any
) -> HttpResponse:
    """An error outside DRF's views."""
    return JsonResponse(
        describe_problem(status, code, detail, **more),
        status=status,
        content_type=CONTENT_TYPE,
        headers={"Cache-Control": "no-store", **(headers or {})},
        json_dumps_params={"ensure_ascii": False},
    )


def answer_missing() -> HttpResponse:
    """404: no such association, one that the token does not open, or no such batch; all alike."""
    return answer_problem(NOT_FOUND, "not_found", _("Nie ma takiego zasobu."))


def answer_starter_password() -> HttpResponse:
    """403: whoever has a starter password sees nothing before it is changed."""
    return answer_problem(
        FORBIDDEN, "starter_password", _("Najpierw zaloguj się na stronie i ustaw własne hasło.")
    )


def answer_closed(profile: AssociationProfile | None) -> HttpResponse:
    """503 for every address of an association that is suspended or archived, and for writing to one that moves."""
    state, wait = (profile.state if profile else AssociationState.SUSPENDED), ASK_AGAIN
    told = _("Portal tej wspólnoty lub spółdzielni jest wstrzymany.")
    if state == AssociationState.ARCHIVED:
        told = _("Portal tej wspólnoty lub spółdzielni został zamknięty, a dane przeniesiono do archiwum.")
    elif state == AssociationState.READ_ONLY:
        wait = ASK_SOON
        told = _(
            "Portal jest właśnie przenoszony: przez kilka minut można czytać, ale nie można nic zmieniać."
        )
    return answer_problem(UNAVAILABLE, state, told, headers=retry_after(wait))


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:  # noqa: ARG001 - DRF's signature
    """DRF's exception handler; what it does not know is a bug and raised on."""
    if isinstance(error, ImportRuleError):
        error = refuse_by_rule(error)
    if isinstance(error, ApiError):
        body = describe_problem(error.status_code, error.code, str(error.detail))
    elif isinstance(error, ValidationError):
        body = describe_problem(
            BAD_REQUEST, "invalid", _("Popraw wskazane pola."), fields=error.get_full_details()
        )
    elif isinstance(error, APIException):
        body = describe_problem(error.status_code, error.default_code, _say(error))
    else:
        return None
    return Response(body, status=body["status"], content_type=CONTENT_TYPE)


def _say(error: APIException) -> str:
    """A sentence of ours for what the framework refuses; its own may quote what was sent."""
    return {
        "parse_error": _("Treści żądania nie da się odczytać."),
        "method_not_allowed": _("Ten adres nie przyjmuje takiej metody."),
        "unsupported_media_type": _("Takiego rodzaju treści portal nie przyjmuje."),
        "not_acceptable": _("Portal odpowiada tylko w formacie JSON."),
    }.get(error.default_code, _("Żądanie zostało odrzucone."))
