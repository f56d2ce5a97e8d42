"""Where a form may send its visitor afterwards: only to another page of the same host."""

from django.utils.http import url_has_allowed_host_and_scheme


def safe_address(address: str) -> str | None:
    """The address where it is a path on this host, else None: no open redirect."""
    is_path = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if is_path else None
