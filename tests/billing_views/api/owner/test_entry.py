"""Who gets in: session or key, one's own holdings only, and what is answered to everybody else."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from psycopg import IsolationLevel
from psycopg.pq import TransactionStatus

from associations.audit.actors import SYSTEM
from associations.owners.actions import deactivate_account, issue_starter_password
from associations.owners.models import OwnerAccount
from associations.profile.models import AssociationProfile
from saas.tenancy.switching import enter_association
from tests.billing_views.api.owner.conftest import make_key, program
from tests.cast import OWNER_ROLES, Member, Role
from tests.samples_database import Samples
from tests.told_headers import told_by

HERE, THERE = "sloneczna.localhost", "lipowa.localhost"
ME = "/api/v1/me/"
ProgramOf = Callable[[Member], Client]
BELOW = (
    "",
    "balances/",
    "ledger/",
    "ledger/2025/",
    "accounts/",
    "charges/",
    "charges/2026/10/",
    "media/",
    "readings/2025/",
    "settlements/2025/",
    "payments/",
    "transfers/",
)


@pytest.mark.parametrize("role", OWNER_ROLES)
def test_session_and_key_read_the_same(samples: Samples, program_of: ProgramOf, role: Role) -> None:
    member = samples[role]
    by_key, by_session = program_of(member), member.browser()

    for path in (ME, *(f"/api/v1/holdings/{member.holding_id}/{below}" for below in BELOW)):
        answers = [client.get(path) for client in (by_key, by_session)]
        assert [answer.status_code for answer in answers] == [200, 200], path
        assert answers[0].content == answers[1].content
        assert answers[0].headers["Content-Type"] == "application/json"
        assert answers[0].headers["Cache-Control"] == "no-store"


def test_stranger_is_asked_for_a_key(samples: Samples) -> None:
    answer = Client(headers={"host": HERE}).get(ME)

    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["code"] == "no_token"


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer ko_", "Basic b3duZXI6aGFzbG8=", "ko_x", "Bearer kt_" + "a" * 43]
)
def test_wrong_key_is_refused_even_with_a_session(samples: Samples, header: str) -> None:
    browser = samples[Role.OWNER].browser()
    assert browser.get(ME).status_code == 200

    answer = browser.get(ME, headers={"authorization": header})

    assert answer.status_code == 401


def test_many_wrong_keys_bring_a_pause_that_a_right_one_does_not_feel(
    samples: Samples, program_of: ProgramOf
) -> None:
    right, wrong = program_of(samples[Role.OWNER]), program(HERE, "ko_" + "a" * 43)

    statuses = [wrong.get(ME).status_code for _ in range(31)]
    paused = wrong.get(ME)

    assert statuses == [401] * 30 + [429]
    assert int(paused.headers["Retry-After"]) > 0
    assert right.get(ME).status_code == 200
    assert Client(headers={"host": HERE}).get(ME).status_code == 401


@pytest.mark.parametrize("role", [Role.NEIGHBOUR, Role.BUYER, Role.FORMER_OWNER])
def test_foreign_holding_is_answered_as_a_missing_one(
    samples: Samples, program_of: ProgramOf, role: Role
) -> None:
    """Byte for byte, and by all resources."""
    asking, holding = program_of(samples[role]), samples[Role.OWNER].holding_id

    for below in BELOW:
        foreign = asking.get(f"/api/v1/holdings/{holding}/{below}")
        missing = asking.get(f"/api/v1/holdings/999999/{below}")
        assert foreign.status_code == 404
        assert foreign.content == missing.content
        assert told_by(foreign) == told_by(missing)


def test_seller_and_buyer_each_read_their_own_holding_only(samples: Samples, program_of: ProgramOf) -> None:
    seller, buyer = samples[Role.FORMER_OWNER], samples[Role.BUYER]

    sold = program_of(seller).get(f"/api/v1/holdings/{seller.holding_id}/ledger/2025/").json()
    bought = program_of(buyer).get(f"/api/v1/holdings/{buyer.holding_id}/ledger/2025/").json()

    assert {one["opening"]["kind"] for one in bought["accounts"]} == {"taken_over"}
    assert {one["opening"]["amount"] for one in bought["accounts"]} == {"0.00"}
    assert "-5033.55" in json.dumps(sold)
    assert "-5033.55" not in json.dumps(bought)
    assert program_of(buyer).get(f"/api/v1/holdings/{seller.holding_id}/").status_code == 404


def test_key_is_worth_nothing_in_another_association(samples: Samples) -> None:
    """The other association has a holding of the very same key."""
    secret = make_key(samples.sloneczna, login=samples[Role.OWNER].login)

    assert program(HERE, secret).get(ME).status_code == 200
    assert program(THERE, secret).get(ME).status_code == 401
    assert (
        program(THERE, secret).get(f"/api/v1/holdings/{samples[Role.OWNER].holding_id}/").status_code == 401
    )


def test_owners_key_opens_nothing_at_the_apex(samples: Samples) -> None:
    secret = make_key(samples.sloneczna, login=samples[Role.OWNER].login)

    assert program("localhost", secret).get("/api/v1/associations/sloneczna/imports/").status_code == 401
    assert program("localhost", secret).get(ME).status_code == 404


def test_reset_by_the_office_and_a_closed_access_end_the_key(samples: Samples) -> None:
    for role, end in ((Role.OWNER, _reset), (Role.CO_OWNER, _close)):
        asking = program(HERE, make_key(samples.sloneczna, login=samples[role].login))
        assert asking.get(ME).status_code == 200

        with enter_association(samples.sloneczna):
            end(OwnerAccount.objects.select_related("person").get(login=samples[role].login))

        assert asking.get(ME).status_code == 401


def _reset(account: OwnerAccount) -> None:
    issue_starter_password(actor=SYSTEM, person=account.person)


def _close(account: OwnerAccount) -> None:
    deactivate_account(actor=SYSTEM, account=account)


def test_starter_password_opens_nothing(samples: Samples) -> None:
    """Neither by session nor by a key that a bug might have left in force."""
    member = samples[Role.OWNER]
    asking = program(HERE, make_key(samples.sloneczna, login=member.login))
    with enter_association(samples.sloneczna):
        OwnerAccount.objects.filter(login=member.login).update(must_change_password=True)

    answers = [asking.get(ME), member.browser().get(ME)]

    assert [(one.status_code, one.json()["code"]) for one in answers] == [(403, "starter_password")] * 2


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_nothing_can_be_written(samples: Samples, program_of: ProgramOf, method: str) -> None:
    answer = getattr(program_of(samples[Role.OWNER]), method)(ME)

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "path",
    [
        "nie-ma/",
        "holdings/abc/",
        "holdings/-1/",
        "holdings/0/",
        "holdings/9223372036854775808/",
        f"holdings/{'9' * 5000}/",
        "holdings/{id}/ledger/0/",
        "holdings/{id}/ledger/0000/",
        "holdings/{id}/ledger/10000/",
        "holdings/{id}/charges/2026/13/",
        "holdings/{id}/charges/2026/0/",
        "holdings/{id}/ledger/2026%00/",
        "holdings/{id}%0A/",
        "holdings/{id}/ledger/2026'%20OR%201=1--/",
        "a" * 10_000 + "/",
        "%ff%fe/",
    ],
)
def test_hand_typed_address_is_a_plain_404(samples: Samples, program_of: ProgramOf, path: str) -> None:
    member = samples[Role.OWNER]

    answer = program_of(member).get("/api/v1/" + path.replace("{id}", str(member.holding_id)))

    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"


@pytest.mark.parametrize(
    "query", ["?rok=1&rok=2", "?format=xml", "?as_seen_on=2020-01-01", "?q=%00", "?" + "x=1&" * 3000]
)
def test_parameters_mean_nothing(samples: Samples, program_of: ProgramOf, query: str) -> None:
    asking, member = program_of(samples[Role.OWNER]), samples[Role.OWNER]
    address = f"/api/v1/holdings/{member.holding_id}/balances/"

    plain, answer = asking.get(address), asking.get(address + query)

    assert (answer.status_code, answer.content) == (200, plain.content)


def test_years_and_months_without_data_are_empty_answers(samples: Samples, program_of: ProgramOf) -> None:
    asking, here = program_of(samples[Role.OWNER]), f"/api/v1/holdings/{samples[Role.OWNER].holding_id}/"

    assert asking.get(f"{here}ledger/2999/").json()["accounts"] == []
    assert asking.get(f"{here}readings/1900/").json()["readings"] == []
    assert asking.get(f"{here}settlements/2999/").json()["settlements"] == []
    charges = asking.get(f"{here}charges/1999/12/").json()
    assert (charges["month"], charges["total"], charges["due_on"], charges["funds"]) == (
        "1999-12",
        None,
        None,
        [],
    )


def test_figures_of_an_answer_are_of_one_moment_and_nothing_is_written(samples_db: Samples) -> None:
    """Everything after the key is read inside one read-only transaction, the holding's access too."""
    member = samples_db[Role.OWNER]
    asking = program(HERE, make_key(samples_db.sloneczna, login=member.login))
    address = f"/api/v1/holdings/{member.holding_id}/ledger/2025/"
    assert asking.get(address).status_code == 200

    asked: list[tuple[str, bool]] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        session = connection.connection
        is_snapshot = session.isolation_level == IsolationLevel.REPEATABLE_READ and session.read_only
        asked.append((sql, is_snapshot and session.info.transaction_status != TransactionStatus.IDLE))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        answer = asking.get(address)

    figures = [at for at, (sql, _) in enumerate(asked) if "premises_holding" in sql or "ledger_" in sql]
    assert answer.status_code == 200
    assert figures
    # psycopg begins with the first of them; those after it are in the transaction already.
    assert all(is_read_in_snapshot for _, is_read_in_snapshot in asked[figures[0] + 1 : figures[-1] + 1])
    assert connection.connection.isolation_level is None
    assert not [sql for sql, _ in asked[figures[0] :] if sql.startswith(("INSERT", "UPDATE", "DELETE"))]


