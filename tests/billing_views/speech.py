"""What pages of another language say, and what of it was left in Polish."""

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

from django.apps import apps
from django.db.models import CharField, Field, TextField

from saas.local.translations import CATALOGUES, parse
from saas.tenancy.switching import AssociationRef, enter_association

POLISH_LETTER = re.compile("[ąćęłńóśźżĄĆĘŁŃÓŚŹŻ]")
# The currency, the way to the other language, the units of the accounting program and the portal's name.
SAID_ALIKE = ("zł", "Polski", "Otwarta Kartoteka")
WITHOUT_END = {"br", "img", "input"}
SPOKEN_ATTRIBUTES = {"aria-label", "title", "placeholder", "alt", "content"}
OWNER_PAGES = (
    "kartoteka/",
    "kartoteka/2024/",
    "oplaty/",
    "oplaty/2025/2/",
    "ksiegowosc/",
    "ksiegowosc/?rok=2025",
    "media/",
    "media/?rok=2025",
    "dane/",
    "informacje/",
    "zmien/",
)
MANAGER_PAGES = (
    "",
    "konto/",
    "konto/haslo/",
    "konto/drugi-skladnik/",
    "konto/programy/",
    "a/sloneczna/",
    "a/sloneczna/importy/",
    "a/sloneczna/importy/profile/",
    "a/sloneczna/lokale/",
    "a/sloneczna/lokale/?szukaj=zzz",
    "a/sloneczna/osoby/",
    "a/sloneczna/hasla/",
    "a/sloneczna/ustawienia/",
    "a/sloneczna/zamkniete-lata/",
    "a/sloneczna/dziennik/",
)


class Speech(HTMLParser):
    """The texts of a page, one by one, as people see or hear them, but what the page itself marks as Polish."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._depth_of_polish = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._depth_of_polish or (tag != "html" and ("lang", "pl") in attrs):
            self._depth_of_polish += tag not in WITHOUT_END
            return
        self.texts += [value for name, value in attrs if name in SPOKEN_ATTRIBUTES and value]

    def handle_endtag(self, tag: str) -> None:
        if self._depth_of_polish:
            self._depth_of_polish -= 1

    def handle_data(self, data: str) -> None:
        if not self._depth_of_polish:
            self.texts += [" ".join(data.split())]


def polish_texts_beside(language: str) -> frozenset[str]:
    """Texts of the interface that the language says in other words (Polish „Data” is a date, English data is not)."""
    texts = [text for text in parse(CATALOGUES[language].read_bytes()) if text.id]
    return frozenset(str(text.id) for text in texts) - {str(text.string) for text in texts}


def data_of(association: AssociationRef) -> set[str]:
    """Every text that the association's tables hold, as a page shows it."""
    with enter_association(association):
        found = {
            text
            for model in apps.get_models()
            if model.__module__.startswith("associations.")
            for field in model._meta.get_fields()
            if isinstance(field, CharField | TextField) and not field.choices and isinstance(field, Field)
            for text in model._default_manager.order_by().values_list(field.attname, flat=True).distinct()
            if text
        }
    return {" ".join(text.split()) for text in found}


def polish_left(page: str, data: set[str], polish_texts: Iterable[str]) -> Iterator[str]:
    """Texts of a page that are Polish although no table holds them."""
    # What the data say may begin a heading.
    said = data | {text[0].upper() + text[1:] for text in data}
    known = sorted((text for text in said if POLISH_LETTER.search(text)), key=len, reverse=True)
    for spoken in Speech(page).texts:
        rest = spoken
        for text in (*known, *SAID_ALIKE):
            rest = rest.replace(text, "")
        if POLISH_LETTER.search(rest) or (spoken in polish_texts and spoken not in data):
            yield spoken
