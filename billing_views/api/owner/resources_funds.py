"""What a fund's balance is made of and the interest on it: plain values, from the queries of the pages that say so."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import Http404
from django.utils.timezone import localdate

from associations.ledger.explanations import AccountStatement, BalanceExplanation, explain_balance, find_fund
from associations.ledger.fund_balances import FundBalance, latest_fund_balances
from associations.ledger.fund_history import SourcedEntry
from associations.ledger.history_queries import read_fund_history
from associations.ledger.interest import InterestLine
from associations.ledger.interest_statements import state_interest
from associations.ledger.overdue import OpenDebt
from associations.ledger.queries import Books, read_books
from associations.ledger.rates import InterestRate
from associations.premises.access import OpenHolding
from associations.profile.funds import FundLabel
from associations.profile.models import AssociationProfile
from associations.row_sources import FileKey, is_harmless_name, key_of
from billing_views.api.owner.resources import describe_account, describe_fund

NOTHING_POSTED: dict[str, Any] = {
    **dict.fromkeys(("day", "computed", "supplied", "difference", "overdue")),
    **dict.fromkeys(("debts", "not_due", "accounts", "files"), ()),
}
NOTHING_COMPUTED: dict[str, Any] = {**dict.fromkeys(("first", "last", "total")), "lines": ()}
Found = tuple[Books, list[FundBalance], FundLabel]


def describe_explanation(
    holding: OpenHolding, profile: AssociationProfile, fund_id: int, *, day: dt.date | None = None
) -> dict[str, Any]:
    """The balance of a fund on the day, else that of the latest one supplied, document by document.

    A day outside the data becomes the nearest one, as on the page. Http404 for another fund.
    """
    books, balances, fund = _open_fund(holding, fund_id)
    found = explain_balance(
        books, fund, balances=balances, includes_interest=profile.balance_includes_interest, day=day
    )
    if found is None:
        return {"fund": describe_fund(fund), **NOTHING_POSTED}
    standing, numbers = found.standing, {key: number for number, key in enumerate(found.files, 1)}
    arrears = standing.arrears
    return {
        "fund": describe_fund(fund),
        "day": found.day,
        "computed": standing.computed,
        "supplied": standing.supplied.amount if standing.supplied else None,
        "difference": standing.difference,
        "overdue": arrears.overdue if arrears else None,
        "debts": [_describe_debt(one) for one in arrears.debts] if arrears else (),
        "not_due": [_describe_debt(one) for one in arrears.not_due] if arrears else (),
        "accounts": [_describe_statement(one, numbers) for one in found.accounts],
        "files": _describe_files(found, profile),
    }


def describe_interest(
    holding: OpenHolding,
    fund_id: int,
    rates: Sequence[InterestRate],
    *,
    first: dt.date | None = None,
    day: dt.date | None = None,
) -> dict[str, Any]:
    """The interest of a fund, line by line, beside the figure supplied.

    From `first`, else since the last document of interest, up to the day, else to that of the supplied balance; a day
    outside the data or to come becomes the nearest one.
    """
    books, balances, fund = _open_fund(holding, fund_id)
    supplied = next((one for one in balances if one.fund == fund and one.amount is not None), None)
    statement = state_interest(
        read_fund_history(books, fund),
        rates,
        supplied,
        today=localdate(),
        first=first,
        last=day,
    )
    interest = statement.interest if statement else None
    return {
        "fund": describe_fund(fund),
        "supplied": supplied.interest if supplied else None,
        "supplied_as_of": supplied.as_of if supplied else None,
        **(
            {
                "first": interest.first,
                "last": interest.last,
                "total": interest.total,
                "lines": [_describe_line(one) for one in interest.lines],
            }
            if interest
            else NOTHING_COMPUTED
        ),
    }


def _open_fund(holding: OpenHolding, fund_id: int) -> Found:
    books = read_books(holding)
    balances = latest_fund_balances(holding, is_opened_by_books=books.is_opened_by_books)
    fund = find_fund(books, balances, fund_id)
    if fund is None:
        raise Http404
    return books, balances, fund


def _describe_debt(one: OpenDebt) -> dict[str, Any]:
    claim = one.claim
    return {
        "document": claim.document,
        "description": claim.description,
        "posted_on": claim.posted_on,
        "due_on": claim.due_on,
        "payable_until": claim.payable_until,
        "amount": claim.amount,
        "left": one.left,
    }


def _describe_statement(one: AccountStatement, numbers: dict[FileKey, int]) -> dict[str, Any]:
    opening = one.year.opening
    return {
        "account": describe_account(one.account),
        "opening": {"kind": opening.kind.value, "amount": opening.amount, "on": opening.on},
        "documents": [_describe_document(row, numbers) for row in one.year.rows],
        "debit": one.debit,
        "credit": one.credit,
        "closing": one.closing,
    }


def _describe_document(row: SourcedEntry, numbers: dict[FileKey, int]) -> dict[str, Any]:
    entry, source = row.entry, row.source
    return {
        "posted_on": entry.posted_on,
        "due_on": entry.due_on,
        "document": entry.document,
        "description": entry.description,
        "debit": entry.debit,
        "credit": entry.credit,
        "file": numbers[key_of(source)],
        "line": source.line_no if source.file_no else None,
    }


def _describe_files(found: BalanceExplanation, profile: AssociationProfile) -> list[dict[str, Any]]:
    """Numbered as the documents name them; a name that may be a person's is left out, as on the page."""
    return [
        {
            "number": number,
            "name": one.name if one.name and is_harmless_name(one.name, profile.name) else "",
            "uploaded_at": one.uploaded_at,
            "published_at": one.published_at,
        }
        for number, one in enumerate(found.files.values(), 1)
    ]


def _describe_line(one: InterestLine) -> dict[str, Any]:
    return {
        "first": one.first,
        "last": one.last,
        "days": one.days,
        "overdue": one.overdue,
        "annual_percent": one.rate.annual_percent,
        "rate_source": one.rate.source,
        "amount": one.amount,
    }
