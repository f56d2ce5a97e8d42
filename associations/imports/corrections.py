"""Poprawki wczytania: how the manager wants the tables of a batch to be read, kept as profiles where asked for.

Options are plain JSON here; what they mean to the reader is workers.reading_options.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from associations.audit.actions import record_act
from associations.audit.actors import Actor
from associations.imports.models import BatchState, ImportBatch, ImportTable
from associations.imports.profile_actions import remember_profile
from associations.imports.reading_again import put_back_for_reading, refuse_files_not_kept
from associations.imports.rules import ImportRuleError

CORRECTABLE_STATES = (BatchState.READY, BatchState.BLOCKED, BatchState.UNCHANGED, BatchState.FAILED)
"""Nothing of the batch stands published and no worker has it."""

Options = Mapping[str, Any]
TableOptions = Mapping[int, Mapping[str, Options]]

_WORDS = {
    "encoding": {"", "utf-8", "utf-16", "cp1250", "iso8859-2", "cp852", "mazovia"},
    "separator": {"", ";", ",", "\t", "|"},
    "decimal": {"", ",", "."},
    "dates": {"", "dmy", "mdy", "ymd"},
}
_SWITCHES = {"is_in_grosze", "is_sign_reversed", "is_left_out"}
_NAME = re.compile(r"[a-z_]{0,60}")
_LAST_ROW = 1_000_000
_END = re.compile(r"(?:\.[A-Za-z0-9]{1,5})?$")
_NUMBERING = re.compile(r"[\s\d._()-]+$")


def correct_tables(
    *,
    actor: Actor,
    batch: ImportBatch,
    options: TableOptions,
    remembers: bool = False,
    profile_name: str = "",
) -> ImportBatch:
    """Have tables of the batch read with these options; the caller enqueues READ_BATCH in the same transaction.

    `options` are {file number: {table key: options}} and take the place of what was said of these tables before;
    other tables keep theirs. `remembers` keeps them as profiles of the tables' headers, under `profile_name` or a
    name made of the file's. Raises ImportRuleError where the batch is published or with a worker, a file of
    it is not kept, it has no such table, or options make no sense; then nothing has changed.
    """
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)
        _refuse_batch(batch)
        tables = {
            (row.file_number, row.key): row
            for row in ImportTable.objects.filter(batch=batch).order_by("file_number", "id")
        }
        for number, by_key in options.items():
            for key, given in by_key.items():
                _refuse_options(tables.get((number, key)), given)
                batch.table_options.setdefault(str(number), {})[key] = dict(given)
                if remembers:
                    _remember(actor, tables[number, key], given, profile_name)
        put_back_for_reading(batch)
        record_act(
            actor=actor,
            action="import.corrected",
            target=str(batch.pk),
            tables=sum(len(by_key) for by_key in options.values()),
            remembers=remembers,
        )
    return batch


def suggest_profile_name(dataset_label: str, file_name: str) -> str:
    """„Księgowania: ksiegowania” for "eksport/ksiegowania-2026-10.csv": what stays the same every month."""
    stem = _END.sub("", file_name.rsplit("/", 1)[-1])
    stem = _NUMBERING.sub("", stem) or stem
    return ": ".join(part for part in (dataset_label, stem) if part)[:200]


def _refuse_batch(batch: ImportBatch) -> None:
    if batch.state not in CORRECTABLE_STATES:
        raise ImportRuleError(
            "not_correctable", _("Wczytania tej paczki nie można teraz poprawić: wgraj pliki jeszcze raz.")
        )
    refuse_files_not_kept(batch)


def _refuse_options(table: ImportTable | None, given: Options) -> None:
    if table is None:
        raise ImportRuleError(
            "no_such_table", _("W tej paczce nie ma już takiej tabeli. Otwórz paczkę ponownie.")
        )
    if not _make_sense(given):
        raise ImportRuleError("bad_options", _("Tak nie można odczytać tej tabeli. Sprawdź ustawienia."))


def _make_sense(given: Options) -> bool:
    """Whether these are options as workers.reading_options writes them (a test compares the two)."""
    known = {*_WORDS, *_SWITCHES, "dataset", "header_row", "columns"}
    row, columns = given.get("header_row"), given.get("columns", {})
    return (
        set(given) <= known
        and all(given.get(name, "") in words for name, words in _WORDS.items())
        and all(isinstance(given.get(name, False), bool) for name in _SWITCHES)
        and (row is None or (type(row) is int and 1 <= row <= _LAST_ROW))
        and _is_name(given.get("dataset", ""))
        and isinstance(columns, dict)
        and all(isinstance(header, str) and _is_name(field) for header, field in columns.items())
    )


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and _NAME.fullmatch(value) is not None


def _remember(actor: Actor, table: ImportTable, given: Options, name: str) -> None:
    """Where the table has headers to be known by next time."""
    if any(table.headers):
        remember_profile(
            actor=actor,
            name=name or suggest_profile_name("", table.file_name),
            headers=table.headers,
            options=given,
        )
