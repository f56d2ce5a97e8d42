"""How a manager wants a table to be read, where detection would not do: one table's options, and profiles of many.

Options travel as JSON: with a batch (ImportBatch.table_options), with a profile (ImportProfile.options), and to the
reading child. What is not said is detected. A table that was read keeps its options with one more member, `seen`
(ImportTable.options): the forms of numbers and dates that stand in it, {"decimal": ",", "dates": "dmy"}, which only
inform and are no options.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from workers.values.words import plain_word

Encoding = Literal["", "utf-8", "utf-16", "cp1250", "iso8859-2", "cp852", "mazovia"]
DateOrder = Literal["", "dmy", "mdy", "ymd"]
SEEN = "seen"


@dataclass(frozen=True, slots=True)
class TableOptions:
    """What is settled about one table; an empty value leaves it to detection.

    `columns`: field name by header text (column_keys), "" for a column that is not read; headers that are not named
    are matched by their synonyms. `decimal`: the decimal separator of texts such as `1.234`; with the other mark
    they are thousands. `dates`: the order of day, month and year where the year stands last, and of dates with a
    year of two digits, which are refused as long as no order is settled. `is_in_grosze`: amounts of money are whole
    grosze. `is_sign_reversed`: the dataset of balances alone, its column of balances with a sign, where plus means
    underpayment; two columns or a letter (Wn, Ma) say their side themselves. `is_left_out`: not imported.
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
        """Options as `as_json` wrote them, with or without `seen`; other members are an error of ours (TypeError)."""
        return cls(**{name: value for name, value in given.items() if name != SEEN})

    def as_json(self) -> dict[str, Any]:
        """Only what is settled."""
        return {name: value for name, value in asdict(self).items() if value not in ("", None, False, {})}


NO_OPTIONS = TableOptions()


@dataclass(frozen=True, slots=True)
class Profile:
    """Options for every table in which a row of exactly these headers (in any order) stands."""

    id: int
    headers: tuple[str, ...]
    options: TableOptions

    @classmethod
    def from_json(cls, given: dict[str, Any]) -> "Profile":
        """A profile as `as_json` wrote it."""
        return cls(given["id"], tuple(given["headers"]), TableOptions.from_json(given["options"]))

    def as_json(self) -> dict[str, Any]:
        """The profile as the reading child takes it."""
        return {"id": self.id, "headers": list(self.headers), "options": self.options.as_json()}


def column_keys(headers: Sequence[str]) -> list[str]:
    """The names by which `TableOptions.columns` knows the columns of a table, parallel to its headers.

    The header itself; the second of two that read alike is `text#2`, an empty one `#<index from 0>`.
    """
    keys: list[str] = []
    counts: dict[str, int] = {}
    for index, header in enumerate(headers):
        word = _compared(header)
        counts[word] = counts.get(word, 0) + 1
        key = header if counts[word] == 1 else f"{header}#{counts[word]}"
        keys.append(key if header and key not in keys else f"#{index}")
    return keys


def chosen_columns(headers: Sequence[str], columns: dict[str, str]) -> dict[int, str]:
    """Index of a column → the field that options name for it; headers are compared as profiles compare them."""
    if not columns:
        return {}
    indexes = {_compared_key(key): index for index, key in enumerate(column_keys(headers))}
    found = {indexes.get(_compared_key(key)): name for key, name in columns.items()}
    return {index: name for index, name in found.items() if index is not None}


def _compared(header: str) -> str:
    return plain_word(header) or header


def _compared_key(key: str) -> str:
    header, mark, ordinal = key.rpartition("#")
    if mark and header and ordinal.isdecimal():
        return f"{_compared(header)}#{ordinal}"
    return _compared(key) if header or not mark else key
