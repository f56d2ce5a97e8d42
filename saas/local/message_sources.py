"""Where texts of the interface stand in the sources: gettext calls in Python, tags in templates, labels of choices.

GNU gettext is on no fresh machine, so Babel reads the Python, and Django's own templatize turns templates into
Python first. Labels of a model's choices are plain Polish words there, which pages translate where they show
them; they are collected from the class bodies.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.extract import extract, extract_python
from django.utils.translation.template import templatize

ROOMS = ("saas", "associations", "billing_views", "workers")
# Migrations repeat what models say; the gallery of components is for developers and shows made-up people.
LEFT_OUT = {"migrations", "gallery", "gallery.py", "samples.py"}
PLURAL = (1, 2)
CALLS = {
    "_": (1,),
    "gettext": (1,),
    "gettext_lazy": (1,),
    "gettext_noop": (1,),
    "ngettext": PLURAL,
    "ngettext_lazy": PLURAL,
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


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
    if path.endswith(".html"):
        # What stands around the calls is blanked out, but its indentation would not be Python's.
        lines = templatize(source, origin=path).splitlines()
        yield from _calls("\n".join(line.lstrip() for line in lines), path)
    else:
        yield from _calls(source, path)
        yield from _labels_of_choices(source, path)


def _calls(source: str, path: str) -> Iterator[Text]:
    for _line, message, _comments, context in extract(_python, BytesIO(source.encode()), keywords=CALLS):
        if isinstance(message, str):
            yield Text(message, context or "", is_plural=False, path=path)
        else:
            yield Text(message[0], context or "", is_plural=True, path=path)


def _python(source: Any, names: Any, tags: Any, options: Any) -> Any:
    """Babel's extractor with the signature that Babel's `extract` asks for."""
    return extract_python(source, names, tags, options | {"encoding": "utf-8"})


def _labels_of_choices(source: str, path: str) -> Iterator[Text]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and any("TextChoices" in ast.unparse(base) for base in node.bases):
            for statement in node.body:
                match statement:
                    case ast.Assign(value=ast.Tuple(elts=[_, ast.Constant(value=str(label))])):
                        yield Text(label, "", is_plural=False, path=path)
                    case _:
                        pass
