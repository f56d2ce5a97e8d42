"""Who asks: the operator's own reverse proxy, or somebody through it."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def is_from_proxy(request: HttpRequest) -> bool:
    """Whether the connection comes from the proxy's network (KARTOTEKA_PROXY_NETWORKS) or over a Unix socket."""
    address = str(request.META.get("REMOTE_ADDR") or "")
    if not address:
        return True
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(ip in ipaddress.ip_network(network) for network in settings.PROXY_NETWORKS)


def is_asked_by_proxy_itself(request: HttpRequest) -> bool:
    """Whether the proxy asks for itself: what it passes on for somebody names whom."""
    names = ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded")
    return is_from_proxy(request) and not any(name in request.headers for name in names)
