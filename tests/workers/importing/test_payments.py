"""Bank statements as imports: whose payment it is, overlapping statements, undo, and what the owner sees."""

import datetime as dt
from decimal import Decimal

import pytest

from associations.catalogue import CATALOGUE
from associations.change_specs import REGISTRY_VIEWS
from associations.imports.change_sql import Source
from associations.imports.changes import Asked
from associations.imports.models import BatchState, ImportBatch, Problem, Publication, PublicationKind
from associations.imports.registry_changes import read_registry_changes
from associations.imports.standing import HERE, standing_at_end_of
from associations.imports.undo_obstacles import find_undo_obstacles
from associations.payments.models import Payment
from associations.payments.queries import received_payments
from associations.premises.access import holding_for_staff
from associations.premises.models import Premises
from saas.tenancy.switching import enter_association
from tests.factories import make_holding, make_person
from tests.workers.importing.conftest import Importer
from tests.workers.statements import OWN, VIRTUAL, as_file, nrb, operation, statement

SHARED = nrb("10201055", 7_999_999_999)
PREMISES = (
    "Kod lokalu;Nr lokalu;Adres;Rachunek;Rachunek FR\r\n"
    f"1;1;ul. Lipowa 12;{VIRTUAL[0]};{VIRTUAL[1]}\r\n"
    f"2;2;ul. Lipowa 12;{VIRTUAL[2]};{VIRTUAL[2]}\r\n"
    f"3;3;ul. Lipowa 12;{SHARED};\r\n"
    f"4;4;ul. Lipowa 12;{SHARED};\r\n"
)


@pytest.fixture
def flats(lipowa_imports: Importer) -> Importer:
    """Premises 1 with an account for each fund, 2 with one for both, 3 and 4 that share one."""
    batch = lipowa_imports.upload(("lokale.csv", PREMISES.encode()))
    assert lipowa_imports.publish(batch).state == BatchState.PUBLISHED
    return lipowa_imports


def payments(importer: Importer) -> list[tuple[str | None, str | None, str]]:
    """Premises, fund and amount of the payments that stand."""
    with enter_association(importer.association):
        rows = Payment.objects.filter(is_current=True).order_by("booked_on", "amount")
        return [
            (
                row.premises.code if row.premises else None,
                row.fund.code if row.fund else None,
                str(row.amount),
            )
            for row in rows.select_related("premises", "fund")
        ]


def codes(importer: Importer, batch: ImportBatch) -> list[str]:
    with enter_association(importer.association):
        return list(Problem.objects.filter(batch=batch).values_list("code", flat=True))


def test_a_payment_belongs_to_the_premises_and_fund_of_its_account(flats: Importer) -> None:
    batch = flats.upload(
        as_file(
            statement(
                operation("743.28", paid_to=VIRTUAL[0]),
                operation("135.80", paid_to=VIRTUAL[1]),
                operation("600.00", paid_to=VIRTUAL[2]),
            )
        )
    )
    assert (batch.state, batch.error_count, batch.warning_count) == (BatchState.READY, 0, 0)
    assert flats.publish(batch).state == BatchState.PUBLISHED

    assert payments(flats) == [("1", "repair", "135.80"), ("2", None, "600.00"), ("1", "main", "743.28")]


def test_the_end_of_an_account_names_the_premises_where_no_other_ends_alike(flats: Importer) -> None:
    batch = flats.upload(as_file(statement(operation("10.00", paid_to=VIRTUAL[0][-12:]))))
    flats.publish(batch)

    assert payments(flats) == [("1", "main", "10.00")]


@pytest.mark.parametrize("paid_to", ["", SHARED, SHARED[-12:], VIRTUAL[5]])
def test_a_payment_to_nobody_or_to_two_is_a_warning_and_shown_to_nobody(
    flats: Importer, paid_to: str
) -> None:
    batch = flats.upload(as_file(statement(operation("10.00", paid_to=paid_to))))

    assert codes(flats, batch) == ["payment_without_premises"]
    assert flats.publish(batch).state == BatchState.PUBLISHED
    assert payments(flats) == [(None, None, "10.00")]


