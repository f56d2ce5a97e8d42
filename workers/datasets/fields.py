"""How a dataset declares its columns. The same declaration reads, checks, explains and documents a file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from workers.values.fault import Fault


def gettext_noop(text: str) -> str:
    """Marks a Polish text for the catalogue; the pages translate it where they show it."""
    return text


class Kind(StrEnum):
    """What a column holds, which decides how its cells are read."""

    CODE = "code"
    TEXT = "text"
    SERIAL = "serial"
    MONEY = "money"
    DECIMAL = "decimal"
    INTEGER = "integer"
    DATE = "date"
    MONTH = "month"
    SHARE = "share"
    CHOICE = "choice"
    FLAG = "flag"
    FUND = "fund"
    UNIT = "unit"
    BANK_ACCOUNT = "bank_account"
    BANK_TEXT = "bank_text"
    EMAIL = "email"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its name in the staging table, the words it may bear in a file, and what it may hold.

    `synonyms` are ordered, the surest first: where two columns of a file fit one field, the surer one is
    taken. `outputs` names the staging columns where they are not the one of the same name (a share is two
    numbers). `scale` is the number of decimal places kept, `whole` the most digits before the point.

    A field that is not staged helps to find one that is: an amount whose side is a letter, a balance in two columns.
    Such a field is used where the fields that it `needs` are there and none of those that it `yields_to`. Of a
    totals row its sum counts towards the field `adds_to`, with its `sign`. `expected` names words for the reason
    of an unknown one. `is_balance`: the sign may be another program's (TableOptions.is_sign_reversed).
    """

    name: str
    kind: Kind
    label: str
    synonyms: tuple[str, ...] = ()
    required: bool = False
    help: str = ""
    max_length: int = 40
    scale: int = 2
    whole: int = 10
    minimum: int | None = None
    maximum: int | None = None
    default: str | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    fallback: str | None = None
    outputs: tuple[str, ...] = ()
    expected: str = ""
    is_staged: bool = True
    needs: tuple[str, ...] = ()
    yields_to: tuple[str, ...] = ()
    adds_to: str = ""
    sign: int = 1
    is_balance: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Staging columns that this field fills, in their order."""
        return self.outputs or (self.name,)


Finish = Callable[[list[str]], Fault | None]
FinishColumns = Callable[[list[list[str]]], bool]


@dataclass(frozen=True, slots=True)
class Dataset:
    """A kind of data that a file or a sheet brings.

    `one_of` are groups of fields of which a file must have at least one. `finish` gets the row's parts as
    COPY texts, one per field in their order; it fills derived parts and returns a fault of the whole row.
    `finish_columns` does the same for many rows at once, given as columns: False where any row has a fault.
    Fields that are not staged stand last; `resolve` gets the parts of all fields and fills staged ones from them.
    `is_money` datasets are blocked by an error; registries are not.
    """

    name: str
    label: str
    help: str
    fields: tuple[Field, ...]
    one_of: tuple[tuple[str, ...], ...] = ()
    resolve: Finish | None = None
    finish: Finish | None = None
    finish_columns: FinishColumns | None = None
    is_money: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the staging table in COPY order, after file_no, sheet and line_no."""
        return tuple(column for declared in self.staged_fields for column in declared.columns)

    @property
    def staged_fields(self) -> tuple[Field, ...]:
        """The fields that have a place in the staging table."""
        return tuple(declared for declared in self.fields if declared.is_staged)

    def position(self, field_name: str) -> int:
        """Place of a field among the row's parts."""
        return [declared.name for declared in self.fields].index(field_name)
