"""The report beside a file of a drop folder: what became of it, what is wrong, and what is to be done next.

Plain Polish text in UTF-8, for the bookkeeper whose program has put the file there.
"""

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils.timezone import localtime, now

from associations.imports.models import BatchState, DroppedFile, ImportBatch, Problem, Severity
from associations.imports.phases import RUNNING_STATES
from associations.imports.queries import batch_problems
from saas.management.drop_files import REPORT_END, exists_in, remove_content, taken_folder, write_text
from saas.tenancy.switching import AssociationRef, enter_association

logger = logging.getLogger(__name__)
LISTED_PROBLEMS = 1_000
REPORTED_FOR_DAYS = 90
"""So long a report follows what becomes of its batch."""
NEXT_STEPS = {
    BatchState.READY: "Obejrzyj podgląd i opublikuj paczkę: {page}",
    BatchState.BLOCKED: "Popraw dane w programie księgowym i wgraj plik jeszcze raz. Szczegóły: {page}",
    BatchState.PUBLISHED: "Nic więcej nie trzeba robić: właściciele widzą te dane. Paczka: {page}",
    BatchState.UNCHANGED: "Nic nie trzeba robić: te same dane są już opublikowane.",
    BatchState.UNDONE: "Publikację cofnięto: właściciele widzą dane sprzed tej paczki. Paczka: {page}",
    BatchState.REJECTED: "Paczkę odrzucono: nic z niej nie opublikowano. Paczka: {page}",
    BatchState.CANCELLED: "Sprawdzanie anulowano. Można je powtórzyć na stronie paczki: {page}",
    BatchState.FAILED: "Sprawdzanie przerwano. Można je powtórzyć na stronie paczki: {page}",
}
REMOVED = (
    "Portal nie przechowuje plików z numerami PESEL ani takich, których nie dało się sprawdzić do końca:"
    " usunięto go także z tego folderu."
)
TOO_LARGE = "Plik jest za duży: największy dozwolony to 100 MB. Podziel eksport, na przykład po roku."
BAD_NAME = (
    "Portal nie przyjmuje pliku o takiej nazwie: jest za długa albo ma znaki, których nie da się odczytać."
    " Zmień nazwę, na przykład na salda.csv, i wgraj plik jeszcze raz."
)


def write_reports(
    association: AssociationRef, folder: int, place_of: Callable[[DroppedFile], tuple[str, str]]
) -> int:
    """Write the reports that are due: of batches that have been read, published or undone since; how many."""
    with enter_association(association):
        rows = list(_due().select_related("batch").order_by("pk"))
        return sum(_write_report(association, folder, row, place_of(row)) for row in rows)


def _write_report(association: AssociationRef, folder: int, row: DroppedFile, place: tuple[str, str]) -> bool:
    """Whether it could be written: one that cannot keeps those of other files from nothing."""
    date, name = place
    try:
        with taken_folder(folder, date) as taken:
            if not is_kept_as_it_came(row):
                remove_content(taken, row.sha256)
            write_text(taken, name + REPORT_END, describe_file(association, row))
    except OSError as error:
        logger.warning(
            "drop folder of %s: report of file %s: %s", association.slug, row.pk, type(error).__name__
        )
        return False
    DroppedFile.objects.filter(pk=row.pk).update(reported_at=now())
    return True


def is_kept_as_it_came(row: DroppedFile) -> bool:
    """Whether the portal keeps the file whole; it does not where PESEL numbers were cut out of it, or all forgotten."""
    if row.batch is None:
        return True
    kept = row.batch.files.filter(name=row.name).values_list("stored_as", "sha256").first()
    return kept is None or (bool(kept[0]) and kept[1] == row.sha256)


def report_refused(folder: int, name: str, why: str) -> None:
    """Say once beside a file why it is not taken."""
    if not exists_in(folder, name + REPORT_END):
        write_text(folder, name + REPORT_END, _lines(f"Plik: {name}", "Stan: nieprzyjęty", why))


