"""Charts of months as SVG: amounts stacked by fund, or this year's months beside last year's.

Inside: geometry in whole SVG units. The same figures stand in a table beside the picture; series differ by pattern,
not by colour alone. Not inside: words and formatting of figures, which come with the columns.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NamedTuple

WIDTH = 320
TOP = 20
PLOT = 112
HEIGHT = TOP + PLOT + 34
PATTERNS = 3
NARROWEST_GAP = 3
"""Columns between two written figures: `1 234,56` is about two columns wide."""

Anchor = Literal["start", "middle", "end"]
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class ChartColumn:
    """A month: its short name, a value per series (None: no data), the year below where one begins.

    `figure` is written above it where there is room; `is_current` marks the month that the page shows.
    """

    label: str
    values: tuple[Decimal | None, ...]
    below: str = ""
    figure: str = ""
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle; `pattern` 0 is solid, 1 hatched, 2 dotted."""

    x: int
    y: int
    width: int
    height: int
    pattern: int
    is_current: bool


class Shape(NamedTuple):
    """All rectangles of one look as one SVG path: a page of three pictures has hundreds of them."""

    path: str
    pattern: int
    is_current: bool


class Label(NamedTuple):
    """A text at its baseline."""

    x: int
    y: int
    text: str
    anchor: Anchor = "middle"
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture as `parts/bar_chart.html` draws it.

    `key` tells its ids from those of other charts of the page. `legend` names the patterns, in their order; it is
    empty where there is one series. `leads` are lines from a written figure down to its bar: x, from y, to y.
    """

    key: str
    title: str
    summary: str
    legend: tuple[str, ...]
    base: int
    blocks: tuple[Block, ...]
    labels: tuple[Label, ...]
    leads: tuple[tuple[int, int, int], ...]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def shapes(self) -> list[Shape]:
        """The blocks by their look, in the order in which the looks first appear."""
        paths: dict[tuple[int, bool], str] = defaultdict(str)
        for one in self.blocks:
            outline = f"M{one.x} {one.y}h{one.width}v{one.height}h-{one.width}z"
            paths[one.pattern, one.is_current and not one.pattern] += outline
        return [Shape(path, pattern, is_current) for (pattern, is_current), path in paths.items()]

    @property
    def texts(self) -> list[tuple[str, str, str, Anchor, bool]]:
        """The labels with their places as text: a template would ask for each number how a language writes it."""
        return [(str(one.x), str(one.y), *one[2:]) for one in self.labels]


@dataclass(frozen=True, slots=True)
class Scale:
    """From amounts to SVG units; `base` is the line of zero."""

    span: Decimal
    base: int

    def units(self, amount: Decimal) -> int:
        """The height of an amount, whole units rounded half up."""
        return int((amount * PLOT / self.span).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def draw_stacks(
    key: str, columns: Sequence[ChartColumn], *, title: str, summary: str, legend: Sequence[str] = ()
) -> Chart:
    """One bar per month, its series upon each other; negative values hang below the line of zero."""
    tops = [sum((one for one in column.values if one and one > 0), ZERO) for column in columns]
    bottoms = [sum((one for one in column.values if one and one < 0), ZERO) for column in columns]
    scale = _scale(max(tops, default=ZERO), min(bottoms, default=ZERO))
    blocks = [
        block for place, column in enumerate(columns) for block in _stack(place, len(columns), column, scale)
    ]
    ends = [scale.base - scale.units(top) for top in tops]
    return _chart(key, columns, blocks, ends, scale, (title, summary, tuple(legend)))


def draw_pairs(
    key: str, columns: Sequence[ChartColumn], *, title: str, summary: str, legend: Sequence[str]
) -> Chart:
    """The series of each month side by side; the last series is the present one and drawn solid."""
    known = [one for column in columns for one in column.values if one is not None]
    scale = _scale(max([*known, ZERO]), min([*known, ZERO]))
    blocks = [
        block for place, column in enumerate(columns) for block in _pair(place, len(columns), column, scale)
    ]
    ends = [scale.base - scale.units(max(column.values[-1] or ZERO, ZERO)) for column in columns]
    return _chart(key, columns, blocks, ends, scale, (title, summary, tuple(legend)))


def _scale(highest: Decimal, lowest: Decimal) -> Scale:
    span = (highest - lowest) or Decimal(1)
    return Scale(span, TOP + Scale(span, 0).units(highest))


def _stack(place: int, count: int, column: ChartColumn, scale: Scale) -> list[Block]:
    left, width = _bar(place, count)
    found, up, down = [], ZERO, ZERO
    for series, amount in enumerate(column.values):
        if amount is None:
            continue
        if amount < 0:
            y, end = scale.base - scale.units(down), scale.base - scale.units(down + amount)
            down += amount
        else:
            end, y = scale.base - scale.units(up), scale.base - scale.units(up + amount)
            up += amount
        found.append(Block(left, y, width, max(end - y, 1), series % PATTERNS, column.is_current))
    return found


def _pair(place: int, count: int, column: ChartColumn, scale: Scale) -> list[Block]:
    left, whole = _bar(place, count)
    width = whole // len(column.values)
    found = []
    for series, amount in enumerate(column.values):
        if amount is None:
            continue
        height = scale.units(abs(amount))
        y = scale.base if amount < 0 else scale.base - height
        pattern = len(column.values) - 1 - series
        found.append(Block(left + series * width, y, width, max(height, 1), pattern, column.is_current))
    return found


def _bar(place: int, count: int) -> tuple[int, int]:
    """The left edge and the width of a month's bar: four fifths of its column."""
    step = WIDTH // max(count, 1)
    width = step * 4 // 5 // 2 * 2
    return place * step + (step - width) // 2, width


