"""What an import may touch, as data: registries and editions in the order in which they refer to each other.

The concrete catalogue is associations.catalogue; this module knows no dataset.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from associations.imports.changes import ChangeSpec
from associations.imports.checks import Check
from associations.imports.editions import EditionSpec
from associations.imports.registries import RegistrySpec


@dataclass(frozen=True, slots=True)
class RegistryDataset:
    """A dataset that fills registries: its staging table and the registry whose rows its file lists."""

    dataset: str
    label: str
    staged_table: str
    main: RegistrySpec
    # The source finds every staged row, equal ones once: what it does not give is a repetition and not new.
    is_source_whole: bool = False
    # The column to sum up for the control totals, with its label; only of a registry of amounts.
    sum_label: str = ""
    sum_column: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All datasets of the program."""

    registry_datasets: tuple[RegistryDataset, ...]
    registries: tuple[RegistrySpec, ...]
    editions: tuple[EditionSpec, ...]
    checks: tuple[Check, ...]
    # How the rows of each dataset of figures are compared with those that stand.
    changes: tuple[ChangeSpec, ...]
    # Rebuilds what is derived from registries changed by this publication (holdings from titles).
    rebuild_derived: Callable[[int], None]
    # Later batches whose registry rows refer to rows that came with this publication, or stand on them.
    find_referring: tuple[Callable[[int], list[int]], ...]
    # Settles what a batch's rows mean for standing ones, into unlogged tables of its own; before every check.
    plan: Callable[[int], None]
    plan_tables: tuple[str, ...]
    # What the batch asks of the manager before it is published, as JSON for its summary.
    ask: Callable[[int], dict[str, Any]]

    @property
    def staged_tables(self) -> dict[str, str]:
        """Dataset → staging table, in reading order."""
        tables = {entry.dataset: entry.staged_table for entry in self.registry_datasets}
        return tables | {spec.dataset: spec.staged_table for spec in self.editions}
