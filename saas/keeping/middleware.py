"""`/.well-known/otwarta-kartoteka/<token>`: the proof of a host that is claimed and not yet served."""

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

from saas.keeping.domains import PROOF_PATH, find_proof
from saas.tenancy.hosts import normalise_host


class HostProofMiddleware:
    """Answers before any host is looked up: a claimed host opens no door yet."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the one address, pass on every other."""
        if not request.path.startswith(PROOF_PATH):
            return self.get_response(request)
        try:
            host = normalise_host(request.get_host())
        except DisallowedHost:
            host = ""
        proof = find_proof(host, request.path.removeprefix(PROOF_PATH))
        if proof is None:
            return HttpResponse("unknown", status=404, content_type="text/plain")
        return HttpResponse(proof, content_type="text/plain")
