"""Popraw wczytanie: what the page shows, what a correction says to the reader, and who may correct when."""

from collections.abc import Callable
from typing import Any

import pytest

from associations.imports.models import BatchState, ImportBatch, ImportFile, ImportProfile, ImportTable
from billing_views.manager.table_reading import say_switches
from saas.jobs.models import Job, JobKind
from saas.tenancy.switching import AssociationRef, enter_association
from tests.html_pages import read_html

MakeBatch = Callable[..., ImportBatch]
MakeTable = Callable[..., ImportTable]
HEADERS = ["MIE", "Konto", "Data", "Wn", "Ma"]
MAPPING = ["", "account_code", "posted_on", "debit", "credit"]
SAMPLES = [
    ["0401-034", "204-1", "01.10.2026", "743,28", ""],
    ["0401-034", "204-1", "12.10.2026", "", "900,00"],
]


@pytest.fixture
def make_table(make_batch: MakeBatch, sloneczna: AssociationRef) -> MakeTable:
    """A table of postings of which the premises' column was not recognised."""

    def make(state: BatchState = BatchState.BLOCKED, **fields: Any) -> ImportTable:
        batch = make_batch(state)
        given = {
            "dataset": "postings",
            "file_format": "csv",
            "encoding": "cp1250",
            "separator": ";",
            "header_row": 3,
            "headers": HEADERS,
            "mapping": MAPPING,
            "samples": SAMPLES,
            "row_count": 2,
            **fields,
        }
        with enter_association(sloneczna):
            return ImportTable.objects.create(
                batch=batch, file_number=1, file_name="ksiegowania-2026-10.csv", **given
            )

    return make


def address(table: ImportTable, place: int = 1) -> str:
    return f"/a/sloneczna/importy/{table.batch_id}/odczyt/1/{place}/"


def filled(table: ImportTable, **changes: str) -> dict[str, str]:
    """The form as a browser would send it, with every column named."""
    columns = {f"kolumna-{index}": field for index, field in enumerate(table.mapping)}
    given = {"dataset": table.dataset, "krok": "odczytaj", "profile_name": "Księgowania: ksiegowania"}
    return given | columns | {"kolumna-0": "premises_code"} | changes


def options_of(table: ImportTable, association: AssociationRef) -> dict[str, Any]:
    with enter_association(association):
        batch = ImportBatch.objects.get(pk=table.batch_id)
        return dict(batch.table_options.get("1", {}).get("", {}))


def state_of(table: ImportTable, association: AssociationRef) -> str:
    with enter_association(association):
        return ImportBatch.objects.get(pk=table.batch_id).state


def test_the_page_shows_how_the_table_was_read_and_what_is_missing(
    manager: Any, make_table: MakeTable
) -> None:
    page = read_html(manager.text(address(make_table())))

    assert "CSV, Windows-1250, średnik, nagłówek w wierszu 3 · Księgowania: 2 wiersze" in page.text
    assert "Brakuje kolumny: Kod lokalu." in page.text
    assert "0401-034 204-1 01.10.2026 743,28" in page.text


def test_recognised_columns_are_preselected_and_the_others_are_not_read(
    manager: Any, make_table: MakeTable
) -> None:
    page = read_html(manager.text(address(make_table())))

    selects = {select.attributes["name"]: select for select in page.all("select")}
    chosen = {
        name: [one.attributes["value"] for one in select.all("option") if "selected" in one.attributes]
        for name, select in selects.items()
        if name.startswith("kolumna")
    }
    assert chosen == {f"kolumna-{index}": [field] for index, field in enumerate(MAPPING)}
    labels = [label.text for label in page.all("label") if label.attributes["for"].startswith("id_kolumna")]
    assert labels == HEADERS


