"""Slowing down those who guess passwords; shared by both doors, each with a table of its own.

Inside: limits, keys, the pure rule of a pause, `open_attempt` and `close_attempt` around a check of a secret:

    attempt = open_attempt(SignInFailure, watch_account(login), watch_address(client_address(request)))
    if attempt.wait: answer 429 with billing_views.pauses
    if the secret is right: close_attempt(attempt)

There is no permanent lock: a pause ends by itself, and asking again while it lasts does not lengthen it.
Not inside: what a page says about a pause (billing_views.pauses).
"""

import datetime as dt
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

LONGEST_WINDOW = dt.timedelta(days=1)


class AbstractSignInFailure(models.Model):
    """A failed try, or one being checked just now; `key` is a keyed hash, never a login or an address."""

    key = models.CharField(max_length=64)
    at = models.DateTimeField()

    objects = models.Manager()

    class Meta:
        abstract = True
        indexes = [
            models.Index(fields=["key", "at"], name="%(class)s_key"),
            models.Index(fields=["at"], name="%(class)s_at"),
        ]

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.at}"


@dataclass(frozen=True, slots=True)
class Limit:
    """How many failures of one kind within `window` bring the pause."""

    kind: str
    failures: int
    window: dt.timedelta


QUARTER = dt.timedelta(minutes=15)
PER_ACCOUNT = Limit("account", 5, QUARTER)
PER_ADDRESS = Limit("address", 30, QUARTER)
PER_CODE = Limit("code", 5, QUARTER)
PER_CODE_DAY = Limit("code-day", 30, dt.timedelta(days=1))
"""Six digits are few: who has the password still gets no more than 30 guesses a day."""
PER_PASSWORD_CHECK = Limit("check", 5, QUARTER)
PER_LINK_ACCOUNT = Limit("link-account", 3, dt.timedelta(hours=1))
PER_LINK_ADDRESS = Limit("link-address", 20, dt.timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Watched:
    """A limit with the hashed key it counts under."""

    limit: Limit
    key: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try: `wait` is None where it may go on, else how long the pause still lasts."""

    model: type[AbstractSignInFailure]
    watched: tuple[Watched, ...]
    row_ids: tuple[int, ...]
    wait: dt.timedelta | None


def watch_account(login: str, *, limit: Limit = PER_ACCOUNT) -> Watched:
    """Count under a login, e-mail or account id, known or not: both are answered alike."""
    return Watched(limit, _hash_key(limit.kind, login.strip().lower()))


def watch_address(address: str, *, limit: Limit = PER_ADDRESS) -> Watched:
    """Count under a client's address; one IPv6 subscriber (/64) counts as one."""
    return Watched(limit, _hash_key(limit.kind, _subscriber_of(address)))


def client_address(request: HttpRequest) -> str:
    """REMOTE_ADDR, or the hop of X-Forwarded-For that the outermost trusted proxy wrote.

    The header counts only where TRUSTED_PROXY_COUNT says that proxies of ours stand in front: anybody can
    send one.
    """
    direct = str(request.META.get("REMOTE_ADDR", ""))
    count: int = settings.TRUSTED_PROXY_COUNT
    hops = [
        hop.strip() for hop in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",") if hop.strip()
    ]
    return hops[-count] if 0 < count <= len(hops) else direct


def pause_left(failures_at: Sequence[dt.datetime], limit: Limit, now: dt.datetime) -> dt.timedelta | None:
    """How long a further try must wait after these failures (any order), or None.

    The pause ends when the oldest of the last `limit.failures` failures leaves the window.
    """
    recent = sorted(at for at in failures_at if at > now - limit.window)
    if len(recent) < limit.failures:
        return None
    return recent[-limit.failures] + limit.window - now


def open_attempt(
    model: type[AbstractSignInFailure], *watched: Watched, now: dt.datetime | None = None
) -> Attempt:
    """Count the try as a failure before its secret is checked, so that many at once cannot slip through.

    Call it outside a transaction, or the rows of parallel tries stay unseen. A try refused by a pause (`wait`
    is set) is not counted. Rows older than every window are deleted.
    """
    now = now or timezone.now()
    model.objects.filter(at__lte=now - LONGEST_WINDOW).delete()
    rows = [model.objects.create(key=entry.key, at=now) for entry in watched]
    found = [_pause_of(model, entry, row, now) for entry, row in zip(watched, rows, strict=True)]
    waits = [wait for wait in found if wait is not None]
    row_ids = tuple(row.pk for row in rows)
    if waits:
        model.objects.filter(pk__in=row_ids).delete()
        return Attempt(model, watched, (), max(waits))
    return Attempt(model, watched, row_ids, None)


def close_attempt(attempt: Attempt) -> None:
    """The secret was right: forget the try, and the failures of its account, but not those of its address.

    Who owns one account must not wipe away with it what was tried on others from the same address.
    """
    attempt.model.objects.filter(pk__in=attempt.row_ids).delete()
    keys = [entry.key for entry in attempt.watched if "address" not in entry.limit.kind]
    attempt.model.objects.filter(key__in=keys).delete()


def _pause_of(
    model: type[AbstractSignInFailure], watched: Watched, own: AbstractSignInFailure, now: dt.datetime
) -> dt.timedelta | None:
    """The pause that other tries have brought, those being checked just now included.

    Whoever counts last of many at once sees all of them: never more than the limit pass.
    """
    rows = model.objects.filter(key=watched.key, at__gt=now - watched.limit.window).exclude(pk=own.pk)
    times = list(rows.order_by("-at").values_list("at", flat=True)[: watched.limit.failures])
    return pause_left(times, watched.limit, now)


def _hash_key(kind: str, value: str) -> str:
    return salted_hmac("sign-in throttle", f"{kind}:{value}", algorithm="sha256").hexdigest()


def _subscriber_of(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
