"""Where a long piece of work stands: the steps of an import and a bar that renews itself."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a procedure; exactly one is "current"."""

    label: str
    state: Literal["done", "current", "ahead"]


@dataclass(frozen=True, slots=True)
class Progress:
    """A progress bar.

    `percent` None means that the length is not known yet. `poll_url` answers with the same partial
    (`parts/progress.html`) and is asked every second by htmx; `page_url` is the page itself, for the link
    that renews it by hand. When `is_done`, polling stops; the answer of the last poll should carry the
    header `HX-Refresh: true`, so that the page shows the result.
    """

    label: str
    percent: int | None
    poll_url: str
    page_url: str
    is_done: bool = False
    detail: str = ""
