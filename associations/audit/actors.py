"""Who acts: what every action takes and writes beside what it did."""

import uuid
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Actor:
    """Staff, an owner, an operator at the command line, or the program itself."""

    kind: Literal["staff", "owner", "operator", "system"]
    id: uuid.UUID | None
    name: str


SYSTEM = Actor(kind="system", id=None, name="system")
