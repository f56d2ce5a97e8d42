"""Charges, media and received payments: plain values for the serializers, from the pages' own queries."""

from typing import Any

from django.utils.timezone import localdate

from associations.charges.calculations import ChargeRow, FundCharges, due_days
from associations.charges.changes import ComponentChange
from associations.charges.queries import month_of_charges, months_with_charges, totals_by_month
from associations.meters.consumption import MeterReading
from associations.meters.queries import media_of_year, media_years, settlements_of_year
from associations.paying import read_transfers
from associations.payments.transfers import TransferData
from associations.periods import Month
from associations.premises.access import OpenHolding
from associations.profile.models import AssociationProfile
from billing_views.api.owner.resources import describe_fund
from billing_views.owner.payments import waiting_payments

NOTHING_CHARGED = ("total", "compared_with", "previous_total", "due_on", "payable_until", "published_at")


def describe_charged_months(holding: OpenHolding) -> dict[str, Any]:
    """Months with charges and what each comes to."""
    known = months_with_charges(holding)
    totals = totals_by_month(holding, known[0], known[-1]) if known else {}
    return {"months": [{"month": month, "total": totals[month]} for month in known if month in totals]}


def describe_charges(holding: OpenHolding, profile: AssociationProfile, month: Month) -> dict[str, Any]:
    """The charges of a month beside those of the nearest earlier month that has some."""
    found = month_of_charges(holding, month, months_with_charges(holding))
    if found is None:
        return {"month": month, **dict.fromkeys(NOTHING_CHARGED), "funds": [], "changes": []}
    changes, (due_on, payable_until) = found.changes, due_days(month, profile.due_day)
    return {
        "month": month,
        "total": found.total,
        "compared_with": found.compared_with,
        "previous_total": changes.before if changes else None,
        "due_on": due_on,
        "payable_until": payable_until,
        "published_at": found.published_at,
        "funds": [_describe_fund_charges(fund) for fund in found.funds],
        "changes": [_describe_change(one) for one in changes.components] if changes else [],
    }


def describe_media(holding: OpenHolding) -> dict[str, Any]:
    """Years and media that the page of media offers."""
    known = media_years(holding)
    return {"years": list(known.years), "media": [{"id": key, "name": name} for key, name in known.media]}


def describe_readings(holding: OpenHolding, year: int) -> dict[str, Any]:
    """The readings of a year beside those before them, as the page shows them, with the exchanges of meters."""
    found = media_of_year(holding, year).media
    return {
        "year": year,
        "readings": [_describe_reading(one) for medium in found for one in medium.readings],
        "exchanges": [one for medium in found for one in medium.exchanges],
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
        "components": [_describe_row(one.row) for one in fund.rows],
    }


def _describe_change(one: ComponentChange) -> dict[str, Any]:
    return {
        "fund": describe_fund(one.row.fund),
        "code": one.row.code,
        "name": one.row.name,
        "before": _describe_row(one.before) if one.before else None,
        "now": _describe_row(one.now) if one.now else None,
        "difference": one.difference,
        "cause": one.cause.value,
        "by_rate": one.by_rate,
        "by_quantity": one.by_quantity,
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


def _describe_reading(one: MeterReading) -> dict[str, Any]:
    row, previous = one.row, one.previous
    return {
        "medium": row.medium,
        "meter": row.serial,
        "read_on": row.read_on,
        "value": row.value,
        "previous_on": previous.read_on if previous else None,
        "previous_value": previous.value if previous else None,
        "difference": one.difference,
        "consumption": one.consumption,
        "is_consumption_supplied": row.consumption is not None,
        "unit": row.unit,
        "kind": row.kind,
        "document": row.document,
    }
