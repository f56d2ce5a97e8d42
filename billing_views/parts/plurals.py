"""Counts with the right Polish form: 1 wiersz, 2 wiersze, 5 wierszy, 22 wiersze, 112 wierszy.

The three forms are ordinary msgids, so that the rule of Polish holds without a Polish catalogue and English
translates each of them.
"""

from billing_views.parts.formatting import format_quantity

FEW = range(2, 5)
TEENS = range(12, 15)


def choose_form(count: int, one: str, few: str, many: str) -> str:
    """The form that goes with the count: 1 → one; 2 to 4, 22 to 24 → few; 0, 5, 12 to 14 → many."""
    if count == 1:
        return one
    return few if count % 10 in FEW and count % 100 not in TEENS else many


def say_count(count: int, one: str, few: str, many: str) -> str:
    """A sentence about a count; `{n}` in the form chosen becomes the figure, `12 014` above a thousand."""
    return choose_form(count, one, few, many).format(n=format_quantity(count))
