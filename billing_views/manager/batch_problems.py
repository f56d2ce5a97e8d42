"""What is wrong with a batch, as its page lists it: filters with counts, a summary of many, copies with remarks."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from associations.imports.models import ImportBatch, ImportFile, Severity
from associations.imports.problem_queries import (
    ProblemCount,
    ProblemFilter,
    count_problems,
    filtered_problems,
)
from billing_views.manager.batch_page import describe_problems
from billing_views.manager.batch_sentences import say_problems
from billing_views.manager.imports_help import name_dataset
from billing_views.manager.paging import choose_stretch, link_pages
from billing_views.manager.problem_kinds import name_kind
from billing_views.parts.choices import Choice, Option
from billing_views.parts.formatting import format_quantity
from billing_views.parts.page import Tab
from billing_views.parts.tables import Cell, Column, Pagination, Problem, Table

PROBLEMS_PER_PAGE = 50
MANY = 100
"""From here on a summary by kind stands above the list."""
SEVERITIES = {"bledy": Severity.ERROR, "ostrzezenia": Severity.WARNING}
ANCHOR = "#problemy"
_LONGEST_SEARCH = 40


@dataclass(frozen=True, slots=True)
class CopyLink:
    """A file with problems, and where its copy with remarks is downloaded."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class ProblemList:
    """One page of a batch's problems.

    `filters` only where there are errors and warnings; a choice only where there is something to choose from;
    `summary` only where there are many.
    """

    caption: str
    rows: tuple[Problem, ...]
    filters: tuple[Tab, ...]
    choices: tuple[Choice, ...]
    kept: tuple[tuple[str, str], ...]
    premises: str
    is_narrowed: bool
    summary: Table | None
    pages: Pagination
    url: str
    csv_url: str
    copies: tuple[CopyLink, ...]


def list_problems(
    request: HttpRequest, batch: ImportBatch, files: Sequence[ImportFile], url: str
) -> ProblemList | None:
    """The problems that the address asks for, or None where the batch has none. `url` is the batch's page."""
    if not (batch.error_count or batch.warning_count):
        return None
    counted = count_problems(batch.pk)
    parameters = _read_parameters(request, counted)
    asked = _as_filter(parameters)
    shown = filtered_problems(batch.pk, asked)
    total = shown.count() if asked.premises else sum(one.count for one in counted if asked.takes(one))
    stretch = choose_stretch(request, total=total, size=PROBLEMS_PER_PAGE)
    address = _addresses(url, parameters)
    return ProblemList(
        caption=_("Do sprawdzenia: {problems}").format(
            problems=say_problems(batch.error_count, batch.warning_count)
        ),
        rows=describe_problems(shown[stretch.offset : stretch.offset + stretch.size]),
        filters=_severity_tabs(parameters, address) if batch.error_count and batch.warning_count else (),
        choices=_choices(counted, asked, parameters, files),
        kept=(("waga", parameters["waga"]),) if parameters["waga"] else (),
        premises=asked.premises,
        is_narrowed=asked != ProblemFilter(),
        summary=_summary(counted, asked, address) if total > MANY and not asked.premises else None,
        pages=link_pages(request, stretch),
        url=f"{url}{ANCHOR}",
        csv_url=f"{url}problemy.csv",
        copies=_copies(counted, files, url),
    )


def _read_parameters(request: HttpRequest, counted: Iterable[ProblemCount]) -> dict[str, str]:
    """What the address asks for; values that this batch does not have are left out."""
    known = {
        "waga": set(SEVERITIES),
        "rodzaj": {one.code for one in counted},
        "zestaw": {one.dataset for one in counted},
        "plik": {str(one.file_number) for one in counted},
    }
    found = {name: request.GET.get(name, "") for name in known}
    parameters = {name: value if value in known[name] else "" for name, value in found.items()}
    return {**parameters, "lokal": request.GET.get("lokal", "").strip()[:_LONGEST_SEARCH].replace("\0", "")}


