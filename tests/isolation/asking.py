"""Asking an address as one of the cast, without leaving a trace, and judging the answer."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse

from associations.imports.models import ImportBatch, ImportProfile
from associations.ledger.models import Account
from associations.owners.models import StarterPasswordIssue
from saas.tenancy.switching import enter_association, set_public
from tests.cast import APEX, Member, Role
from tests.isolation.routes import Route
from tests.isolation.table import Outcome
from tests.samples_database import Samples

TOKEN = "a" * 32
HOSTS = {"apex": APEX, "association": "sloneczna.localhost"}
# A refused request may slow down a guesser, move a session along and say on the platform that it was refused.
TRACES = {
    "staff_staffsession",
    "owners_ownersession",
    "owners_signinfailure",
    "staff_staffsigninfailure",
    "staff_platformaudit",
}
CSRF_VALUES = re.compile(rb'(name="csrfmiddlewaretoken" value=")\w+')


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and the tables that the request wrote to."""

    response: HttpResponse
    content: bytes
    written: frozenset[str]

    @property
    def body(self) -> bytes:
        """The whole content, with CSRF tokens made alike."""
        return CSRF_VALUES.sub(rb"\1", self.content)

    @property
    def text(self) -> str:
        """The content to look for words in."""
        return html.unescape(self.content.decode(errors="replace"))

    def is_outcome(self, wanted: Outcome) -> bool:
        """Whether this is the outcome that the table declares."""
        status, location = self.response.status_code, self.response.headers.get("Location", "")
        is_sign_in = status == 302 and location.startswith("/logowanie/")
        return {
            Outcome.OK: status == 200,
            Outcome.DONE: status in {200, 302, 400, 404, 409, 410, 413, 422} and not is_sign_in,
            Outcome.SIGN_IN: is_sign_in,
            Outcome.MOVED: status == 302 and not is_sign_in,
            Outcome.FORBIDDEN: status == 403,
            Outcome.MISSING: status == 404,
            Outcome.WRONG_METHOD: status == 405,
            Outcome.NO_TOKEN: status == 401,
        }[wanted]

    def __str__(self) -> str:
        return f"{self.response.status_code} {self.response.headers.get('Location', '')}".strip()


def values_here(samples: Samples, batch_id: int = 1) -> dict[str, Any]:
    """Objects of the cooperative, for every name that an address may hold."""
    with enter_association(samples.sloneczna):
        return {
            "slug": samples.sloneczna.slug,
            "holding_id": samples[Role.OWNER].holding_id,
            "person_id": samples[Role.OWNER].person_id,
            "issue_id": StarterPasswordIssue.objects.get(account__person=samples[Role.OWNER].person_id).pk,
            "batch_id": ImportBatch.objects.get(pk=batch_id).pk,
            "account_id": Account.objects.get(code="204-1").pk,
            "fund_id": Account.objects.get(code="204-1").fund_id,
            "number": 1,
            "place": 1,
            "profile_id": ImportProfile.objects.get().pk,
            "year": 2026,
            "month": "10",
            "form": "csv",
            "run_id": 1,
            "color": "0f5b63",
            "digest": "0" * 64,
            "token": "nieznany",
            "handle": "nieznany",
            "token_id": UUID(int=1),
        }


def ask(
    member: Member, route: Route, values: dict[str, Any], method: str = "GET", *, has_token: bool = True
) -> Answer:
    """One request at the route's door (of the cooperative), rolled back."""
    return ask_at(member, HOSTS[route.door], route.address(values), method, has_token=has_token)


def ask_at(member: Member, host: str, address: str, method: str = "GET", *, has_token: bool = True) -> Answer:
    """One request at a host, rolled back."""
    browser = member.browser(host, enforce_csrf_checks=True)
    data: dict[str, str] = {}
    if method == "POST" and has_token:
        browser.cookies[settings.CSRF_COOKIE_NAME] = TOKEN
        data["csrfmiddlewaretoken"] = TOKEN
    with nothing_kept():
        before = written_rows()
        if method == "POST":
            response: Any = browser.post(address, data)
        else:
            response = browser.generic(method, address)
        # Read to the end, a file that is sent is closed, too.
        content = b"".join(response.streaming_content) if response.streaming else response.content
        set_public()
        after = written_rows()
        written = frozenset(table for table, rows in after.items() if rows != before.get(table, 0))
    return Answer(response, content, written)


@contextmanager
def nothing_kept() -> Iterator[None]:
    """Roll back whatever happens inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def written_rows() -> dict[str, int]:
    """How many rows of each table this transaction has written so far."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, sum(n_tup_ins + n_tup_upd + n_tup_del)::int"
            " FROM pg_stat_xact_user_tables GROUP BY relname HAVING sum(n_tup_ins + n_tup_upd + n_tup_del) > 0"
        )
        return dict(cursor.fetchall())
