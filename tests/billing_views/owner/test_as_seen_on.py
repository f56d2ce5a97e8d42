"""`?as_seen_on=` on a manager's preview: the figures as they were published at the end of a day."""

import ast
import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from associations.audit.actors import Actor
from associations.audit.models import AuditEntry
from associations.catalogue import CATALOGUE
from associations.imports.models import Publication
from associations.imports.publishing import undo
from associations.imports.standing import HERE, Standing
from associations.ledger.models import Account
from associations.premises.models import Holding
from billing_views.owner.preview import read_day
from saas.tenancy.switching import enter_association
from tests.billing_views.owner.reading import text_of
from tests.cast import Role
from tests.factories import publish_charges, publish_postings
from tests.samples_database import Samples

ROOT = Path(__file__).parents[3]
# Whoever reads for a holding; files, checks and overviews of the whole association know none.
READERS = sorted(
    path
    for path in (ROOT / "associations").glob("*/*.py")
    if "OpenHolding" in path.read_text(encoding="utf-8")
)
PATHS = (
    "kartoteka/2026/",
    "oplaty/2026/9/",
    "ksiegowosc/?rok=2026",
    "media/?rok=2026",
    "dane/",
    "informacje/",
)
EDITION = re.compile(r"_(charge|posting|balance|reading|settlement)edition\b")
TABLES = re.compile(r"<table.*?</table>", re.DOTALL)


def set_at(publication: Publication, moment: str) -> None:
    at = dt.datetime.fromisoformat(moment).replace(tzinfo=HERE)
    Publication.objects.filter(pk=publication.pk).update(at=at)


@pytest.fixture
def history(samples: Samples) -> Samples:
    """Samples published on 1 September; charges and postings anew on 10 and 20 September, the latter undone."""
    with enter_association(samples.sloneczna):
        Publication.objects.update(at=dt.datetime(2026, 9, 1, 12, tzinfo=HERE))
        premises = Holding.objects.get(pk=samples[Role.OWNER].holding_id).premises
        account = Account.objects.get(code="204-1")
        first = publish_postings(premises, account, "2026-03-02 DRUGA 111.11")
        publish_charges(premises, "2026-09", "EKSP 1 m2 222.22 222.22")
        set_at(first, "2026-09-10 23:59:59")
        set_at(Publication.objects.latest("pk"), "2026-09-10 08:00")
        second = publish_postings(premises, account, "2026-03-02 TRZECIA 333.33")
        set_at(second, "2026-09-20 00:00")
        undone = undo(CATALOGUE, second.batch, actor=Actor(kind="operator", id=None, name="operator"))
        set_at(undone, "2026-09-25 09:00")
    return samples


def preview(samples: Samples, path: str, day: str = "") -> Any:
    mount = f"/a/sloneczna/podglad/{samples[Role.OWNER].holding_id}/"
    parameter = f"{'&' if '?' in path else '?'}as_seen_on={day}" if day else ""
    return samples[Role.MANAGER].browser().get(mount + path + parameter)


def tables(response: Any) -> list[str]:
    return TABLES.findall(re.sub(r"[?&](amp;)?as_seen_on=[0-9-]+", "", response.content.decode()))


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        ("2026-09-09", None),
        ("2026-09-10", "DRUGA"),
        ("2026-09-19", "DRUGA"),
        ("2026-09-20", "TRZECIA"),
        ("2026-09-24", "TRZECIA"),
        ("2026-09-25", "DRUGA"),
    ],
)
def test_the_ledger_of_a_day_holds_what_was_published_then(
    history: Samples, day: str, shown: str | None
) -> None:
    page = text_of(preview(history, "kartoteka/2026/", day))

    assert [word for word in ("DRUGA", "TRZECIA") if word in page] == ([shown] if shown else [])
    assert f"Dane opublikowane do dnia {day[8:]}.09.2026. Nazwy i opisy są dzisiejsze." in page


def test_charges_follow_the_day_too(history: Samples) -> None:
    assert "222,22" not in text_of(preview(history, "oplaty/2026/9/", "2026-09-09"))
    assert "222,22" in text_of(preview(history, "oplaty/2026/9/", "2026-09-10"))


@pytest.mark.parametrize("path", PATHS)
def test_today_and_a_later_day_show_the_figures_of_now(history: Samples, path: str) -> None:
    now = tables(preview(history, path))

    assert tables(preview(history, path, "2026-09-25")) == now
    assert tables(preview(history, path, "2999-12-31")) == now