def _chart(
    key: str,
    columns: Sequence[ChartColumn],
    blocks: Sequence[Block],
    ends: Sequence[int],
    scale: Scale,
    words: tuple[str, str, tuple[str, ...]],
) -> Chart:
    title, summary, legend = words
    written = _places_with_room(columns)
    labels = [*_month_labels(columns), *(_figure(place, columns) for place in written)]
    middles = [_middle(place, len(columns)) for place in written]
    leads = [(middle, TOP - 4, ends[place] - 2) for middle, place in zip(middles, written, strict=True)]
    return Chart(
        key=key,
        title=title,
        summary=summary,
        legend=legend,
        base=scale.base,
        blocks=tuple(blocks),
        labels=tuple(labels),
        leads=tuple(lead for lead in leads if lead[2] - lead[1] > NARROWEST_GAP),
    )


def _month_labels(columns: Sequence[ChartColumn]) -> list[Label]:
    found = []
    for place, column in enumerate(columns):
        middle = _middle(place, len(columns))
        found.append(Label(middle, TOP + PLOT + 14, column.label, is_current=column.is_current))
        if column.below:
            left, y = _bar(place, len(columns))[0], TOP + PLOT + 29
            found.append(Label(middle, y, column.below) if place else Label(left, y, column.below, "start"))
    return found


def _places_with_room(columns: Sequence[ChartColumn]) -> list[int]:
    """The columns whose figure is written: the current one, the last, the first, unless they would overlap."""
    having = [place for place, column in enumerate(columns) if column.figure]
    current = [place for place in having if columns[place].is_current]
    found: list[int] = []
    for place in (*current, *having[-1:], *having[:1]):
        if all(abs(place - other) >= NARROWEST_GAP for other in found):
            found.append(place)
    return sorted(found)


def _figure(place: int, columns: Sequence[ChartColumn]) -> Label:
    """Above its bar, but never over the edge of the picture."""
    left, width = _bar(place, len(columns))
    y, column = TOP - 8, columns[place]
    if place == 0:
        return Label(left, y, column.figure, "start", column.is_current)
    if place == len(columns) - 1:
        return Label(left + width, y, column.figure, "end", column.is_current)
    return Label(_middle(place, len(columns)), y, column.figure, "middle", column.is_current)


def _middle(place: int, count: int) -> int:
    left, width = _bar(place, count)
    return left + width // 2
