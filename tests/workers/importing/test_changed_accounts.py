"""A file that sends owners' payments elsewhere is published only where somebody looked the numbers up."""

import pytest

from associations.audit.actors import SYSTEM
from associations.imports.models import BatchState, ImportBatch
from associations.imports.rules import ImportRuleError
from associations.premises.models import TransferAccount
from associations.profile.fund_accounts import change_fund_account
from associations.profile.models import Fund
from billing_views.manager.batch_choices import say_accounts
from saas.tenancy.switching import enter_association
from tests.workers.importing.conftest import Importer
from tests.workers.statements import VIRTUAL

HEADER = "Kod lokalu;Nr lokalu;Adres;Rachunek;Rachunek FR\r\n"


def upload(importer: Importer, *rows: str) -> ImportBatch:
    batch = importer.upload(("lokale.csv", (HEADER + "".join(f"{row}\r\n" for row in rows)).encode()))
    assert batch.state == BatchState.READY
    return batch


def row(code: str, main: str = "", repair: str = "") -> str:
    return f"{code};{code};ul. Lipowa 12;{main};{repair}"


def publish(importer: Importer, batch: ImportBatch, *, confirms_accounts: bool = False) -> ImportBatch:
    return importer.publish(batch, confirms_accounts=confirms_accounts)


@pytest.fixture
def flats(lipowa_imports: Importer) -> Importer:
    """Premises 1 with an account for the main fund, 2 without any: the first numbers ask for no word."""
    published = publish(lipowa_imports, upload(lipowa_imports, row("1", VIRTUAL[0]), row("2")))
    assert published.state == BatchState.PUBLISHED
    return lipowa_imports


def test_a_changed_number_asks_for_the_word_that_it_was_looked_up(flats: Importer) -> None:
    batch = upload(flats, row("1", VIRTUAL[1]))

    with pytest.raises(ImportRuleError) as refused:
        publish(flats, batch)

    assert refused.value.code == "accounts_not_confirmed"
    assert say_accounts(batch.summary) == "Potwierdzam: 1 zmieniony numer rachunku jest sprawdzony w banku."
    assert publish(flats, batch, confirms_accounts=True).state == BatchState.PUBLISHED
    with enter_association(flats.association):
        assert TransferAccount.objects.get(fund__code="main").nrb == VIRTUAL[1]


def test_numbers_that_stay_or_come_first_ask_for_nothing(flats: Importer) -> None:
    batch = upload(flats, row("1", VIRTUAL[0], VIRTUAL[1]), row("2", VIRTUAL[2]), row("3", VIRTUAL[2]))

    assert say_accounts(batch.summary) == ""
    assert publish(flats, batch).state == BatchState.PUBLISHED


def test_an_own_number_in_place_of_the_funds_is_a_changed_one(flats: Importer) -> None:
    with enter_association(flats.association):
        fund = Fund.objects.get(code="main")
        change_fund_account(actor=SYSTEM, fund_id=fund.pk, expected="", nrb=VIRTUAL[2])

    batch = upload(flats, row("2", VIRTUAL[1]))

    assert batch.summary["questions"]["changed_accounts"] == 1
