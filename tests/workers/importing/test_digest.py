"""The digest that says whether a month is the same: fixed by vectors, blind to order, batch and line."""

import hashlib
from typing import Any

from associations.imports.grouping import DIGEST_VERSION
from associations.imports.models import StagedGroup
from saas.tenancy.switching import enter_association
from tests.workers.importing.conftest import Importer
from tests.workers.importing.test_meaning import HEADER, file

BASE = "1;201-1;05.01.2026;WB 1/2026;Wpłata;0;100,00"


def digest_of(importer: Importer, *lines: str) -> str:
    batch = importer.upload(
        file("lokale.csv", "Kod lokalu;Nr lokalu\n1;1\n"),
        file("konta.csv", "Konto;Nazwa;Fundusz\n201-1;Zaliczki;podstawowy\n"),
        file("ksiegowania.csv", HEADER + "".join(line + "\n" for line in lines)),
    )
    with enter_association(importer.association):
        return bytes(StagedGroup.objects.get(batch_id=batch.pk).digest).hex()


def expected(*rows: tuple[str, ...]) -> str:
    """As the documentation of editions says it, in Python: length-prefixed fields, rows in byte order."""
    lines = sorted("".join(f"{len(field)}:{field}" for field in row).encode() for row in rows)
    return hashlib.sha256(DIGEST_VERSION.encode() + b"\n".join(lines)).hexdigest()


def row(**changes: str) -> tuple[Any, ...]:
    fields = {
        "payer": "", "posted_on": "2026-01-05", "due_on": "", "document": "WB 1/2026", "description": "Wpłata",
        "debit": "0.00", "credit": "100.00", "is_opening": "false",
    }  # fmt: skip
    return tuple((fields | changes).values())


def test_digest_vector(lipowa_imports: Importer) -> None:
    digest = digest_of(lipowa_imports, BASE)

    # Published editions hold such digests: another value here means that every month would count as changed.
    assert digest == "613372a371a52180db642fe27b8958f5214c45de29e11276d4e99c64514454b7"
    assert digest == expected(row())


def test_order_of_rows_does_not_matter_but_their_number_does(lipowa_imports: Importer) -> None:
    other = BASE.replace("100,00", "7,50")

    one = digest_of(lipowa_imports, BASE, other)
    turned = digest_of(lipowa_imports, other, BASE)
    doubled = digest_of(lipowa_imports, BASE, other, other)

    assert one == turned == expected(row(), row(credit="7.50"))
    assert doubled == expected(row(), row(credit="7.50"), row(credit="7.50"))


def test_text_cannot_imitate_a_border_between_fields(lipowa_imports: Importer) -> None:
    moved = BASE.replace("WB 1/2026;Wpłata", "WB 1/2026W;płata")

    assert digest_of(lipowa_imports, BASE) != digest_of(lipowa_imports, moved)
