"""What is wrong with a file, as values: severity, place, value and a reason in Polish."""

from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from workers.values.pesel import mask_pesels

Severity = Literal["error", "warning"]
_LONGEST_VALUE = 100


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `row` is the number a person sees in the file; `column` the header as in the file.

    `file` is the number of the upload, `file_name` what people call it (with the archive it came in),
    `sheet` the key of the table inside the upload (as in the staging rows), `sheet_name` its shown name.
    """

    severity: Severity
    code: str
    reason: str
    file: int = 0
    file_name: str = ""
    sheet: str = ""
    sheet_name: str = ""
    row: int | None = None
    column: str = ""
    field: str = ""
    value: str = ""
    premises_code: str = ""
    dataset: str = ""

    def masked(self) -> "Problem":
        """The same problem with its value shortened and without PESEL numbers."""
        value = mask_pesels(self.value)
        if len(value) > _LONGEST_VALUE:
            value = value[: _LONGEST_VALUE - 1] + "…"
        return replace(self, value=value, premises_code=mask_pesels(self.premises_code)[:40])

    def as_dict(self) -> dict[str, Any]:
        """The problem as JSON members."""
        return asdict(self)
