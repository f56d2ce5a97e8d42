"""The days that an address of the owners' API asks for: `?day=2026-10-31`, `?first=…`, ISO 8601 and nothing else."""

import datetime as dt
import re

from django.http import HttpRequest
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter

from billing_views.api.problems import BAD_REQUEST, ApiError

DAY, FIRST = "day", "first"
DAY_PARAMETER = OpenApiParameter(
    DAY,
    {"type": "string", "format": "date"},
    "query",
    description="Dzień RRRR-MM-DD zamiast domyślnego; dzień spoza danych daje najbliższy, podany w odpowiedzi.",
)
FIRST_PARAMETER = OpenApiParameter(
    FIRST,
    {"type": "string", "format": "date"},
    "query",
    description="Pierwszy dzień wyliczenia RRRR-MM-DD zamiast domyślnego; dzień spoza danych daje najbliższy.",
)
_FORM = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def asked_day(request: HttpRequest, name: str = DAY) -> dt.date | None:
    """The day of the address, None where it names none; ApiError 400 for no such day or more than one."""
    texts = request.GET.getlist(name)
    if not texts:
        return None
    try:
        if len(texts) == 1 and _FORM.fullmatch(texts[0]):
            return dt.date.fromisoformat(texts[0])
    except ValueError:
        pass
    raise ApiError(
        BAD_REQUEST, "bad_day", _("Podaj jeden dzień w parametrze %(name)s jako RRRR-MM-DD.") % {"name": name}
    )
