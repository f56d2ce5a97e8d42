"""What a body of uploaded files may hold, kept before anything is written to disk: for the form and for the API."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

FORM_OVERHEAD = 1024 * 1024
"""Headers of the parts and the token, beside the files themselves."""
DRAINED = 5 * 100 * 1024 * 1024
"""How much of a body that is too large is read and thrown away, so that the browser gets to see the answer."""
CHUNK = 1024 * 1024
TOO_LARGE = _(
    "Pliki są za duże: razem mogą mieć najwyżej 100 MB. Spakuj je do ZIP albo podziel eksport, "
    "na przykład po roku, i wgraj po kolei."
)
TOO_MANY = _("Paczka może mieć najwyżej 100 plików. Spakuj je do jednego ZIP albo wgraj w kilku paczkach.")

View = Callable[..., HttpResponse]


def refuse_large_body(answer: View) -> Callable[[View], View]:
    """Answer a request whose body is over the limit with `answer`, before Django writes its files to disk.

    The view below must not have parsed the body yet: CSRF is to be checked inside (csrf_protect), not outside.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            length = request.META.get("CONTENT_LENGTH") or "0"
            size = int(length) if length.isascii() and length.isdigit() else 0
            if request.method != "POST" or size <= settings.UPLOAD_MAX_BYTES + FORM_OVERHEAD:
                return view(request, *args, **kwargs)
            _drain(request, min(size, DRAINED))
            return answer(request, *args, **kwargs)

        return guarded

    return decorate


def refuse_many_files(answer: View) -> Callable[[View], View]:
    """Answer a request with more files than Django reads (DATA_UPLOAD_MAX_NUMBER_FILES) with `answer`.

    Django itself would say 400 without a word. Below refuse_large_body, around csrf_protect, which reads the body.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except TooManyFilesSent:
                _drain(request, DRAINED)
                return answer(request, *args, **kwargs)

        return guarded

    return decorate


def _drain(request: HttpRequest, size: int) -> None:
    while size > 0:
        piece = request.read(min(size, CHUNK))
        if not piece:
            return
        size -= len(piece)
