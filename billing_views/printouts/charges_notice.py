"""Zawiadomienie o wysokości opłat: the components of a month, what is due when, and where to pay."""

from collections.abc import Sequence
from dataclasses import dataclass

from associations.charges.calculations import ChargeRow, FundCharges, due_days, group_by_fund
from associations.money import add_up
from associations.periods import Month
from associations.profile.models import AssociationProfile
from billing_views.owner.words import name_fund
from billing_views.parts.formatting import (
    NO_BREAK_SPACE,
    format_day,
    format_money,
    format_month_words,
    format_quantity,
    format_rate,
    format_unit,
    format_zloty,
)
from billing_views.printouts.paper import (
    Block,
    Facts,
    Paper,
    PaperColumn,
    PaperTable,
    Sentence,
    Transfer,
    Transfers,
)
from billing_views.printouts.place_words import PaperPlace

COLUMNS = (
    PaperColumn("Składnik", wide=True),
    PaperColumn("Ilość", "figure"),
    PaperColumn("Stawka", "figure"),
    PaperColumn("Kwota, zł", "figure"),
)


@dataclass(frozen=True, slots=True)
class NoticeOptions:
    """Where to pay, the newest day of data in words ("" if unknown), and the lines of the envelope of a letter."""

    transfers: tuple[Transfer, ...] = ()
    published: str = ""
    recipient: tuple[str, ...] = ()


def compose_notice(
    profile: AssociationProfile,
    place: PaperPlace,
    month: Month,
    rows: Sequence[ChargeRow],
    options: NoticeOptions,
) -> Paper:
    """The notice of a month. Amounts as supplied; totals are sums of rounded lines."""
    words = format_month_words(month.first_day).replace(" ", NO_BREAK_SPACE)
    funds = group_by_fund(rows, ())
    total = add_up(one.total for one in funds)
    named, moved = due_days(month, profile.due_day)
    due = format_day(named) + (
        "" if named == moved else f" (dzień wolny; wpłata do {format_day(moved)} jest w terminie)"
    )
    blocks: list[Block] = [
        Facts((*place.pairs, ("Termin płatności", due), ("Razem za miesiąc", format_zloty(total)))),
        *(_draw_table(one, is_only=len(funds) == 1) for one in funds),
    ]
    if options.transfers:
        blocks.append(Transfers(options.transfers))
    notes = [options.published, "Zawiadomienie nie obejmuje salda z poprzednich miesięcy."]
    blocks.append(Sentence(" ".join(one for one in notes if one), "note"))
    return Paper(
        title=f"{_name(profile)} {words}",
        recipient=options.recipient,
        blocks=tuple(blocks),
        foot=place.foot,
    )


def _name(profile: AssociationProfile) -> str:
    """A cooperative notifies of charges for using the premises, a community of advances."""
    what = "opłat" if profile.is_cooperative else "opłat i zaliczek"
    return f"Zawiadomienie o wysokości {what} za"


def _draw_table(one: FundCharges, *, is_only: bool) -> PaperTable:
    name = name_fund(one.fund)
    return PaperTable(
        caption="Składniki opłat" if is_only else name,
        columns=COLUMNS,
        rows=tuple(_draw_row(compared.row) for compared in one.rows),
        foot=(("Razem" if is_only else f"Razem: {name}", "", "", format_money(one.total)),),
    )


def _draw_row(row: ChargeRow) -> tuple[str, ...]:
    unit = format_unit(row.unit)
    quantity = format_quantity(row.quantity)
    rate = format_rate(row.rate)
    return (
        row.name or row.code,
        f"{quantity}{NO_BREAK_SPACE}{unit}".strip() if quantity else "",
        f"{rate}{NO_BREAK_SPACE}zł{f'/{unit}' if unit else ''}" if rate else "",
        format_money(row.amount),
    )
