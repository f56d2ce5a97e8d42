"""Files in the words of a test, and what the checks say of them."""

from associations.imports.models import ImportBatch, Problem
from saas.tenancy.switching import enter_association
from tests.workers.importing.conftest import Importer

PREMISES = "Kod lokalu;Nr lokalu;Adres"
PEOPLE = "Kod osoby;Nazwisko i imię;Kod lokalu;Tytuł prawny;Od;Do"
ACCOUNTS = "Konto;Nazwa;Fundusz"
POSTINGS = "Kod lokalu;Kod osoby;Konto;Data księgowania;Dokument;Opis;Winien;Ma"
BALANCES = "Kod lokalu;Kod osoby;Fundusz;Saldo;Odsetki niezaksięgowane;Stan na"
CHARGES = "Miesiąc;Kod lokalu;Składnik;Nazwa składnika;Fundusz;Ilość;J.m.;Stawka;Kwota"
READINGS = "Kod lokalu;Medium;Nr licznika;Data odczytu;Odczyt;J.m.;Rodzaj"

ESTATE = (
    (PREMISES, "1;1;ul. Lipowa 12", "2;2;ul. Lipowa 12"),
    (PEOPLE, "A;Nowak Anna;1;odrębna własność;01.01.2009;", "B;Kos Jan;2;odrębna własność;01.01.2009;"),
    (ACCOUNTS, "201-1;Zaliczki;podstawowy", "201-2;Fundusz remontowy;remontowy"),
)

Rows = tuple[str, ...]


def table(number: int, rows: Rows) -> tuple[str, bytes]:
    """A CSV file of a header and its rows."""
    return f"plik{number}.csv", "".join(row + "\r\n" for row in rows).encode("cp1250")


def upload(importer: Importer, *tables: Rows) -> ImportBatch:
    return importer.upload(*(table(number, rows) for number, rows in enumerate(tables, start=1)))


def publish(importer: Importer, *tables: Rows) -> ImportBatch:
    batch = importer.publish(upload(importer, *tables))
    assert batch.state == "published", batch.state
    return batch


def problems(importer: Importer, batch: ImportBatch, code: str) -> list[Problem]:
    with enter_association(importer.association):
        return list(Problem.objects.filter(batch_id=batch.pk, code=code).order_by("file_number", "row"))


def reasons(importer: Importer, batch: ImportBatch, code: str) -> list[str]:
    """The sentences of this kind of problem, their no-break spaces made plain."""
    return [problem.reason.replace("\u00a0", " ") for problem in problems(importer, batch, code)]
