"""Counts with the right form: 1 wiersz, 2 wiersze, 5 wierszy, 21 wierszy, 22 wiersze, 112 wierszy.

The three forms are ordinary msgids, so that the rule of Polish holds without a Polish catalogue and the other
languages translate each of them. Ukrainian has the same three and counts 21 like 1 (21 рядок).
"""

from django.utils.translation import get_language

from billing_views.parts.formatting import format_quantity

FEW = range(2, 5)
TEENS = range(12, 15)
ELEVEN = 11


def choose_form(count: int, one: str, few: str, many: str) -> str:
    """The form that goes with the count: 1 → one; 2 to 4, 22 to 24 → few; 0, 5, 12 to 14 → many.

    21, 31, 101 → many in Polish, one in Ukrainian.
    """
    if count == 1 or (_counts_twenty_one_as_one() and count % 10 == 1 and count % 100 != ELEVEN):
        return one
    return few if count % 10 in FEW and count % 100 not in TEENS else many


def say_count(count: int, one: str, few: str, many: str) -> str:
    """A sentence about a count; `{n}` in the form chosen becomes the figure, `12 014` above a thousand."""
    return choose_form(count, one, few, many).format(n=format_quantity(count))


def _counts_twenty_one_as_one() -> bool:
    return (get_language() or "").startswith("uk")
