"""Encodings of Polish text files: their codecs, Mazovia among them, and which of them a file is written in.

UTF-8 and UTF-16 prove themselves. cp1250, ISO-8859-2, cp852 and Mazovia give any bytes some meaning: the words
with bytes beyond ASCII are read in each of them, and the one in which they look Polish is taken.
"""

import codecs
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from workers.formats.source import Source, UnreadableFileError

__all__ = [
    "EIGHT_BIT",
    "ENCODING_LABELS",
    "Survey",
    "best_eight_bit",
    "check_codec",
    "detect_codec",
    "encoding_of",
    "settled_codec",
    "unicode_codec",
    "words_of",
]

EIGHT_BIT = ("cp1250", "iso8859-2", "cp852", "mazovia")
ENCODING_LABELS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1250": "Windows-1250",
    "iso8859-2": "ISO-8859-2",
    "cp852": "CP852 (DOS)",
    "mazovia": "Mazovia (DOS)",
}

_BLOCK = 256 * 1024
_WORDS_OF_A_BLOCK = 200
_MOST_WORDS = 3000
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ASCII = bytes(range(128))
_FEWEST_UNITS = 8
_CONTROLS = re.compile("[\x01-\x08\x0b\x0e-\x19\x1b-\x1f]")

# Mazovia is code page 437 with these letters; programs of the years before Windows used it.
_MAZOVIA_LETTERS = dict(
    zip(
        b"\x86\x8d\x8f\x90\x91\x92\x95\x98\x9c\x9e\xa0\xa1\xa2\xa3\xa4\xa5\xa6\xa7",
        "ąćĄĘęłĆŚŁśŹŻóÓńŃźż",
        strict=True,
    )
)
_MAZOVIA = "".join(_MAZOVIA_LETTERS.get(code, bytes([code]).decode("cp437")) for code in range(256))
# A text as the table decodes ten times faster than a dict; typeshed knows the dict only.
_MAZOVIA_DECODING: Any = _MAZOVIA
_MAZOVIA_ENCODING = codecs.charmap_build(_MAZOVIA)


class _MazoviaCodec(codecs.Codec):
    def encode(self, text: str, errors: str = "strict") -> tuple[bytes, int]:
        return codecs.charmap_encode(text, errors, _MAZOVIA_ENCODING)

    def decode(self, raw: Any, errors: str = "strict") -> tuple[str, int]:
        return codecs.charmap_decode(raw, errors, _MAZOVIA_DECODING)


class _MazoviaEncoder(codecs.IncrementalEncoder):
    def encode(self, text: str, final: bool = False) -> bytes:  # noqa: ARG002, FBT002  codecs' signature
        return codecs.charmap_encode(text, self.errors, _MAZOVIA_ENCODING)[0]


class _MazoviaDecoder(codecs.IncrementalDecoder):
    def decode(self, raw: bytes, final: bool = False) -> str:  # type: ignore[override]  # noqa: ARG002, FBT002
        return codecs.charmap_decode(raw, self.errors, _MAZOVIA_DECODING)[0]


class _MazoviaReader(_MazoviaCodec, codecs.StreamReader):
    """For codecs.open and the like."""


class _MazoviaWriter(_MazoviaCodec, codecs.StreamWriter):
    """For codecs.open and the like."""


def _find_codec(name: str) -> codecs.CodecInfo | None:
    if name != "mazovia":
        return None
    codec = _MazoviaCodec()
    return codecs.CodecInfo(
        name="mazovia",
        encode=codec.encode,
        decode=codec.decode,
        incrementalencoder=_MazoviaEncoder,
        incrementaldecoder=_MazoviaDecoder,
        streamreader=_MazoviaReader,
        streamwriter=_MazoviaWriter,
    )


codecs.register(_find_codec)


def settled_codec(encoding: str, head: bytes) -> str:
    """The Python codec for an encoding that somebody chose; a BOM of that encoding is not text."""
    if encoding == "utf-8":
        return "utf-8-sig"
    if encoding == "utf-16" and unicode_codec(head) != "utf-16":
        return _without_bom(head) or "utf-16-le"
    return encoding


