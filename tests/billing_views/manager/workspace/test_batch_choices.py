"""Ustalenia on the page of a batch: what is asked, who may answer, and that nothing is published before."""

import re
from typing import Any

import pytest

from associations.imports.models import BatchState, ImportBatch
from saas.jobs.models import Job, JobKind
from saas.tenancy.switching import AssociationRef, enter_association
from tests.billing_views.manager.workspace.conftest import MakeBatch, SignIn, make_summary

PEOPLE: dict[str, Any] = {
    "as_of": "2026-11-22",
    "people": [
        {"code": "K 1", "before": "Kos Jan", "after": "Kos-Lis Jan", "answer": "correction"},
        {"code": "N", "before": "Nowak Jan", "after": "Wilk Ewa", "answer": ""},
    ],
    "successions": [{"premises": "0401-003", "ends": ["Lis Jan"], "starts": ["Kowalska Anna"]}],
    "succession_count": 1,
    "ended": [{"premises": "0401-004", "code": "Z", "name": "Zięba Iwo", "last_day": "2026-11-21", "why": "missing"}],
    "ended_count": 1,
}  # fmt: skip


def address(batch: ImportBatch, part: str = "") -> str:
    return f"/a/sloneczna/importy/{batch.pk}/{part}"


def stored(batch: ImportBatch, association: AssociationRef) -> ImportBatch:
    with enter_association(association):
        return ImportBatch.objects.get(pk=batch.pk)


def test_every_open_question_is_on_the_page_and_publishing_waits(manager: Any, make_batch: MakeBatch) -> None:
    page = manager.text(address(make_batch(summary=make_summary(questions=PEOPLE))))

    assert "Kod N: „Nowak Jan” → „Wilk Ewa”" in page
    assert "Poprawka czy inna osoba?" in page
    assert "Lokal 0401-003: Lis Jan → Kowalska Anna od 22.11.2026" in page
    assert "Lokal 0401-004: Zięba Iwo do 21.11.2026" in page
    assert 'value="2026-11-22"' in page
    assert '<button type="submit" disabled>' in page


def test_answers_are_kept_and_the_batch_is_checked_again(
    manager: Any, make_batch: MakeBatch, sloneczna: AssociationRef
) -> None:
    batch = make_batch(summary=make_summary(questions=PEOPLE), declarations={"people": {"K 1": "correction"}})

    answer = manager.post(
        address(batch, "ustalenia/"),
        {
            "osoba:N": "other",
            "osoba:K 1": "correction",
            "as_of": "2026-11-01",
            "closes_undated_titles": "on",
            "ends_missing_titles": "on",
        },
    )

    assert answer.status_code == 302
    found = stored(batch, sloneczna)
    assert found.state == BatchState.UPLOADED
    assert found.declarations == {
        "people": {"K 1": "correction", "N": "other"},
        "as_of": "2026-11-01",
        "closes_undated_titles": True,
        "ends_missing_titles": True,
    }
    assert Job.objects.filter(batch_id=batch.pk, kind=JobKind.READ_BATCH).exists()


def test_all_unanswered_names_may_be_called_corrections_at_once(
    manager: Any, make_batch: MakeBatch, sloneczna: AssociationRef
) -> None:
    batch = make_batch(summary=make_summary(questions=PEOPLE))

    manager.post(
        address(batch, "ustalenia/"), {"as_of": "2026-11-22", "all_corrections": "on", "osoba:K 1": "other"}
    )

    assert stored(batch, sloneczna).declarations["people"] == {"K 1": "other", "N": "correction"}


@pytest.mark.parametrize("day", ["", "wczoraj", "2026-02-29"])
def test_a_day_that_is_none_is_refused_with_a_sentence(
    manager: Any, make_batch: MakeBatch, sloneczna: AssociationRef, day: str
) -> None:
    batch = make_batch(summary=make_summary(questions=PEOPLE))

    answer = manager.post(address(batch, "ustalenia/"), {"as_of": day}, follow=True)

    assert "Podaj dzień, na który plik pokazuje stan osób i tytułów." in answer.content.decode()
    assert stored(batch, sloneczna).state == BatchState.READY


def test_a_batch_of_figures_asks_only_whether_it_is_an_addition(
    manager: Any, make_batch: MakeBatch, sloneczna: AssociationRef
) -> None:
    batch = make_batch()

    page = manager.text(address(batch))
    manager.post(address(batch, "ustalenia/"), {"is_addition": "on"})

    assert "Dopisanie: dodaj wiersze do tego, co już jest" in page
    assert "Stan osób i tytułów" not in page
    assert stored(batch, sloneczna).declarations == {"is_addition": True}


def test_vanishing_rows_need_the_word_that_the_file_is_complete(
    manager: Any, make_batch: MakeBatch, sloneczna: AssociationRef
) -> None:
    summary = make_summary()
    summary["datasets"][0] |= {"gone": 3, "period": ["2026-01-01", "2026-11-01"]}
    batch = make_batch(summary=summary)

    page = manager.text(address(batch))
    refused = manager.post(address(batch, "publikuj/"), follow=True).content.decode()
    state = stored(batch, sloneczna).state
    manager.post(address(batch, "publikuj/"), {"znika": "tak"})

    assert (
        "Potwierdzam: plik zawiera wszystko od 01.2026 do 11.2026; to, czego w nim nie ma, zniknie." in page
    )
    assert "Potwierdź, że plik zawiera wszystko ze swojego okresu" in refused
    assert state == BatchState.READY
    assert stored(batch, sloneczna).state == BatchState.PUBLISHING


