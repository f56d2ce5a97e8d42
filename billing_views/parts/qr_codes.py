"""A code to scan as a drawing for `parts/qr_code.html`: a path of dark squares, without any style or script."""

from dataclasses import dataclass

import segno

QUIET_ZONE = 4
"""Light squares around a code, which readers need."""


@dataclass(frozen=True, slots=True)
class QrPicture:
    """The code: `size` squares a side, `path` of its dark ones, `label` for those who do not see it."""

    size: int
    path: str
    label: str


def draw_qr_code(text: str, label: str) -> QrPicture:
    """A QR code of the text in UTF-8 with error correction L, as the recommendation for transfers asks."""
    code = segno.make(text, error="l", boost_error=False, micro=False, encoding="utf-8")
    rows = [tuple(row) for row in code.matrix_iter(border=QUIET_ZONE)]
    parts: list[str] = []
    for y, row in enumerate(rows):
        parts += [f"M{start} {y}h{end - start}v1H{start}z" for start, end in _dark_runs(row)]
    return QrPicture(len(rows), "".join(parts), label)


def _dark_runs(row: tuple[int, ...]) -> list[tuple[int, int]]:
    """Where dark squares begin and end."""
    runs, start = [], None
    for x, is_dark in enumerate((*row, 0)):
        if is_dark and start is None:
            start = x
        elif not is_dark and start is not None:
            runs.append((start, x))
            start = None
    return runs
