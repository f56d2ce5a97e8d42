"""What is wrong with a file, as values: severity, place, value and a reason in Polish."""

from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from workers.values.pesel import mask_pesels
from workers.values.texts import shown_text

Severity = Literal["error", "warning"]
_LONGEST_VALUE = 100
_LONGEST_REASON = 500
_LONGEST_CODE = 40


def _shown(text: str, length: int) -> str:
    # Masked before it is cut: a cut number is no PESEL any more, but its digits are.
    return shown_text(mask_pesels(text), length)


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
        """The same problem, its texts shortened, without control characters and PESEL numbers."""
        return replace(
            self,
            reason=_shown(self.reason, _LONGEST_REASON),
            file_name=_shown(self.file_name, _LONGEST_REASON),
            sheet=_shown(self.sheet, _LONGEST_REASON),
            sheet_name=_shown(self.sheet_name, _LONGEST_VALUE),
            column=_shown(self.column, _LONGEST_VALUE),
            value=_shown(self.value, _LONGEST_VALUE),
            premises_code=_shown(self.premises_code, _LONGEST_CODE),
        )

    def as_dict(self) -> dict[str, Any]:
        """The problem as JSON members."""
        return asdict(self)
