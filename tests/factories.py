"""Rows for unit tests, written straight into the tables: made-up premises, people, editions, figures.

The way through files and workers is walked by the tests of imports; here a test states only what it is about.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Model

from associations.charges.models import ChargeEdition, ChargeLine
from associations.imports.models import BatchState, ImportBatch, Publication, PublicationKind
from associations.ledger.models import Account, Balance, BalanceEdition, Posting, PostingEdition
from associations.meters.models import (
    Medium,
    Meter,
    Reading,
    ReadingEdition,
    Settlement,
    SettlementEdition,
)
from associations.owners.models import OwnerAccount
from associations.premises.actions import rebuild_holdings
from associations.premises.models import Building, Holding, Person, Premises, Property, Title, TitleKind
from associations.profile.models import Fund


def day(text: str) -> dt.date:
    """`2026-01-31`."""
    return dt.date.fromisoformat(text)


def day_or_none(text: str) -> dt.date | None:
    """An empty text is no date."""
    return dt.date.fromisoformat(text) if text else None


def make_premises(
    code: str = "0401-034", *, address: str = "ul. Słoneczna 2", number: str = "34"
) -> Premises:
    property_, _ = Property.objects.get_or_create(code="N1")
    building, _ = Building.objects.get_or_create(property=property_, code="B01")
    return Premises.objects.create(
        code=code, building=building, address=address, number=number, area=Decimal("48.50"), sort_key=code
    )


def make_person(code: str, name: str = "", **fields: Any) -> Person:
    name = name or f"Osoba {code}"
    return Person.objects.create(code=code, name=name, sort_key=name.lower(), **fields)


def make_title(premises: Premises, person: Person, starts: str = "", ends: str = "", **fields: Any) -> Title:
    fields.setdefault("kind", TitleKind.SEPARATE_OWNERSHIP)
    return Title.objects.create(
        premises=premises, person=person, starts_on=day_or_none(starts), ends_on=day_or_none(ends), **fields
    )


def make_holding(premises: Premises, *people: Person, starts: str = "", ends: str = "") -> Holding:
    """Titles of these people for the same time, and the holding that follows from them."""
    for person in people:
        make_title(premises, person, starts, ends)
    rebuild_holdings([premises.id])
    return Holding.objects.get(premises=premises, starts_on=day_or_none(starts))


def make_account_of(person: Person, login: str) -> OwnerAccount:
    """A login that is past its starter password; sessions are opened for it without one (hashing costs time)."""
    account = OwnerAccount(person=person, login=login, must_change_password=False)
    account.set_unusable_password()
    account.save()
    return account


def fund(code: str = "main") -> Fund:
    return Fund.objects.get(code=code)


def make_ledger_account(code: str = "204-1", fund_code: str = "main", **fields: Any) -> Account:
    return Account.objects.create(code=code, fund=fund(fund_code), sort_key=code, **fields)


def make_batch() -> ImportBatch:
    return ImportBatch.objects.create(state=BatchState.PUBLISHED, created_by_name="Zofia Zarządca")


def publish(
    edition: type[Model],
    rows: type[Model],
    part_field: str,
    premises: Premises,
    part: Model,
    lines: Sequence[Mapping[str, Any]],
    batch: ImportBatch | None = None,
    **edition_fields: Any,
) -> Publication:
    """Open an edition per month of the lines and close those that stood."""
    batch = batch or make_batch()
    publication = Publication.objects.create(
        batch=batch, kind=PublicationKind.PUBLISH, by_name="Zofia Zarządca"
    )
    months: dict[dt.date, list[Mapping[str, Any]]] = {}
    for line in lines:
        months.setdefault(line["month"], []).append(line)
    for month, of_month in months.items():
        key = {"premises": premises, "month": month, "part": part}
        edition._default_manager.filter(**key, closed_by=None).update(closed_by=publication)
        edition._default_manager.create(
            **key,
            batch=batch,
            digest=b"\0" * 32,
            row_count=len(of_month),
            opened_by=publication,
            **_sums_of(of_month),
        )
        rows._default_manager.bulk_create(
            rows(premises=premises, batch=batch, file_no=1, line_no=number, **{part_field: part}, **line)
            for number, line in enumerate(of_month, 2)
        )
    return publication


def _sums_of(lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    if "debit" not in lines[0]:
        name = next((name for name in ("amount", "result") if name in lines[0]), None)
        return {"first_sum": sum((line[name] for line in lines), Decimal(0)) if name else Decimal(0)}
    turnover = [line for line in lines if not line["is_opening"]]
    return {
        "first_sum": sum((line["debit"] for line in turnover), Decimal(0)),
        "second_sum": sum((line["credit"] for line in turnover), Decimal(0)),
        "opening_count": len(lines) - len(turnover),
    }


def publish_postings(
    premises: Premises, account: Account, *rows: str, payer: Person | None = None
) -> Publication:
    """Postings written as "2026-01-02 NAL debit [credit [due]]"; a document that begins with BO is an opening."""
    lines = []
    for row in rows:
        posted, document, debit, *rest = row.split()
        lines.append(
            {
                "month": day(posted).replace(day=1),
                "posted_on": day(posted),
                "document": document.replace("_", " "),
                "debit": Decimal(debit),
                "credit": Decimal(rest[0] if rest else "0"),
                "due_on": day(rest[1]) if rest[1:] else None,
                "is_opening": document.startswith("BO"),
                "payer": payer,
            }
        )
    return publish(PostingEdition, Posting, "account", premises, account, lines)


def publish_charges(
    premises: Premises, month: str, *rows: str, fund_code: str = "main", payer: Person | None = None
) -> Publication:
    """Charge lines written as "EKSP 48.5 m2 2.10 101.85"."""
    lines = []
    for row in rows:
        code, quantity, unit, rate, amount = row.split()
        lines.append(
            {
                "month": day(f"{month}-01"),
                "component_code": code,
                "component_name": f"Składnik {code}",
                "quantity": Decimal(quantity),
                "unit": unit,
                "rate": Decimal(rate),
                "amount": Decimal(amount),
                "payer": payer,
            }
        )
    return publish(ChargeEdition, ChargeLine, "fund", premises, fund(fund_code), lines)


def publish_balance(
    premises: Premises,
    as_of: str,
    amount: str,
    interest: str = "",
    *,
    fund_code: str = "main",
    payer: Person | None = None,
) -> Publication:
    return publish_balances(premises, as_of, {payer: (amount, interest)}, fund_code=fund_code)


def publish_balances(
    premises: Premises,
    as_of: str,
    figures: Mapping[Person | None, tuple[str, str]],
    *,
    fund_code: str = "main",
) -> Publication:
    """Balances of one date and fund, by payer: (amount, interest or "")."""
    lines = [
        {
            "month": day(as_of).replace(day=1),
            "as_of": day(as_of),
            "amount": Decimal(amount),
            "interest": Decimal(interest) if interest else None,
            "payer": payer,
        }
        for payer, (amount, interest) in figures.items()
    ]
    return publish(BalanceEdition, Balance, "fund", premises, fund(fund_code), lines)


def publish_readings(premises: Premises, medium_name: str, serial: str, *rows: str) -> Publication:
    """Readings written as "2026-01-31 12.345 2.300 measured"."""
    medium, _ = Medium.objects.get_or_create(name=medium_name)
    meter, _ = Meter.objects.get_or_create(premises=premises, medium=medium, serial=serial)
    lines = []
    for row in rows:
        read_on, value, consumption, kind = row.split()
        lines.append(
            {
                "meter": meter,
                "month": day(read_on).replace(day=1),
                "read_on": day(read_on),
                "value": Decimal(value),
                "consumption": None if consumption == "-" else Decimal(consumption),
                "unit": "m3",
                "kind": kind,
                "document": "OD 01/2026",
            }
        )
    return publish(ReadingEdition, Reading, "medium", premises, medium, lines)


def publish_settlement(
    premises: Premises,
    medium_name: str,
    period: tuple[str, str],
    figures: tuple[str, str, str],
    *,
    payer: Person | None = None,
) -> Publication:
    """A settlement: (from, to) and (cost, advances, result)."""
    medium, _ = Medium.objects.get_or_create(name=medium_name)
    cost, advances, result = map(Decimal, figures)
    line = {
        "month": day(period[1]).replace(day=1),
        "period_from": day(period[0]),
        "period_to": day(period[1]),
        "document": "RK 1/2026",
        "consumption": Decimal("33.5"),
        "unit": "m3",
        "cost": cost,
        "advances": advances,
        "result": result,
        "due_on": day("2026-03-14"),
        "payer": payer,
    }
    return publish(SettlementEdition, Settlement, "medium", premises, medium, [line])
