"""„Stan platformy": what operators see of it, and that nobody else does."""

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from associations.profile.models import AssociationProfile
from billing_views.manager import platform
from billing_views.manager.frame import manager_page
from billing_views.manager.platform_tables import say_bytes, say_seconds
from saas.jobs.models import Job
from saas.observing import status as status_module
from saas.observing.status import read_platform_status
from saas.observing.surveys import keep_survey, take_survey
from saas.tenancy.models import Association
from saas.tenancy.switching import AssociationRef, enter_association
from tests.billing_views.owner.reading import tables_of, text_of
from tests.factories import make_premises

PATH = "/platforma/"


def as_operator(visit: Any) -> Any:
    visit.user.is_operator = True
    visit.user.save()
    return visit


def make_job(slug: str, **fields: Any) -> None:
    association = Association.objects.get(slug=slug)
    Job.objects.create(association=association, **fields)


def table_of(response: Any, caption: str) -> list[list[str]]:
    """The rows below the head of the table whose caption begins so."""
    (found,) = [rows for name, rows in tables_of(response).items() if name.startswith(caption)]
    return found[1:]


def test_only_operators_have_the_page_and_its_tab(sign_in: Any, sloneczna: AssociationRef) -> None:
    manager, operator = sign_in(sloneczna), as_operator(sign_in())

    assert manager.get(PATH).status_code == 404
    assert f'href="{PATH}"' not in manager.text("/")
    assert f'href="{PATH}"' in operator.text("/")
    assert operator.get(PATH).status_code == 200


def test_associations_are_counted_by_state_and_size(
    sign_in: Any, sloneczna: AssociationRef, lipowa: AssociationRef
) -> None:
    with enter_association(sloneczna):
        make_premises("0401-034")
    with enter_association(lipowa):
        AssociationProfile.objects.update(state="suspended")

    page = as_operator(sign_in()).get(PATH)

    assert table_of(page, "Wspólnoty i spółdzielnie") == [
        ["czynne", "1"],
        ["zawieszone", "1"],
        ["bez lokali", "1"],
        ["do 99 lokali", "1"],
        ["100–999 lokali", "0"],
        ["od 1000 lokali", "0"],
    ]
    assert "wspólnot i spółdzielni 2" in text_of(page)
    assert "Słoneczna" not in text_of(page)


def test_the_queue_and_what_failed_in_it(
    sign_in: Any, sloneczna: AssociationRef, lipowa: AssociationRef
) -> None:
    now = timezone.now()
    make_job("sloneczna", kind="read_batch")
    make_job("lipowa", kind="later_kind", size_class="large")
    make_job("lipowa", kind="publish_batch", state="failed", failure="disk_full", finished_at=now)
    make_job("lipowa", kind="read_batch", state="failed", finished_at=now - dt.timedelta(days=8))
    make_job(
        "sloneczna", kind="undo_batch", state="running",
        lease_token=uuid.uuid4(), lease_until=now - dt.timedelta(minutes=1),
    )  # fmt: skip
    Job.objects.filter(kind="read_batch").update(created_at=now - dt.timedelta(minutes=7))

    page = as_operator(sign_in()).get(PATH)

    assert table_of(page, "Kolejka zadań") == [
        ["later_kind duże", "1", "0 s"],
        ["odczyt paczki", "1", "7 min"],
    ]
    (failed,) = table_of(page, "Ostatnie nieudane")
    assert failed[:2] == ["lipowa publikacja paczki", "disk_full"]
    text = text_of(page)
    assert "zadania czekają 2" in text
    assert "nieudane zadanie w 7 dni 1" in text
    assert "Zadania bez pracownika, który je wykonuje: 1." in text


def test_schemas_that_do_not_answer_are_named(sign_in: Any, lipowa: AssociationRef) -> None:
    with enter_association(lipowa):
        AssociationProfile.objects.all().delete()

    page = as_operator(sign_in()).get(PATH)

    assert "Bez odpowiedzi: lipowa." in text_of(page)
    assert table_of(page, "Wspólnoty")[1] == ["nie odpowiadają", "1"]


