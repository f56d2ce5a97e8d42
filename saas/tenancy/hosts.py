"""Which door a host opens: the apex, one association, or none."""

import time
from threading import Lock

from django.conf import settings

from saas.tenancy.models import Domain
from saas.tenancy.switching import AssociationRef, enter_public

_cache: dict[str, tuple[float, AssociationRef | None]] = {}
_lock = Lock()
MAX_CACHED_HOSTS = 10_000


def normalise_host(host: str) -> str:
    """Lower case, without port and without the trailing dot of a fully qualified name."""
    name = host.lower()
    if not name.startswith("["):
        name = name.partition(":")[0]
    return name.rstrip(".")


def is_apex(host: str) -> bool:
    """Whether the normalised host is the platform's own."""
    return host == settings.APEX_HOST or host in settings.APEX_ALIASES


def find_association(host: str) -> AssociationRef | None:
    """The association behind a normalised host, or None; remembered for at most HOST_CACHE_SECONDS.

    Only facts that never change are remembered: whether the association is active is read by each request.
    """
    now = time.monotonic()
    known = _cache.get(host)
    if known and known[0] > now:
        return known[1]
    with enter_public():
        domain = Domain.objects.select_related("tenant").filter(domain=host).first()
    found = None
    if domain:
        tenant = domain.tenant
        found = AssociationRef(id=tenant.id, slug=tenant.slug, schema_name=tenant.schema_name)
    with _lock:
        if len(_cache) >= MAX_CACHED_HOSTS:
            _cache.clear()
        _cache[host] = (now + settings.HOST_CACHE_SECONDS, found)
    return found


def primary_host(association: AssociationRef) -> str:
    """The host under which owners are told to look for the association; asks the registry each time."""
    with enter_public():
        hosts = Domain.objects.filter(tenant_id=association.id).order_by("-is_primary", "domain")
        return str(hosts.values_list("domain", flat=True)[0])


def forget_hosts() -> None:
    """Empty the memory of this process (a changed domain in tests and commands)."""
    with _lock:
        _cache.clear()
