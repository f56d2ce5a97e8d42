"""Made-up people and figures for the gallery page; nothing here comes from or goes to a database."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django import forms

from billing_views.parts.cards import BalanceCard, Fact
from billing_views.parts.charts import Chart, ChartColumn, draw_stacks
from billing_views.parts.choices import Choice, ChoiceForm, Option
from billing_views.parts.notices import EmptyState, Notice, Secret
from billing_views.parts.page import AssociationBadge, ManagerPage, Page, Place, PublicPage, Tab
from billing_views.parts.period_links import PeriodLink, PeriodLinks
from billing_views.parts.progress import Progress, Step
from billing_views.parts.tables import Cell, Column, Pagination, Problem, Table

COOPERATIVE = AssociationBadge("Spółdzielnia Mieszkaniowa „Osiedle Słoneczne”", "cooperative", "OS")
COMMUNITY = AssociationBadge("Wspólnota Mieszkaniowa Lipowa 12", "community", "L12")
HERE = "#"
AFTER_OCTOBER = "Wpłaty zaksięgowane po 31.10.2026 nie są tu uwzględnione."


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A row as `parts/ledger_table.html` reads it."""

    posted_on: dt.date
    document: str
    description: str
    debit: Decimal | None
    credit: Decimal | None
    balance: Decimal | None


@dataclass(frozen=True, slots=True)
class LedgerSection:
    """A year of one fund as `parts/ledger_table.html` reads it."""

    caption: str
    year: int
    opening_on: dt.date
    opening: Decimal | None
    entries: tuple[LedgerEntry, ...]
    debit: Decimal
    credit: Decimal
    closing_on: dt.date
    closing: Decimal | None


