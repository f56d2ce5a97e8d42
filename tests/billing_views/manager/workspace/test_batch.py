"""The page of a batch: every state, what may be done in it, and actions that may come twice."""

from collections.abc import Callable
from typing import Any

import pytest

from associations.imports.models import BatchState, ImportBatch, Problem, Publication
from saas.jobs.models import Job, JobKind
from saas.tenancy.switching import AssociationRef, enter_association
from tests.billing_views.manager.workspace.conftest import make_summary

MakeBatch = Callable[..., ImportBatch]


def address(batch: ImportBatch, rest: str = "") -> str:
    return f"/a/sloneczna/importy/{batch.pk}/{rest}"


def state_of(batch: ImportBatch, association: AssociationRef) -> str:
    with enter_association(association):
        return ImportBatch.objects.get(pk=batch.pk).state


def add_problems(batch: ImportBatch, association: AssociationRef, count: int, **fields: Any) -> None:
    with enter_association(association):
        Problem.objects.bulk_create(
            [
                Problem(
                    batch=batch,
                    is_from_reading=True,
                    code="bad_date",
                    file_number=1,
                    file_name="ksiegowania-2026-10.csv",
                    row=number + 2,
                    column="Termin płatności",
                    value="10.13.2026",
                    **{"severity": "error", "reason": "Nie ma trzynastego miesiąca.", **fields},
                )
                for number in range(count)
            ]
        )


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (BatchState.READY, "Opublikuj 4 wpisy"),
        (BatchState.UNCHANGED, "te same dane są już opublikowane."),
        (BatchState.REJECTED, "Nic z niej nie zostało opublikowane."),
        (BatchState.FAILED, "Wgraj pliki jeszcze raz."),
        (BatchState.UPLOADED, "Paczka czeka w kolejce na sprawdzenie"),
        (BatchState.PUBLISHING, "Publikowanie"),
        (BatchState.UNDOING, "Cofanie publikacji"),
    ],
)
def test_each_state_says_what_it_means(
    manager: Any, make_batch: MakeBatch, state: BatchState, sentence: str
) -> None:
    assert sentence in manager.text(address(make_batch(state)))


def test_the_preview_shows_totals_to_the_grosz_and_the_scope(manager: Any, make_batch: MakeBatch) -> None:
    page = manager.text(address(make_batch())).replace("\u00a0", " ")

    assert "20 118,32" in page
    assert "18 901,02" in page
    assert "−1 217,30" in page
    assert "Plik zawiera tylko konto 204-1; konto 204-2 zostaje bez zmian." in page


def test_a_batch_with_errors_cannot_be_published(
    manager: Any, make_batch: MakeBatch, sloneczna: AssociationRef
) -> None:
    batch = make_batch(BatchState.BLOCKED, error_count=3, summary=make_summary(can_publish=False))
    add_problems(batch, sloneczna, 3)

    page = manager.text(address(batch))
    answer = manager.post(address(batch, "publikuj/"))

    assert "Nie można opublikować: 3 błędy." in page
    assert "Nie ma trzynastego miesiąca." in page
    assert "10.13.2026" in page
    assert '<button type="submit" disabled>Opublikuj 4 wpisy</button>' in page
    assert answer.status_code == 302
    assert state_of(batch, sloneczna) == BatchState.BLOCKED
    assert "Tej paczki nie można teraz opublikować." in manager.text(address(batch))


def test_publishing_asks_a_worker_once_however_often_it_is_clicked(
    manager: Any, make_batch: MakeBatch, sloneczna: AssociationRef
) -> None:
    batch = make_batch()

    answers = [manager.post(address(batch, "publikuj/")) for _ in range(3)]

    assert {answer["Location"] for answer in answers} == {address(batch)}
    assert state_of(batch, sloneczna) == BatchState.PUBLISHING
    assert [(job.kind, job.batch_id) for job in Job.objects.order_by("pk")] == [
        (JobKind.PUBLISH_BATCH, batch.pk)
    ]
    assert 'class="notice bad"' not in manager.text(address(batch))


