"""Headers and words as they are compared: no case, accents, spaces, dots. No Django: the reading child uses it, too."""

import re
import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans("łŁ", "lL")
_NOT_WORD = re.compile(r"[^0-9a-z]+")


@lru_cache(maxsize=4096)
def plain_word(text: str) -> str:
    """A word for comparing: no case, accents, spaces, dots, hyphens or invisible characters."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return _NOT_WORD.sub("", decomposed.casefold())
