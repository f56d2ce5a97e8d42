"""A fund (fundusz) as a value: what queries hand to pages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FundLabel:
    """A fund by its key; `kind` is a value of profile.models.FundKind, `name` as the association calls it."""

    id: int
    kind: str
    name: str
    position: int
