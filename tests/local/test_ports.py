"""The demo's port: taken ones are passed over."""

import socket

import pytest

from saas.local.ports import bind_address, free_port, loopback_hosts


def test_a_port_that_somebody_listens_on_is_passed_over() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        first = taken.getsockname()[1]

        found = free_port(first)

    assert found > first
    assert free_port(found) == found


def test_a_port_taken_on_one_loopback_address_only_is_passed_over() -> None:
    if "::1" not in loopback_hosts():
        pytest.skip("the machine has no IPv6 loopback")
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as taken:
        first = taken.getsockname()[1]

        assert free_port(first) > first


def test_addresses_are_written_as_the_web_server_reads_them() -> None:
    assert [bind_address(host, 8000) for host in ("127.0.0.1", "::1")] == ["127.0.0.1:8000", "[::1]:8000"]
