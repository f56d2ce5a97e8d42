"""A file as an answer: its name in plain letters that every system can keep, and no cache on the way."""

import re
import unicodedata
from typing import Literal

from django.http import HttpRequest, HttpResponse

Form = Literal["pdf", "csv", "xlsx", "zip"]
CONTENT_TYPES: dict[str, str] = {
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


def answer_file(request: HttpRequest, content: bytes, form: Form, *parts: object) -> HttpResponse:
    """The file for saving, named `<association>-<part>-<part>.<form>`."""
    disposition = f'attachment; filename="{name_file(request, form, *parts)}"'
    return HttpResponse(
        content, content_type=CONTENT_TYPES[form], headers={"Content-Disposition": disposition}
    )


def name_file(request: HttpRequest, form: Form, *parts: object) -> str:
    """`sloneczna-kartoteka-0401-034-2026.pdf`: ASCII letters, digits and hyphens alone."""
    slug = request.association.slug  # type: ignore[attr-defined]
    return f"{'-'.join(plain_name(str(part)) for part in (slug, *parts))}.{form}"


def plain_name(text: str) -> str:
    """`1/14 Ł` → `1-14-L`; „lokal” where nothing is left."""
    letters = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("Ł", "L"))
    ascii_text = letters.encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", ascii_text).strip("-")[:80] or "lokal"
