"""The environment is documented, and a bad value stops the program."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from saas.environment import (
    database_from_url,
    env_bool,
    env_int,
    env_networks,
    env_secret,
    env_word,
    env_words,
)
from saas.local.addresses import CHECKOUT

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"env_(?:text|bool|int|list|secret|words?|networks)\(\s*\"([A-Z_]+)\"")


DEPLOYED = re.compile(r"(?:environ\.get\(\"|\$?\{\$?)(KARTOTEKA_[A-Z_]+)")


def test_every_variable_is_documented_and_no_other() -> None:
    """Those of the program, and those that only gunicorn's, compose's and Caddy's files read."""
    read = set(NAME.findall((ROOT / "saas/settings.py").read_text(encoding="utf-8")))
    for name in ("gunicorn.conf.py", "compose.yaml", "Caddyfile"):
        read |= set(DEPLOYED.findall((ROOT / "deploy" / name).read_text(encoding="utf-8")))
    example = (ROOT / "deploy/env.example").read_text(encoding="utf-8")

    assert set(re.findall(r"^([A-Z_]+)=", example, flags=re.MULTILINE)) == read


def test_bad_switch_stops_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KARTOTEKA_X", "maybe")

    with pytest.raises(ImproperlyConfigured, match="KARTOTEKA_X"):
        env_bool("KARTOTEKA_X")
    with pytest.raises(ImproperlyConfigured, match="KARTOTEKA_X"):
        env_int("KARTOTEKA_X", 1)


def test_words_and_networks_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert env_word("KARTOTEKA_X", "json", ("json", "text")) == "json"
    assert env_words("KARTOTEKA_X", "small,large", ("small", "large")) == ["small", "large"]
    assert env_networks("KARTOTEKA_X", "10.0.3.0/24,::1") == ["10.0.3.0/24", "::1"]
    for value in ("xml", "small,huge", "10.0.3.7/24"):
        monkeypatch.setenv("KARTOTEKA_X", value)
        with pytest.raises(ImproperlyConfigured, match="KARTOTEKA_X"):
            env_word("KARTOTEKA_X", "json", ("json", "text"))
        with pytest.raises(ImproperlyConfigured, match="KARTOTEKA_X"):
            env_words("KARTOTEKA_X", "small", ("small", "large"))
        with pytest.raises(ImproperlyConfigured, match="KARTOTEKA_X"):
            env_networks("KARTOTEKA_X", "::1")


def test_secret_comes_from_its_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("s3cret\n", encoding="utf-8")
    monkeypatch.setenv("KARTOTEKA_X", "not this one")
    monkeypatch.setenv("KARTOTEKA_X_FILE", str(tmp_path / "key"))

    assert env_secret("KARTOTEKA_X") == "s3cret"
    monkeypatch.setenv("KARTOTEKA_X_FILE", str(tmp_path / "missing"))
    with pytest.raises(ImproperlyConfigured, match="KARTOTEKA_X_FILE"):
        env_secret("KARTOTEKA_X")


def test_addresses_that_hold_passwords_come_from_files_too(tmp_path: Path) -> None:
    given = {
        "DATABASE_URL": "postgresql://app:one@db/kartoteka",
        "DATABASE_OWNER_URL": "postgresql://owner:two@db/kartoteka",
        "REDIS_URL": "redis://:three@valkey:6379/0",
        "KARTOTEKA_SECRET_KEY": "k" * 50,
    }
    environment = {name: value for name, value in os.environ.items() if name not in given}
    for name, value in given.items():
        (tmp_path / name).write_text(value + "\n", encoding="utf-8")
        environment[f"{name}_FILE"] = str(tmp_path / name)
    asked = (
        "from saas import settings as s; d = s.DATABASES; "
        "print(d['default']['PASSWORD'], d['owner']['PASSWORD'], s.REDIS_URL, s.CELERY_BROKER_URL, s.IS_LOCAL)"
    )

    done = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=CHECKOUT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split() == ["one", "two", *[given["REDIS_URL"]] * 2, "False"]


def test_database_address_over_a_socket_and_over_a_host() -> None:
    socket = database_from_url("postgresql://role@/name?host=%2Ftmp%2Frun", engine="e")
    host = database_from_url("postgresql://role:p%40ss@db:5433/name", engine="e")

    assert (socket["USER"], socket["NAME"], socket["HOST"], socket["PORT"]) == (
        "role",
        "name",
        "/tmp/run",
        "",
    )
    assert (host["PASSWORD"], host["HOST"], host["PORT"]) == ("p@ss", "db", "5433")
    with pytest.raises(ImproperlyConfigured, match="postgresql"):
        database_from_url("mysql://role@db/name", engine="e")


def test_a_command_without_its_settings_says_so_in_one_sentence() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KARTOTEKA")}
    environment |= {"DATABASE_URL": "postgresql://app@db/kartoteka"}

    done = subprocess.run(
        [sys.executable, "manage.py", "list_associations"],
        cwd=CHECKOUT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.startswith("The settings will not do: KARTOTEKA_SECRET_KEY ")
    assert "Traceback" not in done.stderr
