"""The check that a period does not end before it starts."""

from collections.abc import Sequence

from workers.copy_text import NULL
from workers.datasets.fields import Field, Finish
from workers.values.fault import Fault


def refuse_reversed(fields: Sequence[Field], first: str, last: str, reason: str) -> Finish:
    """A row check: refuses a row whose date `last` is before `first`; an empty one passes."""
    names = [declared.name for declared in fields]
    start, end = names.index(first), names.index(last)

    def finish(parts: list[str]) -> Fault | None:
        # ISO dates in COPY text order as dates do.
        if parts[end] != NULL and parts[start] != NULL and parts[end] < parts[start]:
            return Fault("reversed_period", reason)
        return None

    return finish
