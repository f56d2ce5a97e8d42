"""The copy of a person's data: complete, theirs alone, at their own door, and written down."""

import csv
import io
import json
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

import pytest

from associations.audit.models import AuditEntry
from associations.charges.models import ChargeLine
from associations.premises.models import HoldingMember, Person
from saas.tenancy.switching import enter_association
from tests.billing_views.owner.browsing import browser_of
from tests.billing_views.owner.conftest import Flat
from tests.cast import APEX, Role
from tests.samples_database import Samples, control_figures

ADDRESS = "/konto/kopia-danych/"


def read_copy(response: Any) -> ZipFile:
    assert response.status_code == 200
    return ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def rows_of(archive: ZipFile, name: str) -> list[dict[str, str]]:
    text = archive.read(name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_figures_are_those_of_the_control_file(samples: Samples) -> None:
    association, code = samples.sloneczna, "0401-001"
    figures = control_figures("spoldzielnia")["premises"][code]
    with enter_association(association):
        member = HoldingMember.objects.get(holding__premises__code=code, person__code="17000010")
        archive = read_copy(browser_of(association, member.person).get(ADDRESS))

    data = json.loads(archive.read("dane.json"))
    (holding,) = data["holdings"]
    charged = {
        one["month"]: sum(Decimal(line["amount"]) for line in one["lines"]) for one in holding["charges"]
    }
    assert charged == {month: Decimal(total) for month, total in figures["charges_by_month"].items()}
    years = {
        f"{one['year']} {one['account']} 17000010": [
            Decimal(one[name]) for name in ("debit", "credit", "closing")
        ]
        for one in holding["ledger"]
    }
    assert years == {
        key: [Decimal(one[name]) for name in ("debit", "credit", "closing")]
        for key, one in figures["years"].items()
    }
    assert [one["amount"] for one in holding["balances"]] == [one[2] for one in figures["balances"]]
    folder = f"{code}-{member.holding_id}"
    of_2025 = [
        Decimal(row["Kwota, zł"].replace(",", ".")) for row in rows_of(archive, f"{folder}/oplaty-2025.csv")
    ]
    assert sum(of_2025) == sum(total for month, total in charged.items() if month.startswith("2025"))


def test_the_person_and_the_account_without_any_secret(flat: Flat, browser: Any) -> None:
    account = flat.owner.account
    archive = read_copy(browser.get(ADDRESS))

    text = archive.read("dane.json").decode()
    data = json.loads(text)
    assert data["person"] == {
        "code": "ann",
        "name": "Nowak Anna",
        "email": "anna@example.org",
        "phone": "600 100 200",
    }
    assert data["account"]["login"] == account.login
    assert len(data["account"]["sessions"]) == 1
    assert account.password not in text
    assert "totp" not in text
    assert data["holdings"][0]["co_owners"] == ["Nowak Jan"]
    assert "0401-034" in archive.read("tytuly.csv").decode()
    assert "Nowak Anna" in archive.read("CZYTAJ.txt").decode()


def test_nothing_of_others(flat: Flat, browser: Any) -> None:
    archive = read_copy(browser.get(ADDRESS))
    everything = "".join(archive.read(name).decode() for name in archive.namelist())

    assert "anna@example.org" in everything
    for foreign in ("jan@example.org", "600 999 999", "Sąsiad", "0401-035"):
        assert foreign not in everything


def test_seller_and_buyer_get_their_own_parts(samples: Samples) -> None:
    with enter_association(samples.sloneczna):
        people = Person.objects.filter(memberships__holding__premises__code="0401-022").order_by("code")
        copies = {}
        for person in people:
            archive = read_copy(browser_of(samples.sloneczna, person).get(ADDRESS))
            (holding,) = json.loads(archive.read("dane.json"))["holdings"]
            copies[person.code] = {one["month"] for one in holding["charges"]}
        months = {
            f"{month:%Y-%m}"
            for month in ChargeLine.objects.filter(premises__code="0401-022")
            .order_by("month")
            .values_list("month", flat=True)
        }

    seller, buyer = copies["17000220"], copies["17000221"]
    assert seller & buyer == set()
    assert seller | buyer == months
    assert max(seller) < min(buyer)


def test_it_is_written_down(flat: Flat, browser: Any) -> None:
    read_copy(browser.get(ADDRESS))

    entry = AuditEntry.objects.get(action="data_copy.made")
    assert (entry.actor_kind, entry.target) == ("owner", f"person:{flat.owner.pk}")


def test_a_starter_password_opens_nothing(flat: Flat, browser: Any) -> None:
    account = flat.owner.account
    account.must_change_password = True
    account.save(update_fields=["must_change_password"])

    assert browser.get(ADDRESS).status_code == 302


@pytest.mark.parametrize("role", [Role.MANAGER, Role.READER])
def test_staff_have_no_such_page(samples: Samples, role: Role) -> None:
    assert samples[role].browser(APEX).get(ADDRESS).status_code == 404
    holding = samples[Role.OWNER].holding_id
    preview = samples[role].browser(APEX).get(f"/a/sloneczna/podglad/{holding}/dokumenty/").content.decode()
    assert "Potwierdzenie salda" in preview
    assert "kopia-danych" not in preview
