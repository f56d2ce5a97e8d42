"""Notices of charges in bulk, by a real worker's code over both samples: figures, order, parts, ends."""

import io
import os
import time
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.db import transaction
from pypdf import PdfReader

import workers.notices
from associations.audit.actors import SYSTEM
from associations.audit.models import AuditEntry
from associations.charges.models import NoticeRun, NoticeState
from associations.charges.notice_actions import UNDER_WAY, mark_notices_cancelled, name_job, order_notices
from associations.charges.notice_files import find_file, new_file, remove_stale_notices
from associations.periods import Month
from associations.premises.models import Building, Holding, Premises
from billing_views.parts.formatting import format_zloty
from saas.jobs.actions import cancel_job, enqueue_job
from saas.jobs.models import Job, JobKind
from saas.tenancy.switching import AssociationRef, enter_association
from tests.cast import APEX, Role
from tests.samples_database import Samples, control_figures
from workers.running import run_one_job

OCTOBER = Month(2026, 10)


@pytest.fixture(autouse=True)
def _only_ours(samples_db: Samples) -> None:
    """The run that waits in the samples has no job."""
    assert not run_one_job()


def order(association: AssociationRef, month: Month = OCTOBER, building_id: int | None = None) -> int:
    """As the page does."""
    with enter_association(association), transaction.atomic():
        run = order_notices(actor=SYSTEM, month=month, building_id=building_id)
        job = enqueue_job(association=association, kind=JobKind.PRINT_NOTICES, options={"run_id": run.pk})
        name_job(run_id=run.pk, job_id=job.pk)
        return int(run.pk)


def read_run(association: AssociationRef, run_id: int) -> NoticeRun:
    with enter_association(association):
        return NoticeRun.objects.get(pk=run_id)


def pdfs_of(association: AssociationRef, run: NoticeRun) -> list[PdfReader]:
    path = find_file(association.schema_name, run.file_name)
    assert path is not None
    with ZipFile(path) as archive:
        return [PdfReader(io.BytesIO(archive.read(name))) for name in archive.namelist()]


def files_of(association: AssociationRef) -> list[Path]:
    return sorted((Path(settings.FILES_DIR) / association.schema_name / "notices").glob("*"))


