"""What a file means for what stands: new, changed, vanishing, parts, left-out premises, undo and its refusal."""

import json
from typing import Any

import pytest

from associations.imports.models import BatchState, ImportBatch, Problem
from associations.imports.rules import ImportRuleError
from associations.ledger.models import Posting, PostingEdition
from associations.premises.models import Person, Premises
from saas.tenancy.switching import enter_association
from tests.workers.importing.conftest import Importer
from tests.workers.importing.test_samples import standing_figures, standing_rows

PREMISES = "Kod lokalu;Nr lokalu;Adres\n1;1;ul. Lipowa 12\n2;2;ul. Lipowa 12\n"
PEOPLE_HEADER = "Kod osoby;Nazwisko i imię;Kod lokalu;Tytuł prawny;Od\n"
PEOPLE = (
    f"{PEOPLE_HEADER}A;Nowak Anna;1;odrębna własność;01.01.2020\nB;Kos Jan;2;odrębna własność;01.01.2020\n"
)
ACCOUNTS = "Konto;Nazwa;Fundusz\n201-1;Zaliczki;podstawowy\n201-2;Fundusz remontowy;remontowy\n"
HEADER = "Kod lokalu;Konto;Data księgowania;Dokument;Opis;Winien;Ma\n"


def file(name: str, text: str, encoding: str = "cp1250") -> tuple[str, bytes]:
    return name, text.replace("\n", "\r\n").encode(encoding)


def postings(*lines: str) -> tuple[str, bytes]:
    return file("ksiegowania.csv", HEADER + "".join(line + "\n" for line in lines))


JANUARY = (
    "1;201-1;01.01.2026;NAL 01/2026;Naliczenie;100,00;0",
    "1;201-1;12.01.2026;WB 1/2026;Wpłata;0;100,00",
)
FEBRUARY = ("1;201-1;01.02.2026;NAL 02/2026;Naliczenie;110,00;0",)
OTHERS = ("2;201-1;01.01.2026;NAL 01/2026;Naliczenie;50,00;0",)
REPAIR = ("1;201-2;01.01.2026;NAL 01/2026;Fundusz remontowy;20,00;0",)


@pytest.fixture
def books(lipowa_imports: Importer) -> Importer:
    """A community of two premises with January and February in the books."""
    batch = lipowa_imports.upload(
        file("lokale.csv", PREMISES),
        file("osoby.csv", PEOPLE),
        file("konta.csv", ACCOUNTS),
        postings(*JANUARY, *FEBRUARY, *OTHERS, *REPAIR),
    )
    assert lipowa_imports.publish(batch).state == BatchState.PUBLISHED
    return lipowa_imports


def outcome(batch: ImportBatch, dataset: str = "postings") -> tuple[int, int, int, int]:
    [entry] = [entry for entry in batch.summary["datasets"] if entry["dataset"] == dataset]
    return entry["new"], entry["changed"], entry["same"], entry["gone"]


def documents(importer: Importer) -> list[tuple[str, str, str]]:
    with enter_association(importer.association):
        rows: list[Any] = [json.loads(row[0]) for row in standing_rows("postings")]
        codes = dict(Premises.objects.order_by("pk").values_list("pk", "code"))
        return sorted((codes[row["premises_id"]], row["document"], str(row["debit"])) for row in rows)


def test_changed_month_replaces_only_that_month_and_stores_only_its_rows(books: Importer) -> None:
    changed = "1;201-1;01.01.2026;NAL 01/2026;Naliczenie;105,00;0"

    batch = books.upload(postings(changed, JANUARY[1], *FEBRUARY, *OTHERS, *REPAIR))

    assert outcome(batch) == (0, 2, 3, 0)
    books.publish(batch)
    assert ("1", "NAL 01/2026", "105.0") in [(a, b, str(float(c))) for a, b, c in documents(books)]
    with enter_association(books.association):
        assert Posting.objects.filter(batch=batch.pk).count() == 2