def test_logs_hold_no_data(samples: Samples, program_of: ProgramOf, caplog: pytest.LogCaptureFixture) -> None:
    member = samples[Role.OWNER]
    secret = make_key(samples.sloneczna, login=member.login)
    wrong = "ko_" + "b" * 43

    with caplog.at_level(logging.DEBUG):
        program(HERE, secret).get(f"/api/v1/holdings/{member.holding_id}/ledger/2025/")
        program(HERE, wrong).get(ME)
        program(HERE, secret).get("/api/v1/holdings/999999/")

    said = "\n".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
    assert secret not in said
    assert wrong not in said
    assert "Bearer" not in said


@pytest.mark.parametrize(
    "query",
    ["day=", "day=2026-02-30", "day=31.10.2026", "day=20261031", "day=2026-W44-1", "day=%D9%A2026-10-31",
     "day=2026-10-31&day=2026-10-30", "day=%00", "day=null"],
)  # fmt: skip
def test_what_is_no_day_is_refused(samples: Samples, program_of: ProgramOf, query: str) -> None:
    member = samples[Role.OWNER]
    asking, here = program_of(member), f"/api/v1/holdings/{member.holding_id}/"
    [fund, *_] = [one["fund"]["id"] for one in asking.get(f"{here}balances/").json()["balances"]]

    for resource in ("balance", "interest"):
        address = f"{here}funds/{fund}/{resource}/"
        assert asking.get(address).status_code == 200
        answer = asking.get(f"{address}?{query}")
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_day")
        assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["me/", "no-such-thing/", "schema/"])
def test_suspended_association_says_so_in_json(samples: Samples, path: str) -> None:
    with enter_association(samples.sloneczna):
        AssociationProfile.objects.update(state="suspended")

    answer = samples[Role.OWNER].browser().get(f"/api/v1/{path}")
    page = samples[Role.OWNER].browser().get("/start/")

    assert (answer.status_code, answer.json()["code"]) == (503, "suspended")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Retry-After"] == "3600"
    assert page.status_code == 503
    assert page.headers["Content-Type"].startswith("text/html")
