"""The datasets that files may bring, one module each. A new one is a module and a line in DATASETS.

Their fields, in the order declared, are the columns of the staging tables.
"""

from dataclasses import dataclass

from workers.datasets.accounts import ACCOUNTS
from workers.datasets.balances import BALANCES
from workers.datasets.charges import CHARGES
from workers.datasets.fields import Dataset, Field, Kind
from workers.datasets.payments import PAYMENTS
from workers.datasets.people import PEOPLE
from workers.datasets.postings import POSTINGS
from workers.datasets.premises import PREMISES
from workers.datasets.readings import READINGS
from workers.datasets.settlements import SETTLEMENTS

__all__ = ["DATASETS", "Dataset", "DatasetText", "Field", "FieldText", "dataset_named", "describe_datasets"]

DATASETS: tuple[Dataset, ...] = (
    PREMISES,
    PEOPLE,
    ACCOUNTS,
    CHARGES,
    POSTINGS,
    BALANCES,
    READINGS,
    SETTLEMENTS,
    PAYMENTS,
)

_BY_NAME = {dataset.name: dataset for dataset in DATASETS}


@dataclass(frozen=True, slots=True)
class FieldText:
    """A column as the help pages show it; label and help are Polish msgids."""

    name: str
    label: str
    help: str
    kind: str
    is_required: bool
    synonyms: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DatasetText:
    """A dataset as the help pages show it; label and help are Polish msgids."""

    name: str
    label: str
    help: str
    fields: tuple[FieldText, ...]


def dataset_named(name: str) -> Dataset:
    """The dataset of this name; KeyError where there is none."""
    return _BY_NAME[name]


def describe_datasets() -> tuple[DatasetText, ...]:
    """What may be uploaded: every dataset with its columns, their other names and the words they take."""
    return tuple(
        DatasetText(
            dataset.name,
            dataset.label,
            dataset.help,
            tuple(_describe(field) for field in dataset.fields if field.kind is not Kind.DERIVED),
        )
        for dataset in DATASETS
    )


def _describe(field: Field) -> FieldText:
    return FieldText(
        field.name,
        field.label,
        field.help,
        field.kind.value,
        field.required,
        field.synonyms,
        tuple(field.choices),
    )