def test_vanished_month_is_listed_and_closed_by_an_empty_edition(books: Importer) -> None:
    march = "1;201-1;01.03.2026;NAL 03/2026;Naliczenie;110,00;0"

    batch = books.upload(postings(*JANUARY, march))

    assert outcome(batch) == (1, 0, 2, 1)
    books.publish(batch)
    assert "NAL 02/2026" not in [document for _, document, _ in documents(books)]
    with enter_association(books.association):
        [empty] = PostingEdition.objects.filter(closed_by=None, row_count=0)
        assert str(empty.month) == "2026-02-01"


def test_premises_and_parts_outside_the_file_stay(books: Importer) -> None:
    batch = books.upload(postings(*JANUARY, "1;201-1;01.02.2026;NAL 02/2026;Naliczenie;111,00;0"))

    [entry] = batch.summary["datasets"]
    assert entry["notes"] == ["Plik zawiera tylko konto 201-1; konto 201-2 zostaje bez zmian."]
    books.publish(batch)
    assert [row[:2] for row in documents(books) if row[0] == "2"] == [("2", "NAL 01/2026")]
    assert ("1", "NAL 01/2026", "20.0") in [(a, b, str(float(c))) for a, b, c in documents(books)]


def test_two_equal_payments_on_one_day_are_both_kept(books: Importer) -> None:
    payment = "2;201-1;05.01.2026;WB 2/2026;Wpłata;0;25,00"

    books.publish(books.upload(postings(*OTHERS, payment, payment)))

    assert [row[1] for row in documents(books) if row[0] == "2"] == ["NAL 01/2026", "WB 2/2026", "WB 2/2026"]


def test_undo_brings_back_exactly_what_stood_before(books: Importer) -> None:
    with enter_association(books.association):
        before = standing_figures()
    renamed = PEOPLE.replace("Nowak Anna", "Nowak-Lis Anna")
    batch = books.upload(
        file("osoby.csv", renamed + "C;Wilk Ewa;2;najem;01.02.2026\n"),
        postings(*JANUARY, "1;201-1;01.02.2026;NAL 02/2026;Naliczenie;999,00;0"),
    )
    books.publish(batch, accepts_renames=True)
    with enter_association(books.association):
        assert standing_figures() != before

    books.undo(batch)

    with enter_association(books.association):
        assert standing_figures() == before


def test_undo_is_refused_while_a_later_batch_stands_on_it(books: Importer) -> None:
    first = books.publish(books.upload(postings(*FEBRUARY[:0], "1;201-1;01.02.2026;NAL;x;1,00;0")))
    second = books.publish(books.upload(postings("1;201-1;01.02.2026;NAL;x;2,00;0")))

    refused = books.undo(first)

    assert refused.state == BatchState.PUBLISHED
    assert f"późniejsze paczki opierają się na jej danych: {second.pk}." in refused.failure
    books.undo(second)
    assert books.undo(first).state == BatchState.UNDONE


def test_undo_of_premises_is_refused_while_later_figures_use_them(books: Importer) -> None:
    with enter_association(books.association):
        first = ImportBatch.objects.get()
    later = books.publish(books.upload(postings("2;201-1;01.05.2026;NAL 05/2026;Naliczenie;50,00;0")))

    refused = books.undo(first)

    assert refused.state == BatchState.PUBLISHED
    assert str(later.pk) in refused.failure


def test_unknown_premises_blocks_and_cannot_be_left_out(books: Importer) -> None:
    batch = books.upload(postings(*JANUARY, "77;201-1;01.02.2026;NAL 02/2026;Naliczenie;1,00;0"))

    assert batch.state == BatchState.BLOCKED
    with enter_association(books.association):
        [problem] = Problem.objects.all()
    assert (problem.row, problem.value, problem.code) == (4, "77", "unknown_premises")
    for without in (False, True):
        with pytest.raises(ImportRuleError):
            books.publish(batch, without_premises_with_errors=without)


