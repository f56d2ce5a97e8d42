"""Imports: batches (paczki), their files and problems, publications, editions and registry changes.

Knows nothing of ledgers, charges or meters: concrete editions live there, with real foreign keys.
"""

from associations.imports.models.batches import (
    BatchSource,
    BatchState,
    ImportBatch,
    ImportFile,
    ImportProfile,
    ImportTable,
    Problem,
    Severity,
)
from associations.imports.models.publications import (
    Edition,
    Publication,
    PublicationKind,
    RegistryChange,
    YearClosing,
    YearClosingKind,
)
from associations.imports.models.staging import StagedGroup, StagedRow
from associations.imports.models.ways_in import DroppedFile, UploadRequest

__all__ = [
    "BatchSource",
    "BatchState",
    "DroppedFile",
    "Edition",
    "ImportBatch",
    "ImportFile",
    "ImportProfile",
    "ImportTable",
    "Problem",
    "Publication",
    "PublicationKind",
    "RegistryChange",
    "Severity",
    "StagedGroup",
    "StagedRow",
    "UploadRequest",
    "YearClosing",
    "YearClosingKind",
]
