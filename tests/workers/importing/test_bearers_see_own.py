"""Whoever bore a code sees the rows of their own days in every dataset, however often and in whatever order they came."""

import datetime as dt
from typing import Any

import pytest

from associations.charges.models import ChargeEdition, ChargeLine
from associations.imports.models import BatchState, ImportBatch
from associations.ledger.models import Balance, BalanceEdition, Posting, PostingEdition
from associations.meters.models import Settlement, SettlementEdition
from associations.premises.access import holding_of_person
from associations.premises.models import HoldingMember, Person
from saas.tenancy.switching import enter_association
from tests.workers.importing.conftest import Importer
from tests.workers.importing.test_bearers import handed_over
from tests.workers.importing.test_meaning import file

__all__ = ["handed_over"]

# Nowak has the premises from March to September, Wilk from November; October is nobody's.
HIS = (dt.date(2026, 1, 1), dt.date(2026, 6, 1), dt.date(2026, 10, 1))
HERS = (dt.date(2026, 11, 1), dt.date(2026, 12, 1))
DATASETS: tuple[tuple[Any, Any, str, str, str, str], ...] = (
    # rows, editions, day, part, headers, row
    (
        Posting, PostingEdition, "posted_on", "account",
        "Kod lokalu;Kod osoby;Konto;Data księgowania;Dokument;Opis;Winien;Ma\n",
        "1;N;201-1;{day};KP;Wpłata;0;{amount}\n",
    ),
    (
        ChargeLine, ChargeEdition, "month", "fund",
        "Kod lokalu;Kod osoby;Miesiąc;Składnik;Nazwa składnika;Fundusz;Kwota\n",
        "1;N;{month};EKSP;Eksploatacja;podstawowy;{amount}\n",
    ),
    (
        Balance, BalanceEdition, "as_of", "fund",
        "Kod lokalu;Kod osoby;Fundusz;Saldo;Stan na\n", "1;N;podstawowy;{amount};{day}\n",
    ),
    (
        Settlement, SettlementEdition, "period_to", "medium",
        "Kod lokalu;Kod osoby;Medium;Okres od;Okres do;Koszt;Zaliczki;Wynik\n",
        "1;N;woda;{day};{day};{amount};0;-{amount}\n",
    ),
)  # fmt: skip


def package(amount: str, days: tuple[dt.date, ...] = HIS + HERS) -> list[tuple[str, bytes]]:
    """A file of each dataset, with a row that names the code on each day."""
    return [
        file(
            f"plik-{number}.csv",
            headers
            + "".join(row.format(day=f"{day:%d.%m.%Y}", month=f"{day:%Y-%m}", amount=amount) for day in days),
        )
        for number, (*_, headers, row) in enumerate(DATASETS)
    ]


def seen(importer: Importer, name: str) -> list[tuple[dt.date, ...]]:
    """Of each dataset the days whose standing rows the person's holdings hold; a row that stands twice is there twice."""
    with enter_association(importer.association):
        person = Person.objects.get(name=name, is_current=True)
        held = HoldingMember.objects.filter(person=person).order_by("pk").values_list("holding_id", flat=True)
        scopes = [holding_of_person(person.pk, holding).scope for holding in held]
        return [
            tuple(
                sorted(
                    day
                    for scope in scopes
                    for day in scope.standing.rows(
                        rows.objects.filter(scope.rows(day_field)), editions.objects.all(), part
                    )
                    .order_by()
                    .values_list(day_field, flat=True)
                )
            )
            for rows, editions, day_field, part, *_ in DATASETS
        ]


def each_sees_own(importer: Importer, times: int = 1) -> None:
    assert seen(importer, "Nowak Jan") == [tuple(sorted(HIS * times))] * len(DATASETS)
    assert seen(importer, "Wilk Ewa") == [tuple(sorted(HERS * times))] * len(DATASETS)


def publish(importer: Importer, batch: ImportBatch) -> ImportBatch:
    published = importer.publish(batch)
    assert published.state == BatchState.PUBLISHED
    return published


def test_first_publication_correction_addition_undo_and_the_same_again(handed_over: Importer) -> None:
    publish(handed_over, handed_over.upload(*package("10,00")))
    each_sees_own(handed_over)

    corrected = publish(handed_over, handed_over.upload(*package("20,00")))
    each_sees_own(handed_over)

    # The balances of a day cannot be added to.
    more = [one for number, one in enumerate(package("5,00")) if number != 2]
    added = publish(handed_over, handed_over.declare(handed_over.upload(*more), is_addition=True))
    his, hers = seen(handed_over, "Nowak Jan"), seen(handed_over, "Wilk Ewa")
    assert [set(days) for days in his] == [set(HIS)] * len(DATASETS)
    assert [set(days) for days in hers] == [set(HERS)] * len(DATASETS)
    assert [len(days) for days in his] == [6, 6, 3, 6]

    handed_over.undo(added)
    each_sees_own(handed_over)
    handed_over.undo(corrected)
    each_sees_own(handed_over)
    publish(handed_over, handed_over.upload(*package("20,00")))
    each_sees_own(handed_over)


@pytest.mark.parametrize("days", [HIS, HERS], ids=["his", "hers"])
def test_a_file_of_one_of_them_alone_shows_the_other_nothing(
    handed_over: Importer, days: tuple[dt.date, ...]
) -> None:
    publish(handed_over, handed_over.upload(*package("10,00", days)))

    assert seen(handed_over, "Nowak Jan" if days is HIS else "Wilk Ewa") == [days] * len(DATASETS)
    assert seen(handed_over, "Wilk Ewa" if days is HIS else "Nowak Jan") == [()] * len(DATASETS)
