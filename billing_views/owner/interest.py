"""Odsetki: what the manager supplied beside „Wyliczenie informacyjne portalu”, which can be checked by hand."""

from dataclasses import dataclass
from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.timezone import localdate
from django.utils.translation import gettext

from associations.ledger.explanations import find_fund
from associations.ledger.fund_balances import FundBalance, latest_fund_balances
from associations.ledger.history_queries import read_fund_history
from associations.ledger.interest import Interest, InterestLine
from associations.ledger.interest_statements import InterestStatement, state_interest
from associations.ledger.queries import read_books
from associations.profile.funds import FundLabel
from associations.profile.models import AssociationProfile
from billing_views.owner.balances import name_supplied_interest
from billing_views.owner.chosen_days import DayField, DayForm, chosen_day
from billing_views.owner.entry import owner_page
from billing_views.owner.known_rates import rates_of, reads_rates
from billing_views.owner.place import Links, Place
from billing_views.owner.words import name_fund, say_no_data
from billing_views.parts.formatting import format_day, format_money, format_rate, format_zloty
from billing_views.parts.notices import EmptyState
from billing_views.parts.page import Page

FIRST, LAST = "od", "do"


class LineRow(NamedTuple):
    """A line of the computation as text, unpacked by its template."""

    days_of: str
    days: int
    overdue: str
    rate: str
    source: str
    formula: str
    amount: str


@dataclass(frozen=True, slots=True)
class InterestPage:
    """Context of `owner/interest.html`."""

    page: Page
    form: DayForm | None = None
    supplied_label: str = ""
    supplied: str = ""
    supplied_note: str = ""
    computed: str = ""
    computed_note: str = ""
    comparison: str = ""
    caption: str = ""
    rows: tuple[LineRow, ...] = ()
    nothing: str = ""
    assumptions: tuple[str, ...] = ()
    explanation_url: str = ""
    empty: EmptyState | None = None


@reads_rates
@owner_page
def show_interest(request: HttpRequest, place: Place, fund_id: int) -> HttpResponse:
    """The interest of a fund from `?od=` to `?do=`, else since the last document of interest."""
    books = read_books(place.holding)
    balances = latest_fund_balances(place.holding, is_opened_by_books=books.is_opened_by_books)
    fund = find_fund(books, balances, fund_id)
    if fund is None:
        raise Http404
    statement = state_interest(
        read_fund_history(books, fund),
        rates_of(request),
        next((one for one in balances if one.fund == fund and one.amount is not None), None),
        today=localdate(),
        first=chosen_day(request.GET, FIRST),
        last=chosen_day(request.GET, LAST),
    )
    context = _compose(place, fund, statement)
    return TemplateResponse(request, "owner/interest.html", {"page": context.page, "interest": context})


def _compose(place: Place, fund: FundLabel, statement: InterestStatement | None) -> InterestPage:
    links = place.links
    here = Links.path_of("interest", fund_id=fund.id)
    title = gettext("Odsetki: %(fund)s") % {"fund": name_fund(fund)}
    page = place.page(title, "ledger", here=here, back_url=links.to("ledger"))
    if statement is None or statement.interest is None:
        return InterestPage(page, empty=_say_nothing_known(place.profile, statement))
    interest, supplied = statement.interest, statement.supplied
    return InterestPage(
        page=page,
        form=_draw_form(links, here, statement, interest),
        supplied_label=name_supplied_interest(place.profile),
        supplied=_say_supplied(supplied),
        supplied_note=_say_as_of(supplied),
        computed=format_zloty(interest.total),
        computed_note=gettext("za okres od %(first)s do %(last)s")
        % {"first": format_day(interest.first), "last": format_day(interest.last)},
        comparison=_compare(statement, interest),
        caption=gettext("Wyliczenie od %(first)s do %(last)s")
        % {"first": format_day(interest.first), "last": format_day(interest.last)},
        rows=tuple(_draw_line(line) for line in interest.lines),
        nothing="" if interest.lines else gettext("W tym czasie nic nie było po terminie płatności."),
        assumptions=tuple(_say_assumptions(statement, interest)),
        explanation_url=links.to("explanation", fund_id=fund.id),
    )


