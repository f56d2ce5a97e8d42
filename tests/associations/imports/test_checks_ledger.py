"""Warnings about postings, balances and charges, against the books as the batch would leave them."""

import pytest

from associations.imports.models import Problem
from saas.tenancy.switching import enter_association
from tests.associations.imports.reported import (
    ACCOUNTS,
    BALANCES,
    CHARGES,
    ESTATE,
    PEOPLE,
    POSTINGS,
    Rows,
    problems,
    publish,
    reasons,
    upload,
)
from tests.workers.importing.conftest import Importer

BOOKS_2025: Rows = (
    POSTINGS,
    "1;;201-1;01.01.2025;BO;Bilans otwarcia;50,00;0",
    "1;;201-1;01.02.2025;NAL;Naliczenie;100,00;0",
    "1;;201-1;10.12.2025;WB;Wpłata;0;120,00",
)
OPENING_2026 = "1;;201-1;01.01.2026;BO;Bilans otwarcia;{debit};{credit}"


@pytest.mark.parametrize(
    ("debit", "expected"),
    [
        (
            "1234,50",
            [
                (
                    "Bilans otwarcia 2026 lokalu 1 na koncie 201-1 to -1 234,50 zł, a poprzedni rok kończy się saldem"
                    " -30,00 zł. Właściciel zobaczy bilans z pliku."
                )
            ],
        ),
        ("30,00", []),
    ],
)
def test_an_opening_is_compared_with_the_year_before(
    lipowa_imports: Importer, debit: str, expected: list[str]
) -> None:
    publish(lipowa_imports, *ESTATE, BOOKS_2025)

    batch = upload(lipowa_imports, (POSTINGS, OPENING_2026.format(debit=debit, credit="0")))

    assert reasons(lipowa_imports, batch, "opening_differs") == expected


def test_an_opening_is_compared_with_what_the_same_package_changes(lipowa_imports: Importer) -> None:
    publish(lipowa_imports, *ESTATE, BOOKS_2025)
    corrected = (*BOOKS_2025[:3], "1;;201-1;10.12.2025;WB;Wpłata;0;150,00")

    batch = upload(lipowa_imports, corrected, (POSTINGS, OPENING_2026.format(debit="30,00", credit="0")))

    assert [p.row for p in problems(lipowa_imports, batch, "opening_differs")] == [2]
    right = upload(lipowa_imports, corrected, (POSTINGS, OPENING_2026.format(debit="0", credit="0")))
    assert reasons(lipowa_imports, right, "opening_differs") == []


def test_an_opening_after_a_sale_is_another_holding_s(lipowa_imports: Importer) -> None:
    sale = (
        PEOPLE,
        "A;Nowak Anna;1;odrębna własność;01.01.2009;30.06.2025",
        "C;Lis Ewa;1;odrębna własność;01.07.2025;",
        "B;Kos Jan;2;odrębna własność;01.01.2009;",
    )
    publish(lipowa_imports, ESTATE[0], sale, ESTATE[2], BOOKS_2025)

    batch = upload(lipowa_imports, (POSTINGS, OPENING_2026.format(debit="5,00", credit="0")))

    assert reasons(lipowa_imports, batch, "opening_differs") == []


def test_an_opening_after_years_that_state_none_is_compared_with_nothing(lipowa_imports: Importer) -> None:
    publish(lipowa_imports, *ESTATE, (POSTINGS, *BOOKS_2025[2:]))

    batch = upload(lipowa_imports, (POSTINGS, OPENING_2026.format(debit="7,00", credit="0")))

    assert reasons(lipowa_imports, batch, "opening_differs") == []


@pytest.mark.parametrize(
    ("amount", "day", "expected"),
    [
        ("-50,00", "31.01.2025", []),
        ("-150,00", "28.02.2025", []),
        ("-150,00", "09.12.2025", []),
        ("-30,00", "10.12.2025", []),
        (
            "-31,00",
            "10.12.2025",
            [
                (
                    "Saldo lokalu 1 na 10.12.2025 to w pliku -31,00 zł, a z księgowań wynika -30,00 zł."
                    " Właściciel zobaczy saldo z pliku."
                )
            ],
        ),
        ("999,00", "31.01.2026", []),
    ],
    ids=["opening", "end of month", "day before", "same day", "differs", "books do not reach"],
)
def test_a_balance_is_compared_with_the_postings_up_to_its_day(
    lipowa_imports: Importer, amount: str, day: str, expected: list[str]
) -> None:
    publish(lipowa_imports, *ESTATE, BOOKS_2025)

    batch = upload(lipowa_imports, (BALANCES, f"1;;podstawowy;{amount};0,00;{day}"))

    assert reasons(lipowa_imports, batch, "balance_differs") == expected