@pytest.mark.parametrize("path", ["kartoteka/", "oplaty/", "ksiegowosc/", "media/"])
def test_a_day_before_the_first_publication_shows_the_empty_state(history: Samples, path: str) -> None:
    before, after = preview(history, path, "2026-08-31"), preview(history, path, "2026-09-01")

    assert "<td" in after.content.decode()
    assert "<td" not in before.content.decode()
    assert "Spółdzielnia nie przekazała" in text_of(before)


@pytest.mark.parametrize(
    "day", ["2026-02-30", "2026-13-01", "wczoraj", "0001-01-01", "9999-12-31", "²026-01-01"]
)
@pytest.mark.parametrize("path", ["kartoteka/", "dane/"])
def test_a_day_that_does_not_exist_is_a_404(history: Samples, path: str, day: str) -> None:
    assert preview(history, path, day).status_code == 404


def test_a_day_may_be_typed_as_people_write_it() -> None:
    assert read_day(" 1.10.2026") == read_day("2026-10-01") == dt.date(2026, 10, 1)


@pytest.mark.parametrize("path", PATHS)
def test_every_link_inside_the_preview_keeps_the_day(history: Samples, path: str) -> None:
    content = preview(history, path, "2026-09-10").content.decode()

    links = re.findall(r'href="(/a/sloneczna/podglad/[^"]*)"', content)
    today = [link for link in links if "as_seen_on=2026-09-10" not in link]
    assert len(today) == 1  # „Pokaż dane dzisiejsze”
    assert len(links) > 6
    for form in re.findall(r"<form[^>]*method=\"get\".*?</form>", content, re.DOTALL):
        assert 'name="as_seen_on"' in form


def test_the_day_is_written_down(history: Samples) -> None:
    preview(history, "media/", "2026-09-10")

    with enter_association(history.sloneczna):
        entry = AuditEntry.objects.filter(action="holding.previewed").latest("id")
    assert entry.details == {"page": "media", "as_seen_on": "2026-09-10"}


@pytest.mark.parametrize("day", ["2026-08-31", "not-a-day"])
def test_an_owner_never_sees_another_day(history: Samples, day: str) -> None:
    own = history[Role.OWNER]
    address = f"/lokal/{own.holding_id}/kartoteka/2026/"

    asked, plain = own.browser().get(address, {"as_seen_on": day}), own.browser().get(address)

    assert tables(asked) == tables(plain) != []
    assert 'name="as_seen_on"' not in asked.content.decode()


@pytest.mark.parametrize(
    "path", [*PATHS, "kartoteka/", "oplaty/", "oplaty/2026/", "ksiegowosc/", "media/", "zmien/"]
)
def test_every_statement_that_reads_editions_asks_for_the_day(history: Samples, path: str) -> None:
    """Also one that is added later: whatever an owner's page reads of editions is of that day."""
    with CaptureQueriesContext(connection) as captured:
        assert preview(history, path, "2026-09-10").status_code == 200

    reading = [one["sql"] for one in captured if EDITION.search(one["sql"])]
    of_today = [sql for sql in reading if sql.count("2026-09-11 00:00:00+02:00") < 2]
    assert of_today == []
    assert bool(reading) == (path.split("/", maxsplit=1)[0] not in {"dane", "informacje", "zmien"})


def test_without_a_day_the_open_editions_are_asked_for_as_their_index_says(history: Samples) -> None:
    with CaptureQueriesContext(connection) as captured:
        for path in PATHS:
            preview(history, path)

    reading = [one["sql"].replace('"', "") for one in captured if EDITION.search(one["sql"])]
    assert len(reading) > 6
    assert [
        sql for sql in reading if "closed_by_id IS NULL" not in sql or "imports_publication o" in sql
    ] == []
    assert Standing().sql("e") == ("e.closed_by_id IS NULL", [])


@pytest.mark.parametrize("path", READERS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_reader_says_by_itself_which_editions_stand(path: Path) -> None:
    """The text of every query of a holding's figures takes the condition from its scope."""
    tree = ast.parse(path.read_text(encoding="utf-8"))

    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    keywords = [node.arg for node in ast.walk(tree) if isinstance(node, ast.keyword)]
    assert [text for text in texts if "closed_by" in text] == []
    assert [word for word in keywords if word and "closed_by" in word] == []
