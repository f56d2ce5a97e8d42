"""Reading the problems of a batch: how many of each kind and where, and those that somebody asked for."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from associations.imports.models import Problem, Severity
from associations.imports.queries import batch_problems


@dataclass(frozen=True, slots=True)
class ProblemCount:
    """How many problems of one kind one file and dataset have."""

    severity: Severity
    code: str
    dataset: str
    file_number: int
    count: int


@dataclass(frozen=True, slots=True)
class ProblemFilter:
    """Which problems to show; an empty value takes all. `premises` is a part of a premises code."""

    severity: Severity | None = None
    code: str = ""
    dataset: str = ""
    file_number: int | None = None
    premises: str = ""

    def takes(self, counted: ProblemCount) -> bool:
        """Whether these problems are among those asked for, whatever their premises."""
        return (
            self.severity in {None, counted.severity}
            and self.code in {"", counted.code}
            and self.dataset in {"", counted.dataset}
            and self.file_number in {None, counted.file_number}
        )


def count_problems(batch_id: int) -> list[ProblemCount]:
    """Problems by severity, kind, dataset and file, the most frequent first: one query."""
    rows = (
        Problem.objects.filter(batch_id=batch_id)
        .order_by()
        .values_list("severity", "code", "dataset", "file_number")
        .annotate(count=Count("id"))
    )
    counted = [ProblemCount(Severity(severity), *rest) for severity, *rest in rows]
    return sorted(counted, key=lambda one: (one.severity, -one.count, one.code, one.dataset, one.file_number))


def filtered_problems(batch_id: int, asked: ProblemFilter) -> QuerySet[Problem]:
    """The problems asked for, in the order of `batch_problems`."""
    rows = batch_problems(batch_id, severity=asked.severity)
    if asked.code:
        rows = rows.filter(code=asked.code)
    if asked.dataset:
        rows = rows.filter(dataset=asked.dataset)
    if asked.file_number is not None:
        rows = rows.filter(file_number=asked.file_number)
    if asked.premises:
        # A code that nobody knows is a value, not a premises.
        unknown = Q(code="unknown_premises", value__icontains=asked.premises)
        rows = rows.filter(Q(premises_code__icontains=asked.premises) | unknown)
    return rows
