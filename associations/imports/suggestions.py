"""Which known code a wrong one was probably meant to be: „Czy chodzi o 0412-034?”. Pure, no database.

A code is suggested only where one known code is clearly the nearest: alone in being written alike (without regard to
case, separators, leading zeros, O for 0 and l for 1), or alone at the least number of changed letters. The database has
no trigram or edit-distance extension, so codes are compared here, by the neighbourhoods that deletions make: 2 000
wrong codes against 12 000 known ones take well under a second.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations

_LOOK_ALIKES = str.maketrans("ąćęłńóśźżoil", "ace1n0szz011")
_PIECES = re.compile(r"[0-9]+|[^\W\d_]+")
_ZEROS = re.compile(r"0+(?=[0-9])")
# A shorter code has too many neighbours for any of them to be meant.
_LEAST_FOR_ONE_CHANGE, _LEAST_FOR_TWO_CHANGES = 3, 6
# The neighbourhood of two deletions grows with the square of the length.
_LONGEST_FOR_TWO_CHANGES, _LONGEST = 20, 60


def suggest_codes(wrong: Iterable[str], known: Iterable[str]) -> dict[str, str]:
    """The known code that each wrong one was probably meant to be; wrong codes without one are left out."""
    codes = sorted(set(known))
    left = sorted(set(wrong) - set(codes) - {""})
    found: dict[str, str] = {}
    for written in (_loose, _tight):
        found |= _find_written_alike(left, codes, written)
        left = [code for code in left if code not in found]
    for changes, least, longest in (
        (1, _LEAST_FOR_ONE_CHANGE, _LONGEST),
        (2, _LEAST_FOR_TWO_CHANGES, _LONGEST_FOR_TWO_CHANGES),
    ):
        near = _find_neighbours([code for code in left if least <= len(code) <= longest], codes, changes)
        found |= {code: one for code, one in near.items() if one is not None}
        # Several at the same distance: none is meant more than the others, and farther ones still less.
        left = [code for code in left if code not in near]
    return found


def _loose(code: str) -> str:
    """Pieces without leading zeros, whatever stands between them: `412/34` like `0412-034`."""
    pieces = _PIECES.findall(code.casefold().translate(_LOOK_ALIKES))
    return "-".join(_ZEROS.sub("", piece) for piece in pieces)


def _tight(code: str) -> str:
    """Letters and digits alone: `0412034` like `0412-034`."""
    return "".join(_PIECES.findall(code.casefold().translate(_LOOK_ALIKES)))


def _find_written_alike(
    wrong: Iterable[str], known: Iterable[str], written: Callable[[str], str]
) -> dict[str, str]:
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for code in known:
        alike[written(code)].append(code)
    candidates = {code: alike.get(key, []) for code in wrong if (key := written(code))}
    return {code: ones[0] for code, ones in candidates.items() if len(ones) == 1}


def _find_neighbours(wrong: list[str], known: Iterable[str], changes: int) -> dict[str, str | None]:
    """Wrong code → the one known code within so many changes; None where there are several."""
    if not wrong:
        return {}
    shortened: defaultdict[str, list[str]] = defaultdict(list)
    for code in wrong:
        for text in _shorten(code.casefold(), changes):
            shortened[text].append(code)
    found: dict[str, str | None] = {}
    longest = max(map(len, wrong)) + changes
    for candidate in known:
        if len(candidate) > longest:
            continue
        folded = candidate.casefold()
        near = {code for text in _shorten(folded, changes) for code in shortened.get(text, ())}
        for code in near:
            if found.get(code, "") is not None and _is_within(code.casefold(), folded, changes):
                found[code] = None if code in found else candidate
    return found


def _shorten(text: str, changes: int) -> Iterator[str]:
    """The text, and what is left of it without any one (or two) of its letters."""
    yield text
    for count in range(1, min(changes, len(text)) + 1):
        for places in combinations(range(len(text)), count):
            yield _without(text, places)


def _without(text: str, places: tuple[int, ...]) -> str:
    if len(places) == 1:
        return text[: places[0]] + text[places[0] + 1 :]
    first, second = places
    return text[:first] + text[first + 1 : second] + text[second + 1 :]


def _is_within(left: str, right: str, changes: int) -> bool:
    """Whether so many letters added, left out, replaced or swapped with their neighbour lead from left to right."""
    if abs(len(left) - len(right)) > changes:
        return False
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left, start=1):
        before, last, row = row, before, [i]
        for j, other in enumerate(right, start=1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == right[j - 2] and left[i - 2] == other:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > changes:
            return False
    return row[-1] <= changes