def test_one_select_is_enough_for_the_missing_column(
    manager: Any, make_table: MakeTable, sloneczna: AssociationRef
) -> None:
    table = make_table()

    answer = manager.post(address(table), filled(table, remembers="on"))

    assert answer["Location"] == f"/a/sloneczna/importy/{table.batch_id}/"
    assert options_of(table, sloneczna) == {
        "dataset": "postings",
        "columns": dict(zip(HEADERS, ["premises_code", *MAPPING[1:]], strict=True)),
    }
    assert state_of(table, sloneczna) == BatchState.UPLOADED
    assert list(Job.objects.values_list("kind", "batch_id")) == [(JobKind.READ_BATCH, table.batch_id)]
    with enter_association(sloneczna):
        profile = ImportProfile.objects.get()
    assert (profile.name, profile.headers) == ("Księgowania: ksiegowania", HEADERS)


def test_a_correction_that_is_not_to_be_remembered_makes_no_profile(
    manager: Any, make_table: MakeTable, sloneczna: AssociationRef
) -> None:
    table = make_table()

    manager.post(address(table), filled(table))

    assert state_of(table, sloneczna) == BatchState.UPLOADED
    with enter_association(sloneczna):
        assert not ImportProfile.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kolumna-0": ""}, "Wskaż jeszcze kolumny: „Kod lokalu”."),
        ({"kolumna-2": ""}, "Wskaż jeszcze kolumny: „Data księgowania”."),
        ({"kolumna-3": "", "kolumna-4": ""}, "Wskaż jeszcze kolumny: „Winien albo Ma"),
        ({"kolumna-1": "premises_code"}, "„Kod lokalu” jest już w kolumnie „MIE”."),
        ({"kolumna-1": "balance"}, "Wybierz poprawną wartość"),
        ({"header_row": "0"}, "Upewnij się, że ta wartość jest większa lub równa 1"),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_read_again(
    manager: Any, make_table: MakeTable, sloneczna: AssociationRef, changes: dict[str, str], sentence: str
) -> None:
    table = make_table()

    answer = manager.post(address(table), filled(table, **changes))

    assert sentence in read_html(answer.content.decode()).text
    assert state_of(table, sloneczna) == BatchState.BLOCKED
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"encoding": "cp852"}, {"dataset": "postings", "encoding": "cp852"}),
        ({"separator": "tab"}, {"dataset": "postings", "separator": "\t"}),
        ({"header_row": "4"}, {"dataset": "postings", "header_row": 4}),
        ({"dataset": "balances"}, {"dataset": "balances"}),
        ({"krok": "pokaz", "decimal": ","}, {"dataset": "postings", "decimal": ","}),
    ],
)
def test_another_reading_comes_back_to_the_table_before_its_columns_are_told(
    manager: Any, make_table: MakeTable, sloneczna: AssociationRef, changes: dict[str, str], expected: Any
) -> None:
    table = make_table()

    answer = manager.post(address(table), filled(table, remembers="on", **changes))

    assert answer["Location"] == address(table)
    assert options_of(table, sloneczna) == expected
    with enter_association(sloneczna):
        assert not ImportProfile.objects.exists()


def test_amounts_dates_and_signs_are_options(
    manager: Any, make_table: MakeTable, sloneczna: AssociationRef
) -> None:
    table = make_table(
        dataset="balances", headers=["MIE", "Fundusz", "Saldo"], mapping=["", "fund", "amount"], samples=[]
    )
    switches = {"decimal": ".", "dates": "mdy", "is_in_grosze": "on", "is_sign_reversed": "on"}

    answer = manager.post(address(table), filled(table, **switches))

    assert answer.status_code == 302, read_html(answer.content.decode()).text
    assert options_of(table, sloneczna) == {
        "dataset": "balances",
        "columns": {"MIE": "premises_code", "Fundusz": "fund", "Saldo": "amount"},
        "decimal": ".",
        "dates": "mdy",
        "is_in_grosze": True,
        "is_sign_reversed": True,
    }


def test_a_table_may_be_left_out_whatever_its_columns(
    manager: Any, make_table: MakeTable, sloneczna: AssociationRef
) -> None:
    table = make_table(dataset="", mapping=["", "", "", "", ""])

    answer = manager.post(address(table), {"krok": "odczytaj", "is_left_out": "on"})

    assert answer["Location"] == f"/a/sloneczna/importy/{table.batch_id}/"
    assert options_of(table, sloneczna) == {"is_left_out": True}