def test_the_same_statement_again_changes_nothing(flats: Importer) -> None:
    file = as_file(statement(operation("10.00"), operation("10.00")))
    flats.publish(flats.upload(file))

    assert flats.upload(file).state == BatchState.UNCHANGED
    assert payments(flats) == [("1", "main", "10.00")] * 2


def test_overlapping_statements_count_a_payment_once(flats: Importer) -> None:
    first = operation("10.00", day="261112")
    twice = [operation("20.00", day="261113"), operation("20.00", day="261113")]
    flats.publish(flats.upload(as_file(statement(first, twice[0], twice[1]))))

    week = as_file(statement(*twice, operation("30.00", day="261114"), opening="1010.00", number="00013/001"))
    batch = flats.upload(week)

    assert batch.state == BatchState.READY
    flats.publish(batch)
    assert [amount for *_, amount in payments(flats)] == ["10.00", "20.00", "20.00", "30.00"]


def test_two_overlapping_statements_in_one_package_count_a_payment_once(flats: Importer) -> None:
    shared = operation("20.00", day="261113")
    batch = flats.upload(
        as_file(statement(operation("10.00"), shared), name="a.sta"),
        as_file(statement(shared, operation("30.00", day="261114"), opening="1010.00"), name="b.sta"),
    )
    [told] = batch.summary["datasets"]
    assert [told[name] for name in ("rows", "new", "changed", "same")] == [4, 3, 0, 1]
    assert told["row_totals"] == {"in_file": 4, "before": 0, "after": 3}
    assert [told["totals"][0][name] for name in ("in_file", "before", "after", "difference")] == [
        "80.00", "0.00", "60.00", "-20.00",
    ]  # fmt: skip

    flats.publish(batch)

    assert [amount for *_, amount in payments(flats)] == ["10.00", "20.00", "30.00"]


def test_control_totals_of_statements_with_what_stands(flats: Importer) -> None:
    first = operation("10.00")
    flats.publish(flats.upload(as_file(statement(first))))

    second = statement(operation("5.50", day="261113"), opening="-7.00", number="00013/001")
    batch = flats.upload(as_file(statement(first, operation("-4.00")), second))

    [told] = batch.summary["datasets"]
    assert told["row_totals"] == {"in_file": 2, "before": 1, "after": 2}
    assert told["totals"] == [
        {
            "label": "Suma wpłat", "in_file": "15.50", "before": "10.00", "after": "15.50", "change": "5.50",
            "difference": "0.00", "file_total": None, "file_difference": None,
        }
    ]  # fmt: skip
    assert told["statements"] == [
        {
            "account": OWN, "number": "00012/001", "rows": 1, "opening": "1000.00", "incoming": "10.00",
            "outgoing": "-4.00", "closing": "1006.00",
        },
        {
            "account": OWN, "number": "00013/001", "rows": 1, "opening": "-7.00", "incoming": "5.50",
            "outgoing": "0.00", "closing": "-1.50",
        },
    ]  # fmt: skip


def test_undo_takes_the_payments_back_and_a_later_statement_stands_in_the_way(flats: Importer) -> None:
    first = flats.upload(as_file(statement(operation("10.00"))))
    flats.publish(first)
    second = flats.upload(as_file(statement(operation("10.00"), operation("20.00", day="261113"))))
    flats.publish(second)

    with enter_association(flats.association):
        assert find_undo_obstacles(CATALOGUE, first.pk) == [second.pk]
    assert flats.undo(second).state == BatchState.UNDONE
    assert [amount for *_, amount in payments(flats)] == ["10.00"]
    assert flats.undo(first).state == BatchState.UNDONE
    assert payments(flats) == []

    again = flats.upload(as_file(statement(operation("10.00"))))
    flats.publish(again)
    assert [amount for *_, amount in payments(flats)] == ["10.00"]


