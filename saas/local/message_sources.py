"""Where texts of the interface stand in the sources: gettext calls in Python, tags in templates, labels of choices.

GNU gettext is on no fresh machine, so Python's own parser reads the Python, and Django's templatize turns templates
into Python first. Labels of a model's choices are plain Polish words there, which pages translate where they show
them; they are collected from the class bodies.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

ROOMS = ("saas", "associations", "billing_views", "workers")
# Migrations repeat what models say; the gallery of components is for developers and shows made-up people.
LEFT_OUT = {"migrations", "gallery", "gallery.py", "samples.py"}
# Which arguments of a call are texts: context, singular and plural, counted from 0; None where there is none.
SINGULAR, WITH_CONTEXT = (None, 0, None), (0, 1, None)
CALLS: dict[str, tuple[int | None, int, int | None]] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), SINGULAR),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), WITH_CONTEXT),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (None, 0, 1)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (0, 1, 2)),
}
# A call with literals, as templatize writes it.
CALL = re.compile(r"""\b(?:n?p?gettext|_)\((?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^'"()])*\)""")


@dataclass(frozen=True, slots=True)
class Text:
    """A text as the sources hold it: its context (empty for most), whether it has plural forms, its file."""

    msgid: str
    context: str
    is_plural: bool
    path: str


def texts_of(checkout: Path) -> Iterator[Text]:
    """All texts of the four rooms, file by file in alphabetical order; a text comes as often as it stands."""
    for room in ROOMS:
        for path in sorted((checkout / room).rglob("*")):
            if path.suffix in {".py", ".html"} and not LEFT_OUT & set(path.parts):
                yield from texts_in(path.read_text(encoding="utf-8"), path.relative_to(checkout).as_posix())


def texts_in(source: str, path: str) -> Iterator[Text]:
    """The texts of one file; a name that ends in .html is a template, everything else is Python."""
    tree = ast.parse(_calls_of_template(source, path) if path.endswith(".html") else source)
    for node in sorted(ast.walk(tree), key=_position):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in CALLS:
                yield from _text_of_call(node, CALLS[name], path)
            case ast.ClassDef() if any("TextChoices" in ast.unparse(base) for base in node.bases):
                yield from _labels_of_choices(node, path)


def _position(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _calls_of_template(source: str, path: str) -> str:
    """The gettext calls that Django finds in a template, without what it blanks out around them."""
    return "\n".join(CALL.findall(templatize(source, origin=path)))


def _text_of_call(call: ast.Call, places: tuple[int | None, int, int | None], path: str) -> Iterator[Text]:
    context, singular, plural = (_constant(call.args, place) for place in places)
    if singular:
        yield Text(singular, context, is_plural=bool(plural), path=path)


def _constant(arguments: list[ast.expr], place: int | None) -> str:
    """The text at a place; empty where a variable stands there, whose text is marked where it is written."""
    if place is not None and place < len(arguments):
        match arguments[place]:
            case ast.Constant(value=str(text)):
                return text
    return ""


def _labels_of_choices(choices: ast.ClassDef, path: str) -> Iterator[Text]:
    for statement in choices.body:
        match statement:
            case ast.Assign(value=ast.Tuple(elts=[_, ast.Constant(value=str(label))])):
                yield Text(label, "", is_plural=False, path=path)