def report_repeated(taken: int, name: str, row: DroppedFile) -> None:
    """Say beside a file that came a second time that it was not read again."""
    text = _lines(
        f"Plik: {row.name}",
        f"Stan: taki sam plik przyjęto już {_say_moment(row.taken_at)} jako paczkę {row.batch_id}.",
        "Nie wczytano go ponownie. Jeśli to potrzebne, wgraj go na stronie importów.",
        *([] if is_kept_as_it_came(row) else [REMOVED]),
    )
    write_text(taken, name + REPORT_END, text)


def describe_file(association: AssociationRef, row: DroppedFile) -> str:
    """The whole report of a file; inside the association, of a batch that no worker has."""
    batch = row.batch
    if batch is None:
        return _lines(f"Plik: {row.name}", "Stan: nieprzyjęty")
    state = BatchState(batch.state)
    files = list(batch.files.order_by("number").values_list("number", "name"))
    page = f"{settings.APEX_URL}/a/{association.slug}/importy/{batch.pk}/"
    numbers = [number for number, name in files if name == row.name]
    problems = batch_problems(batch.pk).filter(file_number__in=[0, *numbers])
    return _lines(
        f"Plik: {row.name}",
        f"Paczka: {batch.pk} ({', '.join(name for _number, name in files)})",
        f"Przyjęto: {_say_moment(row.taken_at)}",
        f"Stan: {state.label}",
        *([batch.failure] if batch.failure else []),
        *([] if is_kept_as_it_came(row) else [REMOVED]),
        "",
        *_say_datasets(batch),
        f"Błędy w paczce: {batch.error_count}. Ostrzeżenia: {batch.warning_count}.",
        *_say_problems(problems),
        "",
        f"Co dalej: {NEXT_STEPS[state].format(page=page)}",
    )


def _due() -> QuerySet[DroppedFile]:
    """Files of batches that stand still and of which nothing, or something older, was reported."""
    since = now() - dt.timedelta(days=REPORTED_FOR_DAYS)
    changed = Q(reported_at=None) | Q(batch__publications__at__gt=F("reported_at"))
    rows = DroppedFile.objects.filter(changed, taken_at__gt=since, batch__isnull=False)
    return rows.exclude(batch__state__in=RUNNING_STATES).distinct()


def _say_datasets(batch: ImportBatch) -> list[str]:
    datasets: list[dict[str, Any]] = batch.summary.get("datasets", [])
    return [
        "{label}: wierszy {rows}, nowych {new}, zmienionych {changed}, bez zmian {same}, znikających {gone}.".format(
            **dataset
        )
        for dataset in datasets
    ]


def _say_problems(problems: QuerySet[Problem]) -> list[str]:
    lines = [_say_problem(problem) for problem in problems[:LISTED_PROBLEMS]]
    left = problems.count() - len(lines)
    return [*lines, f"… i jeszcze {left}; pełna lista na stronie paczki."] if left else lines


def _say_problem(problem: Problem) -> str:
    """„BŁĄD, arkusz X, wiersz 3, kolumna „Saldo”, wartość „x”: to nie jest kwota.”."""
    words = ["BŁĄD" if problem.severity == Severity.ERROR else "OSTRZEŻENIE"]
    if problem.sheet:
        words.append(f"arkusz {problem.sheet}")
    if problem.row is not None:
        words.append(f"wiersz {problem.row}")
    if problem.column:
        words.append(f"kolumna „{problem.column}”")
    if problem.value:
        words.append(f"wartość „{problem.value}”")
    guess = f" Czy chodzi o „{problem.suggestion}”?" if problem.suggestion else ""
    return f"{', '.join(words)}: {problem.reason}{guess}"


def _say_moment(at: dt.datetime) -> str:
    return f"{localtime(at):%d.%m.%Y, %H:%M}"


def _lines(*lines: str) -> str:
    return "\n".join(("Otwarta Kartoteka: raport z folderu wymiany", *lines, ""))
