"""What is to be written beside the rows of a file, and how a copy is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# „Uwagi" alone is a known header: it would be read as the description of a posting when the copy comes back.
COLUMN = "Uwagi portalu"
PREFIXES = ("Błąd: ", "Ostrzeżenie: ")
FIRST_ROW = 2
"""The first row below the headers of a table in which the headers are its first row."""


class RefusedCopyError(Exception):
    """No copy can be made; the reason is Polish."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(code)
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Remarks:
    """Texts by row number, as a person counts rows; `whole` concerns the whole table and stands in its header.

    What is not known of the table is detected: `header_row` None is the first filled row.
    """

    rows: Mapping[int, str] = field(default_factory=dict)
    whole: str = ""
    header_row: int | None = None
    encoding: str = ""
    separator: str = ""

    def header_of(self, number: int) -> str:
        """The new column's header, with what concerns the table and the headers themselves, which stand in this row."""
        said = " ".join(text for text in (self.whole, self.rows.get(number, "")) if text)
        return f"{COLUMN} ({said})" if said else COLUMN

    def first_row(self, number: int) -> str:
        """Of a row below the headers in a format that has nowhere else to say what concerns table and headers."""
        above = (self.whole, self.rows.get(1, "")) if number == FIRST_ROW else ()
        return "; ".join(text for text in (*above, self.rows.get(number, "")) if text)

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> "Remarks":
        """Remarks as they come to the child: row numbers are texts in JSON."""
        rows = {int(number): text for number, text in given.get("rows", {}).items()}
        return cls(**{**given, "rows": rows})


NO_REMARKS = Remarks()


def is_own_header(text: object) -> bool:
    """Whether a column came from an earlier copy: its texts are written anew, not beside."""
    return isinstance(text, str) and (text == COLUMN or text.startswith(f"{COLUMN} ("))
