"""Names that an association may have: its slug, its hosts, its NIP, its office. Bad ones are refused with the reason."""

import re

from django.core.exceptions import ValidationError as InvalidEmailError
from django.core.validators import validate_email
from stdnum.exceptions import ValidationError
from stdnum.pl import nip as nip_rules

from saas.tenancy.errors import ProvisioningError
from saas.tenancy.hosts import is_apex, normalise_host
from saas.tenancy.models import SLUG_PATTERN

# `a_` before it must fit into 51 characters of a schema name.
LONGEST_SLUG = 49
# Hosts below the platform's own that its operator needs, or that would look like it to owners.
RESERVED_SLUGS = frozenset(
    [
        "admin",
        "api",
        "app",
        "autoconfig",
        "autodiscover",
        "cdn",
        "docs",
        "ftp",
        "help",
        "imap",
        "login",
        "mail",
        "media",
        "mta-sts",
        "mx",
        "ns1",
        "ns2",
        "platform",
        "pomoc",
        "poczta",
        "pop",
        "portal",
        "smtp",
        "sso",
        "static",
        "status",
        "support",
        "www",
    ]
)
HOST_PATTERN = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+"
LONGEST_HOST = 253


def clean_slug(slug: str) -> str:
    """The slug as given; raises ProvisioningError where it is none or the platform's own."""
    if not re.fullmatch(SLUG_PATTERN, slug) or len(slug) > LONGEST_SLUG:
        raise ProvisioningError(
            "bad_slug",
            f"{slug!r} is not a slug: up to {LONGEST_SLUG} small letters a-z, digits and hyphens, "
            "with a letter or digit at both ends.",
        )
    if slug in RESERVED_SLUGS:
        raise ProvisioningError("reserved_slug", f"{slug!r} is reserved for the platform.")
    return slug


def clean_name(name: str) -> str:
    """The name without spaces around it; raises ProvisioningError for none or a very long one."""
    stripped = " ".join(name.split())
    if not stripped or len(stripped) > 200:  # noqa: PLR2004 - the column's length
        raise ProvisioningError("bad_name", "The name must have 1 to 200 characters.")
    return stripped


def clean_line(text: str, longest: int) -> str:
    """The text without spaces around it; raises ProvisioningError for one that its column could not hold."""
    stripped = " ".join(text.split())
    if len(stripped) > longest:
        raise ProvisioningError("too_long", f"{stripped[:20]!r}… may have at most {longest} characters.")
    return stripped


def clean_email(email: str) -> str:
    """The address without spaces around it, or an empty text; raises ProvisioningError where it cannot be one."""
    stripped = email.strip()
    try:
        if stripped:
            validate_email(stripped)
    except InvalidEmailError:
        raise ProvisioningError("bad_email", f"{stripped!r} is not an e-mail address.") from None
    return stripped


def clean_nip(nip: str) -> str:
    """Ten digits without hyphens, or an empty text; raises ProvisioningError where the check digit is wrong."""
    if not nip.strip():
        return ""
    try:
        return str(nip_rules.validate(nip))
    except ValidationError:
        raise ProvisioningError("bad_nip", f"{nip!r} is not a NIP: its check digit does not fit.") from None


def clean_host(host: str) -> str:
    """Lower case, in Punycode, without port and final dot; raises ProvisioningError where it cannot be a host."""
    try:
        name = normalise_host(host.strip()).encode("idna").decode()
    except UnicodeError:
        name = ""
    if len(name) > LONGEST_HOST or not re.fullmatch(HOST_PATTERN, name) or re.fullmatch(r"[0-9.]+", name):
        raise ProvisioningError("bad_domain", f"{host!r} is not the name of a host.")
    if is_apex(name):
        raise ProvisioningError("bad_domain", f"{name} is the platform's own host.")
    return name


def clean_due_day(day: int) -> int:
    """A day that every month can have or end before; raises ProvisioningError."""
    if not 1 <= day <= 31:  # noqa: PLR2004 - days of a month
        raise ProvisioningError("bad_due_day", f"The due day must be between 1 and 31, not {day}.")
    return day