def test_a_payment_stays_with_its_premises_when_the_account_moves(flats: Importer) -> None:
    flats.publish(flats.upload(as_file(statement(operation("10.00", paid_to=VIRTUAL[0])))))
    moved = PREMISES.replace(VIRTUAL[0], VIRTUAL[4]).replace(
        f"3;3;ul. Lipowa 12;{SHARED}", f"3;3;ul. Lipowa 12;{VIRTUAL[0]}"
    )
    flats.publish(flats.upload(("lokale.csv", moved.encode())))

    same = flats.upload(as_file(statement(operation("10.00", paid_to=VIRTUAL[0]))))

    assert same.state == BatchState.UNCHANGED
    assert payments(flats) == [("1", "main", "10.00")]


def test_a_statement_that_does_not_add_up_publishes_nothing(flats: Importer) -> None:
    batch = flats.upload(as_file(statement(operation("10.00"), closing="1.00")))

    assert batch.state == BatchState.BLOCKED
    assert not batch.summary["can_publish"]
    assert not batch.summary["can_publish_without"]
    assert payments(flats) == []


def test_the_payments_of_a_day_gone_by(flats: Importer) -> None:
    """Published on the 3rd, undone on the 5th: standing on the 3rd and 4th only."""
    batch = flats.upload(as_file(statement(operation("10.00"))))
    flats.publish(batch)
    flats.undo(batch)
    days = [dt.date(2026, 11, 2), dt.date(2026, 11, 3), dt.date(2026, 11, 4), dt.date(2026, 11, 5)]
    with enter_association(flats.association):
        premises = Premises.objects.get(code="1")
        holding = holding_for_staff(make_holding(premises, make_person("a")).pk)
        moments = {PublicationKind.PUBLISH: days[1], PublicationKind.UNDO: days[3]}
        for kind, day in moments.items():
            noon = dt.datetime.combine(day, dt.time(12), tzinfo=HERE)
            Publication.objects.filter(batch=batch, kind=kind).update(at=noon)

        seen = [
            len(received_payments(holding.as_seen(standing_at_end_of(day)), today=dt.date(2026, 11, 22)))
            for day in days
        ]
        assert seen == [0, 1, 1, 0]
        assert received_payments(holding, today=dt.date(2026, 11, 22)) == []


def test_a_payment_that_was_taken_back_is_matched_anew(flats: Importer) -> None:
    paid = as_file(statement(operation("10.00", paid_to=VIRTUAL[0])))
    batch = flats.publish(flats.upload(paid))
    flats.undo(batch)
    right = PREMISES.replace(f"1;1;ul. Lipowa 12;{VIRTUAL[0]}", f"1;1;ul. Lipowa 12;{VIRTUAL[4]}").replace(
        f"3;3;ul. Lipowa 12;{SHARED}", f"3;3;ul. Lipowa 12;{VIRTUAL[0]}"
    )
    flats.publish(flats.upload(("lokale.csv", right.encode())))

    flats.publish(flats.upload(paid))

    assert payments(flats) == [("3", "main", "10.00")]


def test_a_manager_sees_each_payment_before_and_after_publication(flats: Importer) -> None:
    """One is new, one stood already; the page of changes lists the new one only."""
    flats.publish(flats.upload(as_file(statement(operation("10.00")))))
    batch = flats.upload(as_file(statement(operation("10.00"), operation("743.28", title="Czynsz 11/2026"))))
    [view] = [view for view in REGISTRY_VIEWS if view.registry == "payment"]

    with enter_association(flats.association):
        waiting = read_registry_changes(view, Source(batch.pk), Asked("new"))
    flats.publish(batch)
    with enter_association(flats.association):
        publication = Publication.objects.filter(batch=batch).latest("pk")
        published = read_registry_changes(view, Source(batch.pk, publication.pk), Asked("new"))

    for changes in (waiting, published):
        assert changes.counts == {"new": 1, "changed": 0, "gone": 0}
        [row] = changes.rows
        assert row.heading == "1"
        assert (row.new[1], row.new[2].startswith("Czynsz 11/2026")) == (Decimal("743.28"), True)
