"""Blocks of lines taken apart by columns give what line by line gives, or nothing."""

from hypothesis import given
from hypothesis import strategies as st

from workers.formats.csv_columns import may_have_long_line, split_columns

CELLS = st.text(alphabet="ab 1,\t", max_size=3)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=6))
def test_columns_are_those_of_the_lines(rows: list[list[str]]) -> None:
    block = "\n".join(";".join(row) for row in rows)
    is_regular = len({len(row) for row in rows}) == 1 and len(rows[0]) > 1

    assert split_columns(block, ";") == (list(map(list, zip(*rows, strict=True))) if is_regular else None)


def test_two_short_lines_do_not_pass_for_one_row() -> None:
    assert split_columns("a;b;c\nd\ne\nf;g;h", ";") is None


@given(st.lists(st.integers(0, 40), min_size=1, max_size=12))
def test_no_long_line_is_overlooked(lengths: list[int]) -> None:
    block = "\n".join("x" * length for length in lengths)

    if max(lengths) > 16:
        assert may_have_long_line(block, 16)
    if max(lengths) < 8:
        assert not may_have_long_line(block, 16)
