"""Any sequence of publications and undos: what stands is what the rules say, to the row and the grosz.

A model in plain Python keeps what should stand: a file replaces what is inside its scope (its premises × accounts ×
first to last month), an undo brings back what stood in each place before. The database must agree after every step.
"""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from associations.catalogue import CATALOGUE
from associations.imports.models import BatchState, ImportBatch
from associations.imports.undo_obstacles import find_undo_obstacles
from saas.tenancy.switching import enter_association
from tests.workers.importing.conftest import Importer
from tests.workers.importing.test_meaning import ACCOUNTS, PREMISES, file, postings

Place = tuple[str, str, int]  # premises, account, month
Line = tuple[str, Decimal, Decimal]
Figures = dict[Place, Counter[Line]]

places = st.tuples(st.sampled_from("12"), st.sampled_from(["201-1", "201-2"]), st.integers(1, 4))
amounts = st.integers(-9_999, 99_999).map(lambda grosze: Decimal(grosze) / 100)
lines = st.tuples(st.sampled_from(["NAL 1", "WB 2", "BO"]), amounts, amounts)
files = st.lists(st.tuples(places, lines), min_size=1, max_size=6)
steps = st.lists(st.one_of(files, st.integers(0, 5)), min_size=1, max_size=7)


@dataclass
class Model:
    """What should stand, and for each publication what stood in the places that it changed."""

    standing: Figures = field(default_factory=dict)
    published: list[tuple[ImportBatch, Figures, Figures]] = field(default_factory=list)

    def places_of(self, rows: list[tuple[Place, Line]]) -> set[Place]:
        months = [place[2] for place, _ in rows]
        return {
            (premises, account, month)
            for premises in {place[0] for place, _ in rows}
            for account in {place[1] for place, _ in rows}
            for month in range(min(months), max(months) + 1)
        }

    def after(self, rows: list[tuple[Place, Line]]) -> Figures:
        """What the file says of every place in its scope."""
        said: Figures = {place: Counter() for place in self.places_of(rows)}
        for place, line in rows:
            said[place][line] += 1
        return said

    def set(self, figures: Figures) -> None:
        for place, counter in figures.items():
            self.standing[place] = counter
        self.standing = {place: counter for place, counter in self.standing.items() if counter}


def as_lines(rows: list[tuple[Place, Line]]) -> list[str]:
    return [
        f"{premises};{account};05.{month:02d}.2026;{document};x;{debit};{credit}"
        for (premises, account, month), (document, debit, credit) in rows
    ]


def standing_in_database() -> Figures:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.code, a.code, e.month, r.document, r.debit, r.credit FROM ledger_postingedition e"
            " JOIN premises_premises p ON p.id = e.premises_id JOIN ledger_account a ON a.id = e.part_id"
            " JOIN ledger_posting r ON r.premises_id = e.premises_id AND r.month = e.month"
            " AND r.account_id = e.part_id AND r.batch_id = e.batch_id WHERE e.closed_by_id IS NULL"
        )
        found: Figures = {}
        for premises, account, month, *line in cursor.fetchall():
            found.setdefault((premises, account, month.month), Counter())[tuple(line)] += 1
        return found


def sums_of_editions() -> tuple[int, Decimal, Decimal]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(row_count), 0), coalesce(sum(first_sum), 0), coalesce(sum(second_sum), 0)"
            " FROM ledger_postingedition WHERE closed_by_id IS NULL"
        )
        count, first, second = cursor.fetchone()
        return int(count), first, second


def check(importer: Importer, model: Model) -> None:
    with enter_association(importer.association):
        assert standing_in_database() == model.standing
        turnover = [(line, times) for counter in model.standing.values() for line, times in counter.items()]
        assert sums_of_editions() == (
            sum(times for _, times in turnover),
            sum((times * line[1] for line, times in turnover if line[0] != "BO"), Decimal(0)),
            sum((times * line[2] for line, times in turnover if line[0] != "BO"), Decimal(0)),
        )


def publish(importer: Importer, model: Model, rows: list[tuple[Place, Line]]) -> None:
    said = model.after(rows)
    before = {place: model.standing.get(place, Counter()) for place in said}
    batch = importer.upload(postings(*as_lines(rows)))
    if all(before[place] == said[place] for place in said):
        assert batch.state == BatchState.UNCHANGED
        return
    assert importer.publish(batch).state == BatchState.PUBLISHED
    changed = {place for place in said if before[place] != said[place]}
    model.published.append(
        (batch, {place: before[place] for place in changed}, {place: said[place] for place in changed})
    )
    model.set(said)


def undo(importer: Importer, model: Model, number: int) -> None:
    if not model.published:
        return
    number %= len(model.published)
    batch, before, after = model.published[number]
    with enter_association(importer.association):
        obstacles = find_undo_obstacles(CATALOGUE, batch.pk)
    undone = importer.undo(batch)
    if obstacles:
        # Whoever stands in the way came later and changed one of the same places.
        later = {other.pk: set(places) for other, places, _ in model.published[number + 1 :]}
        assert all(later[pk] & set(before) for pk in obstacles)
        assert undone.state == BatchState.PUBLISHED
        return
    assert all(model.standing.get(place, Counter()) == after[place] for place in after)
    assert undone.state == BatchState.UNDONE
    model.published.pop(number)
    model.set(before)


@pytest.fixture
def registries(lipowa_imports: Importer) -> Importer:
    batch = lipowa_imports.upload(file("lokale.csv", PREMISES), file("konta.csv", ACCOUNTS))
    assert lipowa_imports.publish(batch).state == BatchState.PUBLISHED
    return lipowa_imports


def run(importer: Importer, given_steps: list[list[tuple[Place, Line]] | int]) -> None:
    model = Model()
    for step in given_steps:
        if isinstance(step, int):
            undo(importer, model, step)
        else:
            publish(importer, model, step)
        check(importer, model)
    while model.published:
        undo(importer, model, len(model.published) - 1)
        check(importer, model)
    assert model.standing == {}


CHECKS_OFF = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=5, deadline=None, suppress_health_check=CHECKS_OFF)
@given(given_steps=steps)
def test_sums_are_conserved(registries: Importer, given_steps: list[list[tuple[Place, Line]] | int]) -> None:
    run(registries, given_steps)


@pytest.mark.long
@settings(max_examples=150, deadline=None, suppress_health_check=CHECKS_OFF)
@given(given_steps=steps)
def test_sums_are_conserved_long(
    registries: Importer, given_steps: list[list[tuple[Place, Line]] | int]
) -> None:
    run(registries, given_steps)
