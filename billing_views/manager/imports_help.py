"""What may be uploaded: the datasets and their columns, as the page of imports explains them.

Written by hand, because pages know nothing of workers; a test compares it with workers.datasets.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class DatasetHelp:
    """A dataset: which columns its file must have, which it may have, of which it needs at least one."""

    name: str
    label: Text
    text: Text
    required: tuple[Text, ...]
    optional: tuple[Text, ...]
    one_of: tuple[Text, ...] = ()


PREMISES_CODE = _("Kod lokalu")
PERSON_CODE = _("Kod osoby")
FUND = _("Fundusz")
UNIT = _("J.m.")
DOCUMENT = _("Dokument")
DUE_DATE = _("Termin płatności")
SIDE = _("Strona (Wn/Ma)")

DATASETS = (
    DatasetHelp(
        "premises",
        _("Lokale"),
        _("Jeden wiersz na lokal, garaż, miejsce postojowe albo komórkę."),
        (PREMISES_CODE,),
        (
            _("Nieruchomość"),
            _("Budynek"),
            _("Adres"),
            _("Nr lokalu"),
            _("Rodzaj"),
            _("Powierzchnia"),
            _("Udział"),
            _("Liczba osób"),
            _("Rachunek"),
            _("Rachunek FR"),
        ),
    ),
    DatasetHelp(
        "people",
        _("Osoby"),
        _("Jeden wiersz na osobę i lokal: kto, jakim tytułem, od kiedy do kiedy."),
        (PERSON_CODE, _("Nazwisko i imię"), PREMISES_CODE),
        (_("E-mail"), _("Telefon"), _("Tytuł prawny"), _("Od"), _("Do"), _("Udział"), _("Wspólność")),
    ),
    DatasetHelp(
        "accounts",
        _("Konta"),
        _("Jeden wiersz na konto: nazwa i fundusz."),
        (_("Konto"), FUND),
        (_("Nazwa"), PREMISES_CODE, PERSON_CODE),
    ),
    DatasetHelp(
        "charges",
        _("Naliczenia"),
        _("Jeden wiersz na lokal, miesiąc i składnik opłat."),
        (_("Miesiąc"), PREMISES_CODE, FUND, _("Kwota")),
        (PERSON_CODE, _("Ilość"), UNIT, _("Stawka")),
        (_("Składnik"), _("Nazwa składnika")),
    ),
    DatasetHelp(
        "postings",
        _("Księgowania"),
        _("Jeden wiersz na zapis na koncie lokalu; bilans otwarcia jako wiersz z dokumentem BO."),
        (PREMISES_CODE, _("Konto"), _("Data księgowania")),
        (PERSON_CODE, DUE_DATE, DOCUMENT, _("Opis"), SIDE),
        (_("Winien"), _("Ma"), _("Kwota ze stroną")),
    ),
    DatasetHelp(
        "balances",
        _("Salda"),
        _("Jeden wiersz na lokal i fundusz; minus oznacza niedopłatę."),
        (PREMISES_CODE, FUND, _("Saldo")),
        (PERSON_CODE, _("Odsetki niezaksięgowane"), _("Stan na"), _("Saldo Wn"), _("Saldo Ma"), SIDE),
    ),
    DatasetHelp(
        "readings",
        _("Odczyty"),
        _("Jeden wiersz na odczyt licznika, także szacunek, montaż i demontaż."),
        (PREMISES_CODE, _("Medium"), _("Nr licznika"), _("Data odczytu"), _("Odczyt")),
        (_("Zużycie"), UNIT, _("Rodzaj"), DOCUMENT),
    ),
    DatasetHelp(
        "settlements",
        _("Rozliczenia mediów"),
        _("Jeden wiersz na lokal, medium i rozliczany okres."),
        (PREMISES_CODE, _("Medium"), _("Okres od"), _("Okres do"), _("Wynik")),
        (PERSON_CODE, DOCUMENT, _("Zużycie"), UNIT, _("Koszt"), _("Zaliczki"), DUE_DATE),
    ),
    DatasetHelp(
        "payments",
        _("Wpłaty bankowe"),
        _(
            "Wyciąg z banku w formacie MT940, tak jak go pobrano: właściciel zobaczy wpłatę, zanim trafi do ksiąg."
        ),
        (_("Rachunek własny"), _("Data księgowania"), _("Kwota wpłaty")),
        (_("Wyciąg"), _("Data waluty"), _("Tytuł wpłaty"), _("Wpłacający"), _("Rachunek wirtualny")),
    ),
)

LABELS: dict[str, Text] = {dataset.name: dataset.label for dataset in DATASETS}


def name_dataset(name: str) -> str:
    """„Księgowania” for "postings"; a dataset that this page does not know keeps its name."""
    return str(LABELS.get(name, name))
