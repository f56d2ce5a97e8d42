"""What the checks say of the sample sets: nothing that is not so."""

from collections import Counter

import pytest

from associations.imports.models import Problem
from saas.tenancy.switching import enter_association
from tests.workers.importing.conftest import Importer
from tests.workers.importing.test_samples import files_of


@pytest.mark.parametrize(("sample", "expected"), [("spoldzielnia", {}), ("wspolnota", {"two_emails": 2})])
def test_samples_are_free_of_false_warnings(
    sloneczna_imports: Importer, sample: str, expected: dict[str, int]
) -> None:
    batch = sloneczna_imports.upload(*files_of(sample))

    with enter_association(sloneczna_imports.association):
        found = Counter(Problem.objects.filter(batch_id=batch.pk).order_by().values_list("code", flat=True))
    assert found == expected


def test_a_later_year_alone_is_compared_with_the_standing_ones(sloneczna_imports: Importer) -> None:
    files = files_of("spoldzielnia")
    later = [path for path in files if "2026" in path.name or path.name == "salda.csv"]
    sloneczna_imports.publish(sloneczna_imports.upload(*(path for path in files if path not in later)))

    batch = sloneczna_imports.upload(*later)

    with enter_association(sloneczna_imports.association):
        found = Counter(Problem.objects.filter(batch_id=batch.pk).order_by().values_list("code", flat=True))
    assert found == {}