def test_publishing_without_premises_with_errors_keeps_their_figures_and_shows_the_difference(
    books: Importer,
) -> None:
    batch = books.upload(
        postings("1;201-1;01.02.2026;NAL 02/2026;Naliczenie;120,00;0", "2;201-1;31.09.2026;NAL;x;60,00;0",
                 "2;201-1;01.01.2026;NAL 01/2026;Naliczenie;55,00;0")
    )  # fmt: skip
    assert batch.state == BatchState.BLOCKED
    [entry] = batch.summary["datasets"]
    assert entry["totals"][0] == {
        "label": "Obciążenia (Wn)", "in_file": "175.00", "before": "260.00", "after": "170.00", "change": "-90.00",
        "difference": "-5.00", "file_total": None, "file_difference": None,
    }  # fmt: skip

    books.publish(batch, without_premises_with_errors=True)

    rows = [(a, b, float(c)) for a, b, c in documents(books)]
    assert ("1", "NAL 02/2026", 120.0) in rows
    assert [row for row in rows if row[0] == "2"] == [("2", "NAL 01/2026", 50.0)]


def test_every_problem_is_listed_at_once(books: Importer) -> None:
    batch = books.upload(
        postings(
            "1;201-1;31.09.2026;NAL;x;1,00;0",
            "1;201-1;01.01.2026;NAL;x;1,O0;0",
            "1;999;01.01.2026;NAL;x;1,00;0",
            "77;201-1;01.01.2026;NAL;x;1,00;0",
        )
    )

    with enter_association(books.association):
        found = sorted(Problem.objects.values_list("row", "column", "value", "reason"))
    assert [(row, column, value) for row, column, value, _ in found] == [
        (2, "Data księgowania", "31.09.2026"), (3, "Winien", "1,O0"), (4, "Konto", "999"), (5, "Kod lokalu", "77"),
    ]  # fmt: skip
    assert all(reason for *_, reason in found)
    assert batch.error_count == 4


def test_new_name_under_a_known_code_is_never_published_silently(books: Importer) -> None:
    batch = books.upload(file("osoby.csv", PEOPLE.replace("Nowak Anna", "Lis Maria")))
    assert batch.state == BatchState.READY

    with pytest.raises(ImportRuleError, match="poprawka"):
        books.publish(batch)

    books.publish(batch, accepts_renames=True)
    with enter_association(books.association):
        assert Person.objects.get(code="A").name == "Lis Maria"


def test_preview_that_became_stale_is_shown_again_instead_of_published(books: Importer) -> None:
    waiting = books.upload(postings("1;201-1;01.02.2026;NAL 02/2026;Naliczenie;130,00;0"))
    books.publish(books.upload(postings("1;201-1;01.02.2026;NAL 02/2026;Naliczenie;130,00;0")))

    returned = books.publish(waiting)

    assert returned.state == BatchState.UNCHANGED
    assert "Podgląd został przeliczony" in returned.failure


def test_staging_lost_in_a_crash_is_read_again(books: Importer) -> None:
    batch = books.upload(postings("1;201-1;01.02.2026;NAL 02/2026;Naliczenie;140,00;0"))
    with enter_association(books.association):
        from associations.ledger.models import StagedPosting

        StagedPosting.objects.all().delete()

    published = books.publish(batch)

    assert published.state == BatchState.PUBLISHED
    assert ("1", "NAL 02/2026", 140.0) in [(a, b, float(c)) for a, b, c in documents(books)]