class SampleForm(forms.Form):
    """One field of each sort; bound with bad data it shows every error."""

    login = forms.CharField(
        label="Login",
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
        help_text="Login otrzymasz w biurze razem z hasłem startowym.",
    )
    password = forms.CharField(
        label="Hasło", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    kind = forms.ChoiceField(label="Rodzaj pliku", choices=[("a", "Księgowania"), ("b", "Naliczenia")])
    identity = forms.BooleanField(label="Sprawdzono tożsamość", help_text="Dowód osobisty lub paszport.")
    scope = forms.ChoiceField(
        label="Zakres",
        choices=[("all", "Wszystkie lokale"), ("one", "Jeden lokal")],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label="Uwagi", widget=forms.Textarea(attrs={"rows": 3}), required=False)


def owner_page(title: str = "Kartoteka lokalu", *, is_preview: bool = False) -> Page:
    """The frame of an owner's page of a cooperative."""
    labels = [
        "Kartoteka lokalu",
        "Opłaty za używanie lokalu",
        "Księgowość",
        "Media",
        "Dane osobowe",
        "Informacje",
    ]
    return Page(
        title=title,
        association=COOPERATIVE,
        place=Place("ul. Słoneczna 2 m. 34", "0401-034", HERE, "Anna Nowak"),
        tabs=tuple(Tab(label, HERE, is_current=label == title) for label in labels),
        language_url=HERE,
        sign_out_url=HERE,
        back_url=HERE,
        is_preview=is_preview,
        preview_exit_url=HERE if is_preview else None,
    )


def manager_page(title: str = "Paczka: październik 2026") -> ManagerPage:
    """The frame of a manager's page inside a community."""
    labels = ["Pulpit", "Importy", "Lokale", "Osoby i dostępy", "Ustawienia", "Dziennik zdarzeń"]
    return ManagerPage(
        title=title,
        person_name="Marek Wójcik",
        tabs=tuple(Tab(label, HERE, is_current=label == "Importy") for label in labels),
        sign_out_url=HERE,
        language_url=HERE,
        association=COMMUNITY,
        switch_url=HERE,
        back_url=HERE,
    )


def public_page(title: str) -> PublicPage:
    """The frame of a page before sign-in."""
    return PublicPage(title=title, association=COOPERATIVE, language_url=HERE, sign_in_url=HERE)


def balance_cards() -> tuple[BalanceCard, ...]:
    """A debt, a surplus, and a settled balance of which nothing but the figure was supplied."""
    as_of = dt.date(2026, 10, 31)
    return (
        BalanceCard(
            "Saldo podstawowe",
            Decimal("-268.41"),
            as_of,
            Decimal("120.00"),
            Decimal("3.17"),
            HERE,
            AFTER_OCTOBER,
            "Odsetki podane przez spółdzielnię (niezaksięgowane)",
            ("120,00 zł: NAL 09/2026, termin 10.09.2026",),
            HERE,
        ),
        BalanceCard("Fundusz remontowy", Decimal("42.00"), as_of, None, Decimal("0.00"), None, AFTER_OCTOBER),
        BalanceCard("Saldo lokalu", Decimal("0.00")),
    )


def year_links() -> PeriodLinks:
    """A year with data before it and none after."""
    return PeriodLinks("Rok", PeriodLink("2025", HERE), "2026", PeriodLink("2027", None))


def month_links() -> PeriodLinks:
    """A month that is the only one with data."""
    return PeriodLinks("Miesiąc", PeriodLink("wrzesień", None), "październik", PeriodLink("listopad", None))


def ledger_section() -> LedgerSection:
    """Some months of the main fund: a debt, payments, a correction below zero, posted interest."""
    rows = (
        ("2026-01-02", "NAL 01/2026", "Naliczenie za styczeń 2026", "612.48", None, "-732.48"),
        ("2026-01-09", "WB 7/2026", "Wpłata", None, "612.48", "-120.00"),
        ("2026-02-02", "NAL 02/2026", "Naliczenie za luty 2026", "612.48", None, "-732.48"),
        ("2026-02-10", "WB 31/2026", "Wpłata", None, "900.00", "167.52"),
        ("2026-02-27", "RK 3/2026", "Rozliczenie wody za 2025", "-86.40", None, "253.92"),
        ("2026-03-31", "ODS 1/2026", "Odsetki za opóźnienie za 1 kwartał 2026", "1.05", None, "252.87"),
    )
    entries = tuple(
        LedgerEntry(
            dt.date.fromisoformat(day),
            document,
            text,
            Decimal(debit) if debit else None,
            Decimal(credit) if credit else None,
            Decimal(balance),
        )
        for day, document, text, debit, credit, balance in rows
    )
    return LedgerSection(
        caption="Fundusz podstawowy, rok 2026 (wpisy od stycznia do marca)",
        year=2026,
        opening_on=dt.date(2026, 1, 1),
        opening=Decimal("-120.00"),
        entries=entries,
        debit=Decimal("1139.61"),
        credit=Decimal("1512.48"),
        closing_on=dt.date(2026, 3, 31),
        closing=Decimal("252.87"),
    )


def charges_table() -> Table:
    """A month of charges with a total; amounts are written by the formatting functions in real pages."""
    columns = (
        Column("Składnik", "what"),
        Column("Ilość", "num", "Ilość"),
        Column("Stawka", "num", "Stawka"),
        Column("Kwota", "sum"),
        Column("Zmiana względem września", "text", "Zmiana"),
    )
    lines = (
        ("Eksploatacja podstawowa", "48,5 m²", "2,28 zł/m²", "110,58", "bez zmian"),
        ("Centralne ogrzewanie – zaliczka", "48,5 m²", "6,05 zł/m²", "293,43", "+16,98 zł"),
        ("Zimna woda i ścieki – zaliczka", "7 m³", "11,1564 zł/m³", "78,09", "bez zmian"),
        ("Odpady komunalne", "2 os.", "38,00 zł/os.", "76,00", "−38,00 zł"),
    )
    rows = tuple(tuple(Cell(text) for text in line) for line in lines)
    total = (Cell("Razem"), Cell(), Cell(), Cell("558,10"), Cell())
    return Table("Składniki opłat, październik 2026", columns, rows, (total,))


def overview_table() -> Table:
    """What a manager sees first: associations with the state of their data."""
    columns = (
        Column("Wspólnota lub spółdzielnia", "what"),
        Column("Lokale", "num", "Lokale"),
        Column("Stan na", "keep", "Stan na"),
        Column("Import"),
        Column("Po terminie: lokale · kwota", "end", "Po terminie"),
    )
    rows = (
        _overview_row("WM Lipowa 12", "24", Cell("dane aktualne", None, "paid", "opublikowano 02.11.2026")),
        _overview_row("WM Parkowa 5", "18", Cell("dane sprzed 53 dni", None, "wait", "czeka na publikację")),
        _overview_row(
            "SM „Osiedle Słoneczne”", "12 014", Cell("trwa import", None, "plain", "sprawdzanie, 61%")
        ),
        _overview_row("WM Wschodnia 3", "41", Cell("wymaga uwagi", None, "owed", "3 błędne wiersze")),
    )
    return Table("Stan danych", columns, rows)


def _overview_row(name: str, premises: str, state: Cell) -> tuple[Cell, ...]:
    return (Cell(name, HERE), Cell(premises), Cell("31.10.2026"), state, Cell("3 · 1 912,40 zł"))


def problems() -> tuple[Problem, ...]:
    """Problems of a row, of the whole file, and a warning."""
    return (
        Problem(18, "Termin płatności", "10.13.2026", "Nie ma trzynastego miesiąca."),
        Problem(52, "Winien", "1.204,5O", "To nie jest kwota: litera „O” zamiast zera.", "ksiegowania.csv"),
        Problem(71, "Data księgowania", "31.09.2026", "Wrzesień ma 30 dni."),
        Problem(
            None, "", "", "Suma w wierszu RAZEM różni się o 1 217,30 zł.", "ksiegowania.csv", is_warning=True
        ),
    )


def parts_context() -> dict[str, object]:
    """Every component in its states, by the context names that its template documents."""
    return {
        "cards": balance_cards(),
        "year_links": year_links(),
        "month_links": month_links(),
        "section": ledger_section(),
        "charges": charges_table(),
        "overview": overview_table(),
        "no_rows": Table(
            "Historia importów", (Column("Plik", "what"), Column("Stan")), (), empty="Brak importów."
        ),
        "problems": problems(),
        "facts": _facts(),
        "chart": _chart(),
        "notices": _notices(),
        "empty": EmptyState("Brak danych za ten okres", "Zarządca ich nie przekazał.", HERE, "Rok 2025"),
        "running": Progress(
            "Sprawdzanie pliku „odczyty-2026-10.csv”: 61%", 61, HERE, HERE, True, "Jeszcze około 4 s."
        ),
        "steps": _steps(),
        "pages": Pagination(17, 17, HERE, None),
        "secret": Secret("nowak-0401-034", "kR7m-Xq4T-pW9d-h3Vy", "22.12.2026"),
        "choice_form": _choices(),
        "form": SampleForm(initial={"kind": "a", "scope": "all"}),
        "bad_form": SampleForm({"kind": "x"}, prefix="bad"),
    }


def _facts() -> tuple[Fact, ...]:
    return (
        Fact("93", "poprawne wiersze"),
        Fact("3", "błędne wiersze", HERE),
        Fact("90", "nowych"),
        Fact("3", "zmienione"),
        Fact("0", "znikających"),
    )


def _chart() -> Chart:
    totals = (("lip", 841), ("sie", 853), ("wrz", 866), ("paź", 897))
    columns = [ChartColumn(name, (Decimal(one - 131), Decimal(131)), "", f"{one},00") for name, one in totals]
    legend, summary = ("Fundusz podstawowy", "Fundusz remontowy"), "Opłaty od 841,00 zł do 897,00 zł."
    return draw_stacks("chart", columns, title="Opłaty", summary=summary, legend=legend)


def _notices() -> tuple[Notice, ...]:
    return (
        Notice("Ten sam plik był już opublikowany.", "Nic się nie zmieni."),
        Notice("Opublikowano 96 wpisów.", "Właściciele już je widzą.", "good", HERE, "Cofnij publikację"),
        Notice("Nie można opublikować: 3 błędne wiersze.", "", "bad", HERE, "Pobierz opis błędów (CSV)"),
    )


def _steps() -> tuple[Step, ...]:
    return (
        Step("Pliki", "done"),
        Step("Kolumny", "done"),
        Step("Sprawdzenie", "done"),
        Step("Podgląd", "current"),
        Step("Publikacja", "ahead"),
    )


def _choices() -> ChoiceForm:
    years = (Option("2024", "2024"), Option("2025", "2025"), Option("2026", "2026", True))
    accounts = (Option("1", "204-1 Fundusz podstawowy", True), Option("2", "204-2 Fundusz remontowy"))
    return ChoiceForm("#", (Choice("rok", "Rok", years), Choice("konto", "Konto", accounts)))