def encoding_of(codec: str) -> str:
    """The encoding's name as people choose it: the same for every way of writing UTF-16."""
    if codec.startswith("utf-16"):
        return "utf-16"
    return codec.removesuffix("-sig")


def check_codec(source: Source, codec: str, encoding: str) -> None:
    """UnreadableFileError with the line of the first byte that is no character in a codec that was chosen."""
    decoder = codecs.getincrementaldecoder(codec)("strict")
    line = 1
    for block in _blocks(source):
        try:
            line += decoder.decode(block, final=not block).count("\n")
        except UnicodeDecodeError as error:
            line += error.object[: error.start].count(b"\n")
            reason = (
                f"Tego pliku nie da się odczytać w kodowaniu {ENCODING_LABELS[encoding]}: "
                f"bajt 0x{error.object[error.start]:02X} w wierszu {line} nie jest w nim znakiem. "
                "Wybierz inne kodowanie."
            )
            raise UnreadableFileError("wrong_encoding", reason, line) from error


def unicode_codec(head: bytes) -> str | None:
    """utf-8-sig or utf-16 by the BOM, utf-16-le or utf-16-be by the place of zero bytes, else None."""
    return next((codec for bom, codec in _BOMS if head.startswith(bom)), None) or _without_bom(head)


def _without_bom(head: bytes) -> str | None:
    """In UTF-16 every other byte of a text with few letters beyond Latin is zero."""
    units = len(head) // 2
    first, second = head[: units * 2 : 2].count(0), head[1 : units * 2 : 2].count(0)
    codec = "utf-16-le" if second > first else "utf-16-be"
    is_lopsided = max(first, second) * 10 >= units * 7 and min(first, second) * 20 <= units
    if units < _FEWEST_UNITS or not is_lopsided:
        return None
    text = head[: units * 2].decode(codec, "replace")
    return None if _CONTROLS.search(text) else codec


def detect_codec(source: Source) -> str:
    """The Python codec of a text file, read once in constant memory; the whole file is valid in it.

    UnreadableFileError where no encoding makes it look like a Polish text.
    """
    found = unicode_codec(source.head())
    if found:
        return found
    survey = Survey()
    for block in _blocks(source):
        survey.add(block)
    return survey.codec()


def _blocks(source: Source) -> Iterator[bytes]:
    """The file in blocks, the last of them empty."""
    with source.open() as stream:
        while block := stream.read(_BLOCK):
            yield block
        yield b""


class Survey:
    """What a text's bytes beyond ASCII look like, gathered block by block."""

    def __init__(self) -> None:
        self._utf8: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")("strict")
        self._high: set[int] = set()
        self._words: set[bytes] = set()

    def add(self, block: bytes) -> None:
        """The next block; an empty one ends the text."""
        if self._utf8 is not None:
            try:
                self._utf8.decode(block, final=not block)
            except UnicodeDecodeError:
                self._utf8 = None
        if not block.isascii():
            self._high.update(block.translate(None, _ASCII))
            if len(self._words) < _MOST_WORDS:
                self._words.update(islice(words_of(block), _WORDS_OF_A_BLOCK))

    def codec(self) -> str:
        """UTF-8 where everything is valid in it, else the most Polish of the 8-bit encodings."""
        return "utf-8" if self._utf8 is not None else best_eight_bit(self._high, self._words)


_WORD_END = re.compile(rb"[\x80-\xff][A-Za-z\x80-\xff]{0,20}")
_WORD_START = re.compile(rb"[A-Za-z]*\Z")
_LONGEST_START = 15


def words_of(block: bytes) -> Iterator[bytes]:
    """The words with a byte beyond ASCII in them."""
    for found in _WORD_END.finditer(block):
        start = _WORD_START.search(block, max(0, found.start() - _LONGEST_START), found.start())
        yield (start[0] if start else b"") + found[0]