def test_a_balance_of_the_twenty_ninth_of_february_counts_that_day(lipowa_imports: Importer) -> None:
    books = (
        POSTINGS,
        "1;;201-1;01.01.2024;BO;Bilans otwarcia;0;0",
        "1;;201-1;29.02.2024;WB;Wpłata;0;20,00",
        "1;;201-1;01.03.2024;WB;Wpłata;0;5,00",
    )

    batch = upload(lipowa_imports, *ESTATE, books, (BALANCES, "1;;podstawowy;20,00;0,00;29.02.2024"))
    day_before = upload(lipowa_imports, *ESTATE, books, (BALANCES, "1;;podstawowy;20,00;0,00;28.02.2024"))

    assert reasons(lipowa_imports, batch, "balance_differs") == []
    assert [p.value for p in problems(lipowa_imports, day_before, "balance_differs")] == ["20,00"]


def test_accounts_of_one_fund_are_one_balance_and_other_funds_none_of_it(lipowa_imports: Importer) -> None:
    accounts = (ACCOUNTS, *ESTATE[2][1:], "201-3;Woda;podstawowy")
    books = (
        POSTINGS,
        "1;;201-1;01.01.2025;BO;Bilans otwarcia;50,00;0",
        "1;;201-2;01.01.2025;BO;Bilans otwarcia;7,00;0",
        "1;;201-3;05.01.2025;NAL;Woda;8,00;0",
    )

    batch = upload(
        lipowa_imports,
        *ESTATE[:2],
        accounts,
        books,
        (BALANCES, "1;;podstawowy;-58,00;0;31.01.2025", "1;;remontowy;-58,00;0;31.01.2025"),
    )

    assert [p.value for p in problems(lipowa_imports, batch, "balance_differs")] == ["-58,00"]
    assert "-7,00 zł" in reasons(lipowa_imports, batch, "balance_differs")[0]


def test_charges_before_the_books_of_their_premises_are_named_once(lipowa_imports: Importer) -> None:
    charges = (
        CHARGES,
        "2024-12;1;EKSP;Eksploatacja;podstawowy;10;m2;2,00;20,00",
        "2024-12;1;CO;Ogrzewanie;podstawowy;10;m2;1,00;10,00",
        "2025-01;1;EKSP;Eksploatacja;podstawowy;10;m2;2,00;20,00",
        "2024-12;2;EKSP;Eksploatacja;podstawowy;10;m2;2,00;20,00",
    )

    batch = upload(lipowa_imports, *ESTATE, BOOKS_2025, charges)
    within = upload(lipowa_imports, *ESTATE, BOOKS_2025, (CHARGES, charges[3], charges[4]))

    assert [
        (p.row, p.premises_code, p.value) for p in problems(lipowa_imports, batch, "charge_before_opening")
    ] == [(2, "1", "12.2024")]
    assert reasons(lipowa_imports, within, "charge_before_opening") == []


def test_a_fund_that_nobody_knew_is_said_with_the_one_that_may_be_meant(lipowa_imports: Importer) -> None:
    accounts = (ACCOUNTS, "201-1;Zaliczki;podstawowy", "201-2;Remonty;Remontwy", "201-9;Garaże;Garaże")

    batch = upload(lipowa_imports, *ESTATE[:2], accounts)

    found = problems(lipowa_imports, batch, "new_fund")
    assert [(p.row, p.value, p.suggestion, p.severity) for p in found] == [
        (3, "Remontwy", "remontowy", "warning"),
        (4, "Garaże", "", "warning"),
    ]
    assert found[1].reason == "Fundusz „Garaże” nie był dotąd znany; powstanie nowy."


def test_unknown_codes_come_with_suggestions_and_the_key_of_their_table(lipowa_imports: Importer) -> None:
    batch = upload(
        lipowa_imports,
        *ESTATE,
        (POSTINGS, "01;a;201_1;01.01.2025;NAL;Naliczenie;1,00;0", "77;;201-1;01.01.2025;;;1;0"),
    )

    with enter_association(lipowa_imports.association):
        found = list(Problem.objects.filter(batch_id=batch.pk, severity="error").order_by("row", "code"))
    assert [(p.row, p.code, p.value, p.suggestion, p.table_key) for p in found] == [
        (2, "unknown_account", "201_1", "201-1", ""),
        (2, "unknown_payer", "a", "A", ""),
        (2, "unknown_premises", "01", "1", ""),
        (3, "unknown_premises", "77", "", ""),
    ]
