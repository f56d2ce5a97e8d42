"""What the reader gives out fits the staging tables and the tables behind them: COPY refuses nothing."""

import pytest
from django.apps import apps
from django.db import models

from workers.datasets import DATASETS, Dataset
from workers.datasets.fields import Field, Kind

STAGED = {
    "premises": "premises.StagedPremises",
    "people": "premises.StagedPerson",
    "accounts": "ledger.StagedAccount",
    "charges": "charges.StagedCharge",
    "postings": "ledger.StagedPosting",
    "balances": "ledger.StagedBalance",
    "readings": "meters.StagedReading",
    "settlements": "meters.StagedSettlement",
    "payments": "payments.StagedPayment",
}

# Where the figures stand in the end, as far as a column of the same meaning is bounded there.
PUBLISHED = {
    ("premises", "premises_code"): "premises.Premises.code",
    ("premises", "property_code"): "premises.Property.code",
    ("premises", "building_code"): "premises.Building.code",
    ("premises", "address"): "premises.Premises.address",
    ("premises", "number"): "premises.Premises.number",
    ("premises", "area"): "premises.Premises.area",
    ("premises", "share"): "premises.Premises.share",
    ("people", "person_code"): "premises.Person.code",
    ("people", "name"): "premises.Person.name",
    ("people", "email"): "premises.Person.email",
    ("people", "phone"): "premises.Person.phone",
    ("accounts", "account_code"): "ledger.Account.code",
    ("accounts", "name"): "ledger.Account.name",
    ("accounts", "fund"): "profile.Fund.code",
    ("charges", "component_code"): "charges.ChargeLine.component_code",
    ("charges", "component_name"): "charges.ChargeLine.component_name",
    ("charges", "unit"): "charges.ChargeLine.unit",
    ("charges", "quantity"): "charges.ChargeLine.quantity",
    ("charges", "rate"): "charges.ChargeLine.rate",
    ("charges", "amount"): "charges.ChargeLine.amount",
    ("postings", "document"): "ledger.Posting.document",
    ("postings", "description"): "ledger.Posting.description",
    ("postings", "debit"): "ledger.Posting.debit",
    ("balances", "amount"): "ledger.Balance.amount",
    ("readings", "medium"): "meters.Medium.name",
    ("readings", "meter_serial"): "meters.Meter.serial",
    ("readings", "value"): "meters.Reading.value",
    ("readings", "unit"): "meters.Reading.unit",
    ("readings", "document"): "meters.Reading.document",
    ("settlements", "consumption"): "meters.Settlement.consumption",
    ("settlements", "result"): "meters.Settlement.result",
    ("settlements", "unit"): "meters.Settlement.unit",
    ("settlements", "document"): "meters.Settlement.document",
}


def model_fields(name: str) -> "dict[str, models.Field[object, object]]":
    return {
        field.name: field for field in apps.get_model(name)._meta.get_fields() if hasattr(field, "column")
    }


def digits_before_the_point(field: Field) -> int:
    return 12 if field.kind is Kind.MONEY else field.whole


def check_number(declared: Field, column: "models.DecimalField[object, object]") -> None:
    places = column.decimal_places or 0
    assert (2 if declared.kind is Kind.MONEY else declared.scale) == places
    if declared.maximum is None:
        assert digits_before_the_point(declared) <= (column.max_digits or 0) - places


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_columns_of_a_dataset_are_those_of_its_staging_table(dataset: Dataset) -> None:
    staged = list(model_fields(STAGED[dataset.name]))

    assert [name for name in staged if name in dataset.columns] == list(dataset.columns)


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_what_staging_needs_is_never_missing(dataset: Dataset) -> None:
    fields = model_fields(STAGED[dataset.name])
    given = {
        field.name
        for field in dataset.fields
        if field.required or field.default is not None or dataset.one_of
    }

    needed = {name for name in dataset.columns if not fields[name].null}
    assert needed <= given


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_numbers_fit_their_staging_columns(dataset: Dataset) -> None:
    fields = model_fields(STAGED[dataset.name])

    for declared in dataset.fields:
        column = fields.get(declared.name)
        if isinstance(column, models.DecimalField):
            check_number(declared, column)


@pytest.mark.parametrize(("place", "target"), PUBLISHED.items(), ids=str)
def test_texts_and_numbers_fit_where_they_are_published(place: tuple[str, str], target: str) -> None:
    dataset = next(dataset for dataset in DATASETS if dataset.name == place[0])
    declared = next(field for field in dataset.fields if field.name == place[1])
    model, _, name = target.rpartition(".")

    column = model_fields(model)[name]

    if isinstance(column, models.DecimalField):
        check_number(declared, column)
    else:
        assert declared.max_length <= (column.max_length or 0)
