r"""Values as PostgreSQL COPY text: one line per row, tabs between columns, \N for NULL."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from workers.values.fault import Value

NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_text(value: Value) -> str:
    """The value as it stands between two tabs of a COPY line; a share is two columns."""
    return _WRITERS[type(value)](value)


def escape_text(text: str) -> str:
    """A text with the characters escaped that COPY would take for its own marks."""
    if "\\" in text or not text.isprintable():
        return text.translate(_ESCAPES)
    return text


# By exact type: a bool is an int, and a datetime never gets here (dates are read as plain dates).
_WRITERS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _: NULL,
    str: escape_text,
    bool: lambda flag: "t" if flag else "f",
    int: str,
    Decimal: lambda number: format(number, "f"),
    date: date.isoformat,
    tuple: lambda share: f"{share[0]}\t{share[1]}",
}