def test_premises_with_errors_can_be_left_out(
    manager: Any, make_batch: MakeBatch, sloneczna: AssociationRef
) -> None:
    summary = make_summary(
        can_publish=False, can_publish_without=True, premises_with_errors=["0401-001", "0401-002", "0401-003"]
    )
    batch = make_batch(BatchState.BLOCKED, error_count=3, summary=summary)

    page = manager.text(address(batch))
    manager.post(address(batch, "publikuj/"), {"zakres": "bez-bledow"})

    assert "Opublikuj bez lokali z błędami (3)" in page
    with enter_association(sloneczna):
        stored = ImportBatch.objects.get(pk=batch.pk)
    assert stored.state == BatchState.PUBLISHING
    assert stored.consent["without_premises_with_errors"] is True


def test_a_batch_is_rejected_once(manager: Any, make_batch: MakeBatch, sloneczna: AssociationRef) -> None:
    batch = make_batch()

    for _ in range(2):
        assert manager.post(address(batch, "odrzuc/")).status_code == 302

    assert state_of(batch, sloneczna) == BatchState.REJECTED
    assert 'class="notice bad"' not in manager.text(address(batch))


def test_an_undo_is_confirmed_on_a_page_of_its_own(
    manager: Any, make_batch: MakeBatch, sloneczna: AssociationRef
) -> None:
    batch = make_batch(BatchState.PUBLISHED)
    with enter_association(sloneczna):
        Publication.objects.create(batch=batch, kind="publish", by_name="Marek Wójcik")

    page = manager.text(address(batch, "cofnij/"))
    unchanged = state_of(batch, sloneczna)
    manager.post(address(batch, "cofnij/")), manager.post(address(batch, "cofnij/"))

    assert "Właściciele znów zobaczą dokładnie to, co było opublikowane przed tą paczką." in page
    assert unchanged == BatchState.PUBLISHED
    assert state_of(batch, sloneczna) == BatchState.UNDOING
    assert [job.kind for job in Job.objects.order_by("pk")] == [JobKind.UNDO_BATCH]


def test_a_batch_that_is_not_published_has_nothing_to_undo(manager: Any, make_batch: MakeBatch) -> None:
    batch = make_batch()

    answer = manager.get(address(batch, "cofnij/"))

    assert (answer.status_code, answer["Location"]) == (302, address(batch))


def test_a_bookkeeper_publishes_only_where_allowed(
    sign_in: Any, make_batch: MakeBatch, sloneczna: AssociationRef
) -> None:
    batch = make_batch()
    clerk = sign_in(sloneczna, role="bookkeeper")
    trusted = sign_in(sloneczna, role="bookkeeper", may_publish=True)

    page = clerk.text(address(batch))
    clerk.post(address(batch, "publikuj/"))
    refused = state_of(batch, sloneczna)
    trusted.post(address(batch, "publikuj/"))

    assert "Opublikuj" not in page
    assert "Odrzuć paczkę" in page
    assert refused == BatchState.READY
    assert "Twoja rola nie pozwala publikować" in clerk.text(address(batch))
    assert state_of(batch, sloneczna) == BatchState.PUBLISHING


@pytest.mark.parametrize("rest", ["publikuj/", "odrzuc/", "cofnij/"])
def test_a_reader_changes_nothing(
    sign_in: Any, make_batch: MakeBatch, sloneczna: AssociationRef, rest: str
) -> None:
    batch = make_batch()

    answer = sign_in(sloneczna, role="reader").post(address(batch, rest))

    assert answer.status_code == 403
    assert state_of(batch, sloneczna) == BatchState.READY


@pytest.mark.parametrize("rest", ["publikuj/", "odrzuc/"])
def test_actions_are_posts(manager: Any, make_batch: MakeBatch, rest: str) -> None:
    assert manager.get(address(make_batch(), rest)).status_code == 405


