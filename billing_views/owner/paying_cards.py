"""What „Dane do przelewu” shows per fund: what is owed and why, what to copy into the bank's form, the code to scan."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from associations.payments.transfers import AccountState, CodeObstacle, DueSource, FundDue, TransferData
from associations.profile.bank_accounts import format_nrb
from billing_views.owner.paying_form import AmountForm, Typed, anchor_of, draw_form
from billing_views.owner.place import Links
from billing_views.owner.words import name_fund
from billing_views.parts.formatting import (
    NO_BREAK_SPACE,
    BalanceState,
    format_day,
    format_day_words,
    format_money,
    format_zloty,
    judge_balance,
    name_balance,
)
from billing_views.parts.qr_codes import QrPicture, draw_qr_code

SIX_DIGITS = Decimal("9999.99")
"""The largest amount of the six digits that the recommendation keeps for it."""


@dataclass(frozen=True, slots=True)
class TransferLine:
    """A line of the bank's form. `copied` is what the button copies; `kind`: "", "code", "sum" or "polish" (a title)."""

    label: str
    text: str
    copied: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class TransferCard:
    """One fund as `owner/paying_card.html` reads it."""

    anchor: str
    title: str
    state: BalanceState | None
    state_word: str
    statement: str
    remarks: tuple[str, ...]
    lines: tuple[TransferLine, ...]
    picture: QrPicture | None
    picture_note: str
    form: AmountForm


def draw_card(
    transfer: TransferData, typed: Mapping[int, Typed], links: Links, *, is_only: bool
) -> TransferCard:
    """The card of a fund; `is_only`: the premises has one fund, which then needs no name."""
    due = transfer.due
    return TransferCard(
        anchor=anchor_of(due.fund.id),
        title=gettext("Opłaty za lokal") if is_only else name_fund(due.fund),
        state=judge_balance(due.balance) if due.balance is not None else None,
        state_word=name_balance(due.balance) if due.balance is not None else "",
        statement=_say_due(due),
        remarks=tuple(_remarks(due)),
        lines=tuple(_lines(transfer)),
        picture=_draw_picture(transfer),
        picture_note=_say_code(transfer),
        form=draw_form(transfer, typed, links),
    )


def _say_due(due: FundDue) -> str:
    if due.source is DueSource.WITHHELD:
        return gettext(
            "Saldo po zmianie właściciela nie zostało jeszcze rozliczone, prosimy o kontakt z biurem."
        )
    if due.balance is None:
        return gettext("Salda nie przekazano.")
    if due.balance > 0:
        return gettext("Nic do zapłaty (nadpłata %(amount)s)") % {"amount": format_zloty(due.balance)}
    if due.balance == 0:
        return gettext("Nic do zapłaty (saldo 0,00 zł)")
    return gettext("Do zapłaty %(amount)s") % {"amount": format_zloty(due.owed)}


def _remarks(due: FundDue) -> list[str]:
    if due.source is DueSource.UNKNOWN:
        return [gettext("Kwotę wpisz według zawiadomienia o opłatach albo zapytaj w biurze.")]
    said = []
    if due.as_of:
        words = {"day": format_day_words(due.as_of)}
        if due.source is DueSource.SUPPLIED:
            said.append(gettext("Saldo podane przez biuro, stan na %(day)s.") % words)
        else:
            said.append(gettext("Saldo wynika z wpisów w kartotece do %(day)s.") % words)
        said.append(
            gettext("Nie obejmuje opłat i wpłat zaksięgowanych po %(day)s.") % {"day": format_day(due.as_of)}
        )
    if due.interest and due.is_interest_included:
        said.append(
            gettext("W saldo są już wliczone odsetki %(amount)s.") % {"amount": format_zloty(due.interest)}
        )
    elif due.interest:
        said.append(
            gettext(
                "Odsetki naliczone, niezaksięgowane: %(amount)s. Nie są wliczone w kwotę; możesz je doliczyć niżej."
            )
            % {"amount": format_zloty(due.interest)}
        )
    return said


def _lines(transfer: TransferData) -> list[TransferLine]:
    recipient = transfer.recipient
    lines = [TransferLine(gettext("Odbiorca"), recipient.name, recipient.name)]
    if recipient.address:
        lines.append(TransferLine(gettext("Adres odbiorcy"), recipient.address, recipient.address))
    if transfer.nrb:
        lines.append(
            TransferLine(gettext("Numer rachunku"), format_nrb(transfer.nrb, blank=" "), transfer.nrb, "code")
        )
    else:
        lines.append(TransferLine(gettext("Numer rachunku"), _say_account(transfer.account)))
    lines.append(TransferLine(gettext("Tytuł"), transfer.title, transfer.title, "polish"))
    if transfer.part and transfer.interest_part:
        lines.append(TransferLine(gettext("Należność"), format_zloty(transfer.part)))
    if transfer.interest_part:
        lines.append(TransferLine(gettext("Odsetki"), format_zloty(transfer.interest_part)))
    if transfer.amount:
        copied = format_money(transfer.amount).replace(NO_BREAK_SPACE, "")
        lines.append(TransferLine(gettext("Kwota"), format_zloty(transfer.amount), copied, "sum"))
    return lines


def _say_account(state: AccountState) -> str:
    if state is AccountState.WRONG:
        return gettext("numer rachunku poda biuro (numer w danych biura ma błędne cyfry kontrolne)")
    if state is AccountState.FORMER:
        return gettext("numer rachunku poda biuro (rachunek lokalu służy temu, kto ma do niego teraz tytuł)")
    return gettext("numer rachunku poda biuro")


def _draw_picture(transfer: TransferData) -> QrPicture | None:
    if not transfer.code:
        return None
    label = gettext("Kod QR przelewu: %(amount)s, %(fund)s") % {
        "amount": format_zloty(transfer.amount),
        "fund": name_fund(transfer.due.fund),
    }
    return draw_qr_code(transfer.code, label)


def _say_code(transfer: TransferData) -> str:
    if transfer.obstacle is CodeObstacle.NO_ACCOUNT:
        return ""
    if transfer.obstacle is CodeObstacle.NO_NIP:
        return gettext("Kodu QR nie ma, bo biuro nie podało NIP, którego wymagają banki.")
    if transfer.obstacle is CodeObstacle.NO_AMOUNT:
        return gettext("Kod QR pojawi się po wpisaniu kwoty.")
    if transfer.amount and transfer.amount > SIX_DIGITS:
        return gettext(
            "Zeskanuj w aplikacji banku i sprawdź kwotę: nie każda aplikacja czyta kwoty od 10 000 zł."
        )
    return gettext("Zeskanuj w aplikacji banku. Przed wysłaniem sprawdź odbiorcę, numer i kwotę.")
