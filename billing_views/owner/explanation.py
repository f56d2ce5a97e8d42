"""Skąd to saldo: opening, documents and sums of one fund on a day, with the file that each document came from."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext

from associations.ledger.calculations import OpeningKind
from associations.ledger.explanations import AccountStatement, BalanceExplanation, explain_balance, find_fund
from associations.ledger.fund_balances import FundBalance, latest_fund_balances
from associations.ledger.fund_history import SourcedEntry
from associations.ledger.queries import read_books
from associations.periods import Year
from associations.profile.funds import FundLabel
from billing_views.owner.balances import say_difference
from billing_views.owner.chosen_days import DayField, DayForm, chosen_day
from billing_views.owner.debts import draw_debts
from billing_views.owner.entry import owner_page
from billing_views.owner.ledger import name_account, say_opening
from billing_views.owner.place import Links, Place
from billing_views.owner.sources import FileNumbers, draw_files, number_files
from billing_views.owner.words import name_fund, say_no_data
from billing_views.parts.formatting import (
    format_day,
    format_money,
    format_signed_money,
    format_zloty,
    name_balance,
)
from billing_views.parts.notices import EmptyState, Notice
from billing_views.parts.page import Page
from billing_views.parts.tables import Table

DAY = "dzien"


class DocumentRow(NamedTuple):
    """A document as text, unpacked by its template."""

    day: str
    document: str
    description: str
    debit: str
    credit: str
    source: str


@dataclass(frozen=True, slots=True)
class DocumentsTable:
    """The documents of one account as `owner/documents_of_balance.html` reads them."""

    caption: str
    opening_on: str
    opening_document: str
    opening_words: str
    opening: str
    opening_source: str
    opening_url: str | None
    rows: tuple[DocumentRow, ...]
    debit: str
    credit: str
    closing_words: str
    closing: str


@dataclass(frozen=True, slots=True)
class ExplanationPage:
    """Context of `owner/explanation.html`."""

    page: Page
    form: DayForm | None
    heading: str = ""
    steps: tuple[tuple[str, str], ...] = ()
    verdict: Notice | None = None
    debts: Table | None = None
    not_due: Table | None = None
    debts_note: str = ""
    interest_url: str | None = None
    documents: tuple[DocumentsTable, ...] = ()
    files: Table | None = None
    notes: tuple[str, ...] = ()
    empty: EmptyState | None = None


@owner_page
def show_explanation(request: HttpRequest, place: Place, fund_id: int) -> HttpResponse:
    """What the balance of a fund is made of on `?dzien=`, else on the day of the latest balance."""
    books = read_books(place.holding)
    balances = latest_fund_balances(place.holding, is_opened_by_books=books.is_opened_by_books)
    fund = find_fund(books, balances, fund_id)
    if fund is None:
        raise Http404
    found = explain_balance(
        books,
        fund,
        balances=balances,
        includes_interest=place.profile.balance_includes_interest,
        day=chosen_day(request.GET, DAY),
    )
    context = _compose(place, fund, found)
    return TemplateResponse(request, "owner/explanation.html", {"page": context.page, "explanation": context})


def _compose(place: Place, fund: FundLabel, found: BalanceExplanation | None) -> ExplanationPage:
    links = place.links
    here = Links.path_of("explanation", fund_id=fund.id)
    page = place.page(
        gettext("Skąd to saldo: %(fund)s") % {"fund": name_fund(fund)},
        "ledger",
        here=here,
        back_url=links.to("ledger"),
    )
    if found is None:
        text = gettext("Do tego salda nie przekazano wpisów, więc portal nie może go rozłożyć na dokumenty.")
        return ExplanationPage(page, None, empty=EmptyState(say_no_data(place.profile), text))
    numbers = number_files(found.files)
    arrears = found.standing.arrears
    return ExplanationPage(
        page=page,
        form=_draw_form(links, here, found),
        heading=gettext("Saldo na %(day)s") % {"day": format_day(found.day)},
        steps=_draw_steps(found, place, numbers),
        verdict=_judge(found),
        debts=draw_debts(arrears.debts, arrears.on, is_due=True) if arrears else None,
        not_due=draw_debts(arrears.not_due, arrears.on, is_due=False) if arrears else None,
        debts_note=_say_debts(found),
        interest_url=links.to("interest", fund_id=fund.id),
        documents=tuple(_draw_documents(one, found, numbers, links) for one in found.accounts),
        files=draw_files(found.files, numbers, place.profile.name),
        notes=_say_restatements(found),
    )


def _draw_form(links: Links, here: str, found: BalanceExplanation) -> DayForm:
    field = DayField(
        DAY,
        gettext("Saldo na dzień"),
        found.day.isoformat(),
        found.first_day.isoformat(),
        found.last_day.isoformat(),
    )
    return DayForm(links.base + here, (field,), links.kept)


def _draw_steps(found: BalanceExplanation, place: Place, numbers: FileNumbers) -> tuple[tuple[str, str], ...]:
    """The sum as it is done on paper; without an opening only what was posted."""
    openings = [one.year.opening.amount for one in found.accounts]
    known = [amount for amount in openings if amount is not None]
    steps = []
    if len(known) == len(openings):
        start = max((one.year.opening.on for one in found.accounts), default=found.day)
        words = gettext("Bilans otwarcia %(day)s") % {"day": format_day(start)}
        steps.append((words, format_zloty(sum(known, Decimal("0.00")), is_signed=True)))
    credit = sum((one.credit for one in found.accounts), Decimal("0.00"))
    debit = sum((one.debit for one in found.accounts), Decimal("0.00"))
    steps.append((gettext("plus uznania (wpłaty)"), format_zloty(credit)))
    steps.append((gettext("minus obciążenia"), format_zloty(debit)))
    standing = found.standing
    if standing.computed is not None:
        steps.append((gettext("równa się: saldo z wpisów"), _say_balance(standing.computed)))
    if standing.supplied and standing.supplied.amount is not None:
        label = _name_supplied(standing.supplied, place, numbers)
        steps.append((label, _say_balance(standing.supplied.amount)))
    return tuple(steps)


def _name_supplied(supplied: FundBalance, place: Place, numbers: FileNumbers) -> str:
    """Who supplied the balance, and in which line of which file."""
    label = (
        gettext("saldo podane przez spółdzielnię")
        if place.profile.is_cooperative
        else gettext("saldo podane przez zarządcę")
    )
    places = ", ".join(numbers.say(one) for one in supplied.sources)
    return (
        gettext("%(balance)s (plik %(places)s)") % {"balance": label, "places": places} if places else label
    )


def _say_balance(amount: Decimal) -> str:
    return f"{format_zloty(amount, is_signed=True)} ({name_balance(amount)})"


def _judge(found: BalanceExplanation) -> Notice | None:
    standing = found.standing
    if standing.computed is None:
        return Notice(
            gettext("Bilans otwarcia nie został przekazany."),
            gettext("Portal zna tylko wpisy i nie może z nich wyliczyć salda."),
        )
    if standing.difference is None:
        return None
    if not standing.difference:
        return Notice(gettext("Suma wpisów zgadza się z podanym saldem."), kind="good")
    return Notice(
        say_difference(standing),
        gettext("Obowiązuje saldo podane. O wyjaśnienie różnicy prosimy pytać w biurze."),
        kind="bad",
    )


def _say_debts(found: BalanceExplanation) -> str:
    arrears = found.standing.arrears
    if arrears is None:
        return ""
    if not arrears.debts:
        return gettext("Na %(day)s nic nie było po terminie płatności.") % {"day": format_day(arrears.on)}
    return gettext(
        "Portal przyjmuje, że wpłaty pokrywają najstarsze należności. Termin, który wypada w dzień wolny od pracy, "
        "przechodzi na najbliższy dzień roboczy. Należność bez terminu liczy się od dnia zaksięgowania."
    )


def _draw_documents(
    one: AccountStatement, found: BalanceExplanation, numbers: FileNumbers, links: Links
) -> DocumentsTable:
    opening = one.year.opening
    former = Year(found.day.year - 1).last_day
    is_carried = opening.kind is OpeningKind.CARRIED
    here = f"{Links.path_of('explanation', fund_id=found.standing.fund.id)}?{DAY}={former.isoformat()}"
    return DocumentsTable(
        caption=gettext("%(account)s, dokumenty od %(first)s do %(last)s")
        % {
            "account": name_account(one.account, is_only_account=len(found.accounts) == 1),
            "first": format_day(max(opening.on, Year(found.day.year).first_day)),
            "last": format_day(found.day),
        },
        opening_on=format_day(opening.on),
        opening_document=gettext("BO") if one.year.stated_by else "",
        opening_words=say_opening(opening),
        opening=format_signed_money(opening.amount),
        opening_source=", ".join(numbers.say(row.source) for row in one.year.stated_by),
        opening_url=links.below(here) if is_carried else None,
        rows=tuple(_draw_row(row, numbers) for row in one.year.rows),
        debit=format_money(one.debit),
        credit=format_money(one.credit),
        closing_words=gettext("Saldo z wpisów na %(day)s") % {"day": format_day(found.day)},
        closing=format_signed_money(one.closing),
    )


def _draw_row(row: SourcedEntry, numbers: FileNumbers) -> DocumentRow:
    entry = row.entry
    return DocumentRow(
        day=format_day(entry.posted_on),
        document=entry.document,
        description=entry.description,
        debit=format_money(entry.debit) if entry.debit or not entry.credit else "",
        credit=format_money(entry.credit) if entry.credit else "",
        source=numbers.say(row.source),
    )


def _say_restatements(found: BalanceExplanation) -> tuple[str, ...]:
    sentences: Sequence[str] = [
        gettext(
            "Konto %(account)s: bilans otwarcia roku %(year)s (%(stated)s) różni się od salda końcowego roku "
            "poprzedniego (%(expected)s). Portal pokazuje oba tak, jak zostały przekazane."
        )
        % {
            "account": one.account.code,
            "year": one.year,
            "stated": format_zloty(one.stated, is_signed=True),
            "expected": format_zloty(one.expected, is_signed=True),
        }
        for one in found.restatements
    ]
    return tuple(sentences)