def test_unknown_batches_and_those_elsewhere_are_404(
    manager: Any, make_batch: MakeBatch, sloneczna: AssociationRef, lipowa: AssociationRef
) -> None:
    own = make_batch(pk=9001)
    make_batch(pk=9001, association=lipowa)
    further = make_batch(pk=9002, association=lipowa)

    rests = ("", "postep/", "problemy.csv", "pliki/1/", "cofnij/")
    missing = [f"/a/sloneczna/importy/{number}/{rest}" for number in (further.pk, 9**30) for rest in rests]
    elsewhere = [f"/a/lipowa/importy/{own.pk}/{rest}" for rest in rests]

    assert manager.get(address(own)).status_code == 200
    assert {manager.get(path).status_code for path in (*missing, *elsewhere)} == {404}
    for rest in ("publikuj/", "odrzuc/", "cofnij/"):
        assert manager.post(f"/a/lipowa/importy/{own.pk}/{rest}").status_code == 404
        assert manager.post(address(further, rest)).status_code == 404


def test_progress_renews_itself_until_the_work_is_over(
    manager: Any, make_batch: MakeBatch, sloneczna: AssociationRef
) -> None:
    batch = make_batch(BatchState.READING, progress_done=61, progress_total=100, summary={})

    page, part = manager.text(address(batch)), manager.text(address(batch, "postep/"))
    with enter_association(sloneczna):
        ImportBatch.objects.update(state=BatchState.READY)
    last = manager.get(address(batch, "postep/"))

    assert f'hx-get="{address(batch, "postep/")}"' in page
    assert 'value="61"' in part
    assert "Sprawdzanie plików: 61%" in part
    assert f'<a href="{address(batch)}">Odśwież</a>' in part
    assert "<html" not in part
    assert last["HX-Refresh"] == "true"
    assert "hx-get" not in manager.text(address(batch))


def test_problems_are_paged_and_filtered(
    manager: Any, make_batch: MakeBatch, sloneczna: AssociationRef
) -> None:
    batch = make_batch(BatchState.BLOCKED, error_count=51, warning_count=2)
    add_problems(batch, sloneczna, 2, severity="warning", reason="Ilość × stawka to nie kwota.")
    add_problems(batch, sloneczna, 51)

    everything = manager.text(address(batch))
    second = manager.text(f"{address(batch)}?strona=2")
    warnings = manager.text(f"{address(batch)}?waga=ostrzezenia")
    errors = manager.text(f"{address(batch)}?waga=bledy&strona=2")

    assert everything.count("Nie ma trzynastego miesiąca.") == 50
    assert "Ilość × stawka" not in everything
    assert (second.count("Nie ma trzynastego"), second.count("Ilość × stawka")) == (1, 2)
    assert (warnings.count("Nie ma trzynastego"), warnings.count("Ilość × stawka")) == (0, 2)
    assert (errors.count("Nie ma trzynastego"), errors.count("Ilość × stawka")) == (1, 0)
    assert "51 błędów, 2 ostrzeżenia" in everything


def test_query_count_of_the_page_does_not_grow(
    manager: Any, make_batch: MakeBatch, sloneczna: AssociationRef, count_queries: Any
) -> None:
    one = make_batch(BatchState.BLOCKED, error_count=1)
    three = make_batch(BatchState.BLOCKED, error_count=3)
    add_problems(one, sloneczna, 1)
    add_problems(three, sloneczna, 3)
    manager.text(address(one))

    with count_queries() as for_one:
        manager.text(address(one))
    with count_queries() as for_three:
        manager.text(address(three))

    assert len(for_three) == len(for_one)


def test_values_of_a_file_are_never_markup(
    manager: Any, make_batch: MakeBatch, sloneczna: AssociationRef
) -> None:
    batch = make_batch(BatchState.BLOCKED, error_count=1)
    add_problems(batch, sloneczna, 1)
    with enter_association(sloneczna):
        Problem.objects.update(value="<script>alert(1)</script>")

    page = manager.text(address(batch))

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