def plain(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


def test_every_premises_gets_the_total_of_the_month_in_the_order_of_codes(
    samples_db: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers.notices, "CHUNK", 25)
    association, figures = samples_db.sloneczna, control_figures("spoldzielnia")["premises"]
    run_id = order(association)

    assert run_one_job()

    run = read_run(association, run_id)
    assert run.state == NoticeState.DONE
    with enter_association(association):
        codes = list(Premises.objects.order_by("sort_key", "code").values_list("code", flat=True))
    assert [part["count"] for part in run.parts] == [25, 25, 10]
    assert [part["first"] for part in run.parts] == [codes[0], codes[25], codes[50]]
    pages = [plain(page.extract_text()) for pdf in pdfs_of(association, run) for page in pdf.pages]
    assert len(pages) == run.notice_count == len(codes)
    for code, page in zip(codes, pages, strict=True):
        total = figures[code]["charges_by_month"]["2026-10"] if code in figures else None
        assert f"Lokal {code} " in page
        assert page.endswith("strona 1 z 1")
        if total:
            words = plain(format_zloty(Decimal(total)))
            assert f"Razem za miesiąc {words}" in page
    assert len(files_of(association)) == 1


def test_a_building_alone(samples_db: Samples) -> None:
    association = samples_db.sloneczna
    with enter_association(association):
        building = Building.objects.order_by("code").last()
        assert building is not None
        codes = list(building.premises.order_by("sort_key", "code").values_list("code", flat=True))

    run_id = order(association, building_id=building.pk)
    run_one_job()

    run = read_run(association, run_id)
    assert (run.notice_count, run.total) == (len(codes), len(codes))
    assert (run.parts[0]["first"], run.parts[-1]["last"]) == (codes[0], codes[-1])


def test_a_buyer_gets_the_months_after_the_sale_and_the_seller_those_before(samples_db: Samples) -> None:
    association = samples_db.sloneczna
    with enter_association(association):
        seller, buyer = Holding.objects.filter(premises__code="0401-022").order_by("starts_on")
        names = [one.members.get().person.name for one in (seller, buyer)]
    texts = []

    for month in (Month(2024, 1), OCTOBER):
        run_id = order(association, month)
        run_one_job()
        pdfs = pdfs_of(association, read_run(association, run_id))
        pages = [plain(page.extract_text()) for pdf in pdfs for page in pdf.pages]
        texts.append(next(page for page in pages if "Lokal 0401-022 " in page))

    assert [[name in text for name in names] for text in texts] == [[True, False], [False, True]]
    assert ["Dane do przelewu" in text for text in texts] == [False, True]


def test_a_month_without_charges_gives_no_file(samples_db: Samples) -> None:
    run_id = order(samples_db.lipowa, Month(2031, 1))

    run_one_job()

    run = read_run(samples_db.lipowa, run_id)
    assert (run.state, run.notice_count, run.parts, run.file_name) == (NoticeState.DONE, 0, [], "")
    assert files_of(samples_db.lipowa) == []


def test_a_cancelled_run_keeps_nothing(samples_db: Samples) -> None:
    association = samples_db.sloneczna
    run_id = order(association)
    job_id = str(read_run(association, run_id).job_id)
    # Asked between the claim and the first report: the worker hears of it when it ends.
    Job.objects.filter(pk=job_id).update(is_cancel_requested=True)

    run_one_job()

    assert read_run(association, run_id).state == NoticeState.CANCELLED
    assert files_of(association) == []
    assert Job.objects.get(pk=job_id).state == "cancelled"


def test_what_a_dead_worker_left_is_no_result_and_goes(samples_db: Samples) -> None:
    association = samples_db.sloneczna
    run_id = order(association)
    with enter_association(association):
        leftover = new_file(association.schema_name, run_id)
    leftover.write_bytes(b"half of it")
    other = leftover.with_name(f"{run_id}-dead-0.pdf.part")
    other.write_bytes(b"a press")

    run_one_job()

    run = read_run(association, run_id)
    assert run.state == NoticeState.DONE
    assert [path.name for path in files_of(association)] == [run.file_name]


def test_papers_go_after_a_day(samples_db: Samples) -> None:

    association = samples_db.sloneczna
    run_id = order(association)
    run_one_job()
    run = read_run(association, run_id)
    path = find_file(association.schema_name, run.file_name)
    assert path is not None

    os.utime(path, (time.time() - 25 * 3600,) * 2)

    assert find_file(association.schema_name, run.file_name) is None
    assert remove_stale_notices() == 1
    assert not path.exists()


def test_a_failing_press_fails_the_run(samples_db: Samples, monkeypatch: pytest.MonkeyPatch) -> None:
    association = samples_db.sloneczna
    # The press finds no program to run.
    monkeypatch.setattr("sys.executable", "/bin/false")
    run_id = order(association)

    run_one_job()

    assert read_run(association, run_id).state == NoticeState.FAILED
    assert files_of(association) == []


def test_staff_order_watch_and_download_and_it_is_written_down(samples_db: Samples) -> None:
    association, manager = samples_db.sloneczna, samples_db[Role.MANAGER].browser(APEX)
    base = "/a/sloneczna/zawiadomienia/"

    answer = manager.post(base, {"month_chosen": "2026-10", "scope": ""})
    assert answer.status_code == 302
    page = answer.headers["Location"]
    assert "Czeka w kolejce" in manager.get(page).content.decode()
    run_one_job()
    shown = manager.get(page).content.decode()
    part, whole = manager.get(f"{page}pliki/1/"), manager.get(f"{page}plik/")

    assert "Gotowych 60 zawiadomień" in shown
    assert manager.get(f"{page}postep/").headers["HX-Refresh"] == "true"
    assert part.headers["Content-Disposition"] == (
        'attachment; filename="sloneczna-zawiadomienia-2026-10-001.pdf"'
    )
    assert part.content.startswith(b"%PDF")
    assert ZipFile(io.BytesIO(whole.getvalue())).namelist() == ["zawiadomienia-001.pdf"]
    assert manager.get(f"{page}pliki/2/").status_code == 404
    with enter_association(association):
        acts = AuditEntry.objects.filter(action__startswith="notices.", target=page.split("/")[-2])
        assert list(acts.order_by("id").values_list("action", flat=True)) == [
            "notices.ordered",
            "notices.downloaded",
            "notices.downloaded",
        ]


@pytest.mark.parametrize(("limit", "size"), [(59, "large"), (60, "small")])
def test_a_large_run_never_gets_the_last_slot(
    samples_db: Samples, monkeypatch: pytest.MonkeyPatch, limit: int, size: str
) -> None:
    monkeypatch.setattr("billing_views.manager.notices.LARGE_PREMISES", limit)
    manager = samples_db[Role.MANAGER].browser(APEX)

    manager.post("/a/sloneczna/zawiadomienia/", {"month_chosen": "2026-10", "scope": ""})

    assert Job.objects.get(kind=JobKind.PRINT_NOTICES).size_class == size


def test_a_waiting_run_is_cancelled_at_once(samples_db: Samples) -> None:
    association, manager = samples_db.sloneczna, samples_db[Role.MANAGER].browser(APEX)
    run_id = order(association)

    manager.post(f"/a/sloneczna/zawiadomienia/{run_id}/anuluj/")

    assert read_run(association, run_id).state == NoticeState.CANCELLED
    assert not run_one_job()


def test_a_run_ends_once(samples_db: Samples) -> None:
    association = samples_db.sloneczna
    run_id = order(association)
    run_one_job()

    with enter_association(association):
        mark_notices_cancelled(run_id=run_id)

    run = read_run(association, run_id)
    assert run.state == NoticeState.DONE
    assert run.state not in UNDER_WAY
    assert run.job_id is not None
    assert not cancel_job(job_id=run.job_id)
