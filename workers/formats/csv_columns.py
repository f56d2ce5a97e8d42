"""Blocks of CSV lines without quotes, taken apart into columns: a few calls for thousands of rows."""


def split_columns(block: str, separator: str) -> list[list[str]] | None:
    """The columns of the lines; None where they are not all of one width of at least two.

    `block` has no line end after its last line.
    """
    width = block.partition("\n")[0].count(separator) + 1
    # A line end becomes a cell of its own: where each stands in its place, every line has as many cells.
    cells = block.replace("\n", f"{separator}\n{separator}").split(separator)
    step = width + 1
    count, rest = divmod(len(cells) + 1, step)
    ends = count - 1
    if width == 1 or rest or block.count("\n") != ends or cells[width::step].count("\n") != ends:
        return None
    return [cells[place::step] for place in range(width)]


def may_have_long_line(block: str, longest: int) -> bool:
    """Whether a line may be longer than that: False is sure, True may be of one half as long."""
    half = longest // 2
    return any(block.find("\n", start, start + half) < 0 for start in range(0, len(block) - half, half))
