"""Potwierdzenie salda on a day: each fund apart, in figures and in a word, and what it is based on."""

from associations.ledger.confirmations import Basis, Confirmation, ConfirmedBalance
from associations.profile.models import AssociationProfile
from billing_views.owner.words import name_fund
from billing_views.parts.formatting import (
    format_day,
    format_day_words,
    format_money,
    format_signed_money,
    format_zloty,
    name_balance,
)
from billing_views.printouts.paper import Block, Facts, Paper, PaperColumn, PaperTable, Sentence, Signature
from billing_views.printouts.place_words import MADE_BY_PORTAL, PaperPlace

COLUMNS = (
    PaperColumn("Fundusz", wide=True),
    PaperColumn("Saldo, zł", "figure"),
    PaperColumn("Co oznacza"),
    PaperColumn("Odsetki niezaksięgowane, zł", "figure"),
    PaperColumn("Podstawa"),
)
BASES = {
    Basis.ENTRIES: "zapisy w kartotece",
    Basis.UNKNOWN: "nie można ustalić",
}
LEGEND = (
    "Saldo to suma wpłat i innych uznań pomniejszona o obciążenia: znak minus oznacza niedopłatę, znak plus nadpłatę."
    " Sald różnych funduszy nie sumuje się."
)
UNKNOWN = (
    "Salda oznaczonego „nie można ustalić” nie da się podać z danych portalu (brak bilansu otwarcia albo rozliczenia"
    " po zmianie właściciela). Prosimy o kontakt z biurem."
)


def compose_confirmation(
    profile: AssociationProfile, place: PaperPlace, confirmation: Confirmation, published: str
) -> Paper:
    """`published`: the sentence that says when the data were published, "" if unknown."""
    day = format_day_words(confirmation.day)
    who = "Spółdzielnia" if profile.is_cooperative else "Wspólnota"
    blocks: list[Block] = [
        Facts((*place.pairs, ("Stan na dzień", day))),
        PaperTable("Salda", COLUMNS, tuple(_draw_row(one, profile) for one in confirmation.balances)),
        *(Sentence(_say(one, day)) for one in confirmation.balances if one.amount is not None),
        Sentence(_say_basis(confirmation, who)),
    ]
    if any(one.basis is Basis.UNKNOWN for one in confirmation.balances):
        blocks.append(Sentence(UNKNOWN))
    notes = (LEGEND, _say_interest(profile, confirmation), published)
    blocks += [Sentence(" ".join(filter(None, notes)), "note"), Signature(MADE_BY_PORTAL)]
    return Paper(
        title=f"Potwierdzenie salda na dzień {format_day(confirmation.day)}",
        blocks=tuple(blocks),
        foot=place.foot,
    )


def _draw_row(one: ConfirmedBalance, profile: AssociationProfile) -> tuple[str, ...]:
    supplier = "spółdzielnię" if profile.is_cooperative else "zarządcę"
    return (
        name_fund(one.fund),
        format_signed_money(one.amount),
        "" if one.amount is None else name_balance(one.amount),
        format_money(one.interest),
        BASES.get(one.basis, f"saldo podane przez {supplier}"),
    )


def _say(one: ConfirmedBalance, day: str) -> str:
    """`Fundusz remontowy: na 31 października 2026 niedopłata 120,00 zł`, as a sentence."""
    if not one.amount:
        return f"{name_fund(one.fund)}: na {day} konto jest rozliczone (0,00 zł)."
    return f"{name_fund(one.fund)}: na {day} {name_balance(one.amount)} {format_zloty(abs(one.amount))}."


def _say_basis(confirmation: Confirmation, who: str) -> str:
    sentence = (
        f"{who} potwierdza salda na podstawie danych z programu księgowego, opublikowanych w portalu; obejmują one"
        f" dokumenty zaksięgowane do {format_day(confirmation.day)}."
    )
    if any(one.basis is Basis.ENTRIES for one in confirmation.balances):
        sentence += (
            " Saldo z zapisów w kartotece to bilans otwarcia roku, powiększony o uznania i pomniejszony o obciążenia"
            " zaksięgowane do tego dnia."
        )
    return sentence


def _say_interest(profile: AssociationProfile, confirmation: Confirmation) -> str:
    if not any(one.interest for one in confirmation.balances):
        return ""
    if profile.balance_includes_interest:
        return "Odsetki niezaksięgowane są już wliczone w saldo."
    return "Odsetki niezaksięgowane podano osobno, nie wchodzą do salda."
