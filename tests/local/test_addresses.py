"""The addresses of the embedded servers: pure text, nothing is started."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from saas.local import addresses


@pytest.fixture(autouse=True)
def unnamed_instance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KARTOTEKA_LOCAL", raising=False)


def test_the_instance_is_the_demo_unless_the_environment_names_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert addresses.locate().name == "demo"

    monkeypatch.setenv("KARTOTEKA_LOCAL", "test")

    assert addresses.locate().name == "test"


@pytest.mark.parametrize("name", ["../etc", "Test", "1a", "a b", "a" * 31])
def test_a_name_that_could_leave_the_folder_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="KARTOTEKA_LOCAL"):
        addresses.locate(name)


@pytest.mark.parametrize(
    ("url", "role", "database"),
    [
        (addresses.database_url, "kartoteka_app", "kartoteka"),
        (addresses.owner_database_url, "kartoteka_owner", "kartoteka"),
        (addresses.admin_database_url, "postgres", "postgres"),
    ],
)
def test_each_role_reaches_the_database_over_the_unix_socket(
    url: Callable[[str], str], role: str, database: str
) -> None:
    parts = urlsplit(url("test"))

    assert (parts.scheme, parts.username, parts.path) == ("postgresql", role, f"/{database}")
    assert parts.hostname is None
    assert parse_qs(parts.query) == {"host": [str(addresses.locate("test").sockets)]}


def test_valkey_is_named_in_the_forms_of_redis_py_and_celery() -> None:
    path = str(addresses.locate("test").valkey_socket)

    assert unquote(addresses.redis_url("test")) == f"unix://{path}?db=0"
    assert unquote(addresses.broker_url("test")) == f"redis+socket://{path}?virtual_host=0"


def test_a_deep_checkout_gets_a_socket_path_that_the_system_accepts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "is_open", lambda folder: True)
    near = addresses.locate("test", checkout=Path("/srv/kartoteka"))
    deep = addresses.locate("test", checkout=tmp_path / ("a" * 60) / ("b" * 60))

    assert near.sockets == near.home / "run"
    assert deep.sockets.parent == Path("/tmp")
    assert len(str(deep.sockets / addresses.POSTGRES_SOCKET)) < 108


def test_two_checkouts_and_two_instances_never_share_a_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("a" * 60) / ("b" * 60)

    found = {
        addresses.locate(name, checkout=checkout).sockets
        for name in ("demo", "test")
        for checkout in (deep / "one", deep / "two")
    }

    assert len(found) == 4


def test_root_keeps_data_out_of_a_checkout_that_others_cannot_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = tmp_path / "home" / "clone"
    checkout.mkdir(parents=True)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr(addresses, "is_open", lambda folder: False)

    closed = addresses.locate("test", checkout=checkout)

    assert closed.base.parent == Path("/var/tmp")
    assert closed.home.parent == closed.base


def test_an_ordinary_user_keeps_data_in_the_checkout_whatever_its_modes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr(addresses, "is_open", lambda folder: False)

    assert addresses.locate("test", checkout=tmp_path).base == tmp_path / ".local"


def test_a_folder_is_open_only_if_all_its_parents_are(open_folder: Path) -> None:
    closed = open_folder / "closed"
    (closed / "inner").mkdir(parents=True)
    closed.chmod(0o755)
    (closed / "inner").chmod(0o755)

    assert addresses.is_open(closed / "inner")
    assert addresses.is_open(closed / "inner" / "not-yet-there")

    closed.chmod(0o700)

    assert not addresses.is_open(closed / "inner")
    assert not addresses.is_open(closed / "inner" / "not-yet-there")
