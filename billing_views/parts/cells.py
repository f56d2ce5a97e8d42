"""Cells of long tables drawn in one piece: a template takes several times as long, and a page has hundreds of them."""

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe


def draw_cell(text: str, css: str = "num", *, label: str = "", note: str = "") -> SafeString:
    """A `<td>`; `label` names it where the table becomes cards, `note` stands small below. Empty without a text.

    An empty cell has nothing in it and no label, so that cards leave it out (`td:empty`).
    """
    if not text:
        return EMPTY
    named = f' data-label="{escape(label)}"' if label else ""
    below = f' <small class="below">{escape(note)}</small>' if note else ""
    return mark_safe(f'<td class="{css}"{named}>{escape(text)}{below}</td>')  # noqa: S308  every part is escaped


EMPTY = mark_safe("<td></td>")
