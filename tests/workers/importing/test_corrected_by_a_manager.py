"""From a file that nobody knows to one click: corrected on the page, read by a worker, remembered, read at once."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from associations.imports.models import BatchState, ImportBatch, ImportProfile, ImportTable
from associations.ledger.models import Balance
from saas.staff.models import Grant, StaffUser
from saas.tenancy.switching import AssociationRef, enter_association
from tests.html_pages import Node, read_html
from tests.workers.importing.conftest import Importer
from workers.running import run_one_job

PREMISES = "Kod lokalu;Adres;Nr lokalu\r\n0401-034;ul. Słoneczna 2;34\r\n0401-035;ul. Słoneczna 2;35\r\n"


@pytest.fixture
def manager(sloneczna_imports: Importer) -> Client:
    """A manager of the cooperative, in which two flats are published."""
    batch = sloneczna_imports.upload(("lokale.csv", PREMISES.encode()))
    assert sloneczna_imports.publish(batch).state == BatchState.PUBLISHED
    user = StaffUser.objects.create(
        email="marek@example.org", name="Marek Wójcik", totp_seed="x", totp_confirmed_at=timezone.now()
    )
    Grant.objects.create(user=user, association_id=sloneczna_imports.association.id, role="manager")
    client = Client(headers={"host": "localhost"})
    client.force_login(user, backend="saas.staff.backends.StaffBackend")
    return client


def tables_of(batch: ImportBatch, association: AssociationRef) -> list[ImportTable]:
    with enter_association(association):
        return list(ImportTable.objects.filter(batch=batch).select_related("profile").order_by("id"))


def state_of(batch: ImportBatch, association: AssociationRef) -> str:
    with enter_association(association):
        return ImportBatch.objects.get(pk=batch.pk).state


def address(batch: ImportBatch) -> str:
    return f"/a/sloneczna/importy/{batch.pk}/odczyt/1/1/"


def form_on(page: Node) -> dict[str, str]:
    """What a browser would send of the page if nothing were changed."""
    given: dict[str, str] = {}
    form = next(form for form in page.all("form") if any(form.all("table")))
    for one in form.all("input", "select"):
        name, kind = one.attributes.get("name", ""), one.attributes.get("type", "")
        if one.tag == "select":
            chosen = [option for option in one.all("option") if "selected" in option.attributes]
            given[name] = chosen[0].attributes["value"] if chosen else ""
        elif kind != "checkbox":
            given[name] = one.attributes.get("value", "")
        elif "checked" in one.attributes:
            given[name] = "on"
    return given


def correct(client: Client, batch: ImportBatch, changes: dict[str, str], *, step: str = "odczytaj") -> Any:
    """Change the form as shown and press a button; a worker does what it asks for."""
    page = read_html(client.get(address(batch)).content.decode())
    answer = client.post(address(batch), form_on(page) | changes | {"krok": step})
    assert answer.status_code == 302, read_html(answer.content.decode()).text
    assert run_one_job()
    return answer


def column(client: Client, batch: ImportBatch, header: str) -> str:
    """The name of the select above this header."""
    page = read_html(client.get(address(batch)).content.decode())
    label = next(one for one in page.all("label") if one.text == header)
    return label.attributes["for"].removeprefix("id_")


def balances(month: str, *rows: str, headers: str = "Obiekt;Fundusz;Saldo;Stan na") -> bytes:
    return "\r\n".join([f"Salda lokali za {month}", "", headers, *rows, ""]).encode("cp852")


def test_the_second_file_of_a_kind_needs_no_correction(manager: Client, sloneczna_imports: Importer) -> None:
    here = sloneczna_imports.association
    first = sloneczna_imports.upload(
        ("salda-2026-10.csv", balances("październik", "0401-034;podstawowy;31247;31.10.2026"))
    )
    assert (first.state, [table.dataset for table in tables_of(first, here)]) == ("blocked", ["balances"])

    name = column(manager, first, "Obiekt")
    correct(manager, first, {name: "premises_code", "is_in_grosze": "on", "is_sign_reversed": "on"})
    assert state_of(first, here) == BatchState.READY
    second = sloneczna_imports.upload(
        (
            "salda-2026-11.csv",
            balances(
                "listopad", "30.11.2026;-8640;podstawowy;0401-034", headers="Stan na;Saldo;Fundusz;Obiekt"
            ),
        )
    )

    assert second.state == BatchState.READY
    assert [table.profile.name for table in tables_of(second, here) if table.profile] == ["Salda: salda"]
    for batch in (first, second):
        assert sloneczna_imports.publish(batch).state == BatchState.PUBLISHED
    with enter_association(here):
        amounts = list(Balance.objects.order_by("as_of").values_list("amount", flat=True))
    assert [str(amount) for amount in amounts] == ["-312.47", "86.40"]


def test_an_unknown_table_is_named_shown_and_mapped(manager: Client, sloneczna_imports: Importer) -> None:
    here = sloneczna_imports.association
    content = "Obiekt|Ksiega|Wartosc\n0401-034|podstawowy|-12,50\n"
    batch = sloneczna_imports.upload(("eksport.txt", content.encode()))
    assert [table.dataset for table in tables_of(batch, here)] == [""]

    shown = correct(manager, batch, {"dataset": "balances"}, step="pokaz")
    names = {header: column(manager, batch, header) for header in ("Obiekt", "Ksiega", "Wartosc")}
    fields = {"Obiekt": "premises_code", "Ksiega": "fund", "Wartosc": "amount"}
    correct(manager, batch, {names[header]: field for header, field in fields.items()})

    assert shown["Location"] == address(batch)
    assert [(table.dataset, table.row_count) for table in tables_of(batch, here)] == [("balances", 1)]
    assert state_of(batch, here) == BatchState.READY
    with enter_association(here):
        assert ImportProfile.objects.get().options["columns"] == fields


def test_another_encoding_is_shown_before_columns_are_named(
    manager: Client, sloneczna_imports: Importer
) -> None:
    content = "Kod lokalu;Adres\n0401-034;ul. Żółta 1\n".encode("iso8859-2")
    batch = sloneczna_imports.upload(("lokale.csv", content))

    answer = correct(manager, batch, {"encoding": "cp852"})
    wrong = manager.get(address(batch)).content.decode()
    correct(manager, batch, {"encoding": "iso8859-2"})
    right = manager.get(address(batch)).content.decode()

    assert answer["Location"] == address(batch)
    assert "ul. Żółta 1" not in wrong
    assert "ul. Żółta 1" in right


def test_a_table_left_out_once_may_come_back(manager: Client, sloneczna_imports: Importer) -> None:
    here = sloneczna_imports.association
    batch = sloneczna_imports.upload(("lokale.csv", PREMISES.replace("34;", "36;").encode()))

    correct(manager, batch, {"is_left_out": "on"})
    left_out = [(table.dataset, table.row_count) for table in tables_of(batch, here)]
    page = read_html(manager.get(address(batch)).content.decode())
    given = {name: value for name, value in form_on(page).items() if name != "is_left_out"}
    answer = manager.post(address(batch), given | {"krok": "odczytaj", "dataset": "premises"})
    assert run_one_job()

    assert [count for _, count in left_out] == [0]
    assert answer["Location"] == address(batch)
    assert [(table.dataset, table.row_count) for table in tables_of(batch, here)] == [("premises", 2)]


def test_a_profile_knows_next_months_file_though_a_pesel_column_was_cut_out(
    manager: Client, sloneczna_imports: Importer
) -> None:
    here = sloneczna_imports.association
    content = "Obiekt;Adres;PESEL\n0401-036;ul. Słoneczna 3;44051401359\n"
    batch = sloneczna_imports.upload(("lokale.csv", content.encode()))
    correct(manager, batch, {"dataset": "premises"}, step="pokaz")
    correct(manager, batch, {column(manager, batch, "Obiekt"): "premises_code"})
    assert state_of(batch, here) == BatchState.READY

    following = sloneczna_imports.upload(("lokale.csv", content.replace("036", "037").encode()))

    assert [table.profile is not None for table in tables_of(following, here)] == [True]
    assert following.state == BatchState.READY