def test_consent_to_one_preview_publishes_no_other(
    manager: Any, make_batch: MakeBatch, sloneczna: AssociationRef
) -> None:
    batch = make_batch(summary=make_summary())
    [mark] = set(re.findall(r'name="podglad" value="([0-9a-f]+)"', manager.text(address(batch))))
    other = make_summary(questions={"as_of": "2026-11-22"})
    with enter_association(sloneczna):
        ImportBatch.objects.filter(pk=batch.pk).update(summary=other)

    said = {"znika": "tak", "podglad": mark}
    refused = manager.post(address(batch, "publikuj/"), said, follow=True).content.decode()
    state = stored(batch, sloneczna).state
    [newer] = set(re.findall(r'name="podglad" value="([0-9a-f]+)"', refused))
    manager.post(address(batch, "publikuj/"), {**said, "podglad": newer})

    assert "Podgląd tej paczki zmienił się, odkąd go otwarto." in refused
    assert state == BatchState.READY
    assert stored(batch, sloneczna).state == BatchState.PUBLISHING


def test_a_closed_year_is_named_with_the_way_to_open_it(
    manager: Any, sign_in: SignIn, make_batch: MakeBatch, sloneczna: AssociationRef
) -> None:
    summary = make_summary(closed_years=[2024], can_publish=False)
    batch = make_batch(BatchState.BLOCKED, summary=summary, error_count=1)

    page = manager.text(address(batch))
    others = sign_in(sloneczna, role="bookkeeper").text(address(batch))

    assert "Paczka zmienia zamknięte lata: 2024." in page
    assert 'href="/a/sloneczna/zamkniete-lata/"' in page
    assert "Otworzyć rok może tylko zarządca." in others
    assert 'href="/a/sloneczna/zamkniete-lata/"' not in others


def test_nothing_is_asked_where_nothing_vanishes(manager: Any, make_batch: MakeBatch) -> None:
    assert "Potwierdzam: plik zawiera wszystko" not in manager.text(address(make_batch()))


@pytest.mark.parametrize("state", [BatchState.PUBLISHED, BatchState.PUBLISHING, BatchState.REJECTED])
def test_nothing_can_be_said_of_a_batch_that_is_settled(
    manager: Any, make_batch: MakeBatch, sloneczna: AssociationRef, state: BatchState
) -> None:
    batch = make_batch(state)

    manager.post(address(batch, "ustalenia/"), {"is_addition": "on"})

    assert stored(batch, sloneczna).declarations == {}
    assert stored(batch, sloneczna).state == state


def test_a_bookkeeper_answers_and_a_reader_only_looks(
    sign_in: SignIn, make_batch: MakeBatch, sloneczna: AssociationRef
) -> None:
    batch = make_batch(summary=make_summary(questions=PEOPLE))
    reader, bookkeeper = sign_in(sloneczna, role="reader"), sign_in(sloneczna, role="bookkeeper")

    seen = reader.text(address(batch))
    refused = reader.post(address(batch, "ustalenia/"), {"as_of": "2026-11-22"})
    answered = bookkeeper.post(address(batch, "ustalenia/"), {"as_of": "2026-11-22", "osoba:N": "other"})

    assert "Zapisz i przelicz podgląd" not in seen
    assert (refused.status_code, answered.status_code) == (403, 302)
    assert stored(batch, sloneczna).declarations["people"]["N"] == "other"


@pytest.mark.parametrize("verdict", [{"can_publish": True}, {"can_publish_without": True}, {}])
def test_agreement_is_asked_for_only_where_there_is_a_button(
    manager: Any, make_batch: MakeBatch, verdict: dict[str, bool]
) -> None:
    summary = make_summary()
    summary["datasets"][0]["gone"] = 3
    summary |= {"can_publish": False, "can_publish_without": False} | verdict
    state = BatchState.READY if verdict.get("can_publish") else BatchState.BLOCKED

    page = manager.text(address(make_batch(state=state, summary=summary)))

    assert ("to, czego w nim nie ma, zniknie" in page) == bool(verdict)


def test_a_file_that_was_added_before_is_asked_about(
    manager: Any, make_batch: MakeBatch, sloneczna: AssociationRef
) -> None:
    repeated = {"repeated_files": [{"name": "obroty.csv", "batch": 7, "day": "2026-11-10"}]}
    batch = make_batch(summary=make_summary(questions=repeated), declarations={"is_addition": True})

    page = manager.text(address(batch))
    manager.post(address(batch, "ustalenia/"), {"is_addition": "on", "adds_again": "on"})

    assert "Ten sam plik był już dopisany." in page
    assert "Plik obroty.csv dopisano już w paczce 7 (10.11.2026)." in page
    assert '<button type="submit" disabled>' in page
    assert "Stan osób i tytułów na dzień" not in page
    assert stored(batch, sloneczna).declarations == {"is_addition": True, "adds_again": True}
