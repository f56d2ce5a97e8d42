"""The files themselves: cp1250, semicolons, CRLF, each written from beginning to end as rows come."""

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

ENCODING = "cp1250"
BUFFER = 1 << 18
HEADERS = {
    "konta": "Konto;Nazwa;Fundusz",
    "lokale": "Nieruchomość;Budynek;Adres;Nr lokalu;Kod lokalu;Rodzaj;Powierzchnia;Udział;Liczba osób;"
    "Rachunek;Rachunek FR",
    "osoby": "Kod osoby;Nazwisko i imię;E-mail;Telefon;Kod lokalu;Tytuł prawny;Od;Do;Udział;Wspólność",
    "naliczenia": "Miesiąc;Kod lokalu;Kod osoby;Składnik;Nazwa składnika;Fundusz;Ilość;J.m.;Stawka;Kwota",
    "ksiegowania": "Kod lokalu;Kod osoby;Konto;Data księgowania;Termin płatności;Dokument;Opis;Winien;Ma",
    "odczyty": "Kod lokalu;Medium;Nr licznika;Data odczytu;Odczyt;Zużycie;J.m.;Rodzaj;Dokument",
    "rozliczenia": "Kod lokalu;Kod osoby;Medium;Okres od;Okres do;Dokument;Zużycie;J.m.;Koszt;Zaliczki;"
    "Wynik;Termin płatności",
    "salda": "Kod lokalu;Kod osoby;Fundusz;Saldo;Odsetki niezaksięgowane;Stan na",
}


class ExportFolder:
    """A folder of CSV files that are opened with their first rows and closed together."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, BinaryIO] = {}

    def __enter__(self) -> Self:
        """Make the folder."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close every file."""
        for file in self._files.values():
            file.close()

    def write(self, dataset: str, lines: Iterable[str], *, period: str = "") -> None:
        """Append rows to `dataset.csv` or `dataset-period.csv`."""
        text = "\r\n".join(lines)
        if text:
            self._file(dataset, period).write(f"{text}\r\n".encode(ENCODING))

    def _file(self, dataset: str, period: str) -> BinaryIO:
        name = f"{dataset}-{period}" if period else dataset
        file = self._files.get(name)
        if file is None:
            file = (self._folder / f"{name}.csv").open("wb", buffering=BUFFER)
            file.write(f"{HEADERS[dataset]}\r\n".encode(ENCODING))
            self._files[name] = file
        return file