def best_eight_bit(high: set[int], words: set[bytes]) -> str:
    """The 8-bit encoding in which these words look most Polish; `high` are all bytes beyond ASCII of the file."""
    scores = {
        encoding: sum(_polishness(word.decode(encoding, "replace")) for word in words)
        for encoding in EIGHT_BIT
        if _is_defined(high, encoding)
    }
    best = max(scores, key=lambda encoding: scores[encoding])
    if scores[best] < -_TOLERATED * len(words):
        raise UnreadableFileError(
            "unknown_encoding",
            "Nie udało się rozpoznać kodowania polskich liter w pliku. "
            "Wskaż kodowanie albo zapisz plik jako CSV UTF-8.",
        )
    return best


def _is_defined(high: set[int], encoding: str) -> bool:
    """Whether every byte is a character there; ISO-8859-2 fills its gaps with control characters."""
    text = bytes(high).decode(encoding, "replace")
    return not any(character == "\ufffd" or character < "\xa0" for character in text)


_POLISH = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"
# How much more often one letter stands in Polish texts than another: it decides between cp852 and Mazovia
# where nothing else does.
_WEIGHTS = dict(zip(_POLISH, (1.09, 1.04, 1.1, 1.2, 1.02, 1.08, 1.07, 1.01, 1.08, *[1.08] * 9), strict=True))
_NEUTRAL = frozenset("\xa0„”“‚’‘–—…•§°€«»²³")
_SYMBOL_IN_WORD = re.compile(r"(?<=[^\W\d_])[^\w\s](?=[^\W\d_])")
_ODD_CASE = re.compile(
    "[a-ząćęłńóśźż][ĄĆĘŁŃÓŚŹŻ]|[ąćęłńóśźż][A-ZĄĆĘŁŃÓŚŹŻ]|[A-ZĄĆĘŁŃÓŚŹŻ]{2}[ąćęłńóśźż]|[A-Z][ĄĆĘŁŃÓŚŹŻ][a-z]"
)
_IN_WORD_COST, _SYMBOL_COST, _FOREIGN_COST, _ODD_CASE_COST, _KNOWN_GAIN = 3.0, 1.5, 1.0, 2.0, 4.0
# Letters of neighbours that stand in names, and what a word may lose by one of them.
_NEIGHBOURS = frozenset("äöüÄÖÜßéë")
_NEIGHBOUR_COST, _TOLERATED = 0.5, 0.5
_BOX_DRAWING = ("\u2500", "\u25a0")
# Words that stand in most exports, to settle short files.
_KNOWN_WORDS = """
wpłata wpłaty wpłacono wpłacający miesiąc składnik ilość wartość należność należności księgowania
księgowanie płatności płatność płatnik obciążenia obciążenie właściciel użytkownik użytkowanie
zużycie nazwisko imię jednostka treść rozliczenie śmieci ciepła ciepło zimna gorąca opłata opłaty
odsetki zaległość nadpłata niedopłata spółdzielnia wspólnota członek udział udziały współwłasność
własność piętro ogółem końcowe początkowe początkowy końcowy dowód następny grudzień styczeń
październik wrzesień kwiecień czerwiec sierpień luty środki
"""
_KNOWN = frozenset(form for word in _KNOWN_WORDS.split() for form in (word, word.capitalize(), word.upper()))


def _polishness(word: str) -> float:
    """Points for Polish letters, fewer for what does not stand in Polish words."""
    if word in _KNOWN:
        return _KNOWN_GAIN
    points = -_IN_WORD_COST * len(_SYMBOL_IN_WORD.findall(word))
    points -= _ODD_CASE_COST * len(_ODD_CASE.findall(word))
    for character in word:
        if character.isascii() or character in _NEUTRAL:
            continue
        if character in _WEIGHTS:
            points += _WEIGHTS[character]
        elif character in _NEIGHBOURS:
            points -= _NEIGHBOUR_COST
        elif character.isalpha():
            points -= _FOREIGN_COST
        elif not _BOX_DRAWING[0] <= character < _BOX_DRAWING[1]:
            points -= _SYMBOL_COST
    return points
