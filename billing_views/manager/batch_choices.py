"""Ustalenia: what a batch asks of the manager before it is published, as a form on its page.

Is it an addition, as of which day are its people, who of the renamed is somebody else, which titles end. Answers are
declarations of the batch (associations.imports.declarations): saving them has it read and checked again.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from associations.imports.consents import (
    count_changed_accounts,
    count_vanishing,
    has_open_repetition,
    has_open_successions,
    unanswered_people,
    vanishing_of,
)
from associations.imports.declarations import CORRECTION, DECLARABLE_STATES, OTHER
from associations.imports.models import BatchState, ImportBatch
from billing_views.parts.formatting import format_day
from billing_views.parts.notices import Notice
from billing_views.parts.plurals import say_count
from saas.staff import roles
from saas.staff.access import StaffGrant

REGISTRIES = ("premises", "people", "accounts", "payments")
"""Datasets without months: nothing of them vanishes, and an addition means nothing to them."""
SHOWN_PEOPLE = 100
SHOWN_TITLES = 50


class ChoicesForm(forms.Form):
    """One field per thing that may be said of this batch; a field that makes no sense for it is not there."""

    is_addition = forms.BooleanField(
        label=gettext_lazy("Dopisanie: dodaj wiersze do tego, co już jest"),
        required=False,
        help_text=gettext_lazy(
            "Nic nie zniknie. Bez tego plik zastępuje wszystko w swoim okresie i zakresie."
        ),
    )
    adds_again = forms.BooleanField(
        label=gettext_lazy("Dopisz ten sam plik jeszcze raz"),
        required=False,
        help_text=gettext_lazy("Każdy jego wiersz policzy się wtedy dwa razy."),
    )
    as_of = forms.DateField(
        label=gettext_lazy("Stan osób i tytułów na dzień"),
        help_text=gettext_lazy(
            "Od tego dnia zaczynają się tytuły, którym plik nie podaje początku, a dzień wcześniej kończą się tytuły "
            "zastąpione i zakończone."
        ),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"required": gettext_lazy("Podaj dzień."), "invalid": gettext_lazy("Podaj dzień.")},
    )
    all_corrections = forms.BooleanField(
        label=gettext_lazy("Wszystkie nazwiska bez wybranej odpowiedzi to poprawki"), required=False
    )
    closes_undated_titles = forms.BooleanField(
        label=gettext_lazy("Potwierdzam te zmiany tytułów"), required=False
    )
    ends_missing_titles = forms.BooleanField(
        label=gettext_lazy("Zakończ tytuły, których plik nie podaje"),
        required=False,
        help_text=gettext_lazy(
            "Tylko w lokalach wymienionych w pliku. Te osoby stracą dostęp do nowych danych."
        ),
    )

    def __init__(self, batch: ImportBatch, data: QueryDict | None = None) -> None:
        self.batch = batch
        self.questions: Mapping[str, Any] = batch.summary.get("questions") or {}
        said = batch.declarations
        super().__init__(data, initial={**said, "as_of": self.questions.get("as_of")})
        self.people = sorted(self.questions.get("people", []), key=lambda person: bool(person["answer"]))
        for number, person in enumerate(self.people[:SHOWN_PEOPLE], start=1):
            self.fields[_name_of(person["code"])] = _ask_about(number, person)
        for name in self._senseless():
            del self.fields[name]

    def _senseless(self) -> list[str]:
        figures = [row["dataset"] for row in self.batch.summary.get("datasets", ())]
        absent = [] if any(name not in REGISTRIES for name in figures) else ["is_addition"]
        if not self.questions.get("repeated_files"):
            absent.append("adds_again")
        if "as_of" not in self.questions:
            return [*absent, "as_of", "all_corrections", "closes_undated_titles", "ends_missing_titles"]
        if len(self.people) < 2:  # noqa: PLR2004 - one is answered by itself
            absent.append("all_corrections")
        return absent if self.questions.get("succession_count") else [*absent, "closes_undated_titles"]

    def field_or_none(self, name: str) -> BoundField | None:
        """The field, if it is asked."""
        return self[name] if name in self.fields else None

    def people_fields(self) -> list[BoundField]:
        """Of each renamed person that is shown, those first of whom nobody has said anything."""
        return [self[_name_of(person["code"])] for person in self.people[:SHOWN_PEOPLE]]

    def declarations(self) -> dict[str, Any]:
        """What the manager says of the batch now; what the form does not ask stays as it was said."""
        said = dict(self.batch.declarations)
        for name in ("is_addition", "adds_again", "closes_undated_titles", "ends_missing_titles"):
            if name in self.fields:
                said[name] = self.cleaned_data[name]
        if self.cleaned_data.get("as_of"):
            said["as_of"] = self.cleaned_data["as_of"].isoformat()
        answers = dict(said.get("people", {}))
        for person in self.people:
            given = self.cleaned_data.get(_name_of(person["code"])) or person["answer"]
            if not given and self.cleaned_data.get("all_corrections"):
                given = CORRECTION
            if given:
                answers[person["code"]] = given
        return {**said, "people": answers}


@dataclass(frozen=True, slots=True)
class BatchChoices:
    """Fields that are asked, the lists that their words refer to, and what is still open.

    `is_asked`: there is a form. `vanishing` and `accounts` are what to agree to when publishing, by the form of the
    id `publishes`.
    """

    is_asked: bool
    open: tuple[Notice, ...]
    people: tuple[BoundField, ...]
    more_people: int
    all_corrections: BoundField | None
    as_of: BoundField | None
    closes_undated_titles: BoundField | None
    ends_missing_titles: BoundField | None
    is_addition: BoundField | None
    adds_again: BoundField | None
    successions: tuple[str, ...]
    more_successions: int
    ended: tuple[str, ...]
    more_ended: int
    vanishing: str
    accounts: str
    publishes: str


def describe_choices(batch: ImportBatch, grant: StaffGrant) -> BatchChoices | None:
    """What the page of the batch asks; None where nothing can be said of it any more, or nothing is asked."""
    if batch.state not in DECLARABLE_STATES:
        return None
    form = ChoicesForm(batch)
    asked, is_publisher = form.questions, grant.can_publish and batch.state != BatchState.UNCHANGED
    successions, ended = asked.get("successions", []), asked.get("ended", [])
    found = BatchChoices(
        is_asked=bool(form.fields) and grant.can_upload,
        open=(*_say_closed(batch, grant), *_say_open(batch)),
        people=tuple(form.people_fields()),
        all_corrections=form.field_or_none("all_corrections"),
        as_of=form.field_or_none("as_of"),
        closes_undated_titles=form.field_or_none("closes_undated_titles"),
        ends_missing_titles=form.field_or_none("ends_missing_titles"),
        is_addition=form.field_or_none("is_addition"),
        adds_again=form.field_or_none("adds_again"),
        more_people=max(0, len(form.people) - SHOWN_PEOPLE),
        successions=tuple(say_succession(row, asked["as_of"]) for row in successions[:SHOWN_TITLES]),
        more_successions=max(0, asked.get("succession_count", 0) - SHOWN_TITLES),
        ended=tuple(say_ended(row) for row in ended[:SHOWN_TITLES]),
        more_ended=max(0, asked.get("ended_count", 0) - SHOWN_TITLES),
        vanishing=say_vanishing(batch.summary) if is_publisher and _can_publish(batch) else "",
        accounts=say_accounts(batch.summary) if is_publisher and _can_publish(batch) else "",
        publishes="publikuj" if batch.summary.get("can_publish") else "publikuj-bez",
    )
    return found if found.is_asked or found.vanishing or found.accounts or found.open else None


def say_succession(row: Mapping[str, Any], as_of: str) -> str:
    """„Lokal 0401-003: Nowak Jan → Kowalska Anna od 22.11.2026”; without a predecessor only who begins."""
    names = ", ".join(row["starts"])
    if row["ends"]:
        names = f"{', '.join(row['ends'])} → {names}"
    return _("Lokal {code}: {names} od {day}").format(
        code=row["premises"], names=names, day=format_day(dt.date.fromisoformat(as_of))
    )


def say_ended(row: Mapping[str, Any]) -> str:
    """„Lokal 0401-003: Nowak Jan do 21.11.2026”."""
    if not row["last_day"]:
        return _("Lokal {code}: {name}, tytuł nie zaczął obowiązywać").format(
            code=row["premises"], name=row["name"]
        )
    return _("Lokal {code}: {name} do {day}").format(
        code=row["premises"], name=row["name"], day=format_day(dt.date.fromisoformat(row["last_day"]))
    )


def _can_publish(batch: ImportBatch) -> bool:
    """Whether there is a button to agree for, of the whole package or without premises that have errors."""
    return bool(batch.summary.get("can_publish") or batch.summary.get("can_publish_without"))


def say_accounts(summary: Mapping[str, Any]) -> str:
    """What the manager agrees to where bank accounts would change; an empty text where none would."""
    count = count_changed_accounts(summary)
    return (
        say_count(
            count,
            _("Potwierdzam: {n} zmieniony numer rachunku jest sprawdzony w banku."),
            _("Potwierdzam: {n} zmienione numery rachunków są sprawdzone w banku."),
            _("Potwierdzam: {n} zmienionych numerów rachunków jest sprawdzonych w banku."),
        )
        if count
        else ""
    )


def say_vanishing(summary: Mapping[str, Any]) -> str:
    """What the manager agrees to where rows would vanish; an empty text where none would."""
    if not count_vanishing(summary):
        return ""
    periods = [row["period"] for row in summary["datasets"] if vanishing_of(row) and row.get("period")]
    if not periods:
        return _("Potwierdzam: plik zawiera wszystko ze swojego okresu; to, czego w nim nie ma, zniknie.")
    first, last = min(start for start, _end in periods), max(end for _start, end in periods)
    return _(
        "Potwierdzam: plik zawiera wszystko od {first} do {last}; to, czego w nim nie ma, zniknie."
    ).format(first=f"{dt.date.fromisoformat(first):%m.%Y}", last=f"{dt.date.fromisoformat(last):%m.%Y}")


def _say_open(batch: ImportBatch) -> tuple[Notice, ...]:
    found = []
    if unanswered_people(batch.summary):
        title = _("Poprawka czy inna osoba?")
        text = _("Przy każdym zmienionym nazwisku wybierz odpowiedź: bez tego paczki nie można opublikować.")
        found.append(Notice(title, text))
    if has_open_successions(batch.summary, batch.declarations):
        title = _("Sprawdź tytuły bez daty.")
        text = _(
            "Potwierdź, od kiedy obowiązują i czyje tytuły kończą: bez tego paczki nie można opublikować."
        )
        found.append(Notice(title, text))
    if has_open_repetition(batch.summary, batch.declarations):
        found.append(_say_repetition(batch.summary["questions"]["repeated_files"]))
    return tuple(found)


def _say_repetition(files: Sequence[Mapping[str, Any]]) -> Notice:
    """„Plik obroty.csv dopisano już w paczce 12 (10.11.2026).” for each file."""
    said = [
        _("Plik {name} dopisano już w paczce {batch} ({day}).").format(
            name=file["name"], batch=file["batch"], day=format_day(dt.date.fromisoformat(file["day"]))
        )
        for file in files
    ]
    advice = _("Jeżeli to pomyłka, odrzuć paczkę. Jeżeli nie, potwierdź to w ustaleniach poniżej.")
    return Notice(_("Ten sam plik był już dopisany."), " ".join([*said, advice]), "bad")


def _say_closed(batch: ImportBatch, grant: StaffGrant) -> tuple[Notice, ...]:
    years = ", ".join(str(year) for year in batch.summary.get("closed_years", ()))
    if not years:
        return ()
    title = _("Paczka zmienia zamknięte lata: {years}.").format(years=years)
    if not roles.is_allowed(grant.role, roles.MANAGERS):
        return (Notice(title, _("Otworzyć rok może tylko zarządca."), "bad"),)
    text = _("Otwórz je, podając powód, i przelicz podgląd albo wgraj plik bez tych zmian.")
    url = f"/a/{grant.association.slug}/zamkniete-lata/"
    return (Notice(title, text, "bad", url, _("Zamknięte lata")),)


def _name_of(code: str) -> str:
    return f"osoba:{code}"


def _ask_about(number: int, person: Mapping[str, str]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Kod {code}: „{before}” → „{after}”").format(**person),
        choices=((CORRECTION, _("poprawka")), (OTHER, _("inna osoba"))),
        required=False,
        initial=person["answer"],
        widget=forms.RadioSelect(attrs={"id": f"osoba-{number}"}),
    )
