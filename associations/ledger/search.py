"""Search in a holding's ledger: by words, days and side, over all years. Writes nothing.

What is found is added up per fund; such a sum is no balance. Amounts in złote, as supplied.
"""

import datetime as dt
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from associations.ledger.calculations import Entry
from associations.ledger.fund_history import FundHistory
from associations.ledger.history_queries import read_fund_histories
from associations.ledger.queries import AccountLabel, Books
from associations.money import add_up
from associations.profile.funds import FundLabel

LONGEST_TEXT = 100
"""Characters of a search text that count."""


class Side(Enum):
    """Which entries are looked for."""

    ALL = ""
    CREDITS = "wplaty"  # with a credit (uznania, wpłaty)
    DEBITS = "obciazenia"  # with a debit


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """What is looked for: every word of `text` in document, description or amount; days included."""

    text: str = ""
    first: dt.date | None = None
    last: dt.date | None = None
    side: Side = Side.ALL


@dataclass(frozen=True, slots=True)
class FoundEntry:
    """An entry that matches, and the account it stands on."""

    account: AccountLabel
    entry: Entry


@dataclass(frozen=True, slots=True)
class FoundInFund:
    """The entries of one fund that match, the latest first, with their sums."""

    fund: FundLabel
    entries: tuple[FoundEntry, ...]
    debit: Decimal
    credit: Decimal


def search_ledger(books: Books, wanted: LedgerFilter) -> list[FoundInFund]:
    """What matches, by fund in their order; openings (BO) are no entries. One query, two where openings are unstated."""
    funds = sorted(
        {books.accounts[account].fund for account in books.years_of}, key=lambda one: (one.position, one.id)
    )
    found = [_filter_fund(history, wanted) for history in read_fund_histories(books, funds)] if funds else []
    return [one for one in found if one.entries]


def matches(entry: Entry, wanted: LedgerFilter, words: Sequence[str]) -> bool:
    """Whether an entry is looked for; `words` are those of the text, folded."""
    if wanted.first and entry.posted_on < wanted.first:
        return False
    if wanted.last and entry.posted_on > wanted.last:
        return False
    if (wanted.side is Side.CREDITS and not entry.credit) or (wanted.side is Side.DEBITS and not entry.debit):
        return False
    if not words:
        return True
    text = fold(f"{entry.document} {entry.description} {_amounts(entry)}")
    return all(word in text for word in words)


def fold(text: str) -> str:
    """Small letters without accents: `Zaliczka ŁĄCZNA` → `zaliczka laczna`."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l"))
    return "".join(one for one in plain if not unicodedata.combining(one))


def _amounts(entry: Entry) -> str:
    """As people type them: `1234,56`."""
    return " ".join(
        f"{abs(amount):.2f}".replace(".", ",") for amount in (entry.debit, entry.credit) if amount
    )


def _filter_fund(history: FundHistory, wanted: LedgerFilter) -> FoundInFund:
    words = fold(wanted.text[:LONGEST_TEXT]).split()
    found = [
        FoundEntry(account.account, row.entry)
        for account in history.accounts
        for year in account.years
        for row in year.rows
        if matches(row.entry, wanted, words)
    ]
    return _add_up(history.fund, sorted(found, key=lambda one: one.entry.posted_on, reverse=True))


def _add_up(fund: FundLabel, found: Iterable[FoundEntry]) -> FoundInFund:
    entries = tuple(found)
    return FoundInFund(
        fund,
        entries,
        debit=add_up(one.entry.debit for one in entries),
        credit=add_up(one.entry.credit for one in entries),
    )
