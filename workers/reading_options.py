"""How a manager wants a table to be read, where detection would not do: one table's options, and profiles of many.

Options travel as JSON: with a batch (ImportBatch.table_options), with a profile (ImportProfile.options), and to the
reading child. What is not said is detected.
"""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Encoding = Literal["", "utf-8", "utf-16", "cp1250", "iso8859-2", "cp852", "mazovia"]
DateOrder = Literal["", "dmy", "mdy", "ymd"]


@dataclass(frozen=True, slots=True)
class TableOptions:
    """What is settled about one table; an empty value leaves it to detection.

    `columns`: field name by header text, "" for a column that is not read; headers that are not named are matched
    by their synonyms. A header that stands twice is named `text#2` the second time, an empty one `#<index>`.
    `decimal`: the decimal separator of texts such as `1.234`. `is_in_grosze`: whole amounts are grosze.
    `is_sign_reversed`: balances of a program in which plus means underpayment. `is_left_out`: not imported.
    """

    encoding: Encoding = ""
    separator: str = ""
    header_row: int | None = None
    dataset: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    decimal: Literal["", ",", "."] = ""
    dates: DateOrder = ""
    is_in_grosze: bool = False
    is_sign_reversed: bool = False
    is_left_out: bool = False

    @classmethod
    def from_json(cls, given: dict[str, Any]) -> "TableOptions":
        """Options as `as_json` wrote them; unknown members are an error of ours (TypeError)."""
        return cls(**given)

    def as_json(self) -> dict[str, Any]:
        """Only what is settled."""
        return {name: value for name, value in asdict(self).items() if value not in ("", None, False, {})}


@dataclass(frozen=True, slots=True)
class Profile:
    """Options for every table in which a row of exactly these headers (in any order) stands."""

    id: int
    headers: tuple[str, ...]
    options: TableOptions