def _as_filter(parameters: Mapping[str, str]) -> ProblemFilter:
    return ProblemFilter(
        severity=SEVERITIES.get(parameters["waga"]),
        code=parameters["rodzaj"],
        dataset=parameters["zestaw"],
        file_number=int(parameters["plik"]) if parameters["plik"] else None,
        premises=parameters["lokal"],
    )


def _addresses(url: str, parameters: Mapping[str, str]) -> Callable[..., str]:
    def address(**changes: str) -> str:
        asked = {name: value for name, value in {**parameters, **changes}.items() if value}
        return f"{url}?{urlencode(asked)}{ANCHOR}" if asked else f"{url}{ANCHOR}"

    return address


def _severity_tabs(parameters: Mapping[str, str], address: Callable[..., str]) -> tuple[Tab, ...]:
    labels = (("", _("Wszystkie")), ("bledy", _("Tylko błędy")), ("ostrzezenia", _("Tylko ostrzeżenia")))
    return tuple(
        Tab(label, address(waga=value, rodzaj=""), value == parameters["waga"]) for value, label in labels
    )


def _choices(
    counted: Sequence[ProblemCount],
    asked: ProblemFilter,
    parameters: Mapping[str, str],
    files: Sequence[ImportFile],
) -> tuple[Choice, ...]:
    names = {str(file.number): file.name for file in files}
    kinds = _count([one for one in counted if replace(asked, code="").takes(one)], lambda one: one.code)
    datasets = _count(counted, lambda one: one.dataset)
    numbers = _count(counted, lambda one: str(one.file_number))
    found = (
        _choice(
            "rodzaj", _("Rodzaj problemu"), parameters, [(code, name_kind(code), n) for code, n in kinds]
        ),
        _choice(
            "zestaw", _("Rodzaj danych"), parameters, [(d, name_dataset(d), n) for d, n in datasets if d]
        ),
        _choice("plik", _("Plik"), parameters, [(f, names[f], n) for f, n in numbers if f in names]),
    )
    return tuple(choice for choice in found if len(choice.options) > 2)  # noqa: PLR2004  all, and one


def _choice(
    name: str, label: str, parameters: Mapping[str, str], found: list[tuple[str, str, int]]
) -> Choice:
    options = (
        Option(value, f"{text} ({format_quantity(count)})", value == parameters[name])
        for value, text, count in found
    )
    return Choice(name, label, (Option("", _("wszystkie"), not parameters[name]), *options))


def _count(counted: Iterable[ProblemCount], key: Callable[[ProblemCount], str]) -> list[tuple[str, int]]:
    found: Counter[str] = Counter()
    for one in counted:
        found[key(one)] += one.count
    return found.most_common()


def _summary(
    counted: Iterable[ProblemCount], asked: ProblemFilter, address: Callable[..., str]
) -> Table | None:
    """How many problems of each kind; each leads to them."""
    found: Counter[tuple[Severity, str]] = Counter()
    for one in counted:
        if asked.takes(one):
            found[one.severity, one.code] += one.count
    if len(found) < 2:  # noqa: PLR2004  one kind is what the list below shows
        return None
    words = {Severity.ERROR: _("błąd"), Severity.WARNING: _("ostrzeżenie")}
    return Table(
        _("Problemy według rodzaju"),
        (Column(_("Rodzaj problemu"), "what"), Column(_("Waga")), Column(_("Liczba"), "sum")),
        tuple(
            (
                Cell(name_kind(code), address(rodzaj=code)),
                Cell(words[severity], state="owed" if severity == Severity.ERROR else "wait"),
                Cell(format_quantity(count)),
            )
            for (severity, code), count in sorted(found.items(), key=lambda item: (item[0][0], -item[1]))
        ),
    )


def _copies(counted: Iterable[ProblemCount], files: Iterable[ImportFile], url: str) -> tuple[CopyLink, ...]:
    numbers = {one.file_number for one in counted}
    return tuple(
        CopyLink(file.name, f"{url}pliki/{file.number}/z-uwagami/")
        for file in files
        if file.number in numbers and file.stored_as
    )
