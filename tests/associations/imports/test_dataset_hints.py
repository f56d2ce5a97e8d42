"""Hints about a dataset as a whole: grosze, a reversed sign, the file of another association."""

from collections.abc import Callable

import pytest

from associations.imports.queries import batch_problems
from saas.tenancy.switching import enter_association
from tests.associations.imports.reported import (
    ACCOUNTS,
    BALANCES,
    CHARGES,
    ESTATE,
    PEOPLE,
    POSTINGS,
    PREMISES,
    Rows,
    problems,
    publish,
    reasons,
    upload,
)
from tests.workers.importing.conftest import Importer
from tests.workers.importing.test_corrections import correct

GROSZE = [
    "Wszystkie kwoty w pliku są całkowite. Jeżeli program podaje je w groszach, zaznacz to w „Popraw wczytanie”."
]
CODES = ("1", "2", "3", "4", "5", "6")
SIX: tuple[Rows, ...] = (
    (PREMISES, *(f"{code};{code};ul. Lipowa 12" for code in CODES)),
    (PEOPLE, *(f"P{code};Nowak Anna;{code};odrębna własność;01.01.2009;" for code in CODES)),
    (ACCOUNTS, "201-1;Zaliczki;podstawowy"),
)
BOOKS: Rows = (
    POSTINGS,
    *(f"{code};;201-1;01.01.2025;BO;Bilans otwarcia;{code}0,50;0" for code in CODES),
    *(f"{code};;201-1;01.02.2025;NAL;Naliczenie;100,00;0" for code in CODES),
)


def charges(*amounts: str) -> Rows:
    return (
        CHARGES,
        *(f"2026-01;1;S{n};Składnik {n};podstawowy;;;;{amount}" for n, amount in enumerate(amounts)),
    )


def postings(*amounts: str) -> Rows:
    sides = (f"{amount};0" if n % 2 else f"0;{amount}" for n, amount in enumerate(amounts))
    return (POSTINGS, *(f"1;;201-1;01.02.2025;D{n};Zapis;{side}" for n, side in enumerate(sides)))


@pytest.mark.parametrize("rows", [charges, postings])
@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        (["12345"] * 10 + ["0"] * 5 + ["500"] * 10, GROSZE),
        (["12345"] * 10 + ["500"] * 11, []),
        (["12345"] * 19, []),
        (["12345"] * 25 + ["12345,50"], []),
        (["0"] * 25, []),
    ],
    ids=["grosze", "small amounts", "few rows", "one in grosze", "zeros"],
)
def test_whole_amounts_may_be_grosze(
    lipowa_imports: Importer, rows: Callable[..., Rows], amounts: list[str], expected: list[str]
) -> None:
    batch = upload(lipowa_imports, *ESTATE, rows(*amounts))

    found = problems(lipowa_imports, batch, "amounts_in_grosze")
    assert [p.reason for p in found] == expected
    assert {(p.file_number, p.row, p.severity) for p in found} <= {(4, None, "warning")}


def test_amounts_read_as_grosze_are_not_asked_about(lipowa_imports: Importer) -> None:
    batch = upload(lipowa_imports, *ESTATE, charges(*["12345"] * 25))
    assert reasons(lipowa_imports, batch, "amounts_in_grosze") == GROSZE
    options = {4: {"": {"dataset": "charges", "is_in_grosze": True}}}

    corrected = correct(lipowa_imports, batch, options)

    assert reasons(lipowa_imports, corrected, "amounts_in_grosze") == []
    assert corrected.state == "ready"


def balances(signs: str) -> Rows:
    """Balances of as many premises: as the books have them (=), negated (-), neither (?)."""
    booked = {code: f"1{code}0,50" for code in CODES}
    amounts = {
        code: {"=": f"-{booked[code]}", "-": booked[code], "?": "7,00"}[sign]
        for code, sign in zip(CODES, signs, strict=False)
    }
    return (BALANCES, *(f"{code};;podstawowy;{amount};;28.02.2025" for code, amount in amounts.items()))


@pytest.mark.parametrize(
    ("signs", "expected"),
    [
        (
            "-----?",
            [
                (
                    "Salda w pliku mają znak odwrotny niż w księgach (5 z 6). Jeżeli w programie plus oznacza"
                    " niedopłatę, zaznacz to w „Popraw wczytanie”."
                )
            ],
        ),
        ("----??", []),
        ("----==", []),
        ("======", []),
    ],
    ids=["reversed", "two others", "four differ", "as booked"],
)
def test_balances_of_the_other_sign(lipowa_imports: Importer, signs: str, expected: list[str]) -> None:
    publish(lipowa_imports, *SIX, BOOKS)

    batch = upload(lipowa_imports, balances(signs))

    found = problems(lipowa_imports, batch, "reversed_balances")
    assert [p.reason for p in found] == expected
    assert {(p.file_number, p.row, p.severity) for p in found} <= {(1, None, "warning")}
    assert len(reasons(lipowa_imports, batch, "balance_differs")) == 6 - signs.count("=")


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["91", "92", "93", "94", "95", "95"], 5),
        (["91", "92", "93", "94", "94", "94"], None),
        (["91", "92", "93", "94", "95", "1"], None),
    ],
    ids=["none known", "few codes", "one known"],
)
def test_a_file_of_premises_that_nobody_knows(
    lipowa_imports: Importer, codes: list[str], expected: int | None
) -> None:
    publish(lipowa_imports, *ESTATE)

    batch = upload(lipowa_imports, (POSTINGS, *(f"{c};;201-1;01.02.2025;D;Zapis;1,50;0" for c in codes)))

    with enter_association(lipowa_imports.association):
        first = batch_problems(batch.pk)[0]
    sentence = (
        f"Żaden z lokali tego pliku nie jest znany ({expected} kodów). Sprawdź, czy to plik tej wspólnoty albo"
        " spółdzielni; nowe lokale dodaje plik lokali."
    )
    assert reasons(lipowa_imports, batch, "no_known_premises") == ([sentence] if expected else [])
    assert (first.code, first.row) == (("no_known_premises", None) if expected else ("unknown_premises", 2))
    assert batch.state == "blocked"


def test_the_first_files_of_an_association_name_no_strangers(lipowa_imports: Importer) -> None:
    whole = upload(lipowa_imports, *SIX, BOOKS)
    alone = upload(lipowa_imports, BOOKS)

    assert reasons(lipowa_imports, whole, "no_known_premises") == []
    assert reasons(lipowa_imports, alone, "no_known_premises") == []
