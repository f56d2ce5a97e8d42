"""Sentences that stand out: a notice, an empty state, a secret shown once."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice: what happened (`title`), what follows from it (`text`), where to go (`url`, `link`)."""

    title: str
    text: str = ""
    kind: Literal["info", "good", "bad"] = "info"
    url: str | None = None
    link: str = ""


@dataclass(frozen=True, slots=True)
class EmptyState:
    """A sentence where there are no data, with what to do about it."""

    title: str
    text: str = ""
    url: str | None = None
    link: str = ""


@dataclass(frozen=True, slots=True)
class Secret:
    """A login with a starter password that is shown once; `password` never leaves this page."""

    login: str
    password: str
    valid_until: str = ""
