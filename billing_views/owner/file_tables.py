"""The tables of owner pages as values for CSV and XLSX, from what the pages' own queries give."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.utils.translation import gettext

from associations.charges.calculations import ChargeRow
from associations.ledger.fund_balances import FundBalance
from associations.ledger.queries import AccountYear
from associations.meters.calculations import ReadingRow, SettlementRow
from associations.meters.models import ReadingKind
from associations.payments.calculations import Received
from associations.periods import Month, Year
from associations.premises.models import PremisesKind, TitleKind
from associations.premises.queries import HeldPremises, HeldTitle
from billing_views.owner.place import address_of
from billing_views.owner.words import name_fund
from billing_views.parts.formatting import format_unit, name_balance
from billing_views.parts.table_files import FileColumn, FileTable, Value

Row = tuple[Value, ...]


def tabulate_ledger(accounts: Sequence[AccountYear], year: int) -> FileTable:
    """All entries of the year, each account between its opening and its closing. Balance: minus is an underpayment."""
    return FileTable(
        title=gettext("Kartoteka %(year)s") % {"year": year},
        columns=(
            FileColumn(gettext("Fundusz")),
            FileColumn(gettext("Konto")),
            FileColumn(gettext("Wiersz")),
            FileColumn(gettext("Data"), "day"),
            FileColumn(gettext("Dokument")),
            FileColumn(gettext("Opis")),
            FileColumn(gettext("Termin płatności"), "day"),
            FileColumn(gettext("Winien"), "money"),
            FileColumn(gettext("Ma"), "money"),
            FileColumn(gettext("Saldo"), "money"),
        ),
        rows=tuple(row for one in accounts for row in _ledger_rows(one, year)),
    )


def tabulate_accounts(accounts: Sequence[AccountYear], year: int) -> FileTable:
    """The accounts of a year: opening, turnover, closing; empty where the opening was not supplied."""
    return FileTable(
        title=gettext("Konta %(year)s") % {"year": year},
        columns=(
            FileColumn(gettext("Konto")),
            FileColumn(gettext("Nazwa konta")),
            FileColumn(gettext("Fundusz")),
            FileColumn(gettext("Bilans otwarcia"), "money"),
            FileColumn(gettext("Winien"), "money"),
            FileColumn(gettext("Ma"), "money"),
            FileColumn(gettext("Saldo końcowe"), "money"),
        ),
        rows=tuple(
            (
                one.account.code,
                one.account.name,
                name_fund(one.account.fund),
                one.opening.amount,
                one.debit,
                one.credit,
                one.closing,
            )
            for one in accounts
        ),
    )


def tabulate_charges(title: str, months: Mapping[Month, Iterable[ChargeRow]]) -> FileTable:
    """The components of one month or of many, as supplied."""
    return FileTable(
        title=title,
        columns=(
            FileColumn(gettext("Miesiąc"), "month"),
            FileColumn(gettext("Fundusz")),
            FileColumn(gettext("Kod składnika")),
            FileColumn(gettext("Składnik")),
            FileColumn(gettext("Ilość"), "number"),
            FileColumn(gettext("J.m.")),
            FileColumn(gettext("Stawka, zł"), "number"),
            FileColumn(gettext("Kwota, zł"), "money"),
        ),
        rows=tuple(
            (
                month,
                name_fund(row.fund),
                row.code,
                row.name,
                _trimmed(row.quantity),
                format_unit(row.unit),
                _trimmed(row.rate),
                row.amount,
            )
            for month, rows in sorted(months.items())
            for row in rows
        ),
    )


def tabulate_months(totals: Mapping[Month, Decimal]) -> FileTable:
    """What each month came to, all funds together."""
    return FileTable(
        title=gettext("Opłaty według miesięcy"),
        columns=(FileColumn(gettext("Miesiąc"), "month"), FileColumn(gettext("Kwota, zł"), "money")),
        rows=tuple(sorted(totals.items())),
    )


def tabulate_readings(readings: Sequence[ReadingRow], year: int) -> FileTable:
    """Readings of a year, estimates named as such."""
    return FileTable(
        title=gettext("Odczyty %(year)s") % {"year": year},
        columns=(
            FileColumn(gettext("Medium")),
            FileColumn(gettext("Licznik")),
            FileColumn(gettext("Data"), "day"),
            FileColumn(gettext("Stan"), "number"),
            FileColumn(gettext("Zużycie"), "number"),
            FileColumn(gettext("J.m.")),
            FileColumn(gettext("Rodzaj odczytu")),
            FileColumn(gettext("Dokument")),
        ),
        rows=tuple(
            (
                row.medium,
                row.serial,
                row.read_on,
                _trimmed(row.value),
                _trimmed(row.consumption),
                format_unit(row.unit),
                gettext(ReadingKind(row.kind).label),
                row.document,
            )
            for row in readings
        ),
    )


def tabulate_settlements(settlements: Sequence[SettlementRow], year: int) -> FileTable:
    """Settlements of periods that end in the year. Result: plus is to be paid, minus is returned."""
    return FileTable(
        title=gettext("Rozliczenia mediów %(year)s") % {"year": year},
        columns=(
            FileColumn(gettext("Medium")),
            FileColumn(gettext("Okres od"), "day"),
            FileColumn(gettext("Okres do"), "day"),
            FileColumn(gettext("Dokument")),
            FileColumn(gettext("Zużycie"), "number"),
            FileColumn(gettext("J.m.")),
            FileColumn(gettext("Koszt, zł"), "money"),
            FileColumn(gettext("Zaliczki, zł"), "money"),
            FileColumn(gettext("Wynik, zł (plus: do zapłaty)"), "money"),
            FileColumn(gettext("Termin płatności"), "day"),
        ),
        rows=tuple(
            (
                row.medium,
                row.period_from,
                row.period_to,
                row.document,
                _trimmed(row.consumption),
                format_unit(row.unit),
                row.cost,
                row.advances,
                row.result,
                row.due_on,
            )
            for row in settlements
        ),
    )


def tabulate_balances(balances: Sequence[FundBalance]) -> FileTable:
    """Every balance that was supplied, the oldest first."""
    return FileTable(
        title=gettext("Salda"),
        columns=(
            FileColumn(gettext("Stan na"), "day"),
            FileColumn(gettext("Fundusz")),
            FileColumn(gettext("Saldo, zł"), "money"),
            FileColumn(gettext("Co oznacza")),
            FileColumn(gettext("Odsetki naliczone, niezaksięgowane, zł"), "money"),
        ),
        rows=tuple(
            (
                one.as_of,
                name_fund(one.fund),
                one.amount,
                "" if one.amount is None else name_balance(one.amount),
                one.interest,
            )
            for one in balances
        ),
    )


def tabulate_payments(payments: Sequence[Received]) -> FileTable:
    """What the bank received and the books do not contain yet; in no balance."""
    return FileTable(
        title=gettext("Wpłaty niezaksięgowane"),
        columns=(
            FileColumn(gettext("Data wpływu"), "day"),
            FileColumn(gettext("Tytuł wpłaty")),
            FileColumn(gettext("Kwota, zł"), "money"),
        ),
        rows=tuple((one.booked_on, one.title, one.amount) for one in payments),
    )


def tabulate_held(held: Sequence[HeldPremises], today: dt.date) -> FileTable:
    """Every title of the person, with its premises. How many live there is no business of a former owner."""
    return FileTable(
        title=gettext("Lokale i tytuły prawne"),
        columns=(
            FileColumn(gettext("Lokal")),
            FileColumn(gettext("Adres")),
            FileColumn(gettext("Rodzaj lokalu")),
            FileColumn(gettext("Powierzchnia, m²"), "number"),
            FileColumn(gettext("Udział w nieruchomości"), "number"),
            FileColumn(gettext("Liczba osób"), "number"),
            FileColumn(gettext("Tytuł prawny")),
            FileColumn(gettext("Od"), "day"),
            FileColumn(gettext("Do"), "day"),
            FileColumn(gettext("Udział w prawie")),
            FileColumn(gettext("Pozostali uprawnieni")),
        ),
        rows=tuple(_held_row(one, title, today) for one in held for title in one.titles),
    )


def _ledger_rows(one: AccountYear, year: int) -> Iterable[Row]:
    label = (name_fund(one.account.fund), f"{one.account.code} {one.account.name}".strip())
    opening = gettext("bilans otwarcia")
    if one.opening.amount is None:
        opening = gettext("bilans otwarcia nie został przekazany")
    yield (*label, opening, one.opening.on, None, None, None, None, None, one.opening.amount)
    entry_word = gettext("zapis")
    for entry in one.entries:
        yield (
            *label,
            entry_word,
            entry.posted_on,
            entry.document,
            entry.description,
            entry.due_on,
            entry.debit,
            entry.credit,
            entry.balance,
        )
    last_day = one.entries[-1].posted_on if one.entries else Year(year).last_day
    words = gettext("obroty i saldo końcowe")
    yield (*label, words, last_day, None, None, None, one.debit, one.credit, one.closing)


def _held_row(one: HeldPremises, title: HeldTitle, today: dt.date) -> Row:
    premises = one.premises
    share = f"{title.share_numerator}/{title.share_denominator}"
    if title.is_joint:
        share = gettext("%(share)s, wspólność łączna") % {"share": share}
    return (
        premises.code,
        address_of(premises),
        gettext(PremisesKind(premises.kind).label),
        _trimmed(premises.area),
        _trimmed(premises.share),
        premises.persons if one.is_present(today) else None,
        gettext(TitleKind(title.kind).label),
        title.starts_on,
        title.ends_on,
        share,
        ", ".join(one.co_owners),
    )


def _trimmed(quantity: Decimal | None) -> Decimal | None:
    """Without zeros at the end: `48.500000` is `48.5`; no exponent."""
    if quantity is None:
        return None
    trimmed = quantity.normalize()
    return trimmed.quantize(Decimal(1)) if trimmed == trimmed.to_integral_value() else trimmed
