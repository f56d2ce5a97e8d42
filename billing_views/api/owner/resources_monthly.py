"""Charges, media and received payments: plain values for the serializers, from the pages' own queries."""

from typing import Any

from django.utils.timezone import localdate

from associations.charges.calculations import (
    ChargeRow,
    FundCharges,
    due_days,
    group_by_fund,
    vanished_rows,
)
from associations.charges.queries import charge_rows, months_with_charges, published_at, totals_by_month
from associations.meters.calculations import ReadingRow, find_exchanges
from associations.meters.queries import media_years, readings_of_year, settlements_of_year
from associations.money import add_up
from associations.paying import read_transfers
from associations.payments.transfers import TransferData
from associations.periods import Month
from associations.premises.access import OpenHolding
from associations.profile.models import AssociationProfile
from billing_views.api.owner.resources import describe_fund
from billing_views.owner.payments import waiting_payments


def describe_charged_months(holding: OpenHolding) -> dict[str, Any]:
    """Months with charges and what each comes to."""
    known = months_with_charges(holding)
    totals = totals_by_month(holding, known[0], known[-1]) if known else {}
    return {"months": [{"month": month, "total": totals[month]} for month in known if month in totals]}


def describe_charges(holding: OpenHolding, profile: AssociationProfile, month: Month) -> dict[str, Any]:
    """The charges of a month beside those of the month before."""
    rows = charge_rows(holding, [month.previous, month])
    now, before = rows[month], rows[month.previous]
    funds = group_by_fund(now, before)
    named, moved = due_days(month, profile.due_day) if now else (None, None)
    return {
        "month": month,
        "total": add_up(fund.total for fund in funds) if now else None,
        "previous_total": add_up(row.amount for row in before) if before else None,
        "due_on": named,
        "payable_until": moved,
        "published_at": published_at(holding, month) if now else None,
        "funds": [_describe_fund_charges(fund) for fund in funds],
        "vanished": [
            {**_describe_row(row), "fund": describe_fund(row.fund)} for row in vanished_rows(now, before)
        ]
        if now
        else [],
    }


def describe_media(holding: OpenHolding) -> dict[str, Any]:
    """Years and media that the page of media offers."""
    known = media_years(holding)
    return {"years": list(known.years), "media": [{"id": key, "name": name} for key, name in known.media]}


def describe_readings(holding: OpenHolding, year: int) -> dict[str, Any]:
    """The readings of a year with the exchanges of meters."""
    readings = readings_of_year(holding, year)
    return {
        "year": year,
        "readings": [_describe_reading(row) for row in readings],
        "exchanges": find_exchanges(readings),
    }


def describe_settlements(holding: OpenHolding, year: int) -> dict[str, Any]:
    """The settlements of periods that end in the year."""
    return {"year": year, "settlements": settlements_of_year(holding, year)}


def describe_payments(holding: OpenHolding) -> dict[str, Any]:
    """Received payments that the books do not contain yet, the oldest first."""
    return {
        "payments": [
            {"received_on": one.booked_on, "amount": one.amount, "title": one.title}
            for one in waiting_payments(holding)
        ]
    }


def describe_transfers(holding: OpenHolding, profile: AssociationProfile) -> dict[str, Any]:
    """What the page „Dane do przelewu” offers before anything is chosen: the amount owed, without interest."""
    found = read_transfers(holding, profile, today=localdate(), choices={})
    return {"transfers": [_describe_transfer(one) for one in found]}


def _describe_transfer(one: TransferData) -> dict[str, Any]:
    return {
        "fund": describe_fund(one.due.fund),
        "balance": one.due.balance,
        "balance_source": one.due.source.value,
        "as_of": one.due.as_of,
        "interest": one.due.interest,
        "amount": one.amount,
        "recipient": one.recipient.name,
        "account_state": one.account.value,
        "account": one.nrb,
        "title": one.title,
        "code": one.code,
    }


def _describe_fund_charges(fund: FundCharges) -> dict[str, Any]:
    return {
        "fund": describe_fund(fund.fund),
        "total": fund.total,
        "components": [
            {**_describe_row(one.row), "previous": _describe_row(one.before) if one.before else None}
            for one in fund.rows
        ],
    }


def _describe_row(row: ChargeRow) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "quantity": row.quantity,
        "unit": row.unit,
        "rate": row.rate,
        "amount": row.amount,
    }


def _describe_reading(row: ReadingRow) -> dict[str, Any]:
    return {
        "medium": row.medium,
        "meter": row.serial,
        "read_on": row.read_on,
        "value": row.value,
        "consumption": row.consumption,
        "unit": row.unit,
        "kind": row.kind,
        "document": row.document,
    }
