"""Who and what is held, balances and the ledger: plain values for the serializers, from the pages' own queries."""

from collections.abc import Sequence
from typing import Any

from django.utils.timezone import localdate

from associations.ledger.fund_balances import latest_fund_balances
from associations.ledger.queries import AccountLabel, AccountYear, Books, read_books, read_year
from associations.ledger.standings import FundStanding, read_standings
from associations.premises.access import OpenHolding
from associations.premises.models import Person
from associations.premises.queries import HeldPremises, HeldTitle, HeldUnit, held_premises
from associations.profile.funds import FundLabel
from associations.profile.models import AssociationProfile
from billing_views.owner.ledger import closing_day
from billing_views.owner.words import name_fund

BELOW_HOLDING = ("balances", "ledger", "accounts", "charges", "media", "payments", "transfers")


def describe_me(person: Person, profile: AssociationProfile) -> dict[str, Any]:
    """The person with all holdings, former ones too. Two queries."""
    return {
        "association": {"name": profile.name, "kind": profile.kind},
        "person": {
            "code": person.shown_code,
            "name": person.name,
            "email": person.email or None,
            "phone": person.phone or None,
        },
        "holdings": [_describe_held(held) for held in held_premises(person.pk)],
    }


def describe_holding(holding: OpenHolding) -> dict[str, Any]:
    """The premises and the period of the holding. No query."""
    premises = holding.premises
    return {
        "id": holding.id,
        "premises": {
            "code": premises.code,
            "address": premises.address,
            "number": premises.number,
            "kind": premises.kind,
        },
        "starts_on": holding.starts_on,
        "ends_on": holding.ends_on,
        "links": link_holding(holding.id),
    }


def describe_balances(holding: OpenHolding, profile: AssociationProfile) -> dict[str, Any]:
    """The newest balance of each fund as supplied, else what its entries come to; with what of it is overdue."""
    books = read_books(holding)
    balances = latest_fund_balances(holding, is_opened_by_books=books.is_opened_by_books)
    includes_interest = profile.balance_includes_interest
    standings = read_standings(books, balances, includes_interest=includes_interest)
    return {
        "balances": [
            _describe_standing(one, includes_interest=includes_interest)
            for one in standings
            if one.supplied or one.amount is not None
        ]
    }


def describe_ledger_years(holding: OpenHolding) -> dict[str, Any]:
    """The years that the ledger's page offers."""
    return {"years": list(read_books(holding).years)}


def describe_ledger(holding: OpenHolding, year: int) -> dict[str, Any]:
    """A year of the ledger, account by account."""
    books = read_books(holding)
    accounts = read_year(books, year) if year in books.years else []
    balances = latest_fund_balances(holding, is_opened_by_books=books.is_opened_by_books)
    supplied_on = max((one.as_of for one in balances if one.as_of), default=None)
    return {
        "year": year,
        "closing_on": closing_day(accounts, books, year, supplied_on) if accounts else None,
        "published_at": books.published_at.get(year) if accounts else None,
        "accounts": [_describe_account_year(one) for one in accounts],
    }


def describe_accounts(holding: OpenHolding) -> dict[str, Any]:
    """The accounts of the holding with the years in which they have entries."""
    books: Books = read_books(holding)
    return {
        "accounts": [
            {**describe_account(label), "years": sorted(books.years_of[key])}
            for key, label in books.accounts.items()
            if key in books.years_of
        ]
    }


def describe_account(label: AccountLabel) -> dict[str, Any]:
    """An account with its fund."""
    return {"id": label.id, "code": label.code, "name": label.name, "fund": describe_fund(label.fund)}


def describe_fund(fund: FundLabel) -> dict[str, Any]:
    """A fund under the name that pages give it."""
    return {"id": fund.id, "kind": fund.kind, "name": name_fund(fund)}


def link_holding(holding_id: int) -> dict[str, str]:
    """Addresses below the holding."""
    here = f"/api/v1/holdings/{holding_id}/"
    return {"self": here, **{name: f"{here}{name}/" for name in BELOW_HOLDING}}


def _describe_held(held: HeldPremises) -> dict[str, Any]:
    return {
        "id": held.holding_id,
        "premises": _describe_premises(held.premises, is_present=held.is_present(localdate())),
        "starts_on": held.starts_on,
        "ends_on": held.ends_on,
        "titles": _describe_titles(held.titles),
        "co_owners": list(held.co_owners),
        "links": link_holding(held.holding_id),
    }


def _describe_premises(premises: HeldUnit, *, is_present: bool) -> dict[str, Any]:
    return {
        "code": premises.code,
        "address": premises.address,
        "number": premises.number,
        "kind": premises.kind,
        "area": premises.area,
        "share": premises.share,
        # How many live there now is no business of a former owner.
        "persons": premises.persons if is_present else None,
    }


def _describe_titles(titles: Sequence[HeldTitle]) -> list[dict[str, Any]]:
    return [
        {
            "kind": title.kind,
            "starts_on": title.starts_on,
            "ends_on": title.ends_on,
            "share": f"{title.share_numerator}/{title.share_denominator}",
            "is_joint": title.is_joint,
        }
        for title in titles
    ]


def _describe_standing(one: FundStanding, *, includes_interest: bool) -> dict[str, Any]:
    supplied = one.supplied
    # Debts explain a balance only where the entries come to it.
    arrears = one.arrears if one.is_explained and one.amount is not None else None
    return {
        "fund": describe_fund(one.fund),
        "amount": one.amount,
        "overdue": arrears.overdue if arrears else None,
        "interest": supplied.interest if supplied else None,
        "as_of": supplied.as_of if supplied else one.day,
        "is_interest_included": bool(supplied and supplied.interest) and includes_interest,
        "source": "supplied" if supplied else "ledger",
    }


def _describe_account_year(one: AccountYear) -> dict[str, Any]:
    return {
        "account": describe_account(one.account),
        "opening": {"kind": one.opening.kind.value, "amount": one.opening.amount, "on": one.opening.on},
        "entries": one.entries,
        "debit": one.debit,
        "credit": one.credit,
        "closing": one.closing,
    }
