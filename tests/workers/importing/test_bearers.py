"""A code that went from one person to another: whoever bore it on a row's day has the row, and nobody else sees it."""

import pytest

from associations.change_specs import CHANGE_SPECS
from associations.imports.change_sql import Source
from associations.imports.changes import count_changes
from associations.imports.models import BatchState, ImportBatch, Problem
from associations.ledger.models import Posting
from associations.premises.access import first_holding_id, holding_of_person
from associations.premises.models import Person
from saas.tenancy.switching import enter_association
from tests.workers.importing.conftest import Importer
from tests.workers.importing.test_meaning import PREMISES, file, postings
from tests.workers.importing.test_meaning_people import ACCOUNTS, OF_PAYER, WILK, answer
from tests.workers.importing.test_meaning_titles import KOS, NOWAK, people, problems

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


def handing_over(importer: Importer, since: str, *more: tuple[str, bytes]) -> ImportBatch:
    """A people file by which Nowak's code is Wilk's since the day."""
    return answer(importer, importer.upload(people(WILK.replace(";;", f";{since};")), *more), "other")


@pytest.fixture
def published(lipowa_imports: Importer) -> Importer:
    """Rows from March to November 2026 under Nowak's code."""
    nowak = people("N;Nowak Jan;1;własność;01.03.2026;", KOS)
    lipowa_imports.publish(lipowa_imports.upload(file("lokale.csv", PREMISES), nowak))
    accounts = file("konta.csv", ACCOUNTS.format(payer=""))
    lipowa_imports.publish(lipowa_imports.upload(accounts, ledger(MARCH="05.03.2026", NOVEMBER="10.11.2026")))
    return lipowa_imports


def test_rows_of_the_new_persons_days_do_not_stay_with_the_former_one(published: Importer) -> None:
    refused = handing_over(published, "01.11.2026")
    later = handing_over(published, "11.11.2026")

    assert (refused.state, problems(published, refused)) == (
        BatchState.BLOCKED, ["person_replaced", "rows_of_new_bearer"],
    )  # fmt: skip
    with enter_association(published.association):
        [problem] = Problem.objects.filter(batch=refused, code="rows_of_new_bearer")
    assert (problem.value, problem.premises_code) == ("10.11.2026", "1")
    assert (later.state, problems(published, later)) == (BatchState.READY, ["person_replaced"])


def test_a_package_that_brings_those_rows_anew_gives_each_to_its_bearer(published: Importer) -> None:
    rows = ledger("120,00", MARCH="05.03.2026", NOVEMBER="10.11.2026")

    batch = handing_over(published, "01.11.2026", rows)

    assert problems(published, batch) == ["person_replaced"]
    published.publish(batch)
    assert payers(published) == {"MARCH": "Nowak Jan", "NOVEMBER": "Wilk Ewa"}
    assert visible(published, "Nowak Jan") == {"MARCH"}
    assert visible(published, "Wilk Ewa") == {"NOVEMBER"}


def test_rows_of_a_former_bearers_own_account_are_warned_of(lipowa_imports: Importer) -> None:
    accounts = file("konta.csv", ACCOUNTS.format(payer="N"))
    lipowa_imports.publish(lipowa_imports.upload(file("lokale.csv", PREMISES), people(NOWAK, KOS), accounts))
    lipowa_imports.publish(handing_over(lipowa_imports, "01.11.2026"))
    rows = "1;201-1;{day}.2026;KP;Wpłata;0;10,00\n"

    his, hers = (lipowa_imports.upload(postings(rows.format(day=day).strip())) for day in ("31.10", "01.11"))

    assert problems(lipowa_imports, his) == []
    assert problems(lipowa_imports, hers) == ["account_of_former_bearer"]


def test_a_code_that_was_given_up_is_never_suggested(handed_over: Importer) -> None:
    with enter_association(handed_over.association):
        former = Person.objects.get(former_code="N", is_current=True)
    wrong = ROW.format(day="05.11.2026", document="KP", amount="1,00").replace(";N;", f";N-{former.pk};")

    batch = handed_over.upload(file("ksiegowania.csv", OF_PAYER + wrong))

    with enter_association(handed_over.association):
        [problem] = Problem.objects.filter(batch=batch)
    assert (former.code, problem.code, problem.suggestion) == (f"N  ~{former.pk}", "unknown_payer", "")


def test_unchanged_rows_of_a_former_bearer_are_no_changes(handed_over: Importer) -> None:
    [spec] = [spec for spec in CHANGE_SPECS if spec.editions.dataset == "postings"]
    stands = ledger(ONE="05.03.2026", TWO="06.03.2026", HERS="05.11.2026")
    more = ledger("7,00", TWO="06.03.2026", THREE="07.03.2026")
    handed_over.publish(handed_over.upload(stands))
    both = (stands[0], stands[1] + more[1].split(b"\r\n", 1)[1])

    longer = handed_over.upload(both)
    added = handed_over.declare(handed_over.upload(more), is_addition=True)

    with enter_association(handed_over.association):
        for batch in (longer, added):
            assert count_changes(spec, Source(batch.pk)) == {"new": 2, "changed": 0, "gone": 0}
