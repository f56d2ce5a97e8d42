"""A row of headers → the dataset that it announces and which column is which field."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from workers.datasets import DATASETS
from workers.datasets.fields import Dataset, Field, Kind
from workers.reading_options import NO_OPTIONS, TableOptions, chosen_columns
from workers.values.fault import Cell
from workers.values.pesel import mask_pesels
from workers.values.texts import fold_text, shown_text
from workers.values.words import plain_word

_BRACKETED = re.compile(r"[(\[].*?[)\]]")
_PESEL_WORDS = frozenset(
    {"pesel", "nrpesel", "numerpesel", "peselnip", "nippesel", "peselosoby", "peselregon"}
)
# One known column is no evidence: a sheet of notes may have a column named "Opis".
_LEAST_KNOWN_COLUMNS = 2
_LONGEST_HEADER = 200


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """How a row of headers fits a dataset: column index per field, labels of what is missing."""

    dataset: Dataset
    columns: dict[str, int]
    missing: tuple[str, ...]
    repeated: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether every required column is there, once."""
        return not self.missing and not self.repeated

    @property
    def rank(self) -> tuple[int, bool]:
        """What the best match has most of."""
        return len(self.columns), self.is_complete


def header_texts(cells: Sequence[Cell]) -> list[str]:
    """The headers as people read them: trimmed, one space between words, PESEL numbers masked."""
    return ["" if cell is None else _header_text(str(cell)) for cell in cells]


def _header_text(text: str) -> str:
    return shown_text(mask_pesels(fold_text(text)), _LONGEST_HEADER)


def pesel_columns(headers: Sequence[str]) -> list[int]:
    """Indexes of columns that hold PESEL numbers by their header."""
    return [index for index, header in enumerate(headers) if plain_word(header) in _PESEL_WORDS]


def match_headers(headers: Sequence[str], options: TableOptions = NO_OPTIONS) -> list[HeaderMatch]:
    """How the headers fit each dataset, the best first; one known column is no fit.

    Where options settle the dataset, that one alone; columns that they settle are matched before any synonym.
    """
    # Nobody can have a column of PESELs read as something else.
    chosen = chosen_columns(headers, options.columns) | dict.fromkeys(pesel_columns(headers), "")
    settled = [dataset for dataset in DATASETS if dataset.name == options.dataset]
    matches = [_match(dataset, headers, chosen) for dataset in settled or DATASETS]
    likely = [match for match in matches if settled or len(match.columns) >= _LEAST_KNOWN_COLUMNS]
    return sorted(likely, key=lambda match: match.rank, reverse=True)


def _match(dataset: Dataset, headers: Sequence[str], chosen: dict[int, str]) -> HeaderMatch:
    candidates = _candidates(dataset, headers, chosen)
    columns: dict[str, int] = {}
    repeated = []
    # Required fields choose first: "Nr lokalu" is the code where a file has no other code.
    for field in sorted(dataset.fields, key=lambda field: (not field.is_staged, not field.required)):
        free = sorted((rank, i) for rank, i in candidates.get(field.name, ()) if i not in columns.values())
        if free:
            columns[field.name] = free[0][1]
            if len(free) > 1 and free[0][0] == free[1][0]:
                repeated.append(field.name)
    unmet = _settle_helpers(dataset, columns, set(chosen.values()))
    twice = tuple(headers[columns[name]] for name in repeated if name in columns)
    return HeaderMatch(dataset, columns, (*_missing(dataset, columns), *unmet), twice)


_CHOSEN = -1


def _candidates(
    dataset: Dataset, headers: Sequence[str], chosen: dict[int, str]
) -> dict[str, list[tuple[int, int]]]:
    """Field → rank and index of the columns that may be it, the chosen ones before all others."""
    ranks = _synonym_ranks(dataset.name)
    candidates: dict[str, list[tuple[int, int]]] = {}
    for index, header in enumerate(headers):
        if index in chosen:
            candidates.setdefault(chosen[index], []).append((_CHOSEN, index))
            continue
        for name, rank in ranks.get(plain_word(header)) or ranks.get(_without_brackets(header)) or ():
            candidates.setdefault(name, []).append((rank, index))
    return candidates


def _settle_helpers(dataset: Dataset, columns: dict[str, int], chosen: set[str]) -> list[str]:
    """Keeps of the columns that are not staged those that are of use; labels of what chosen ones still need."""
    unmet = []
    for field in dataset.fields:
        if field.is_staged or field.name not in columns:
            continue
        if field.name in chosen:
            for rival in set(field.yields_to) & columns.keys() - chosen:
                del columns[rival]
        absent = [name for name in field.needs if name not in columns]
        if absent and field.name in chosen:
            unmet += [_label(dataset, name) for name in absent]
        if absent or any(rival in columns for rival in field.yields_to):
            del columns[field.name]
    return unmet


def _label(dataset: Dataset, name: str) -> str:
    return next(field.label for field in dataset.fields if field.name == name)


def _missing(dataset: Dataset, columns: dict[str, int]) -> tuple[str, ...]:
    absent = [
        field.label
        for field in dataset.fields
        if field.required and field.name not in columns and not _is_replaced(field, dataset, columns)
    ]
    absent += [
        " albo ".join(_label(dataset, name) for name in group)
        for group in dataset.one_of
        if not any(name in columns for name in group)
    ]
    return tuple(absent)


def _is_replaced(field: Field, dataset: Dataset, columns: dict[str, int]) -> bool:
    return any(field.name in other.yields_to and other.name in columns for other in dataset.fields)


def _without_brackets(header: str) -> str:
    return plain_word(_BRACKETED.sub("", header))


@cache
def _synonym_ranks(dataset_name: str) -> dict[str, list[tuple[str, int]]]:
    ranks: dict[str, list[tuple[str, int]]] = {}
    dataset = next(dataset for dataset in DATASETS if dataset.name == dataset_name)
    for field in dataset.fields:
        if field.kind is not Kind.DERIVED:
            for rank, synonym in enumerate(dict.fromkeys(map(plain_word, (*field.synonyms, field.label)))):
                ranks.setdefault(synonym, []).append((field.name, rank))
    return ranks
