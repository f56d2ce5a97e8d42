"""Pauses after failures: the rule in tables, then both doors' tables."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import RequestFactory, override_settings

from associations.owners.models import SignInFailure
from associations.owners.throttling import (
    PER_ACCOUNT,
    PER_ADDRESS,
    client_address,
    close_attempt,
    open_attempt,
    pause_left,
    watch_account,
    watch_address,
)
from saas.staff.models import StaffSignInFailure
from saas.tenancy.switching import AssociationRef, enter_association

NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("minutes_ago", "left"),
    [
        ([], None),
        ([1, 2, 3, 4], None),
        ([0, 1, 2, 3, 4], 11),
        ([0, 1, 2, 3, 14], 1),
        ([0, 1, 2, 3, 15], None),
        ([0, 0, 0, 0, 0], 15),
        ([1, 2, 3, 4, 5, 6, 7], 10),
    ],
)
def test_pause_ends_when_the_fifth_last_failure_is_a_quarter_old(
    minutes_ago: list[int], left: int | None
) -> None:
    wait = pause_left([NOW - MINUTE * ago for ago in minutes_ago], PER_ACCOUNT, NOW)

    assert wait == (None if left is None else MINUTE * left)


def test_addresses_and_accounts_are_kept_as_keyed_hashes(in_sloneczna: AssociationRef) -> None:
    open_attempt(SignInFailure, watch_account("Nowak"), watch_address("192.0.2.7"), now=NOW)

    keys = list(SignInFailure.objects.order_by("pk").values_list("key", flat=True))
    assert [len(key) for key in keys] == [64, 64]
    assert keys == [watch_account(" nowak ").key, watch_address("192.0.2.7").key]


def test_sixth_try_waits_and_asking_again_does_not_lengthen_the_pause(in_sloneczna: AssociationRef) -> None:
    for number in range(5):
        attempt = open_attempt(SignInFailure, watch_account("nowak"), now=NOW + MINUTE * number)
        assert attempt.wait is None

    waits = [
        open_attempt(SignInFailure, watch_account("nowak"), now=NOW + MINUTE * later).wait
        for later in (5, 6, 14)
    ]

    assert waits == [MINUTE * 10, MINUTE * 9, MINUTE]
    assert open_attempt(SignInFailure, watch_account("nowak"), now=NOW + MINUTE * 15).wait is None


def test_another_account_is_not_paused(in_sloneczna: AssociationRef) -> None:
    for _ in range(5):
        open_attempt(SignInFailure, watch_account("nowak"), now=NOW)

    assert open_attempt(SignInFailure, watch_account("nowak"), now=NOW).wait == MINUTE * 15
    assert open_attempt(SignInFailure, watch_account("kowalska"), now=NOW).wait is None


def test_success_forgets_the_account_but_not_the_address(in_sloneczna: AssociationRef) -> None:
    for number in range(PER_ADDRESS.failures - 1):
        open_attempt(SignInFailure, watch_account(f"guess{number}"), watch_address("192.0.2.7"), now=NOW)
    own = open_attempt(SignInFailure, watch_account("own"), watch_address("192.0.2.7"), now=NOW)

    close_attempt(own)

    last = open_attempt(SignInFailure, watch_account("own"), watch_address("192.0.2.7"), now=NOW)
    next_one = open_attempt(SignInFailure, watch_account("own"), watch_address("192.0.2.7"), now=NOW)
    assert (last.wait, next_one.wait) == (None, MINUTE * 15)


@pytest.mark.usefixtures("committed_db")
def test_many_at_once_do_not_slip_through() -> None:
    def guess(_number: int) -> bool:
        try:
            return open_attempt(StaffSignInFailure, watch_account("nowak"), now=NOW).wait is None
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        passed = sum(pool.map(guess, range(24)))

    assert passed <= PER_ACCOUNT.failures
    assert StaffSignInFailure.objects.count() == passed


def test_old_failures_are_deleted(in_sloneczna: AssociationRef) -> None:
    open_attempt(SignInFailure, watch_account("nowak"), now=NOW - dt.timedelta(days=1))
    assert SignInFailure.objects.count() == 1

    open_attempt(SignInFailure, watch_account("kowalska"), now=NOW)

    assert SignInFailure.objects.get().key == watch_account("kowalska").key


def test_associations_and_the_apex_count_apart(
    db: None, sloneczna: AssociationRef, lipowa: AssociationRef
) -> None:
    with enter_association(sloneczna):
        for _ in range(5):
            open_attempt(SignInFailure, watch_account("nowak"), now=NOW)
        assert open_attempt(SignInFailure, watch_account("nowak"), now=NOW).wait
    with enter_association(lipowa):
        elsewhere = open_attempt(SignInFailure, watch_account("nowak"), now=NOW)

    assert elsewhere.wait is None
    assert open_attempt(StaffSignInFailure, watch_account("nowak"), now=NOW).wait is None


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("192.0.2.7", "192.0.2.8", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.7", "192.0.2.7", True),
        ("nonsense", "nonsense", True),
    ],
)
def test_one_ipv6_subscriber_counts_as_one_address(one: str, other: str, is_same: bool) -> None:
    assert (watch_address(one).key == watch_address(other).key) is is_same


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "198.51.100.9", "192.0.2.1"),
        (1, "198.51.100.9", "198.51.100.9"),
        (1, "203.0.113.66, 198.51.100.9", "198.51.100.9"),
        (2, "203.0.113.66, 198.51.100.9, 10.0.0.2", "198.51.100.9"),
        (2, "198.51.100.9", "192.0.2.1"),
        (1, "", "192.0.2.1"),
    ],
)
def test_forwarded_address_counts_only_behind_trusted_proxies(
    proxies: int, forwarded: str, address: str
) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=forwarded)

    with override_settings(TRUSTED_PROXY_COUNT=proxies):
        assert client_address(request) == address
