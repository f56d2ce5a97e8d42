"""Kartoteka lokalu of a year: a table per account with opening, entries, turnover and closing."""

from collections.abc import Sequence

from billing_views.owner.ledger import LedgerSection
from billing_views.parts.formatting import format_day, format_money, format_signed_money, name_balance
from billing_views.printouts.paper import Block, Facts, Paper, PaperColumn, PaperTable, Sentence
from billing_views.printouts.place_words import MADE_BY_PORTAL, PaperPlace

COLUMNS = (
    PaperColumn("Data"),
    PaperColumn("Dokument"),
    PaperColumn("Opis", wide=True),
    PaperColumn("Obciążenia, zł", "figure"),
    PaperColumn("Uznania, zł", "figure"),
    PaperColumn("Saldo, zł", "figure"),
)
LEGEND = "Saldo ze znakiem minus oznacza niedopłatę, ze znakiem plus nadpłatę. Sald różnych funduszy nie sumuje się."


def compose_ledger(
    place: PaperPlace, year: int, sections: Sequence[LedgerSection], notes: Sequence[str]
) -> Paper:
    """The sections of the page, in their order."""
    blocks: list[Block] = [Facts(place.pairs), *(_draw_section(one) for one in sections)]
    blocks += [Sentence(" ".join((LEGEND, *notes)), "note"), Sentence(MADE_BY_PORTAL, "note")]
    return Paper(title=f"Kartoteka lokalu, rok {year}", blocks=tuple(blocks), foot=place.foot)


def _draw_section(one: LedgerSection) -> PaperTable:
    opening = (
        format_day(one.opening.on),
        one.opening_document,
        one.opening_words,
        "",
        "",
        format_signed_money(one.opening.amount),
    )
    foot = [("", "", f"Obroty {one.year}", format_money(one.debit), format_money(one.credit), "")]
    if one.closing is not None:
        words = f"Saldo końcowe na {format_day(one.closing_on)}: {name_balance(one.closing)}"
        foot.append(("", "", words, "", "", format_signed_money(one.closing)))
    rows = ((row.day, row.document, row.description, row.debit, row.credit, row.balance) for row in one.rows)
    return PaperTable(one.caption, COLUMNS, (opening, *rows), tuple(foot))
