"""The English and Ukrainian catalogues of the interface: `python -m saas.local.translations collect | compile | check`.

Polish texts are their own msgids; the others stand in billing_views/locale. `collect` takes new texts in and
drops those that are gone, `compile` writes the .mo that the pages read, `check` names everything that would
leave a Polish sentence on a page of another language. Counts are said with billing_views.parts.plurals, so that no
language needs plural forms of gettext, and Polish needs no catalogue.
"""

import argparse
import re
import string
import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from saas.local.addresses import CHECKOUT
from saas.local.message_sources import Text, texts_of

# Gettext's own plural rules, which the header must name although no text uses them.
PLURALS = {
    "en": "nplurals=2; plural=(n != 1);",
    "uk": (
        "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);"
    ),
}
NAMES = {"en": "English", "uk": "Ukrainian"}
CATALOGUES = {
    language: CHECKOUT / "billing_views" / "locale" / language / "LC_MESSAGES" / "django.po"
    for language in PLURALS
}
WIDTH = 110
PERCENT_NAME = re.compile(r"%(?:\(\w+\))?[sd]")
TAG = re.compile(r"</?\w+")


class Catalogue(Catalog):
    """A catalogue whose header says nothing but how to read it: dates and versions would change its bytes."""

    def __init__(self, language: str) -> None:
        comment = (
            f"# {NAMES[language]} texts of Otwarta Kartoteka. Collected and compiled by `make messages`."
        )
        super().__init__(locale=language, header_comment=comment, fuzzy=False)
        self.language = language

    def _get_mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", self.language),
            ("Plural-Forms", PLURALS[self.language]),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit\n"),
        ]

    mime_headers = property(_get_mime_headers)


def parse(po: bytes) -> Catalog:
    """The catalogue in a .po file, with what it marks as obsolete."""
    return read_po(BytesIO(po), locale="en", charset="utf-8")


def collect(texts: Iterable[Text], po: bytes, language: str = "en") -> bytes:
    """The .po with every text of the sources: known ones keep their translation, new ones wait for theirs."""
    known = parse(po)
    collected = Catalogue(language)
    for text in texts:
        former = known.get(text.msgid, context=text.context or None)
        collected.add(
            text.msgid,
            former.string if former else "",
            locations=[(text.path, 0)],
            flags=(former.flags if former else set()) & {"fuzzy"},
            user_comments=former.user_comments if former else (),
            context=text.context or None,
        )
    target = BytesIO()
    write_po(target, collected, width=WIDTH, sort_by_file=True, include_lineno=False)
    return target.getvalue()


def compiled(po: bytes, language: str = "en") -> bytes:
    """The .mo of a .po, the same bytes wherever it is made; what is fuzzy or untranslated stays out."""
    catalogue = Catalogue(language)
    for message in _messages(parse(po)):
        catalogue.add(message.id, message.string, flags=message.flags, context=message.context)
    target = BytesIO()
    write_mo(target, catalogue)
    return target.getvalue()


def problems(texts: Iterable[Text], po: bytes, mo: bytes, language: str = "en") -> Iterator[str]:
    """What keeps a page of the language from being in it, each with the text it is about."""
    catalogue = parse(po)
    wanted = set()
    for text in texts:
        key = (text.msgid, text.context)
        if text.is_plural:
            yield f"{text.path}: say counts with billing_views.parts.plurals: {text.msgid!r}"
        elif key not in wanted and catalogue.get(text.msgid, context=text.context or None) is None:
            yield f"{text.path}: not collected yet: {text.msgid!r}"
        wanted.add(key)
    for message in _messages(catalogue):
        if (message.id, message.context or "") not in wanted:
            yield f"in no source any more: {message.id!r}"
        else:
            yield from _problems_of(message)
    yield from (f"marked as obsolete: {key!r}" for key in catalogue.obsolete)
    if compiled(po, language) != mo:
        yield "the .mo file is older than the .po file"


def _problems_of(message: Message) -> Iterator[str]:
    if message.fuzzy:
        yield f"fuzzy: {message.id!r}"
    if not message.string:
        yield f"not translated: {message.id!r}"
    elif _placeholders(str(message.id)) != _placeholders(str(message.string)):
        yield f"other placeholders or tags: {message.id!r} → {message.string!r}"


def _placeholders(text: str) -> list[str]:
    """Names in braces, percent signs with names, and HTML tags: a translation holds the same ones."""
    try:
        braces = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    except ValueError:  # a brace that is none of a format
        braces = []
    return sorted(["{" + name for name in braces] + PERCENT_NAME.findall(text) + TAG.findall(text))


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def main() -> int:
    """Run one of the three commands on the catalogues of this checkout; 1 where the check finds something."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["collect", "compile", "check"])
    command = parser.parse_args().command
    texts = list(texts_of(CHECKOUT))
    found = 0
    for language, path in CATALOGUES.items():
        machine = path.with_suffix(".mo")
        if command == "collect":
            former = path.read_bytes() if path.exists() else b""
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(collect(texts, former, language))
        elif command == "compile":
            machine.write_bytes(compiled(path.read_bytes(), language))
        else:
            found += _report(problems(texts, path.read_bytes(), machine.read_bytes(), language), path)
    return 1 if found else 0


def _report(found: Iterable[str], path: Path) -> int:
    """Print what was found in the catalogue and say how much."""
    sentences = sorted(found)
    if sentences:
        name = path.relative_to(CHECKOUT)
        print(
            "\n".join(sentences), f"\n{len(sentences)} in {name}; `make messages` collects", file=sys.stderr
        )
    return len(sentences)


if __name__ == "__main__":
    sys.exit(main())
