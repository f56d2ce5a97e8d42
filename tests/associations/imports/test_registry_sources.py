"""A registry names every dataset that its source reads: publishing leaves alone what no dataset of a batch feeds."""

import re

import pytest

from associations.catalogue import CATALOGUE
from associations.imports.registries import RegistrySpec

GROUPED = re.compile(r"imports_stagedgroup\s+WHERE batch_id = %\(batch\)s AND dataset IN \(([^)]*)\)")


@pytest.mark.parametrize("registry", CATALOGUE.registries, ids=lambda spec: f"{spec.registry}-{spec.key[0]}")
def test_a_registry_names_the_datasets_of_its_source(registry: RegistrySpec) -> None:
    tables = {table: dataset for dataset, table in CATALOGUE.staged_tables.items()}
    # The plan of titles is made of people.
    tables["premises_stagedtitle"] = "people"
    read = {tables[table] for table in re.findall(r"\b(?!imports_)\w+_staged\w+", registry.source)}
    for grouped in GROUPED.findall(registry.source):
        read |= set(re.findall(r"\w+", grouped))

    assert read | {registry.dataset} == set(registry.datasets)
    assert registry.source.count("imports_stagedgroup") == len(GROUPED.findall(registry.source))
