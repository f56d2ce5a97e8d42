"""Every address of both doors, enumerated from the resolvers, and how one is filled in."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
DOORS = {"apex": settings.PUBLIC_SCHEMA_URLCONF, "association": settings.ROOT_URLCONF}


@dataclass(frozen=True, slots=True)
class Route:
    """One address of a door, `a/<slug:slug>/importy/`."""

    door: str
    pattern: str

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names between the angle brackets."""
        return tuple(PARAMETER.findall(self.pattern))

    def address(self, values: Mapping[str, Any]) -> str:
        """The path with the values filled in."""
        return "/" + PARAMETER.sub(lambda found: str(values[found[1]]), self.pattern)


def list_routes(door: str) -> list[Route]:
    """All addresses of the door, in the order in which they are tried."""
    return [Route(door, pattern) for pattern in _walk(get_resolver(DOORS[door]), "")]


def _walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield pattern
        else:
            yield from _walk(entry, pattern)
