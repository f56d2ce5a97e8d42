"""What the columns of a table may be: the fields of its dataset as workers declare them, in the page's language."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from workers.datasets import DATASETS
from workers.datasets.fields import Dataset, Field, Kind
from workers.datasets.headers import match_headers
from workers.reading_options import TableOptions, column_keys

Choice = tuple[str, str]
_BY_NAME = {dataset.name: dataset for dataset in DATASETS}


def dataset_choices() -> list[Choice]:
    """Every dataset whose columns are told by their headers."""
    return [
        (dataset.name, _(dataset.label))
        for dataset in DATASETS
        if any(field.synonyms for field in dataset.fields)
    ]


def name_of_dataset(name: str) -> str:
    """„Księgowania” for "postings"; empty for none, an unknown one keeps its name."""
    return _(_BY_NAME[name].label) if name in _BY_NAME else name


def name_of_field(dataset: str, field: str) -> str:
    """„Kod lokalu” for the field of this dataset; empty for none, an unknown one keeps its name."""
    return next((_(one.label) for one in _fields(dataset) if one.name == field), field)


def field_choices(dataset: str) -> list[Choice | tuple[str, list[Choice]]]:
    """What a column may be: not read, one of the required fields, one of the others."""
    needed = [(one.name, _(one.label)) for one in _fields(dataset) if one.required]
    others = [(one.name, _(one.label)) for one in _fields(dataset) if not one.required]
    groups = ((_("Wymagane"), needed), (_("Pozostałe"), others))
    return [("", _("– nie wczytuj –")), *((label, choices) for label, choices in groups if choices)]


def missing_fields(dataset: str, headers: Sequence[str], fields: Sequence[str]) -> list[str]:
    """What the reader would miss if each column were the field beside it, as it will say so itself."""
    if dataset not in _BY_NAME:
        return []
    chosen = dict(zip(column_keys(headers), fields, strict=False))
    match = match_headers(headers, TableOptions(dataset=dataset, columns=chosen))[0]
    return [_(label) for label in match.missing]


def has_money(dataset: str) -> bool:
    """Whether amounts stand in it, which may be in grosze."""
    return any(one.kind is Kind.MONEY for one in _fields(dataset))


def _fields(dataset: str) -> list[Field]:
    known: Dataset | None = _BY_NAME.get(dataset)
    return [one for one in known.fields if one.kind is not Kind.DERIVED] if known else []
