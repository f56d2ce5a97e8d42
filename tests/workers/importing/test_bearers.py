"""A code that went from one person to another: whoever bore it on a row's day has the row, and nobody else sees it."""

import pytest

from associations.ledger.models import Posting
from associations.premises.access import first_holding_id, holding_of_person
from associations.premises.models import Person
from saas.tenancy.switching import enter_association
from tests.workers.importing.conftest import Importer
from tests.workers.importing.test_meaning import PREMISES, file
from tests.workers.importing.test_meaning_people import ACCOUNTS, OF_PAYER, WILK, answer
from tests.workers.importing.test_meaning_titles import KOS, people

ROW = "1;N;201-1;{day};{document};Wpłata;0;{amount}\n"
DAYS = {
    # Nowak has the premises from 2026-03-01 to 2026-09-30, Wilk from 2026-11-01.
    "OPENING": "01.01.2026",
    "FIRST": "01.03.2026",
    "GAP": "15.10.2026",
    "HANDOVER": "01.11.2026",
}


def ledger(amount: str = "100,00", **days: str) -> tuple[str, bytes]:
    rows = (ROW.format(day=day, document=document, amount=amount) for document, day in (days or DAYS).items())
    return file("ksiegowania.csv", OF_PAYER + "".join(rows))


def payers(importer: Importer) -> dict[str, str]:
    """Document → whose it is, of what stands."""
    with enter_association(importer.association):
        rows = Posting.objects.filter(batch__publications__isnull=False).order_by("batch_id", "document")
        return dict(rows.values_list("document", "payer__name"))


def visible(importer: Importer, name: str) -> set[str]:
    """Documents of the person's holding, as every query of figures takes them."""
    with enter_association(importer.association):
        person = Person.objects.get(name=name, is_current=True)
        holding = holding_of_person(person.pk, first_holding_id(person.pk) or 0)
        newest = Posting.objects.order_by("-batch_id").values_list("batch_id", flat=True).first()
        rows = Posting.objects.filter(holding.scope.rows("posted_on"), batch=newest)
        return set(rows.order_by().values_list("document", flat=True))


@pytest.fixture
def handed_over(lipowa_imports: Importer) -> Importer:
    """Nowak's code is Wilk's since November; October is nobody's."""
    nowak = "N;Nowak Jan;1;własność;01.03.2026;{until}"
    first = (file("lokale.csv", PREMISES), people(nowak.format(until=""), KOS))
    lipowa_imports.publish(lipowa_imports.upload(*first))
    lipowa_imports.publish(
        lipowa_imports.upload(
            file("konta.csv", ACCOUNTS.format(payer="")), people(nowak.format(until="30.09.2026"), KOS)
        )
    )
    batch = answer(lipowa_imports, lipowa_imports.upload(people(WILK.replace(";;", ";01.11.2026;"))), "other")
    lipowa_imports.publish(batch)
    return lipowa_imports


def test_rows_before_a_former_bearers_title_and_after_its_end_are_not_the_new_bearers(
    handed_over: Importer,
) -> None:
    handed_over.publish(handed_over.upload(ledger()))

    assert payers(handed_over) == {
        "OPENING": "Nowak Jan", "FIRST": "Nowak Jan", "GAP": "Nowak Jan", "HANDOVER": "Wilk Ewa",
    }  # fmt: skip
    assert visible(handed_over, "Nowak Jan") == {"OPENING", "FIRST", "GAP"}
    assert visible(handed_over, "Wilk Ewa") == {"HANDOVER"}
