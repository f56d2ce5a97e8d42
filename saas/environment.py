"""Settings from the environment: typed readers that refuse a bad value loudly at start.

A secret may come from a file: `NAME_FILE` names it (container secrets), `NAME` holds it.
"""

import os
from collections.abc import Collection
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"", "0", "false", "no", "off"}


def env_text(name: str, default: str = "") -> str:
    """The value of the variable, or the default where it is unset."""
    return os.environ.get(name, default)


def env_bool(name: str, *, default: bool = False) -> bool:
    """1/true/yes/on or 0/false/no/off; anything else stops the program."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in TRUE_WORDS:
        return True
    if value.lower() in FALSE_WORDS:
        return False
    msg = f"{name} must be 1 or 0, not {value!r}"
    raise ImproperlyConfigured(msg)


def env_int(name: str, default: int) -> int:
    """A whole number; anything else stops the program."""
    value = os.environ.get(name)
    if value is None:
        return default
    try:
        return int(value)
    except ValueError:
        msg = f"{name} must be a whole number, not {value!r}"
        raise ImproperlyConfigured(msg) from None


def env_list(name: str, default: str = "") -> list[str]:
    """Comma-separated words without empty ones."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def env_word(name: str, default: str, words: Collection[str]) -> str:
    """One of the words; anything else stops the program."""
    value = os.environ.get(name) or default
    if value not in words:
        msg = f"{name} must be one of {', '.join(words)}, not {value!r}"
        raise ImproperlyConfigured(msg)
    return value


def env_words(name: str, default: str, words: Collection[str]) -> list[str]:
    """Comma-separated, each one of the words; anything else stops the program."""
    found = env_list(name, default)
    if not found or not set(found) <= set(words):
        msg = f"{name} must hold some of {', '.join(words)}, not {','.join(found)!r}"
        raise ImproperlyConfigured(msg)
    return found


def env_networks(name: str, default: str) -> list[str]:
    """Comma-separated networks (10.0.3.0/24) or addresses; anything else stops the program."""
    networks = env_list(name, default)
    for network in networks:
        try:
            ip_network(network)
        except ValueError:
            msg = f"{name} must hold networks such as 10.0.3.0/24, not {network!r}"
            raise ImproperlyConfigured(msg) from None
    return networks


def env_secret(name: str) -> str | None:
    """The secret itself, from `NAME` or from the file that `NAME_FILE` names; None where neither is set."""
    file_name = os.environ.get(f"{name}_FILE")
    if file_name is None:
        return os.environ.get(name)
    try:
        return Path(file_name).read_text(encoding="utf-8").strip()
    except OSError as error:
        msg = f"{name}_FILE cannot be read: {error}"
        raise ImproperlyConfigured(msg) from error


def database_from_url(url: str, *, engine: str) -> dict[str, Any]:
    """Django's settings for `postgresql://role:password@host:port/name?host=/socket/folder`."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        msg = "A database address must begin with postgresql://"
        raise ImproperlyConfigured(msg)
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": engine,
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": options,
    }
