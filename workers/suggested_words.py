"""What a word or a header of a file was probably meant to be, where one is near: words of a column, names of columns.

The comparing is loaded where something is to be compared: the child of a readable file stays as small as it was.
"""

from collections.abc import Sequence

from workers.datasets import dataset_named
from workers.datasets.headers import HeaderMatch
from workers.problems import Problem
from workers.values.words import plain_word

_WORD_CODES = frozenset({"unknown_kind", "not_yes_or_no", "no_side"})
_YES_AND_NO = ("tak", "nie")


def suggest_word(problem: Problem) -> str:
    """The word of the column's own that is nearest to the one in the file, or nothing."""
    if problem.code not in _WORD_CODES or not problem.dataset or not problem.value:
        return ""
    from associations.imports.suggestions import suggest_codes

    words = [
        word
        for field in dataset_named(problem.dataset).fields
        if field.name == problem.field
        for word in (*field.choices, *_YES_AND_NO)
    ]
    return suggest_codes([problem.value], words).get(problem.value, "")


def near_headers(match: HeaderMatch, headers: Sequence[str]) -> list[str]:
    """Headers that nobody took and that are nearly the name of a column that is missing."""
    from associations.imports.suggestions import suggest_codes

    taken = set(match.columns.values())
    free = [text for index, text in enumerate(headers) if text and index not in taken]
    names = [
        plain_word(name)
        for field in match.dataset.fields
        if field.name not in match.columns
        and (field.label in match.missing or _is_alternative(match, field.label))
        for name in (*field.synonyms, field.label)
    ]
    near = suggest_codes(map(plain_word, free), names)
    return [text for text in free if plain_word(text) in near]


def _is_alternative(match: HeaderMatch, label: str) -> bool:
    """One of several columns of which the file needs any: „Winien albo Ma”."""
    return any(label in missing.split(" albo ") for missing in match.missing)