def test_an_unrecognised_table_asks_what_it_holds_first(
    manager: Any, make_table: MakeTable, sloneczna: AssociationRef
) -> None:
    table = make_table(dataset="", mapping=["", "", "", "", ""])

    page = read_html(manager.text(address(table)))
    answer = manager.post(address(table), {"krok": "odczytaj"})

    assert next(one.attributes["name"] for one in page.all("select")) == "dataset"
    assert not [one for one in page.all("select") if one.attributes["name"].startswith("kolumna")]
    assert "Wybierz, co zawiera tabela." in read_html(answer.content.decode()).text


@pytest.mark.parametrize(
    ("file_format", "offered"),
    [
        ("csv", {"encoding", "separator", "header_row"}),
        ("dbf", {"encoding"}),
        ("xlsx", {"header_row"}),
        ("xml", set()),
    ],
)
def test_only_what_means_something_for_the_format_is_offered(
    manager: Any, make_table: MakeTable, file_format: str, offered: set[str]
) -> None:
    page = read_html(manager.text(address(make_table(file_format=file_format))))

    names = {one.attributes.get("name", "") for one in page.all("select", "input")}
    assert names & {"encoding", "separator", "header_row"} == offered


@pytest.mark.parametrize("state", BatchState)
def test_states_that_may_be_corrected(
    manager: Any, make_table: MakeTable, sloneczna: AssociationRef, state: BatchState
) -> None:
    table = make_table(state)
    may = state in {BatchState.READY, BatchState.BLOCKED, BatchState.UNCHANGED, BatchState.FAILED}

    shown = manager.text(address(table))
    answer = manager.post(address(table), filled(table))

    assert ("Wczytaj ponownie" in shown) == may
    assert answer["Location"] == f"/a/sloneczna/importy/{table.batch_id}/"
    assert state_of(table, sloneczna) == (BatchState.UPLOADED if may else state)
    assert Job.objects.exists() == may


@pytest.mark.parametrize(
    ("role", "sees", "corrects"),
    [("manager", 200, 302), ("bookkeeper", 200, 302), ("reader", 200, 403), ("office", 403, 403)],
)
def test_who_sees_a_reading_and_who_corrects_it(
    sign_in: Any, sloneczna: AssociationRef, make_table: MakeTable, role: str, sees: int, corrects: int
) -> None:
    table, visit = make_table(), sign_in(sloneczna, role=role)

    page, answer = visit.get(address(table)), visit.post(address(table), filled(table))

    assert (page.status_code, answer.status_code) == (sees, corrects)
    assert ("Wczytaj ponownie" in page.content.decode()) == (corrects == 302)


def test_a_reader_sees_what_each_column_was_read_as(
    sign_in: Any, sloneczna: AssociationRef, make_table: MakeTable
) -> None:
    page = read_html(sign_in(sloneczna, role="reader").text(address(make_table())))

    assert [head.text for head in page.all("th")] == [
        "MIE",
        "Konto Konto",
        "Data Data księgowania",
        "Wn Winien",
        "Ma Ma",
    ]


def test_while_a_worker_reads_the_page_waits(manager: Any, make_table: MakeTable) -> None:
    table = make_table(BatchState.UPLOADED)

    page = manager.text(address(table))

    assert f'href="{address(table)}"' in page
    assert f'hx-get="/a/sloneczna/importy/{table.batch_id}/postep/"' in page


def test_a_file_that_is_not_kept_cannot_be_read_again(
    manager: Any, make_table: MakeTable, sloneczna: AssociationRef
) -> None:
    table = make_table()
    with enter_association(sloneczna):
        ImportFile.objects.update(stored_as="")

    answer = manager.client.post(address(table), filled(table), follow=True)

    assert "plików z numerami PESEL portal nie przechowuje" in answer.content.decode()
    assert state_of(table, sloneczna) == BatchState.BLOCKED