@pytest.mark.parametrize(
    "upload",
    [
        ("pusty.csv", b""),
        ("obraz.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20),
        ("lista.csv", b"imie;wiek\nAnna;7\n"),
        ("lokale.xlsx", b"PK\x03\x04" + b"\0" * 100),
        ("paczka.zip", b"PK\x05\x06" + b"\0" * 18),
        ("tylko-naglowek.csv", HEADER.encode("cp1250")),
    ],
    ids=["empty", "binary", "other dataset", "damaged workbook", "empty archive", "header only"],
)
def test_damaged_file_is_a_problem_and_the_earlier_figures_stand(
    books: Importer, upload: tuple[str, bytes]
) -> None:
    before = documents(books)

    batch = books.upload(upload)

    assert batch.state == BatchState.BLOCKED
    with enter_association(books.association):
        assert Problem.objects.filter(batch=batch, severity="error").count() >= 1
    assert documents(books) == before


def test_pesel_column_is_gone_from_the_kept_file(books: Importer) -> None:
    from associations.imports.storage import path_of

    header = "Kod osoby;Nazwisko i imię;PESEL;Kod lokalu;Tytuł prawny;Od\n"
    text = header + "B;Kos Jan;44051401359;2;odrębna własność;01.01.2020\n"

    batch = books.upload(file("osoby.csv", text))

    with enter_association(books.association):
        kept = path_of(batch.files.get()).read_bytes()
    assert kept.decode("cp1250").splitlines() == [
        "Kod osoby;Nazwisko i imię;Kod lokalu;Tytuł prawny;Od", "B;Kos Jan;2;odrębna własność;01.01.2020",
    ]  # fmt: skip


def test_balance_without_a_date_is_published_and_shows_none(books: Importer) -> None:
    from associations.ledger.fund_balances import latest_fund_balances
    from associations.premises.access import holding_for_staff
    from associations.premises.models import Holding

    batch = books.upload(file("salda.csv", "Kod lokalu;Fundusz;Saldo\n1;podstawowy;-12,34\n"))

    assert batch.state == BatchState.READY
    books.publish(batch)
    with enter_association(books.association):
        holding = holding_for_staff(Holding.objects.get(premises__code="1").pk)
        [shown] = latest_fund_balances(holding, is_opened_by_books=False)
    assert (str(shown.amount), shown.as_of, shown.interest) == ("-12.34", None, None)


def test_row_that_stands_in_two_files_of_a_package_is_not_counted_twice(books: Importer) -> None:
    year = postings("1;201-1;01.02.2026;NAL 02/2026;Naliczenie;120,00;0", "2;201-1;01.02.2026;NAL;x;60,00;0")
    month = ("luty.csv", postings("1;201-1;01.02.2026;NAL 02/2026;Naliczenie;120,00;0")[1])

    batch = books.upload(year, month)

    assert batch.state == BatchState.BLOCKED
    with enter_association(books.association):
        [problem] = Problem.objects.filter(batch=batch)
    assert (problem.file_name, problem.row, problem.code) == ("luty.csv", 2, "row_in_two_files")
    assert "„ksiegowania.csv”, wiersz 2." in problem.reason


def test_one_month_of_one_account_may_come_in_two_files(books: Importer) -> None:
    payment = "1;201-1;20.02.2026;WB 9/2026;Wpłata;0;110,00"

    batch = books.upload(postings(*FEBRUARY), ("wplaty.csv", postings(payment, payment)[1]))

    assert batch.state == BatchState.READY
    assert outcome(batch) == (0, 3, 0, 0)


def test_undo_of_a_person_is_refused_while_later_figures_name_them(books: Importer) -> None:
    newcomer = "C;Wilk Ewa;2;najem;01.02.2026\n"
    people = books.publish(books.upload(file("osoby.csv", PEOPLE + newcomer)))
    header = "Kod lokalu;Kod osoby;Fundusz;Saldo;Stan na\n"
    figures = books.publish(books.upload(file("salda.csv", header + "2;C;podstawowy;-5,00;28.02.2026\n")))

    refused = books.undo(people)

    assert (refused.state, f": {figures.pk}." in refused.failure) == (BatchState.PUBLISHED, True)
    books.undo(figures)
    assert books.undo(people).state == BatchState.UNDONE


def test_undo_of_premises_is_refused_while_a_later_title_is_to_them(books: Importer) -> None:
    premises = books.publish(books.upload(file("lokale.csv", "Kod lokalu;Nr lokalu\n3;3\n")))
    people = books.publish(books.upload(file("osoby.csv", PEOPLE + "C;Wilk Ewa;3;najem;01.02.2026\n")))

    refused = books.undo(premises)

    assert (refused.state, f": {people.pk}." in refused.failure) == (BatchState.PUBLISHED, True)
    books.undo(people)
    assert books.undo(premises).state == BatchState.UNDONE


def test_an_unknown_premises_is_one_error_and_not_two(books: Importer) -> None:
    """That nobody has a title to a premises that does not exist says nothing new."""
    line = "Kod lokalu;Kod osoby;Konto;Data księgowania;Winien;Ma\n7;A;201-1;05.04.2026;1,00;0\n"

    batch = books.upload(file("ksiegowania.csv", line))

    with enter_association(books.association):
        codes = Problem.objects.filter(batch=batch).values_list("code", flat=True)
        assert list(codes) == ["unknown_premises"]
