"""check_association: the control figures of the samples, and disagreements that a test plants."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.db.models import F

from associations.charges.models import ChargeLine
from associations.imports.models import Publication
from associations.ledger.models import Balance, BalanceEdition, Posting, PostingEdition
from associations.premises.models import Premises
from associations.profile.models import AssociationProfile
from saas.tenancy.switching import AssociationRef, enter_association
from tests import factories
from tests.saas.management.conftest import Run
from tests.tampering import tampering
from tests.worker_process import WorkerProcess

SAMPLES = Path(__file__).resolve().parents[3] / "samples"


@pytest.mark.parametrize(("slug", "folder"), [("sloneczna", "spoldzielnia"), ("lipowa", "wspolnota")])
def test_imported_sample_has_its_control_figures(
    worker: WorkerProcess, run: Run, slug: str, folder: str
) -> None:
    control = json.loads((SAMPLES / folder / "control.json").read_text())

    run("import_files", slug, str(SAMPLES / folder), "--publish")

    said = json.loads(run("check_association", slug, "--json"))
    assert (said["rows"], said["sums"]) == (control["rows"], control["sums"])
    assert said["disagreements"] == []


def test_empty_association_has_nothing(committed_db: None, run: Run) -> None:
    said = json.loads(run("check_association", "lipowa", "--json"))

    assert set(said["rows"].values()) == {0}
    assert set(said["sums"].values()) == {"0.00"}
    assert said["disagreements"] == []
    assert run("check_association", "lipowa").endswith("0 disagreements\n")


def test_unknown_association_is_named(committed_db: None, run: Run) -> None:
    with pytest.raises(CommandError, match="no association"):
        run("check_association", "nowhere")


@pytest.mark.django_db
class TestDisagreements:
    """The ledger of DOMAIN.md's kind: a BO, charges, payments; then something is made wrong."""

    @pytest.fixture
    def premises(self, sloneczna: AssociationRef) -> Premises:
        with enter_association(sloneczna):
            premises = factories.make_premises("0401-034")
            seller, buyer = factories.make_person("1"), factories.make_person("2")
            factories.make_holding(premises, seller, starts="2009-01-01", ends="2025-10-31")
            factories.make_holding(premises, buyer, starts="2025-11-01")
            account = factories.make_ledger_account("204-1")
            factories.publish_postings(
                premises, account,
                "2024-01-01 BO 12.47", "2024-01-01 NAL 700.00", "2024-01-12 WB 0 600.00",
                "2025-01-01 BO 112.47", "2025-01-01 NAL 700.00", "2025-01-12 WB 0 900.00",
                "2025-12-01 NAL 743.28",
                payer=None,
            )  # fmt: skip
            # A settlement after the sale names the seller.
            factories.publish_postings(premises, account, "2026-02-28 RK -86.40", payer=seller)
            factories.publish_balances(
                premises, "2026-10-31", {seller: ("173.93", ""), buyer: ("-743.28", "3.10")}
            )
            BalanceEdition.objects.update(second_sum="3.10")
            factories.publish_charges(premises, "2026-01", "EKSP 48.5 m2 2.10 101.85")
        return premises

    def found(self, run: Run) -> list[dict[str, Any]]:
        return list(json.loads(run("check_association", "sloneczna", "--json"))["disagreements"])

    def test_sound_books_agree_across_a_sale(self, premises: Premises, run: Run) -> None:
        assert self.found(run) == []

    def test_turnover_leaves_opening_balances_out(self, premises: Premises, run: Run) -> None:
        said = json.loads(run("check_association", "sloneczna", "--json"))

        assert said["sums"] == {
            "charges": "101.85",
            "debit": "2056.88",
            "credit": "1500.00",
            "balance": "-569.35",
            "interest": "3.10",
        }
        assert (said["rows"]["postings"], said["rows"]["people"]) == (8, 2)

    def test_balance_that_postings_do_not_explain(
        self, premises: Premises, sloneczna: AssociationRef, run: Run
    ) -> None:
        with enter_association(sloneczna), tampering():
            Balance.objects.filter(payer__code="2").update(amount=F("amount") + 1)

        assert self.found(run)[0] == {
            "kind": "balance_and_postings",
            "premises": "0401-034",
            "fund": "Fundusz podstawowy",
            "as_of": "2026-10-31",
            "expected": "-743.28",
            "found": "-742.28",
        }

    def test_balance_with_netted_interest_is_explained_without_it(
        self, premises: Premises, sloneczna: AssociationRef, run: Run
    ) -> None:
        with enter_association(sloneczna), tampering():
            Balance.objects.filter(payer__code="2").update(amount="-746.38")
        broken = [one for one in self.found(run) if one["kind"] == "balance_and_postings"]
        with enter_association(sloneczna):
            AssociationProfile.objects.update(balance_includes_interest=True)

        assert len(broken) == 1
        assert not [one for one in self.found(run) if one["kind"] == "balance_and_postings"]

    def test_opening_that_is_not_the_former_closing(
        self, premises: Premises, sloneczna: AssociationRef, run: Run
    ) -> None:
        with enter_association(sloneczna), tampering():
            Posting.objects.filter(document="BO", posted_on__year=2025).update(debit="112.48")

        assert {
            "kind": "opening_and_closing",
            "premises": "0401-034",
            "account": "204-1",
            "year": 2025,
            "expected": "-112.47",
            "found": "-112.48",
        } in self.found(run)

    def test_amount_that_is_not_quantity_times_rate(
        self, premises: Premises, sloneczna: AssociationRef, run: Run
    ) -> None:
        with enter_association(sloneczna):
            factories.publish_charges(
                premises,
                "2026-01",
                "EKSP 48.5 m2 2.10 101.86",
                "ZW 0.5 m3 0.01 0.01",
                "RTV 1 szt. -0.005 -0.01",
            )

        assert self.found(run) == [
            {
                "kind": "quantity_times_rate",
                "premises": "0401-034",
                "month": "2026-01-01",
                "component": "EKSP",
                "expected": "101.85",
                "found": "101.86",
            }
        ]

    def test_closed_editions_count_no_more(
        self, premises: Premises, sloneczna: AssociationRef, run: Run
    ) -> None:
        with enter_association(sloneczna):
            PostingEdition.objects.update(closed_by=Publication.objects.latest("id"))

        said = json.loads(run("check_association", "sloneczna", "--json"))

        assert (said["rows"]["postings"], said["sums"]["debit"]) == (0, "0.00")
        assert said["disagreements"] == []

    def test_edition_whose_rows_are_gone(
        self, premises: Premises, sloneczna: AssociationRef, run: Run
    ) -> None:
        with enter_association(sloneczna), tampering():
            ChargeLine.objects.all().delete()

        assert self.found(run) == [
            {
                "kind": "edition_and_rows",
                "dataset": "charges",
                "premises": "0401-034",
                "month": "2026-01-01",
                "expected": 1,
                "found": 0,
            }
        ]