def _say_nothing_known(profile: AssociationProfile, statement: InterestStatement | None) -> EmptyState:
    if statement is None:
        return EmptyState(say_no_data(profile))
    return EmptyState(
        gettext("Portal nie może wyliczyć odsetek."),
        gettext("Bilans otwarcia nie został przekazany, więc nie wiadomo, ile było do zapłaty."),
    )


def _draw_form(links: Links, here: str, statement: InterestStatement, interest: Interest) -> DayForm:
    bounds = (
        statement.known_since.isoformat() if statement.known_since else "",
        max(localdate(), statement.known_until).isoformat(),
    )
    fields = (
        DayField(FIRST, gettext("Od dnia"), interest.first.isoformat(), *bounds),
        DayField(LAST, gettext("Do dnia"), interest.last.isoformat(), *bounds),
    )
    return DayForm(links.base + here, fields, links.kept)


def _say_supplied(supplied: FundBalance | None) -> str:
    if supplied is None or supplied.interest is None:
        return gettext("nie podano")
    return format_zloty(supplied.interest)


def _say_as_of(supplied: FundBalance | None) -> str:
    if supplied is None or supplied.interest is None or supplied.as_of is None:
        return ""
    return gettext("stan na %(day)s") % {"day": format_day(supplied.as_of)}


def _compare(statement: InterestStatement, interest: Interest) -> str:
    """Only figures of the same time can be compared."""
    supplied = statement.supplied
    if not statement.is_comparable or supplied is None or supplied.interest is None:
        return ""
    difference = supplied.interest - interest.total
    if not difference:
        return gettext("Obie kwoty są równe.")
    return gettext(
        "Kwoty różnią się o %(difference)s. Obowiązuje kwota podana; portal nie zna uchwał, umów ani ugód, "
        "które mogą zmieniać sposób liczenia. O wyjaśnienie prosimy pytać w biurze."
    ) % {"difference": format_zloty(abs(difference))}


def _draw_line(line: InterestLine) -> LineRow:
    rate = f"{format_rate(line.rate.annual_percent)}%"
    overdue = format_money(line.overdue)
    return LineRow(
        days_of=gettext("%(first)s – %(last)s")
        % {"first": format_day(line.first), "last": format_day(line.last)},
        days=line.days,
        overdue=overdue,
        rate=rate,
        source=line.rate.source,
        formula=f"{overdue} × {rate} × {line.days} ÷ 365",
        amount=format_money(line.amount),
    )


def _say_assumptions(statement: InterestStatement, interest: Interest) -> list[str]:
    sentences = [
        gettext(
            "To wyliczenie informacyjne: odsetki ustawowe za opóźnienie (art. 481 § 2 Kodeksu cywilnego) "
            "od kwoty, która danego dnia była po terminie płatności."
        ),
        gettext(
            "Każdy wiersz: kwota × stopa × dni ÷ 365, zaokrąglone do grosza. W roku przestępnym też 365."
        ),
        gettext(
            "Pierwszym dniem jest dzień po terminie płatności, dzień wpłaty liczy się jeszcze jako dzień opóźnienia. "
            "Termin, który wypada w dzień wolny od pracy, przechodzi na najbliższy dzień roboczy."
        ),
        gettext("Założenie: wpłaty pokrywają najstarsze należności."),
        gettext(
            "Od odsetek nie liczy się odsetek: pominięto dokumenty, których nazwa zaczyna się od ODS lub NO, "
            "oraz ich bilans otwarcia (BO ODS, BO NO). Pozostały bilans otwarcia pierwszego roku liczy się w całości."
        ),
    ]
    if statement.since_document:
        sentences.insert(
            0,
            gettext(
                "Liczymy od dnia po ostatnim dokumencie odsetkowym (%(day)s): odsetki do tego dnia są już w saldzie."
            )
            % {"day": format_day(statement.since_document)},
        )
    if interest.last > statement.known_until:
        sentences.insert(
            0,
            gettext("Wpłaty zaksięgowane po %(day)s nie są tu uwzględnione.")
            % {"day": format_day(statement.known_until)},
        )
    return sentences