def test_headers_that_repeat_or_are_empty_keep_their_own_columns(
    manager: Any, make_table: MakeTable, sloneczna: AssociationRef
) -> None:
    table = make_table(
        headers=["Kod", "Konto", "Data", "Kwota", "Kwota", ""],
        mapping=["premises_code", "account_code", "posted_on", "", "", ""],
    )

    manager.post(address(table), filled(table, **{"kolumna-3": "debit", "kolumna-4": "credit"}))

    assert options_of(table, sloneczna)["columns"] == {
        "Kod": "premises_code",
        "Konto": "account_code",
        "Data": "posted_on",
        "Kwota": "debit",
        "Kwota#2": "credit",
        "#5": "",
    }


def test_a_table_that_is_not_there_is_missing(manager: Any, make_table: MakeTable) -> None:
    table = make_table()

    assert manager.get(address(table)).status_code == 200
    for place in (0, 2, 9_223_372_036_854_775_808):
        assert manager.get(address(table, place)).status_code == 404


def test_very_wide_tables_offer_their_first_columns(manager: Any, make_table: MakeTable) -> None:
    headers = [f"Kolumna {number}" for number in range(2_000)]

    page = manager.text(address(make_table(headers=headers, mapping=[""] * 2_000, samples=[headers])))

    assert "Dalszych kolumn nie pokazujemy: 1750." in page


def test_the_batch_says_how_each_table_was_read_and_leads_there(
    manager: Any, make_table: MakeTable, sign_in: Any, sloneczna: AssociationRef
) -> None:
    table = make_table(BatchState.READY)
    with enter_association(sloneczna):
        table.profile = ImportProfile.objects.create(name="Program", header_key="k", headers=HEADERS)
        table.save()
    batch_url = f"/a/sloneczna/importy/{table.batch_id}/"

    page = read_html(manager.text(batch_url))
    reader = sign_in(sloneczna, role="reader").text(batch_url)

    assert (
        "CSV, Windows-1250, średnik, nagłówek w wierszu 3, profil „Program” · Popraw wczytanie" in page.text
    )
    assert f'href="{address(table)}"' in reader
    assert "Popraw wczytanie" not in reader


@pytest.mark.parametrize(
    ("fields", "question"),
    [
        ({}, "ksiegowania-2026-10.csv: brakuje kolumny Kod lokalu."),
        ({"dataset": "", "mapping": [""] * 5}, "ksiegowania-2026-10.csv: nie rozpoznano, co to za dane."),
        ({"sheet": "Obroty"}, "ksiegowania-2026-10.csv, arkusz Obroty: brakuje kolumny Kod lokalu."),
        ({"mapping": ["premises_code", *MAPPING[1:]]}, ""),
        ({"options": {"is_left_out": True}}, ""),
    ],
)
def test_the_batch_asks_for_what_the_reader_does_not_know(
    manager: Any, make_table: MakeTable, fields: dict[str, Any], question: str
) -> None:
    table = make_table(**fields)

    page = read_html(manager.text(f"/a/sloneczna/importy/{table.batch_id}/"))

    asked = [one.text for one in page.all("div") if "Wskaż to raz" in one.text and one.attributes.get("role")]
    assert [text.partition(" Wskaż")[0] for text in asked] == ([question] if question else [])


def test_queries_of_the_page_do_not_grow_with_tables(
    manager: Any, make_table: MakeTable, sloneczna: AssociationRef, count_queries: Any
) -> None:
    table = make_table()
    manager.text(address(table))
    with count_queries() as for_one:
        manager.text(address(table))
    with enter_association(sloneczna):
        for _ in range(2):
            ImportTable.objects.create(
                batch=table.batch, file_number=1, file_name="b.csv", headers=HEADERS, mapping=MAPPING
            )

    with count_queries() as for_three:
        manager.text(address(table))

    assert len(for_three) == len(for_one)


@pytest.mark.parametrize(
    ("mark", "words"), [(",", ["przecinek dziesiętny"]), (".", ["kropka dziesiętna"]), ("", [])]
)
def test_the_mark_of_decimals_is_said_in_words(mark: str, words: list[str]) -> None:
    assert say_switches({"decimal": mark}) == words
