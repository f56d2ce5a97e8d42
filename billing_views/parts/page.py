"""What the frame of a page needs to know; every view of both doors builds one of these as `page`.

Inside: `Page` (owner's door, `base_owner.html`), `ManagerPage` (apex, `base_manager.html`) and `PublicPage`
(before sign-in, `base_public.html` and `base_form.html`). Templates take every link from here and never
from `{% url %}`: the same owner pages are mounted on the association's host and under a manager's preview.
Not inside: what stands in the middle of a page; that is the view's own dataclass.
"""

from dataclasses import dataclass
from typing import Literal

AssociationKind = Literal["cooperative", "community"]


@dataclass(frozen=True, slots=True)
class AssociationBadge:
    """The association as the bar shows it: a logo or else a mark of one to three letters, and the full name.

    `colors_url`: the style sheet of its colour; empty where it has none of its own.
    """

    name: str
    kind: AssociationKind
    short_mark: str
    logo_url: str = ""
    colors_url: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Whose premises are open: „ul. Słoneczna 2 m. 34 · lokal 0401-034 · zmień lokal".

    `switch_url` is None for a person with one holding only: then there is nothing to change to.
    """

    address_line: str
    premises_code: str
    switch_url: str | None
    person_name: str


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of the list at the left."""

    label: str
    url: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class PreviewDay:
    """The form of a preview that chooses whose day's figures are shown.

    `value` is the chosen day for the field, `seen_on` the same as people write it; both empty for the figures of now,
    to which `today_url` leads back. `kept` are further parameters of the address.
    """

    action_url: str
    today_url: str
    kept: tuple[tuple[str, str], ...]
    value: str
    seen_on: str


@dataclass(frozen=True, slots=True)
class Page:
    """The frame of an owner's page.

    `title` is the only `<h1>`; `back_url` draws the arrow at the upper left. `sign_out_url` and
    `language_url` receive a POST (fields `language` and `next`); None leaves the control out.
    A manager's preview sets `is_preview` and may name the way out in `preview_exit_url`.
    """

    title: str
    association: AssociationBadge
    place: Place | None
    tabs: tuple[Tab, ...]
    language_url: str | None
    sign_out_url: str | None
    back_url: str | None = None
    is_preview: bool = False
    preview_exit_url: str | None = None
    preview_day: PreviewDay | None = None
    # Where the person's name at the upper right leads; None in a preview.
    account_url: str | None = None
    footer: tuple[Tab, ...] = ()


@dataclass(frozen=True, slots=True)
class ManagerPage:
    """The frame of a manager's page; `association` is None outside `/a/<slug>/`."""

    title: str
    person_name: str
    tabs: tuple[Tab, ...]
    sign_out_url: str | None
    language_url: str | None
    association: AssociationBadge | None = None
    switch_url: str | None = None
    back_url: str | None = None


@dataclass(frozen=True, slots=True)
class PublicPage:
    """The frame of a page before sign-in; `association` is None at the apex."""

    title: str
    association: AssociationBadge | None
    language_url: str | None
    sign_in_url: str | None = None
    sign_out_url: str | None = None
    back_url: str | None = None
    footer: tuple[Tab, ...] = ()


# fmt: off
_SMALL_WORDS = frozenset({
    "spółdzielnia", "wspólnota", "mieszkaniowa", "robotnicza", "lokatorsko", "własnościowa", "sm", "wm",
    "przy", "ul", "im", "w", "we", "i", "na",
})
# fmt: on


def make_short_mark(name: str) -> str:
    """One or two capital letters (or a house number) that stand for an association in the bar.

    The quoted part of a name counts first: Spółdzielnia Mieszkaniowa „Osiedle Słoneczne" → OS,
    Wspólnota Mieszkaniowa Lipowa 12 → L12. Never empty.
    """
    words = [word.strip(".,;:„”\"'«»()") for word in name.replace("-", " ").split()]
    telling = [word for word in words if word and word.casefold() not in _SMALL_WORDS] or words
    first, rest = telling[:1], telling[1:2]
    mark = "".join(word[0].upper() for word in first)
    mark += "".join(word[:2] if word[0].isdigit() else word[0].upper() for word in rest if word)
    return mark or "OK"
