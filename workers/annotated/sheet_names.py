"""Names of sheets as Excel takes them: other programs write longer ones, and signs that it refuses."""

import re

LONGEST = 31
_REFUSED = re.compile(r"[\[\]:*?/\\]|^'|'$")


class SheetNames:
    """The names given so far in one workbook; capital and small letters are the same to Excel."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def fit(self, name: str) -> str:
        """The name itself where Excel takes it, else the nearest that is still free; counted in UTF-16, as there."""
        whole = _REFUSED.sub("_", name)
        found, number = _cut(whole, LONGEST), 1
        while found.lower() in self._given:
            number += 1
            end = f" ({number})"
            found = _cut(whole, LONGEST - len(end)).rstrip() + end
        self._given.add(found.lower())
        return found


def _cut(name: str, length: int) -> str:
    return name.encode("utf-16-le")[: 2 * length].decode("utf-16-le", "ignore")
