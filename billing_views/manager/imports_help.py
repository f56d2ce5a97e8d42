"""What may be uploaded: the datasets and their columns in words, from the declarations by which workers read them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from workers.datasets import DATASETS as DECLARED
from workers.datasets import Dataset
from workers.datasets.fields import Kind

Text = str | Promise


@dataclass(frozen=True, slots=True)
class DatasetHelp:
    """A dataset: which columns its file must have, which it may have, of which it needs at least one."""

    name: str
    label: Text
    text: Text
    required: tuple[Text, ...]
    optional: tuple[Text, ...]
    one_of: tuple[Text, ...] = ()


def _explain(dataset: Dataset) -> DatasetHelp:
    needed = {name for group in dataset.one_of for name in group}
    fields = [field for field in dataset.fields if field.kind is not Kind.DERIVED]
    return DatasetHelp(
        name=dataset.name,
        label=gettext_lazy(dataset.label),
        text=gettext_lazy(dataset.help),
        required=tuple(gettext_lazy(field.label) for field in fields if field.required),
        optional=tuple(
            gettext_lazy(field.label) for field in fields if not field.required and field.name not in needed
        ),
        one_of=tuple(gettext_lazy(field.label) for field in fields if field.name in needed),
    )


DATASETS = tuple(_explain(dataset) for dataset in DECLARED)
LABELS: dict[str, Text] = {dataset.name: dataset.label for dataset in DATASETS}


def name_dataset(name: str) -> str:
    """„Księgowania” for "postings"; a dataset that this page does not know keeps its name."""
    return str(LABELS.get(name, name))