def test_tables_behind_are_named_up_to_ten(db: None, rf: Any, sign_in: Any) -> None:
    request = rf.get(PATH)
    request.user = as_operator(sign_in()).user
    status = replace(read_platform_status(using="default"), behind=tuple(f"wspolnota-{n}" for n in range(13)))

    page = platform.describe(manager_page(request, "Stan platformy"), status)

    (notice,) = page.notices
    assert notice.title == "13 baz czeka na migrację."
    assert notice.text.endswith("wspolnota-8, wspolnota-9 i jeszcze 3.")


def test_parts_room_and_connections_are_told(sign_in: Any, sloneczna: AssociationRef) -> None:
    page = as_operator(sign_in()).get(PATH)

    assert [row[1] for row in table_of(page, "Części platformy")] == ["działa"] * 4
    assert {row[0] for row in table_of(page, "Największe")} == {"sloneczna", "lipowa"}
    names = [row[0] for row in table_of(page, "Połączenia")]
    assert connection.settings_dict["NAME"] in names
    assert names[-1] == "Razem"


def test_the_page_shows_what_was_asked_in_the_background_and_when(
    sign_in: Any, sloneczna: AssociationRef
) -> None:
    keep_survey(replace(take_survey(), states={"active": 3000}))
    with enter_association(sloneczna):
        AssociationProfile.objects.update(state="suspended")
    make_job("sloneczna", kind="read_batch")

    page = as_operator(sign_in()).get(PATH)

    assert table_of(page, "Wspólnoty i spółdzielnie")[0] == ["czynne", "3 000"]
    assert table_of(page, "Kolejka zadań") == [["odczyt paczki", "1", "0 s"]]
    assert "dane z baz wspólnot i spółdzielni z" in text_of(page)
    assert "nie są odświeżane" not in text_of(page)


def test_where_the_clock_stopped_few_are_asked_directly_and_it_is_said(
    sign_in: Any, sloneczna: AssociationRef
) -> None:
    keep_survey(replace(take_survey(), asked_at=timezone.now() - dt.timedelta(hours=3), states={"active": 9}))

    page = as_operator(sign_in()).get(PATH)

    assert table_of(page, "Wspólnoty i spółdzielnie")[0] == ["czynne", "2"]
    assert "Dane z baz wspólnot i spółdzielni nie są odświeżane od" in text_of(page)


def test_where_the_clock_stopped_many_are_shown_as_they_were(
    sign_in: Any, sloneczna: AssociationRef, monkeypatch: Any
) -> None:
    monkeypatch.setattr(status_module, "FEW", 1)
    operator = as_operator(sign_in())

    never = operator.get(PATH)
    keep_survey(replace(take_survey(), asked_at=timezone.now() - dt.timedelta(hours=3), states={"active": 9}))
    late = operator.get(PATH)

    assert "Nie ma jeszcze danych z baz wspólnot i spółdzielni." in text_of(never)
    assert "wspólnot i spółdzielni 2" in text_of(never)
    assert table_of(late, "Wspólnoty i spółdzielnie")[0] == ["czynne", "9"]
    assert "Dane z baz wspólnot i spółdzielni nie są odświeżane od" in text_of(late)


def test_the_page_costs_the_same_statements_however_many_associations_there_are(
    sign_in: Any, sloneczna: AssociationRef
) -> None:
    keep_survey(take_survey())
    operator = as_operator(sign_in())
    operator.get(PATH)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            operator.get(PATH)
        return len(captured)

    of_two = cost()
    Association.objects.bulk_create(
        Association(slug=f"wiele-{n}", schema_name=f"a_wiele_{n}") for n in range(200)
    )

    assert cost() == of_two


def test_times_and_sizes_are_as_exact_as_they_are_of_use() -> None:
    assert [say_seconds(n) for n in (0.4, 59, 61, 3599, 7300)] == ["0 s", "59 s", "1 min", "60 min", "2 h"]
    assert [say_bytes(n).replace("\u00a0", " ") for n in (0, 5 * 1024**2, 3 * 1024**3 + 2**29)] == [
        "0 MiB",
        "5 MiB",
        "3,5 GiB",
    ]
