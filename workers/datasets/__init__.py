"""The datasets that files may bring, one module each. A new one is a module and a line in DATASETS.

Their fields, in the order declared, are the columns of the staging tables.
"""

from workers.datasets.accounts import ACCOUNTS
from workers.datasets.balances import BALANCES
from workers.datasets.charges import CHARGES
from workers.datasets.fields import Dataset, Field
from workers.datasets.payments import PAYMENTS
from workers.datasets.people import PEOPLE
from workers.datasets.postings import POSTINGS
from workers.datasets.premises import PREMISES
from workers.datasets.readings import READINGS
from workers.datasets.settlements import SETTLEMENTS

__all__ = ["DATASETS", "Dataset", "Field", "dataset_named"]

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


def dataset_named(name: str) -> Dataset:
    """The dataset of this name; KeyError where there is none."""
    return _BY_NAME[name]
